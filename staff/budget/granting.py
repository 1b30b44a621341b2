"""Verbs on what may be spent a month: one-off extras, and the sums of roles and people."""

from decimal import Decimal
from uuid import UUID

from django.core.validators import MaxValueValidator
from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from delight.organisation.models import AuditEntry, Organisation
from staff.budget.models import NOTHING, BudgetEntry, BudgetPeriod, MonthlySum
from staff.budget.services import Refused, enter, lock_sums, open_period
from staff.budget.sums import month_after, role_of, sum_for, this_month
from staff.people.models import User

Kind = BudgetEntry.Kind
MOST = Decimal("9999999999.99")  # what a column for money holds


@transaction.atomic
def top_up(*, by: User, user: User, amount: Decimal, note: str, key: UUID) -> BudgetEntry:
    """A one-off extra that counts this month. The same key adds it once.

    Raises Refused when the key came before with something else, and for more than a budget can hold.
    """
    if known := _known(by, user, amount, note, key):
        return known
    period = open_period(user, Organisation.get())
    try:
        with transaction.atomic():
            if not BudgetPeriod.objects.filter(pk=period.pk, granted__lte=MOST - amount).update(
                granted=F("granted") + amount
            ):
                raise Refused(MaxValueValidator.message % {"limit_value": MOST - period.granted})
            entry = enter(period, Kind.TOP_UP, amount, by=by, note=note, key=key)
    except IntegrityError:  # pressed twice at once: the other one was quicker
        if known := _known(by, user, amount, note, key):
            return known
        raise
    AuditEntry.record(by=by, verb="top_up", obj=period)
    return entry


def _known(by: User, user: User, amount: Decimal, note: str, key: UUID) -> BudgetEntry | None:
    found = BudgetEntry.objects.select_related("period").filter(key=key).first()
    if found and (found.by_id, found.period.user_id, found.amount, found.note) != (by.pk, user.pk, amount, note):
        raise Refused(_("This page was sent before, with other words. Open it again."))
    return found


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
    step = min(max(step, -period.left), MOST - period.granted)
    if not step:
        return
    period.granted += step
    period.save(update_fields=["granted"])
    enter(period, Kind.GRANT if step > 0 else Kind.LOWER, abs(step), by=by)
