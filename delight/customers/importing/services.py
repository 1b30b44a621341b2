"""Verbs on imports: upload, choose the columns, start. What takes long is a job."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from delight.customers.importing import retention
from delight.customers.importing.columns import titles
from delight.customers.models import CustomerImport
from delight.files.models import StoredFile
from delight.lib.csvfile import Row, Shape, UnreadableFileError, read_rows, sniff
from delight.lib.workbook import is_workbook, sheet_names
from delight.organisation.models import AuditEntry
from delight.outbox.services import start_job
from staff.people.models import Team, User

MOST_BYTES = 50 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 1_000
SHOWN_ROWS = 5
NAME_SHOWN = 40
NAME_LOOKED_AT = 400  # a broken cell may go on for ever

WORKBOOK = Shape("xlsx", "")  # until a worker has made text of one of its sheets

State = CustomerImport.State
OPEN = [State.UPLOADED, State.CHECKED, State.FAILED]  # nothing is on its way, and nothing was written


@dataclass(frozen=True)
class Inspection:
    """What was found in a file: how it is written, and how many rows stand below the header; or a workbook's sheets."""

    shape: Shape
    rows: int
    sheets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Beginning:
    """The first lines of a file."""

    header: list[str]
    rows: list[list[str]]


def inspect(file: UploadedFile) -> Inspection:
    """Look through an uploaded file. Raises UnreadableFileError with a sentence for the person who uploads it."""
    if (file.size or 0) > MOST_BYTES:
        raise UnreadableFileError(_("The file is larger than 50 MB. Split it into several."))
    if is_workbook(file):
        return Inspection(WORKBOOK, 0, tuple(sheet_names(file)))
    shape = sniff(file.chunks())
    return Inspection(shape, count_rows(file.chunks(), shape))


def count_rows(chunks: Iterable[bytes], shape: Shape) -> int:
    """The rows below the header. Raises UnreadableFileError for a header that is none, and for too few or too many."""
    rows = read_rows(chunks, shape)
    header = next(rows, None)
    if header is None or header.broken:
        raise UnreadableFileError(_("The first line cannot be read. It has to hold the names of the columns."))
    if len(header.cells) > MOST_COLUMNS:
        message = _("The first line has %(columns)s columns; at most %(most)s can be read.")
        raise UnreadableFileError(message % {"columns": f"{len(header.cells):,}", "most": MOST_COLUMNS})
    count = sum(1 for _row in rows)
    if count == 0:
        raise UnreadableFileError(_("There is no customer below the line with the names of the columns."))
    if count > MOST_ROWS:
        message = ngettext(
            "The file has %(rows)s row; at most %(most)s can be imported at once. Split it into several.",
            "The file has %(rows)s rows; at most %(most)s can be imported at once. Split it into several.",
            count,
        )
        raise UnreadableFileError(message % {"rows": f"{count:,}", "most": f"{MOST_ROWS:,}"})
    return count


@transaction.atomic
def upload_import(*, by: User, file: UploadedFile, found: Inspection) -> CustomerImport:
    """Keep the file. Nothing else happens until the columns are chosen, but that a workbook is read by a worker."""
    kind = file.content_type or "application/octet-stream"
    stored = StoredFile.store(by=by, name=file.name or "customers.csv", content_type=kind, chunks=file.chunks())
    customer_import = CustomerImport.objects.create(
        file=stored,
        file_name=stored.name,
        workbook=stored if found.sheets else None,
        sheets=list(found.sheets),
        state=State.CHECKING if found.sheets else State.UPLOADED,
        created_by=by,
        encoding=found.shape.encoding,
        delimiter=found.shape.delimiter,
        rows=found.rows,
    )
    if found.sheets:
        _start(customer_import, "read-workbook")
    retention.look_again(customer_import)
    AuditEntry.record(by=by, verb="upload", obj=customer_import)
    return customer_import


def rows_of(customer_import: CustomerImport) -> Iterator[Row]:
    """The rows of the file, the header first; none once the file is gone, or while a workbook is not read yet."""
    if customer_import.file is None or customer_import.encoding == WORKBOOK.encoding:
        return iter(())
    return read_rows(customer_import.file.chunks(), Shape(customer_import.encoding, customer_import.delimiter))


def beginning(customer_import: CustomerImport) -> Beginning:
    """The header and the first rows, for the page on which columns are chosen."""
    rows = rows_of(customer_import)
    header = next(rows, Row(1)).cells[:MOST_COLUMNS]
    shown = [
        row.cells for row, _number in zip((row for row in rows if not row.broken), range(SHOWN_ROWS), strict=False)
    ]
    return Beginning(header, [[*cells, *[""] * (len(header) - len(cells))][: len(header)] for cells in shown])


def not_taken(start: Beginning, taken: Iterable[int]) -> list[str]:
    """What the columns are called that nothing is taken from, but for those without a name and content."""
    left = set(range(len(start.header))) - set(taken)
    said = [any(cell.strip() for cell in cells) for cells in zip(start.header, *start.rows, strict=True)]
    return [title for number, title in enumerate(titles(start.header)) if number in left and said[number]]


def whose(customer_import: CustomerImport, lines: Collection[int]) -> dict[int, str]:
    """Whom the rows on these lines are about, read from the file: their name, or the first cell that says anything."""
    if not lines:
        return {}
    columns, last = customer_import.columns, max(lines)
    names = [columns[key] for key in ("name", "first_name", "middle_name", "last_name") if key in columns]
    rows = rows_of(customer_import)
    wanted = (row for row in takewhile(lambda row: row.line <= last, rows) if row.line in lines)
    return {row.line: _name_in(row.cells, names) for row in wanted}


def _name_in(cells: list[str], names: list[int]) -> str:
    said = " ".join(cells[number].strip() for number in names if number < len(cells)).strip()
    text = said or next((cell.strip() for cell in cells if cell.strip()), "")
    plain = " ".join("".join(c if c.isprintable() else " " for c in text[:NAME_LOOKED_AT]).split())
    return plain if len(plain) <= NAME_SHOWN else f"{plain[: NAME_SHOWN - 1]}…"


@transaction.atomic
def read_again(*, by: User, customer_import: CustomerImport, encoding: str, delimiter: str) -> bool:
    """Read the file in another way than the guessed one; the columns are to be chosen again.

    Raises UnreadableFileError where the letters cannot be stored like that.
    """
    if customer_import.file is None:
        return False
    shape = Shape(sniff(customer_import.file.chunks(), encoding).encoding, delimiter)
    rows = read_rows(customer_import.file.chunks(), shape)
    count = max(0, sum(1 for _row in rows) - 1)
    fields: dict[str, Any] = {"encoding": shape.encoding, "delimiter": delimiter, "rows": count}
    moved = _move(customer_import, OPEN, State.UPLOADED, columns={}, error="", **fields)
    if moved:
        customer_import.problems.all().delete()
        AuditEntry.record(by=by, verb="read_again", obj=customer_import, fields=["delimiter", "encoding"])
    return moved


@transaction.atomic
def choose_sheet(*, by: User, customer_import: CustomerImport, sheet: int) -> bool:
    """Have another sheet of the workbook read; the columns are to be chosen again."""
    moved = _move(customer_import, OPEN, State.CHECKING, sheet=sheet, columns={}, error="")
    if moved:
        customer_import.problems.all().delete()
        _start(customer_import, "read-workbook")
        AuditEntry.record(by=by, verb="choose_sheet", obj=customer_import, fields=["sheet"])
    return moved


@transaction.atomic
def choose_columns(
    *,
    by: User,
    customer_import: CustomerImport,
    columns: dict[str, int],
    address_source: str,
    consent_on: date | None = None,
    team: Team | None = None,
) -> bool:
    """Have the rows checked under these answers. False when a check or the import is on its way already."""
    moved = _move(
        customer_import,
        OPEN,
        State.CHECKING,
        columns=columns,
        address_source=address_source,
        consent_on=consent_on if address_source == "consent" else None,
        team=team,
        leave_known=False,
        join_doubles=False,
        error="",
    )
    if moved:
        _start(customer_import, "check-import")
        AuditEntry.record(by=by, verb="choose_columns", obj=customer_import, fields=list(columns))
    return moved


@transaction.atomic
def start_import(
    *,
    by: User,
    customer_import: CustomerImport,
    skip_bad_rows: bool,
    leave_known: bool = False,
    join_doubles: bool = False,
) -> bool:
    """Have the checked rows written. False when it was started already, or bad rows stand in the way.

    `leave_known`: customers who are there already stay as they are. `join_doubles`: a further row about a customer of
    the file fills what the first one leaves empty, instead of being left out as a bad one.
    """
    ready: dict[str, Any] = {} if skip_bad_rows else {"bad": F("doubles") if join_doubles else 0}
    chosen = {"skip_bad_rows": skip_bad_rows, "leave_known": leave_known, "join_doubles": join_doubles}
    moved = _move(customer_import, [State.CHECKED], State.IMPORTING, where=ready, error="", **chosen)
    if moved:
        _start(customer_import, "run-import")
        AuditEntry.record(by=by, verb="start_import", obj=customer_import)
    return moved


def _move(
    customer_import: CustomerImport,
    states: Iterable[str],
    state: str,
    where: dict[str, Any] | None = None,
    **fields: Any,
) -> bool:
    """One conditional UPDATE: of two presses, one finds the state that it needs."""
    found = CustomerImport.objects.filter(pk=customer_import.pk, state__in=list(states), **(where or {}))
    return bool(found.update(state=state, **fields))


def _start(customer_import: CustomerImport, kind: str) -> None:
    """A job after the last one: its key names that, so that the same step is never begun twice."""
    customer_import.refresh_from_db()
    key = f"{kind}:{customer_import.pk}:{customer_import.job_id or 0}"
    customer_import.job = start_job(kind=kind, object_id=customer_import.pk, key=key)
    customer_import.save(update_fields=["job"])
