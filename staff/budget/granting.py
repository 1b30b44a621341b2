"""Verbs on what may be spent a month: one-off extras, and the sums of roles and people."""

from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Sum

from delight.organisation.models import AuditEntry, Organisation
from staff.budget.models import NOTHING, BudgetEntry, BudgetPeriod, MonthlySum
from staff.budget.services import enter, lock_sums, open_period
from staff.budget.sums import month_after, role_of, sum_for, this_month
from staff.people.models import User

Kind = BudgetEntry.Kind


@transaction.atomic
def top_up(*, by: User, user: User, amount: Decimal, note: str, key: UUID) -> BudgetEntry:
    """A one-off extra that counts this month. The same key adds it once."""
    known = BudgetEntry.objects.filter(key=key).first()
    if known:
        return known
    period = open_period(user, Organisation.get())
    try:
        with transaction.atomic():
            BudgetPeriod.objects.filter(pk=period.pk).update(granted=F("granted") + amount)
            entry = enter(period, Kind.TOP_UP, amount, by=by, note=note, key=key)
    except IntegrityError:  # pressed twice at once: the other one was quicker
        return BudgetEntry.objects.get(key=key)
    AuditEntry.record(by=by, verb="top_up", obj=period)
    return entry


@transaction.atomic
def set_sum(
    *, by: User, amount: Decimal | None, role: str = "", user: User | None = None, from_now: bool = False
) -> MonthlySum:
    """A new monthly sum of a role or a person, from next month, or from now.

    "From now" also changes the months that have begun, and never below what is spent and set aside there. Without an
    amount a person has the role's again.
    """
    lock_sums()
    month = this_month(Organisation.get())
    made = MonthlySum.objects.create(
        role=role, user=user, amount=amount, set_by=by, since=month if from_now else month_after(month)
    )
    if from_now:
        begun = BudgetPeriod.objects.filter(month=month).select_related("user")
        periods = begun.filter(user=user) if user else begun
        for period in periods.select_for_update(of=["self"], no_key=True).order_by("pk"):
            if user or role_of(period.user) == role:
                _follow(period, by)
    AuditEntry.record(by=by, verb="set_sum", obj=made, fields=["amount"])
    return made


def _follow(period: BudgetPeriod, by: User) -> None:
    """Move a month that has begun to the sum that holds now; one-off extras stay on top. The row is locked."""
    moved = {
        row["kind"]: row["total"] for row in period.entries.order_by().values("kind").annotate(total=Sum("amount"))
    }
    base = moved.get(Kind.GRANT, NOTHING) - moved.get(Kind.LOWER, NOTHING)
    step = sum_for(period.user, period.month) - base
    step = max(step, -period.left)
    if not step:
        return
    period.granted += step
    period.save(update_fields=["granted"])
    enter(period, Kind.GRANT if step > 0 else Kind.LOWER, abs(step), by=by)
