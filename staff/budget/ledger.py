"""The nightly look at the books: what the month left over lapses, and counters have to equal their entries."""

from decimal import Decimal

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from delight.organisation.models import Organisation
from staff.budget import notices
from staff.budget.models import NOTHING, BudgetEntry, BudgetPeriod
from staff.budget.sums import this_month

Kind = BudgetEntry.Kind

# Which entries raise a counter, and which lower it.
MOVES = {
    "granted": ((Kind.GRANT, Kind.TOP_UP), (Kind.LOWER,)),
    "held": ((Kind.HOLD,), (Kind.RELEASE,)),
    "spent": ((Kind.SPEND,), (Kind.REFUND,)),
    "lapsed": ((Kind.LAPSE,), ()),
}


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
    periods = list(over.select_for_update(skip_locked=True).order_by("pk"))
    for period in periods:
        _lapse(period, period.left)
    return len(periods)


def _lapse(period: BudgetPeriod, amount: Decimal) -> None:
    BudgetPeriod.objects.filter(pk=period.pk).update(lapsed=F("lapsed") + amount)
    BudgetEntry.objects.create(period=period, kind=Kind.LAPSE, amount=amount)


def nightly() -> None:
    """What the round does: let lapse, compare, and raise the alarm for what differs."""
    company = Organisation.objects.first()
    if company is None:
        return
    let_lapse(company)
    if found := list(differences()):
        notices.books_differ(found)
