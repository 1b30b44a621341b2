"""Occasions: suggested chances for a moment, found in what the company knows anyway, and given to whoever serves.

`make_occasions` is safe to run as often as one likes: each occasion comes once (unique kind, customer and cycle). It
looks back as far as an occasion lasts, so that a worker that was off, or a visit noted a day later, loses none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from delight.customers.models import Customer, Visit
from delight.customers.services import CARE_DAYS as CARE_DAYS
from delight.customers.services import take_care_of as take_care_of
from delight.organisation.models import Organisation
from staff.budget.models import today
from staff.moments.models import Moment, Occasion, OccasionKind, OccasionTrial
from staff.moments.trials import arm_of, running_trials
from staff.people.models import User

Kind, State = OccasionKind, Occasion.State

NEW_CUSTOMER_DAYS = 60  # a customer whom we have known for longer has been here before, whatever the visits say
SILENT_AFTER_DAYS = 60
SILENT_UP_TO_DAYS = 730
ENOUGH_VISITS = 3
AFTER_REPAIR_DAYS = 7
LASTS_DAYS = {
    Kind.FIRST_VISIT: 2, Kind.FIFTH_VISIT: 2, Kind.ANNIVERSARY: 7, Kind.BIRTHDAY: 3, Kind.LONG_SILENCE: 30,
    Kind.REPAIRED: 14,
}  # fmt: skip
CAME = Visit.State.CAME
BATCH = 500


@dataclass(frozen=True)
class Chance:
    """A kind of occasion for one customer, before it is a row. `cycle` tells two of a kind apart; `day` is its day."""

    kind: OccasionKind
    customer_id: int
    cycle: str
    day: date


def make_occasions(day: date | None = None) -> int:
    """Write down the occasions of a day (the organisation's; today's if none is given); returns how many are new."""
    company = Organisation.objects.first()
    if company is None:
        return 0
    day = day or today(company)
    made = 0
    chances = list(chances_of(day, company))
    for start in range(0, len(chances), BATCH):
        made += _write(chances[start : start + BATCH], day)
    return made


@transaction.atomic
def suggest(*, kind: OccasionKind, customer: Customer, cycle: str, due_on: date) -> Occasion | None:
    """What a higher room knows of: something was put right. Suggested before: that one. In no trial, ever."""
    served = _last_served([customer.pk], due_on)
    occasion = _occasion(Chance(kind, customer.pk, cycle, due_on), customer, served.get(customer.pk), {})
    Occasion.objects.bulk_create([occasion], ignore_conflicts=True)
    return Occasion.objects.filter(kind=kind, customer=customer, cycle=cycle).first()


# --- Finding ----------------------------------------------------------------------------------------------------


def chances_of(day: date, company: Organisation) -> Iterator[Chance]:
    """All that a day offers, from visits and birthdays; also what is written down already."""
    for each in _days(day, Kind.FIRST_VISIT):
        yield from _counted_visits(each, company, today=each == day)
    yield from _anniversaries(day, company)
    yield from _birthdays(day)
    yield from _silences(day, company)


def _days(day: date, kind: OccasionKind) -> list[date]:
    """The days whose occasions of this kind may still be used on `day`, that one first."""
    return [day - timedelta(days=ago) for ago in range(LASTS_DAYS[kind])]


def _bounds(day: date, company: Organisation) -> tuple[datetime, datetime]:
    first, last = (datetime.combine(each, time.min, tzinfo=company.zone) for each in (day, day + timedelta(days=1)))
    return first, last


def _known() -> QuerySet[Customer]:
    return Customer.objects.filter(erased_at=None)


def _counted_visits(day: date, company: Organisation, *, today: bool) -> Iterator[Chance]:
    """Who was here on a day for the first or the fifth time; today also who is expected."""
    begins, ends = _bounds(day, company)
    states = [CAME, Visit.State.PLANNED] if today else [CAME]
    here = Visit.objects.filter(customer=OuterRef("pk"), starts_at__gte=begins, starts_at__lt=ends, state__in=states)
    before = Count("visits", filter=Q(visits__state=CAME, visits__starts_at__lt=begins))
    found = _known().filter(Exists(here)).annotate(before=before).order_by("pk")
    new = Q(before=0, created_at__gte=begins - timedelta(days=NEW_CUSTOMER_DAYS))
    for pk, times in found.filter(new | Q(before=4)).values_list("pk", "before"):
        yield Chance(Kind.FIFTH_VISIT, pk, "5", day) if times else Chance(Kind.FIRST_VISIT, pk, "1", day)


def _anniversaries(day: date, company: Organisation) -> Iterator[Chance]:
    """Whose first visit was on this day of an earlier year, and who has been here in the last two years."""
    came = Q(visits__state=CAME)
    begins = _bounds(day, company)[0]
    found = _known().annotate(first=Min("visits__starts_at", filter=came), last=Max("visits__starts_at", filter=came))
    year_ago, too_long = (begins - timedelta(days=days) for days in (300, SILENT_UP_TO_DAYS))
    for pk, began in found.filter(first__lt=year_ago, last__gt=too_long).values_list("pk", "first"):
        for each in _days(day, Kind.ANNIVERSARY):
            if same_day(timezone.localdate(began, company.zone), each):
                yield Chance(Kind.ANNIVERSARY, pk, str(each.year), each)


def _birthdays(day: date) -> Iterator[Chance]:
    days = {(each.month, each.day): each for each in _days(day, Kind.BIRTHDAY)}
    if (2, 28) in days and is_last_of_short_february(days[2, 28]):
        days[2, 29] = days[2, 28]
    on_one = Q(*(Q(birth_month=month, birth_day=number) for month, number in days), _connector=Q.OR)
    for pk, month, number in _known().filter(on_one).values_list("pk", "birth_month", "birth_day"):
        each = days[month, number]  # type: ignore[index]  # those with a birthday have both
        yield Chance(Kind.BIRTHDAY, pk, str(each.year), each)


def same_day(began: date, day: date) -> bool:
    """Whether `day` is an anniversary of `began`; in years without a 29th of February the 28th is."""
    if (began.month, began.day) == (2, 29) and is_last_of_short_february(day):
        return True
    return (began.month, began.day) == (day.month, day.day)


def is_last_of_short_february(day: date) -> bool:
    return (day.month, day.day) == (2, 28) and (day + timedelta(days=1)).month == 3


def _silences(day: date, company: Organisation) -> Iterator[Chance]:
    """Who came at least three times and has now been away for more than twice as long as usual, and two months."""
    begins = _bounds(day, company)[0]
    came = Q(visits__state=CAME)
    found = _known().annotate(
        times=Count("visits", filter=came),
        first=Min("visits__starts_at", filter=came),
        last=Max("visits__starts_at", filter=came),
        coming=Count("visits", filter=Q(visits__state=Visit.State.PLANNED, visits__starts_at__gte=begins)),
    )
    long_ago, too_long = (begins - timedelta(days=days) for days in (SILENT_AFTER_DAYS, SILENT_UP_TO_DAYS))
    away = found.filter(times__gte=ENOUGH_VISITS, coming=0, last__lt=long_ago, last__gt=too_long).order_by("pk")
    for pk, times, first, last in away.values_list("pk", "times", "first", "last"):
        usual = (last - first) / (times - 1)
        if begins - last > 2 * usual:
            yield Chance(Kind.LONG_SILENCE, pk, f"{timezone.localdate(last, company.zone):%Y-%m-%d}", day)


# --- Writing ----------------------------------------------------------------------------------------------------


def _write(chances: list[Chance], day: date) -> int:
    """Those that are not there yet, each with whoever serves the customer, and by chance in or out of a trial."""
    there = set(
        Occasion.objects.filter(customer__in={chance.customer_id for chance in chances}).values_list(
            "kind", "customer_id", "cycle"
        )
    )
    new = [chance for chance in chances if (chance.kind, chance.customer_id, chance.cycle) not in there]
    if not new:
        return 0
    customers = Customer.objects.select_related("owner").in_bulk({chance.customer_id for chance in new})
    last_served, trials = _last_served(list(customers), day), running_trials(day)
    rows = [
        _occasion(chance, customers[chance.customer_id], last_served.get(chance.customer_id), trials)
        for chance in new
        if chance.customer_id in customers
    ]
    return len(Occasion.objects.bulk_create(rows, ignore_conflicts=True))


def _occasion(chance: Chance, customer: Customer, served: Visit | None, trials: dict[str, OccasionTrial]) -> Occasion:
    trial = trials.get(chance.kind)
    arm = arm_of(trial, customer, chance.day) if trial else ""
    return Occasion(
        kind=chance.kind,
        customer=customer,
        cycle=chance.cycle,
        user=_who_serves(customer, served),
        team_id=customer.team_id or (served.team_id if served else None),
        due_on=chance.day,
        until=chance.day + timedelta(days=LASTS_DAYS[chance.kind]),
        trial=trial if arm else None,
        arm=arm,
    )


def _who_serves(customer: Customer, served: Visit | None) -> User | None:
    """The owner, else who served last; nobody who has left."""
    people = [customer.owner, served.served_by if served else None]
    return next((person for person in people if person is not None and person.is_active), None)


def _last_served(customer_ids: list[int], day: date) -> dict[int, Visit]:
    """Each customer's latest visit up to that day, which may be expected still: who served, and in which team."""
    ends = _bounds(day, Organisation.get())[1]
    visits = Visit.objects.filter(customer__in=customer_ids, starts_at__lt=ends).exclude(state=Visit.State.MISSED)
    latest = visits.order_by("customer_id", "-starts_at", "-pk").distinct("customer_id").select_related("served_by")
    return {visit.customer_id: visit for visit in latest}  # type: ignore[misc]


# --- What people do with them -----------------------------------------------------------------------------------


@transaction.atomic
def use_occasion(*, by: User, occasion: Occasion, moment: Moment) -> bool:
    """The moment was for this occasion. False when somebody has decided already."""
    return _decide(occasion, State.USED, by, moment)


@transaction.atomic
def dismiss_occasion(*, by: User, occasion: Occasion) -> bool:
    """Not this one. False when somebody has decided already."""
    return _decide(occasion, State.DISMISSED, by, None)


@transaction.atomic
def reopen_occasion(*, by: User, occasion: Occasion) -> bool:
    """Undo of a dismissal."""
    found = Occasion.objects.filter(pk=occasion.pk, state=State.DISMISSED)
    return bool(found.update(state=State.OPEN, decided_by=None, decided_at=None))


def _decide(occasion: Occasion, state: str, by: User, moment: Moment | None) -> bool:
    found = Occasion.objects.filter(pk=occasion.pk, state=State.OPEN)
    return bool(found.update(state=state, decided_by=by, decided_at=timezone.now(), moment=moment))
