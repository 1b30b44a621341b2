"""The two long parts of an import: checking every row, and writing all of them in one transaction."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from delight.customers.importing.columns import titles
from delight.customers.importing.matching import Matcher, Outcome
from delight.customers.importing.retention import remove_file
from delight.customers.importing.rows import Draft, Problem, RowReader
from delight.customers.importing.services import rows_of
from delight.customers.models import Customer, CustomerImport, ImportProblem
from delight.organisation.models import AuditEntry, Organisation
from delight.outbox.services import start_job

BATCH = 500
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

    def add(self, outcome: Outcome | Problem) -> None:
        if isinstance(outcome, Problem):
            self.bad += 1
            return
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


def check(import_id: int, progress: Progress) -> None:
    """Count what every row would do and write down what is wrong with which. Changes no customer."""
    with transaction.atomic(), _claimed(import_id, State.CHECKING) as customer_import:
        if customer_import is None:
            return
        customer_import.problems.all().delete()
        counts, names = Counts(), _column_names(customer_import)
        for outcomes in _outcomes(customer_import, Matcher(customer_import), progress):
            _note_problems(customer_import, outcomes, names)
            for outcome in outcomes:
                counts.add(outcome)
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
        matcher, counts = Matcher(customer_import), Counts()
        for outcomes in _outcomes(customer_import, matcher, progress):
            for outcome in outcomes:
                counts.add(outcome)
            if counts.bad > (customer_import.bad if customer_import.skip_bad_rows else 0):
                raise ChangedSinceCheckError
            _write(matcher, [outcome for outcome in outcomes if isinstance(outcome, Outcome)])
        _end(customer_import, State.DONE, counts)
        if not counts.bad:
            remove_file(customer_import)
        AuditEntry.record(by=customer_import.created_by, verb="import", obj=customer_import)


def _write(matcher: Matcher, outcomes: list[Outcome]) -> None:
    matcher.save_names([outcome for outcome in outcomes if outcome.is_new or outcome.changed])
    Customer.objects.bulk_create([outcome.customer for outcome in outcomes if outcome.is_new], batch_size=BATCH)
    _change(matcher, {outcome.customer.pk: outcome for outcome in outcomes if outcome.changed})


def _change(matcher: Matcher, changed: dict[int, Outcome]) -> None:
    """Lock, in the order of their keys, the customers that change, and apply the rows to what they are now."""
    locked = Customer.objects.filter(pk__in=changed, erased_at__isnull=True).select_related(
        "account", "segment", "team"
    )
    fields = {"sort_key", "search_text", "contact_text", "phone_key"}
    customers = list(locked.select_for_update(of=("self",)).order_by("pk"))
    for customer in customers:
        again = Outcome(changed[customer.pk].draft, customer)
        matcher.apply(again)
        customer.fill_keys()
        fields |= again.changed
    # An upsert of rows that are there and locked: ten times as quick as bulk_update's CASE for every field and row.
    Customer.objects.bulk_create(
        customers, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=sorted(fields)
    )


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
    customer_import = found.select_related("file", "created_by", "team").first()
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
            message=problem.message[:300],
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
    customer_import.save(update_fields=["state", "error", *vars(counts)])


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
