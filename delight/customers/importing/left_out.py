"""The bad rows of a file as a file: to be put right where they came from, and brought in again."""

import csv
import io

from django.utils.translation import gettext as _

from delight.customers.importing.services import rows_of
from delight.customers.models import CustomerImport
from delight.lib.csvfile import Row, neutral


def bad_rows_file(customer_import: CustomerImport) -> str:
    """The columns as they were and one with what is wrong, separated as in the file that was uploaded.

    Of a row that could not be taken apart only what is wrong is told: it names the lines.
    """
    wrong = {problem.line: problem.message for problem in customer_import.problems.all()}
    rows = rows_of(customer_import)
    header = next(rows, Row(1)).cells
    bad = [(row.cells, wrong[row.line]) for row in rows if row.line in wrong]
    width = max([len(header), *(len(cells) for cells, _message in bad)])
    content = io.StringIO()
    writer = csv.writer(content, delimiter="," if customer_import.workbook_id else customer_import.delimiter)
    for cells, message in [(header, _("What is wrong")), *bad]:
        padded = [*cells, *[""] * (width - len(cells)), message]
        writer.writerow([neutral(cell) for cell in padded])
    return content.getvalue()


def name_of_bad_rows(customer_import: CustomerImport) -> str:
    """Says of which file these are the rows."""
    stem = customer_import.file_name.rpartition(".")[0] or customer_import.file_name
    return f"{stem}-{_('bad rows')}.csv"
