"""Visits of the demo company: a day under way in each shop, some days to come, and more than a year behind."""

import random
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from delight.customers.models import Customer, Visit, VisitCalendar
from delight.organisation.models import Organisation
from staff.people.models import Membership, Team, User

State = Visit.State

# Minutes from now, what has come of it, reference: one is late, and one has not come.
TODAY = (
    (-230, State.CAME, ""), (-170, State.CAME, "214"), (-130, State.MISSED, ""), (-70, State.CAME, "T4"),
    (-15, State.PLANNED, ""), (35, State.PLANNED, "310"), (80, State.PLANNED, ""), (125, State.PLANNED, ""),
    (190, State.PLANNED, ""),
)  # fmt: skip
GUESTS = ("Beard trim, Vincent", "Two friends of Hanne", "Online booking 4471")
DAYS_AHEAD, A_DAY = 6, 4
LONGEST_AGO = 420


def make(*, now: datetime) -> None:
    """With dice of its own, so that what other rooms throw stays as it is."""
    rng = random.Random(214)  # noqa: S311 - the same company each time is what is wanted
    zone = Organisation.get().zone
    visits: list[Visit] = []
    for number, team in enumerate(Team.objects.order_by("pk")):
        people = list(User.objects.filter(pk__in=Membership.objects.now().filter(team=team).values("user_id")))
        customers = list(Customer.objects.filter(team=team).select_related("owner", "account").order_by("pk"))
        if not customers:
            continue
        calendar = _calendar(team, now) if number == 0 else None
        local = timezone.localtime(now, zone).replace(second=0, microsecond=0)
        visits += _today(rng, local, team, customers, people, calendar, GUESTS[number % len(GUESTS)])
        visits += _coming(rng, local, team, customers, people, calendar)
        visits += [one for customer in customers for one in _past(rng, local, customer, people)]
    Visit.objects.bulk_create(visits)


def _calendar(team: Team, now: datetime) -> VisitCalendar | None:
    manager = Membership.objects.now().filter(team=team, role="manager").select_related("user").first()
    if manager is None:
        return None
    address = "https://bookings.example/mill-lane/chairs.ics"
    calendar = VisitCalendar.objects.create(team=team, name="Online bookings", url=address, created_by=manager.user)
    VisitCalendar.objects.filter(pk=calendar.pk).update(read_at=now - timedelta(minutes=6))
    return calendar


def _visit(team: Team, at: datetime, state: str, served_by: User | None, calendar: VisitCalendar | None) -> Visit:
    visit = Visit(team=team, starts_at=at, ends_at=at + timedelta(minutes=45), state=state, served_by=served_by)
    visit.source = Visit.Source.FILE
    if calendar is not None:
        visit.source, visit.calendar = Visit.Source.CALENDAR, calendar
        visit.source_id = f"{at:%Y%m%dT%H%M}-{served_by.pk if served_by else 0}@bookings.example"
    return visit


def _today(
    rng: random.Random, now: datetime, team: Team, customers: list[Customer], people: list[User],
    calendar: VisitCalendar | None, guest: str,
) -> list[Visit]:  # fmt: skip
    """Those that still fit into the day; a quarter of an hour is the least that a booking system knows."""
    rounded = now - timedelta(minutes=now.minute % 5)
    made = []
    for (minutes, state, reference), customer in zip(TODAY, rng.sample(customers, len(TODAY)), strict=True):
        at = rounded + timedelta(minutes=minutes)
        if at.date() == now.date():
            visit = _visit(team, at, state, rng.choice(people) if people else None, calendar)
            visit.customer, visit.reference = customer, reference
            made.append(visit)
    planned = [visit for visit in made if visit.state == State.PLANNED]
    if planned:
        planned[-1].customer, planned[-1].guest = None, guest
    return made


def _coming(
    rng: random.Random, now: datetime, team: Team, customers: list[Customer], people: list[User],
    calendar: VisitCalendar | None,
) -> list[Visit]:  # fmt: skip
    made = []
    for day in range(1, DAYS_AHEAD + 1):
        for hour, customer in zip(sorted(rng.sample(range(9, 18), A_DAY)), rng.sample(customers, A_DAY), strict=True):
            at = (now + timedelta(days=day)).replace(hour=hour, minute=rng.choice([0, 30]))
            visit = _visit(team, at, State.PLANNED, rng.choice(people) if people else None, calendar)
            visit.customer = customer
            made.append(visit)
    return made


def _past(rng: random.Random, now: datetime, customer: Customer, people: list[User]) -> list[Visit]:
    """Regulars came often, others once; not before we knew them."""
    known = max(1, min(LONGEST_AGO, (now - customer.created_at).days))
    days = rng.sample(range(1, known + 1), min(known, rng.choice([0, 1, 1, 2, 3, 5, 8])))
    made = []
    for days_ago in days:
        at = (now - timedelta(days=days_ago)).replace(hour=rng.randrange(9, 18), minute=rng.choice([0, 15, 30, 45]))
        missed = rng.random() < 0.05
        served_by = customer.owner or (rng.choice(people) if people else None)
        visit = _visit(customer.team, at, State.MISSED if missed else State.CAME, served_by, None)  # type: ignore[arg-type]
        visit.customer = customer
        visit.value = None if missed else _value(rng, customer)
        made.append(visit)
    return made


def _value(rng: random.Random, customer: Customer) -> Decimal:
    return Decimal(rng.randrange(24, 96)) * (5 if customer.account_id else 1)
