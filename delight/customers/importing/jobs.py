"""The long parts of an import: reading a workbook, checking every row, and writing all in one transaction."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from tempfile import TemporaryFile
from typing import Any

from django.conf import settings
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from delight.customers.importing.columns import titles
from delight.customers.importing.matching import Matcher, Outcome
from delight.customers.importing.retention import remove_file
from delight.customers.importing.rows import Draft, Problem, RowReader
from delight.customers.importing.services import WORKBOOK, count_rows, rows_of
from delight.customers.importing.writing import write
from delight.customers.models import CustomerImport, ImportProblem
from delight.files.models import StoredFile
from delight.lib.csvfile import Shape, UnreadableFileError
from delight.lib.workbook import DELIMITER as SHEET_DELIMITER
from delight.lib.workbook import as_text
from delight.organisation.models import AuditEntry, Organisation
from delight.outbox.services import start_job

BATCH = 2000
KNOWN_SHOWN = 50  # of the rows about customers we have, so many are shown
TRIES = 3

State = CustomerImport.State
Progress = Callable[[int, int], None]


@dataclass
class Counts:
    """How the rows came out."""

    new: int = 0
    changed: int = 0
    same: int = 0
    bad: int = 0
    kept: int = 0
    other_language: int = 0
    doubles: int = 0
    alike: int = 0

    def add(self, outcome: Outcome | Problem) -> None:
        if isinstance(outcome, Problem):
            self.bad += 1
            self.doubles += outcome.double_of is not None
            return
        self.alike += outcome.alike is not None
        self.kept += outcome.kept
        self.other_language += outcome.draft.other_language
        if outcome.is_new:
            self.new += 1
        elif outcome.changed:
            self.changed += 1
        else:
            self.same += 1


class ChangedSinceCheckError(Exception):
    """More rows are bad now than the manager has seen."""


def read_sheet(import_id: int, progress: Progress) -> None:
    """Make text of the chosen sheet, so that all further steps read it as any other file."""
    with transaction.atomic(), _claimed(import_id, State.CHECKING) as customer_import:
        if customer_import is None or customer_import.workbook is None:
            return
        former, customer_import.state = customer_import.file, State.UPLOADED
        try:
            with transaction.atomic():
                _take_text(customer_import, progress)
        except UnreadableFileError as error:
            customer_import.state, customer_import.error = State.FAILED, str(error)
            customer_import.file, customer_import.encoding = customer_import.workbook, WORKBOOK.encoding
        customer_import.save()
        if former is not None and former not in (customer_import.workbook, customer_import.file):
            former.delete()


def _take_text(customer_import: CustomerImport, progress: Progress) -> None:
    with TemporaryFile() as copy:
        for chunk in customer_import.workbook.chunks():  # type: ignore[union-attr]
            copy.write(chunk)
        pieces = _counted(as_text(copy, customer_import.sheet), progress)
        by, name = customer_import.created_by, customer_import.file_name
        text = StoredFile.store(by=by, name=name, content_type="text/tab-separated-values", chunks=pieces)
    shape = Shape("utf-8", SHEET_DELIMITER)
    customer_import.rows = count_rows(text.chunks(), shape)
    customer_import.file, customer_import.encoding, customer_import.delimiter = text, shape.encoding, shape.delimiter


def _counted(pieces: Iterable[bytes], progress: Progress) -> Iterator[bytes]:
    """The pieces, with a sign of life for each: how many rows there will be nobody knows yet."""
    lines = 0
    for piece in pieces:
        lines += piece.count(b"\n")
        progress(lines, 0)
        yield piece


def check(import_id: int, progress: Progress) -> None:
    """Count what every row would do and write down what is wrong with which. Changes no customer."""
    with transaction.atomic(), _claimed(import_id, State.CHECKING) as customer_import:
        if customer_import is None:
            return
        customer_import.problems.all().delete()
        known: list[Any] = []
        counts, names = Counts(), _column_names(customer_import)
        for outcomes in _outcomes(customer_import, Matcher(customer_import), progress):
            _note_problems(customer_import, outcomes, names)
            for outcome in outcomes:
                counts.add(outcome)
            known += _known(outcomes)[: KNOWN_SHOWN - len(known)]
        customer_import.known = known
        _end(customer_import, State.CHECKED, counts)


def run(import_id: int, progress: Progress) -> None:
    """Write all good rows, or none.

    The state moves to "imported" in the same transaction as the rows, under the row's lock: whoever comes second
    finds nothing left to do. Somebody may add or hold one of the customers meanwhile; then the database refuses this
    transaction (a second address, a deadlock), and everything is looked at once more.
    """
    for attempt in range(1, TRIES + 1):
        try:
            _run_once(import_id, progress)
        except ChangedSinceCheckError:
            _check_again(import_id)
        except (IntegrityError, OperationalError):
            if attempt < TRIES:
                continue
            raise
        return


@transaction.atomic
def _run_once(import_id: int, progress: Progress) -> None:
    with _claimed(import_id, State.IMPORTING) as customer_import:
        if customer_import is None:
            return
        matcher, counts, allowed = Matcher(customer_import), Counts(), _bad_allowed(customer_import)
        for outcomes in _outcomes(customer_import, matcher, progress):
            for outcome in outcomes:
                counts.add(outcome)
            if counts.bad > allowed:
                raise ChangedSinceCheckError
            write(matcher, [outcome for outcome in outcomes if isinstance(outcome, Outcome)])
            if customer_import.join_doubles:
                matcher.fill_gaps([one.draft for one in outcomes if isinstance(one, Problem) and one.draft])
        if customer_import.join_doubles:
            counts.bad -= counts.doubles
            customer_import.problems.filter(double_of__isnull=False).delete()
        customer_import.known = []
        _end(customer_import, State.DONE, counts)
        if not counts.bad:
            remove_file(customer_import)
        AuditEntry.record(by=customer_import.created_by, verb="import", obj=customer_import)


def _bad_allowed(customer_import: CustomerImport) -> int:
    """How many rows may be bad: those that the manager has seen and decided about."""
    if customer_import.skip_bad_rows:
        return customer_import.bad
    return customer_import.doubles if customer_import.join_doubles else 0


def _known(outcomes: list[Outcome | Problem]) -> list[list[Any]]:
    """Rows that change somebody who is there, or are like somebody: line, customer, how recognised, changed fields."""
    found: list[list[Any]] = []
    for one in outcomes:
        if isinstance(one, Outcome) and one.customer is not None and one.changed:
            found.append([one.draft.line, one.customer.pk, one.how, sorted(one.changed)])
        elif isinstance(one, Outcome) and one.alike is not None:
            found.append([one.draft.line, one.alike, "alike", []])
    return found


def _check_again(import_id: int) -> None:
    """Back to the preview, with a fresh list of what is wrong."""
    with transaction.atomic(), _claimed(import_id, State.IMPORTING) as customer_import:
        if customer_import is None:
            return
        customer_import.state = State.CHECKING
        customer_import.error = _("Customers have changed since the check. Nothing was imported: look again.")
        customer_import.job = start_job(
            kind="check-import",
            object_id=import_id,
            key=f"check-import:{import_id}:{customer_import.job_id or 0}",
        )
        customer_import.save(update_fields=["state", "error", "job"])


# --- Parts --------------------------------------------------------------------------------------------------------


@contextmanager
def _claimed(import_id: int, state: str) -> Iterator[CustomerImport | None]:
    """The import, locked, if it is in that state still; in its uploader's language."""
    with connection.cursor() as cursor:
        # A worker that was taken for dead may still hold the row until its next sign of progress.
        cursor.execute("SET LOCAL lock_timeout = %s", [f"{settings.OUTBOX_LEASE_SECONDS}s"])
    found = CustomerImport.objects.select_for_update(of=("self",)).filter(pk=import_id, state=state)
    customer_import = found.select_related("file", "workbook", "created_by", "team").first()
    organisation = Organisation.objects.first()
    language = customer_import.created_by.language if customer_import else ""
    with translation.override(language or (organisation.default_language if organisation else "en")):
        yield customer_import


def _outcomes(
    customer_import: CustomerImport, matcher: Matcher, progress: Progress
) -> Iterator[list[Outcome | Problem]]:
    """The whole file, a batch at a time, so that memory stays flat."""
    rows = rows_of(customer_import)
    header = next(rows)
    reader, done = RowReader(customer_import, width=len(header.cells)), 0
    for batch in _batches(reader.read(rows), BATCH):
        progress(done, max(customer_import.rows, done))
        drafts = [one for one in batch if isinstance(one, Draft)]
        yield [*(one for one in batch if isinstance(one, Problem)), *matcher.decide(drafts)]
        done += len(batch)
    progress(done, max(customer_import.rows, done))


def _batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _column_names(customer_import: CustomerImport) -> dict[str, str]:
    """What the file calls the column of each field."""
    names = titles(next(rows_of(customer_import)).cells)
    return {name: names[number] for name, number in customer_import.columns.items() if number < len(names)}


def _note_problems(customer_import: CustomerImport, outcomes: list[Outcome | Problem], names: dict[str, str]) -> None:
    ImportProblem.objects.bulk_create(
        ImportProblem(
            customer_import=customer_import,
            line=problem.line,
            column=names.get(problem.field, "")[:80],
            code=problem.what.code,
            values=problem.what.values,
            double_of=problem.double_of,
        )
        for problem in outcomes
        if isinstance(problem, Problem)
    )


def _end(customer_import: CustomerImport, state: str, counts: Counts) -> None:
    for name, value in vars(counts).items():
        setattr(customer_import, name, value)
    customer_import.state = state
    if state == State.DONE:
        customer_import.error = ""
    customer_import.save(update_fields=["state", "error", "known", *vars(counts)])


def check_failed(import_id: int, error: str) -> None:
    """The check could not be finished: the columns can be chosen again."""
    with transaction.atomic(), _claimed(import_id, State.CHECKING) as customer_import:
        _note_failure(customer_import, State.FAILED, _("The check stopped in the middle. Try again."))


def run_failed(import_id: int, error: str) -> None:
    """Nothing of it was written: the preview offers to import again."""
    with transaction.atomic(), _claimed(import_id, State.IMPORTING) as customer_import:
        message = _("The import stopped in the middle and nothing was written. Try again.")
        _note_failure(customer_import, State.CHECKED, message)


def _note_failure(customer_import: CustomerImport | None, state: str, message: str) -> None:
    if customer_import is not None:
        customer_import.state, customer_import.error = state, message
        customer_import.save(update_fields=["state", "error"])
