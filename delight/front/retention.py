"""The retention clock: once a day, what the data map says is old enough goes.

What is removed is told by dates in the rows themselves, so a day on which nobody rang is made up for by the next, and
a second run on one day finds nothing to do. Rows that are still needed are spared by the rooms that need them.
"""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial, reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from delight.customers.models import Customer
from delight.customers.privacy import FileInUseError
from delight.front.rights import erase_customer, erased_lately, lock_customer
from delight.lib import privacy
from delight.lib.privacy import Erase, Kept, Table
from delight.organisation.models import AuditEntry, CleanUp, Organisation
from delight.outbox.services import start_job

KIND = "clean-up"
BATCH = 2_000
ENDED_FOR = timedelta(days=90)
Progress = Callable[[int, int], None]


def begin_today() -> None:
    """The round: one job for each day, whoever rings."""
    if Organisation.objects.exists():
        today = timezone.now().date()
        start_job(kind=KIND, object_id=today.toordinal(), key=f"{KIND}:{today}")


def clean_up(day: int, progress: Progress) -> None:
    """The job: forget what is old, erase who has long been silent, and write down how much it was."""
    organisation, now = Organisation.get(), timezone.now()
    counts: dict[str, int] = {}
    limits = limits_of(organisation, now)
    for table in privacy.tables():
        if gone := _forget(table, limits, lambda: progress(0, 0)):
            counts[table.model] = gone
    counts["customers.Customer"] = _erase_silent(organisation, now, progress)
    for customer in erased_lately():
        privacy.erase_rows(customer)
    _clear_bare_tables()
    _note(date.fromordinal(day), counts)


def limits_of(organisation: Organisation, now: datetime) -> dict[Kept, datetime]:
    """What began, or ended, before this is too old."""
    return {
        Kept.LOG: now - timedelta(days=organisation.keep_log_days),
        Kept.ENDED: now - ENDED_FOR,
        Kept.EXPIRED: now,
    }


# --- Rows ---------------------------------------------------------------------------------------------------------


def _forget(table: Table, limits: dict[Kept, datetime], alive: Callable[[], None]) -> int:
    """Delete the table's old rows, or empty the fields of theirs that go sooner; returns how many rows changed."""
    if not table.since:
        return 0
    if table.kept in limits:
        return _in_batches(_old(table, limits[table.kept]), lambda rows: rows.delete()[0], alive)
    gone = 0
    for kept, limit in limits.items():
        names = [name for name, line in table.lines.items() if line.kept == kept and line.erase == Erase.BLANK]
        if names:
            blanks = table.blanks(names)
            filled = reduce(or_, (~Q(**{name: value}) for name, value in blanks.items()))
            gone += _in_batches(_old(table, limit).filter(filled), partial(_empty, blanks), alive)
    return gone


def _empty(blanks: dict[str, Any], rows: QuerySet) -> int:
    return rows.update(**blanks)


def _old(table: Table, limit: datetime) -> QuerySet:
    """Rows from before the limit, but for those that a room still needs."""
    found = table.rows.filter(**{f"{table.since}__lt": limit})
    for needed in privacy.spared(table.model):
        found = found.exclude(needed)
    return found


def _in_batches(found: QuerySet, change: Callable[[QuerySet], int], alive: Callable[[], None]) -> int:
    """Some rows at a time, each time in a transaction of its own: nobody waits for a long one."""
    gone = 0
    while pks := list(found.values_list("pk", flat=True)[:BATCH]):
        alive()
        with transaction.atomic():
            gone += change(found.filter(pk__in=pks).order_by())
    return gone


def _clear_bare_tables() -> None:
    with connection.cursor() as cursor:
        for table in privacy.bare_tables():
            if table.clear:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table.table)} WHERE {table.clear}")  # noqa: S608


def _note(day: date, counts: dict[str, int]) -> None:
    """Add to what the day has seen: a job that was cut off has done part of it already."""
    with transaction.atomic():
        row, _made = CleanUp.objects.select_for_update().get_or_create(day=day)
        for name, count in counts.items():
            row.counts[name] = row.counts.get(name, 0) + count
        row.counts = {name: count for name, count in sorted(row.counts.items()) if count}
        row.ended_at = timezone.now()
        row.save()


# --- Customers ----------------------------------------------------------------------------------------------------


def months_before(now: datetime, months: int) -> datetime:
    """The same day of an earlier month, or its last."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return now.replace(year=year, month=month + 1, day=min(now.day, monthrange(year, month + 1)[1]))


def silent_customers(before: datetime) -> QuerySet[Customer]:
    """Those of whom nothing newer is known: no answer, visit, conversation or change; and nothing of them is open."""
    found = Customer.objects.filter(erased_at=None, merged_into=None, created_at__lt=before)
    for table in privacy.tables():
        if table.alive and isinstance(table.customer, str):
            heard = {table.customer: OuterRef("pk"), f"{table.alive}__gte": before}
            found = found.exclude(Exists(apps.get_model(table.model)._default_manager.filter(**heard).order_by()))
    changed = AuditEntry.objects.filter(
        object_type=Customer._meta.label_lower, object_id=OuterRef("pk"), verb="change", at__gte=before
    )
    found = found.exclude(Exists(changed.order_by())).exclude(consent_on__gte=before.date())
    for needed in privacy.spared("customers.Customer"):
        found = found.exclude(needed)
    return found.order_by("pk")


def _erase_silent(organisation: Organisation, now: datetime, progress: Progress) -> int:
    """Each in a transaction of its own. They have not asked us for anything, so their address is free again."""
    if organisation.forget_after_months is None:
        return 0
    before, erased = months_before(now, organisation.forget_after_months), 0
    pks = list(silent_customers(before).values_list("pk", flat=True))
    for done, pk in enumerate(pks):
        progress(done, len(pks))
        erased += _erase_if_silent(pk, before)
    return erased


@transaction.atomic
def _erase_if_silent(pk: int, before: datetime) -> int:
    """Look once more with the row locked: an answer may have come in since the list was made."""
    customer = lock_customer(pk)
    if not silent_customers(before).filter(pk=pk).exists():
        return 0
    try:
        with transaction.atomic():
            erase_customer(by=None, customer=customer, never_write=False)
    except FileInUseError:  # tomorrow
        return 0
    return 1
