"""A file of customers is kept as long as somebody needs it, and no longer.

When all of it has been imported it goes in the same transaction. While rows were left out they can be downloaded, and
an import that nobody has finished can be gone on with: for thirty days after the last step. A job looks each time
when those days may be over.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from delight.customers.models import CustomerImport
from delight.organisation.models import AuditEntry
from delight.outbox.services import plan_job

KIND = "remove-import-file"
KEPT = timedelta(days=30)
SOON = timedelta(days=1)

State = CustomerImport.State


def kept_until(customer_import: CustomerImport) -> datetime:
    """When nobody will have touched the import for thirty days."""
    job = customer_import.job
    return (job.ended_at or job.created_at if job else customer_import.created_at) + KEPT


def look_again(customer_import: CustomerImport, *, earliest: datetime | None = None) -> None:
    """Have a worker look on that day whether the file may go."""
    due = max(kept_until(customer_import), earliest or kept_until(customer_import))
    key = f"{KIND}:{customer_import.pk}:{due:%Y%m%d%H%M%S}"
    plan_job(kind=KIND, object_id=customer_import.pk, key=key, due_at=due)


@transaction.atomic
def remove_when_over(import_id: int, progress: Callable[[int, int], None]) -> None:
    """The job: remove the file of an import that nobody has touched for thirty days, else look again later."""
    found = CustomerImport.objects.select_for_update(of=("self",)).filter(pk=import_id, file__isnull=False)
    customer_import = found.select_related("file", "job").first()
    if customer_import is None:
        return
    now = timezone.now()
    if kept_until(customer_import) > now or customer_import.state in (State.CHECKING, State.IMPORTING):
        look_again(customer_import, earliest=now + SOON)
        return
    if customer_import.state != State.DONE:
        customer_import.state = State.GIVEN_UP
    remove_file(customer_import)
    AuditEntry.record(by=None, verb="remove_file", obj=customer_import)


def remove_file(customer_import: CustomerImport) -> None:
    """Delete the content; the import keeps the name, the counts and what was wrong. Saves the state as well."""
    files = {file for file in (customer_import.file, customer_import.workbook) if file is not None}
    customer_import.file = customer_import.workbook = None
    customer_import.save(update_fields=["file", "workbook", "state"])
    for file in files:
        file.delete()
