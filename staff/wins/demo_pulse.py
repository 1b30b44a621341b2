"""Months of the demo company's pulse; this month's is open in its ten days only. One shop is always below five."""

import random
from datetime import date, datetime, timedelta

from delight.organisation.models import Organisation
from staff.people.models import User
from staff.wins.models import PulseAnswer, PulseRound, PulseTicket
from staff.wins.pulse import OPEN_FOR, close_round, first_working_day, mark_of, team_of

CLOSED = 3
MISSING = "oksana@barber.example"  # did not answer in one of the months, which is not shown therefore
FIRST_TO_ANSWER = ("oksana", "noah", "elif", "ines", "tomasz")


def make(own: random.Random, now: datetime) -> None:
    """As it would be: the month's round is open for ten days from the first working day, and closed afterwards."""
    people = list(User.objects.filter(is_active=True).order_by("pk"))
    month = now.date().replace(day=1)
    early = [person for person in people if (person.email or "").split("@")[0] in FIRST_TO_ANSWER]
    rounds = [_round(own, now, month, people if _is_over(month, now) else early)] if _opening(month) <= now else []
    for ago in range(CLOSED):
        month = (month - timedelta(days=1)).replace(day=1)
        rounds.append(_round(own, now, month, [each for each in people if ago != 1 or each.email != MISSING]))
    for asked in reversed(rounds):
        opened_at = _opening(asked.month)
        facts = {"opened_at": opened_at, "closes_on": (opened_at + OPEN_FOR).date()}
        if _is_over(asked.month, now):
            close_round(asked)
            facts["closed_at"] = opened_at + OPEN_FOR
        PulseRound.objects.filter(pk=asked.pk).update(**facts)


def _opening(month: date) -> datetime:
    company = Organisation.get()
    return datetime.combine(first_working_day(company, month), company.opens_at, tzinfo=company.zone)


def _is_over(month: date, now: datetime) -> bool:
    return _opening(month) + OPEN_FOR <= now


def _round(own: random.Random, now: datetime, month: date, people: list[User]) -> PulseRound:
    asked = PulseRound.objects.create(month=month, closes_on=now.date())
    for person in people:
        team = team_of(person)
        PulseTicket.objects.create(round=asked, team=team, mark=mark_of(asked, person))
        PulseAnswer.objects.create(round=asked, team=team, glad=own.randint(6, 10), able=own.randint(4, 9))
    return asked
