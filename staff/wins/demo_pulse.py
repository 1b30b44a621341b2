"""Three closed months of the demo company's pulse, and one that is open. One shop is always below five."""

import random
from datetime import date, datetime, timedelta

from staff.people.models import User
from staff.wins.models import PulseAnswer, PulseRound, PulseTicket
from staff.wins.pulse import close_round, mark_of, team_of

CLOSED = 3
MISSING = "oksana@barber.example"  # did not answer in one of the months, which is not shown therefore
FIRST_TO_ANSWER = ("oksana", "noah", "elif", "ines", "tomasz")


def make(own: random.Random, now: datetime) -> None:
    people = list(User.objects.filter(is_active=True).order_by("pk"))
    month = now.date().replace(day=1)
    early = [person for person in people if (person.email or "").split("@")[0] in FIRST_TO_ANSWER]
    rounds = [_round(own, now, month, early)]
    for ago in range(CLOSED):
        month = (month - timedelta(days=1)).replace(day=1)
        rounds.append(_round(own, now, month, [each for each in people if ago != 1 or each.email != MISSING]))
    for asked in reversed(rounds[1:]):
        close_round(asked)
        opened = datetime.combine(asked.month, now.time(), tzinfo=now.tzinfo) + timedelta(days=1)
        closed_at = opened + timedelta(days=10)
        PulseRound.objects.filter(pk=asked.pk).update(opened_at=opened, closed_at=closed_at, closes_on=closed_at.date())


def _round(own: random.Random, now: datetime, month: date, people: list[User]) -> PulseRound:
    asked = PulseRound.objects.create(month=month, closes_on=(now + timedelta(days=6)).date())
    for person in people:
        team = team_of(person)
        PulseTicket.objects.create(round=asked, team=team, mark=mark_of(asked, person))
        PulseAnswer.objects.create(round=asked, team=team, glad=own.randint(6, 10), able=own.randint(4, 9))
    return asked
