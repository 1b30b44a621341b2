"""Occasions of the demo company: birthdays, what was taken up and put aside in the last months, and today's."""

import random
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from delight.customers.models import Customer
from delight.organisation.models import Organisation
from staff.budget.models import today
from staff.moments.ideas import starter_idea
from staff.moments.models import Moment, Occasion, OccasionKind
from staff.moments.occasions import make_occasions
from staff.people.models import User

Kind = OccasionKind
WEEKS_BACK = 12
KNOWN_BIRTHDAYS = 3  # of ten
BORN_TODAY = (("stylist", 2), ("manager", 1))  # login name, how many of their customers
USED, DISMISSED = 26, 14
# What was done, and the starter behind it, where there is one.
DONE = {
    Kind.FIRST_VISIT: (
        ("Explained each step, since it was the first time here.", "salon-first"),
        ("Walked along to the door and said how glad I was about the visit.", "salon-coat"),
    ),
    Kind.FIFTH_VISIT: (("Had the usual noted, and said so before anybody had to ask.", "salon-usual"),),
    Kind.ANNIVERSARY: (
        ("Said how much I appreciate it. That was a surprise.", "salon-thursday"),
        ("Two lines by hand for the first year with us.", ""),
    ),
    Kind.BIRTHDAY: (("Sang, quietly. The whole shop joined in.", ""), ("A card with all our names on it.", "")),
    Kind.LONG_SILENCE: (("Called, only to ask how things are. Nothing to sell.", ""),),
}


def make(*, now: datetime) -> None:
    """With dice of its own, so that what other rooms throw stays as it is."""
    rng = random.Random(529)  # noqa: S311 - the same company each time is what is wanted
    company = Organisation.get()
    day = today(company)
    _birthdays(rng, day)
    for weeks in range(WEEKS_BACK, 0, -1):
        make_occasions(day - timedelta(days=7 * weeks))
    _date_back(company.zone)
    over = list(
        Occasion.objects.filter(until__lte=day, user__isnull=False).select_related("customer", "user").order_by("pk")
    )
    decided = rng.sample(over, min(len(over), USED + DISMISSED))
    for occasion in decided[:USED]:
        _use(rng, occasion, _at_work(rng, occasion, company.zone))
    for occasion in decided[USED:]:
        _decide(occasion, Occasion.State.DISMISSED, _at_work(rng, occasion, company.zone))
    make_occasions(day)


def _birthdays(rng: random.Random, day: date) -> None:
    customers = list(Customer.objects.select_related("owner").order_by("pk"))
    for customer in customers:
        if rng.randrange(10) < KNOWN_BIRTHDAYS:
            customer.birth_month, customer.birth_day = rng.randrange(1, 13), rng.randrange(1, 29)
    for login, count in BORN_TODAY:
        theirs = [each for each in customers if each.owner and each.owner.email == f"{login}@barber.example"]
        for number, customer in enumerate(theirs[:count]):
            born = day - timedelta(days=number)
            customer.birth_month, customer.birth_day = born.month, born.day
    Customer.objects.bulk_update(customers, ["birth_day", "birth_month"], batch_size=500)


def _date_back(zone: ZoneInfo) -> None:
    """As if each had been found in the morning of its day."""
    rows = list(Occasion.objects.all())
    for row in rows:
        row.made_at = datetime.combine(row.due_on, time(6, 10), tzinfo=zone)
    Occasion.objects.bulk_update(rows, ["made_at"], batch_size=500)


def _at_work(rng: random.Random, occasion: Occasion, zone: ZoneInfo) -> datetime:
    return datetime.combine(occasion.due_on, time(rng.randrange(9, 18), rng.randrange(60)), tzinfo=zone)


def _use(rng: random.Random, occasion: Occasion, at: datetime) -> None:
    what, key = rng.choice(DONE[Kind(occasion.kind)])
    moment = Moment.objects.create(
        user_id=occasion.user_id, what=what, idea=starter_idea(key) if key else None, team_id=occasion.team_id,
        customer=occasion.customer, account_id=occasion.customer.account_id, happened_at=at,
        reaction=rng.choice(["delighted", "pleased", "pleased", ""]),
    )  # fmt: skip
    Moment.objects.filter(pk=moment.pk).update(created_at=at)
    _decide(occasion, Occasion.State.USED, at, moment)


def _decide(occasion: Occasion, state: str, at: datetime, moment: Moment | None = None) -> None:
    by: User | None = occasion.user
    Occasion.objects.filter(pk=occasion.pk).update(state=state, decided_by=by, decided_at=at, moment=moment)
