"""The demo company's budgets: sums, months of small gifts, one wish that waits, one closing that is over.

Past rows are written here and not by the services, which know only now; counters and entries go together all the
same. `past_spend` is for the moments' demo, too; `end_months` comes last.
"""

import random
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import F, Min

from delight.customers.models import Account, Customer
from delight.organisation.models import Organisation
from staff.budget.models import BudgetEntry, BudgetPeriod, MonthlySum, Spend, Suspension
from staff.budget.sums import first_of, month_after, sum_for, this_month
from staff.people.demo import LOGINS
from staff.people.models import Membership, Team, User

SEED = 4
MONTHS = 5
HELD_FOR = timedelta(days=7)
COSTS = ["2.50", "3.00", "3.80", "4.50", "5.00", "6.20", "7.50", "8.00", "9.90", "12.00"]
RULES = {
    "Hotel Gravensteen View": {"gift_rule": "up_to", "gift_limit": 120},
    "Leie Wedding Atelier": {"gift_rule": "ask"},
    "Harbour Theatre": {"gift_rule": "up_to", "gift_limit": 60, "is_public_body": True},
    "North Sea Airways Crew Desk": {"gift_rule": "up_to", "gift_limit": 100, "has_open_bid": True},
}
Kind, State = BudgetEntry.Kind, Spend.State


def make(*, rng: random.Random, now: datetime) -> None:
    """With dice of its own, so that what other rooms throw stays as it is."""
    dice = random.Random(SEED)  # noqa: S311 - the same company each time is what is wanted
    _settings()
    _sums(now)
    _closed(now)
    _waiting(dice, now)
    _again_and_again(now)
    for person in User.objects.filter(is_sponsor=False).order_by("pk"):
        _months_of(dice, person, now)


def _owner() -> User:
    return User.objects.filter(is_sponsor=True).order_by("pk")[0]


def _login(name: str) -> User:
    return User.objects.get(email=dict(LOGINS)[name])


# --- Settings and sums ------------------------------------------------------------------------------------------


def _settings() -> None:
    Organisation.objects.update(approve_over=15, receipt_over=10, gifts_noticed_over=40)
    for name, rule in RULES.items():
        Account.objects.filter(name=name).update(**rule)


def _sums(now: datetime) -> None:
    """A little less in the first year; one barber who trains others has more."""
    past, lately = (first_of((now - timedelta(days=days)).date()) for days in (560, 190))
    for since, staff, manager in ((past, 15, 30), (lately, 20, 40)):
        for role, amount in (("staff", staff), ("manager", manager)):
            _sum(since, role=role, amount=Decimal(amount))
    _sum(lately, user=User.objects.get(name="Tomasz Zieliński"), amount=Decimal(30))


def _sum(since: date, **fields: object) -> None:
    made = MonthlySum.objects.create(since=since, set_by=_owner(), **fields)
    at = datetime.combine(since, time(9, 12), tzinfo=UTC) - timedelta(days=3)
    MonthlySum.objects.filter(pk=made.pk).update(set_at=at)


# --- Past movements ---------------------------------------------------------------------------------------------


def past_spend(
    user: User, *, at: datetime, amount: Decimal, customer: Customer | None = None, team: Team | None = None,
    state: str = State.SPENT, by: User | None = None, reason: str = "",
) -> Spend | None:  # fmt: skip
    """A gift of that time, as if it had been written then; None where the budget was closed or did not reach.

    `state` may also be HELD (waits still), or DECLINED by somebody with a reason.
    """
    period = _month_of(user, at)
    account = customer.account if customer else None
    closed = Suspension.objects.filter(user=user, began_at__lte=at, lifted_at__gte=at).exists()
    if closed or amount > period.left or (account and account.takes_no_gifts):
        return None
    spend = Spend.objects.create(
        period=period, asked=amount, amount=amount, state=state, customer=customer, account=account, team=team,
        made_at=at, lapses_at=at + HELD_FOR if state != State.SPENT else None, decided_by=by,
        decided_at=at + timedelta(hours=5) if by else None, reason=reason,
    )  # fmt: skip
    _enter(period, Kind.SPEND if state == State.SPENT else Kind.HOLD, amount, at=at, by=user, spend=spend)
    if state == State.DECLINED:
        _enter(period, Kind.RELEASE, amount, at=at + timedelta(hours=5), by=by, spend=spend)
    else:
        counter = "spent" if state == State.SPENT else "held"
        BudgetPeriod.objects.filter(pk=period.pk).update(**{counter: F(counter) + amount})
    return spend


def _month_of(user: User, at: datetime) -> BudgetPeriod:
    company = Organisation.get()
    month = first_of(at.astimezone(company.zone).date())
    granted = sum_for(user, month)
    period, made = BudgetPeriod.objects.get_or_create(user=user, month=month, defaults={"granted": granted})
    if made:
        BudgetPeriod.objects.filter(pk=period.pk).update(made_at=at)
        Organisation.objects.filter(currency_fixed_at=None).update(currency_fixed_at=at)
        if granted:
            _enter(period, Kind.GRANT, granted, at=at)
    return period


def _enter(
    period: BudgetPeriod, kind: str, amount: Decimal, *, at: datetime, by: User | None = None,
    spend: Spend | None = None, note: str = "",
) -> None:  # fmt: skip
    made = BudgetEntry.objects.create(period=period, kind=kind, amount=amount, by=by, spend=spend, note=note)
    BudgetEntry.objects.filter(pk=made.pk).update(at=at)


def _extra(user: User, by: User, amount: int, note: str, at: datetime) -> None:
    period = _month_of(user, at)
    _enter(period, Kind.TOP_UP, Decimal(amount), at=at, by=by, note=note)
    BudgetPeriod.objects.filter(pk=period.pk).update(granted=F("granted") + amount)


def end_months(*, now: datetime) -> None:
    """What was left of past months lapses in the night after; to be called when all rooms have spent."""
    company = Organisation.get()
    _begin_with_the_sum()
    for period in BudgetPeriod.objects.filter(month__lt=this_month(company)):
        if left := period.left:
            night = datetime.combine(month_after(period.month), time(0, 20), tzinfo=company.zone)
            _enter(period, Kind.LAPSE, left, at=min(night, now))
            BudgetPeriod.objects.filter(pk=period.pk).update(lapsed=F("lapsed") + left)


def _begin_with_the_sum() -> None:
    """A month begins with its first movement, in whatever order they were written."""
    for period in BudgetPeriod.objects.annotate(first=Min("entries__at")):
        BudgetPeriod.objects.filter(pk=period.pk).update(made_at=period.first)
        period.entries.filter(kind=Kind.GRANT).update(at=period.first - timedelta(seconds=1))


# --- What people did --------------------------------------------------------------------------------------------


def _months_of(dice: random.Random, person: User, now: datetime) -> None:
    """A few gifts a month, in the hours of the shop; many people spend nothing in a month."""
    place = Membership.objects.now().filter(user=person).select_related("team").first()
    if place is None:
        return
    customers = _customers_of(place.team)
    for ago in range(MONTHS * 30, 0, -30):
        for _number in range(dice.choice([0, 1, 1, 2, 3])):
            at = now - timedelta(days=ago - dice.randrange(28) - 1, minutes=dice.randrange(9 * 60))
            cost, customer = Decimal(dice.choice(COSTS)), dice.choice(customers)
            past_spend(person, at=min(at, now - timedelta(hours=2)), amount=cost, customer=customer, team=place.team)


def _customers_of(team: Team) -> list[Customer]:
    found = Customer.objects.filter(team=team, erased_at=None).select_related("account").order_by("pk")
    return [customer for customer in found[:120] if not (customer.account and customer.account.takes_no_gifts)]


def _again_and_again(now: datetime) -> None:
    """One barber has a favourite guest; his manager sees it."""
    person = User.objects.get(name="Noah De Smet")
    team = Membership.objects.now().get(user=person).team
    favourite = next(customer for customer in _customers_of(team) if customer.account is None)
    for days in (9, 38, 66, 95, 124):
        past_spend(person, at=now - timedelta(days=days), amount=Decimal("9.90"), customer=favourite, team=team)


def _waiting(dice: random.Random, now: datetime) -> None:
    """The stylist has an extra this month, asks for a dearer gift, and was told no once."""
    person, manager = _login("stylist"), _login("shop manager")
    team = Membership.objects.now().get(user=person).team
    customers = [customer for customer in _customers_of(team) if customer.account is None]
    this, last = now - timedelta(hours=20), now - timedelta(days=34)
    _extra(person, manager, 25, "The wedding party on Saturday", this - timedelta(minutes=50))
    past_spend(person, at=this, amount=Decimal("18.50"), customer=customers[3], team=team, state=State.HELD)
    past_spend(
        person, at=last, amount=Decimal("17.00"), customer=customers[8], team=team, state=State.DECLINED, by=manager,
        reason="Kind, but he comes on Friday anyway: a coffee and your time will please him more.",
    )  # fmt: skip
    _extra(_login("owner"), _login("owner"), 60, "Ten years of Barber & Sons", now - timedelta(days=70))


def _closed(now: datetime) -> None:
    """Closed for two weeks, with a reply, and open again on the review date."""
    person, manager = User.objects.get(name="Jonas Vermeulen"), User.objects.get(name="Mehmet Yıldız")
    began = now - timedelta(days=58)
    ended = now - timedelta(days=44)
    made = Suspension.objects.create(
        user=person, by=manager, review_on=ended.date(), lifted_at=ended,
        reason="Three lunches with the same friend in one month. We have talked about it.",
    )  # fmt: skip
    Suspension.objects.filter(pk=made.pk).update(began_at=began)
    text = "He did bring two new customers, but I see how it looks. From now on I ask first."
    word = made.words.create(kind="reply", text=text, by=person)
    made.words.filter(pk=word.pk).update(at=began + timedelta(hours=3))
