"""The ledger: what stands in it, and the nightly look at the books.

What the month left over lapses, and counters have to equal their entries.
"""

import logging
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from delight.organisation.models import Organisation
from staff.budget import notices
from staff.budget.access import entries_visible_to
from staff.budget.models import NOTHING, BudgetEntry, BudgetPeriod
from staff.budget.sums import this_month
from staff.people.models import User

Kind = BudgetEntry.Kind
log = logging.getLogger(__name__)

# Which entries raise a counter, and which lower it.
MOVES = {
    "granted": ((Kind.GRANT, Kind.TOP_UP), (Kind.LOWER,)),
    "held": ((Kind.HOLD,), (Kind.RELEASE,)),
    "spent": ((Kind.SPEND,), (Kind.REFUND,)),
    "lapsed": ((Kind.LAPSE,), ()),
}


def entries_of(period: BudgetPeriod) -> QuerySet[BudgetEntry]:
    """A month's movements in their order, with what a line shows; none, where the month has not begun."""
    found = BudgetEntry.objects.filter(period=period.pk) if period.pk else BudgetEntry.objects.none()
    return found.select_related("by", "period", "spend__customer", "spend__account", "spend__decided_by")


def entries_of_person(user: User) -> QuerySet[BudgetEntry]:
    """All of a person's movements, the latest first."""
    found = BudgetEntry.objects.filter(period__user=user).order_by("-at", "-pk")
    return found.select_related("by", "period", "spend__customer", "spend__account")


def between(found: QuerySet[BudgetEntry], first: date, last: date) -> QuerySet[BudgetEntry]:
    """Movements on the months from `first` to `last` (their first days), person by person."""
    found = found.filter(period__month__range=(first, last))
    found = found.select_related("period__user", "by", "spend__customer", "spend__account")
    return found.order_by("period__month", "period__user__sort_key", "period_id", "at", "pk")


def months_with_entries(user: User) -> list[date]:
    """The months of which the user may have the ledger, the latest first."""
    seen = BudgetPeriod.objects.filter(entries__in=entries_visible_to(user)).order_by("-month")
    return list(seen.values_list("month", flat=True).distinct())


def _total(up: tuple[str, ...], down: tuple[str, ...]) -> Coalesce:
    signed = Case(
        When(entries__kind__in=up, then=F("entries__amount")),
        When(entries__kind__in=down, then=-F("entries__amount")),
        default=Value(NOTHING),
    )
    return Coalesce(Sum(signed), Value(NOTHING))


def differences() -> QuerySet[BudgetPeriod]:
    """The months of which a counter is not the sum of its entries; there should be none."""
    summed = BudgetPeriod.objects.annotate(**{f"sum_{name}": _total(*moves) for name, moves in MOVES.items()})
    differs = Q()
    for name in MOVES:
        differs |= ~Q(**{name: F(f"sum_{name}")})
    return summed.filter(differs).select_related("user").order_by("pk")


@transaction.atomic
def let_lapse(company: Organisation) -> int:
    """Write down what is left of months that are over; returns how many. Nothing waits for it: it can come late."""
    over = BudgetPeriod.objects.filter(month__lt=this_month(company), granted__gt=F("spent") + F("held") + F("lapsed"))
    periods = list(over.select_for_update(skip_locked=True, no_key=True).order_by("pk"))
    for period in periods:
        _lapse(period, period.left)
    return len(periods)


def _lapse(period: BudgetPeriod, amount: Decimal) -> None:
    BudgetPeriod.objects.filter(pk=period.pk).update(lapsed=F("lapsed") + amount)
    BudgetEntry.objects.create(period=period, kind=Kind.LAPSE, amount=amount)


def books_differ() -> bool:
    """Whether a counter is not the sum of its entries: an alarm for sponsors."""
    return differences().exists()


def nightly() -> None:
    """What the round does: let lapse, compare, and raise the alarm for what differs."""
    company = Organisation.objects.first()
    if company is None:
        return
    let_lapse(company)
    if found := list(differences()):
        log.error("The delight budget's counters differ from its entries in the months %s", [one.pk for one in found])
        notices.books_differ(found)
