"""Conversations of the demo company: most are over, a handful is open. Nothing here is to be mailed."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from delight.organisation.models import Organisation
from delight.organisation.worktime import end_of_working_day
from staff.people.demo import LOGINS
from staff.people.models import Membership, User
from surveys.answering.models import Response
from surveys.answering.services import COUNTING
from surveys.followups.models import FollowUp, Outcome
from surveys.followups.services import DUE_AFTER_WORKING_DAYS, HAPPY, UNHAPPY, owner_for, what_it_asks_for

OPEN = 4
# Result, what happened, what else, who else.
TALKED_UNHAPPY = (
    ("solved", "Had waited forty minutes without a word. Said sorry, and the next cut is on us.", "", ""),
    ("solved", "The fade was uneven at the back. Came in on Thursday, ten minutes, all good.", "", ""),
    ("solved", "Booked online, and the booking never reached us. Took a new one by phone and saw it arrive.",
     "Would like a reminder the evening before.", ""),
    ("solved", "Paid twice by card. Refund is done; the bank takes three days.", "", ""),
    ("solved", "The shampoo itched. Noted the allergy, and a mild one stands ready next time.", "", ""),
    ("talked", "Finds us expensive since the summer. We talked about what is included. May come less often.",
     "Asked for a price for father and son together.", ""),
    ("talked", "The music was too loud to talk. Passed it on to the shop.", "", ""),
    ("talked", "A new barber, and nobody asked how it should be. Wants the usual one, and will ask for him.", "", ""),
    ("not_reached", "Called three times on two days, left a message with my name and number.", "", ""),
    ("not_wanted", "Was friendly, but has no time for this. Thanked for the honest answer.", "", ""),
)  # fmt: skip
TALKED_HAPPY = (
    ("talked", "Likes that we come to the office before the big meetings.", "A slot every second Friday at eight.",
     "The notary one floor up; may mention them."),
    ("talked", "The team day went well; everybody spoke about it.", "Vouchers for their clients at year's end.", ""),
    ("talked", "Happy with everything, and glad that somebody called.", "", "A cousin who opens a hotel in spring."),
)  # fmt: skip


def make(*, rng: random.Random, now: datetime) -> list[FollowUp]:
    """Follow-ups for the demo company's answers, as if they had been opened when those came in."""
    asking = [(response, asked) for response in _answers() if (asked := _asked(response))]
    open_ones = _choose_open(asking)
    made = []
    for response, asked in asking:
        if response.pk in open_ones:
            continue
        follow_up = _follow_up(response, asked)
        follow_up.closed_at = _closed_at(rng, follow_up, now)
        made.append(follow_up)
    FollowUp.objects.bulk_create(made)
    Outcome.objects.bulk_create([_outcome(rng, follow_up) for follow_up in made])
    return made + _make_open(asking, open_ones, now)


def _answers() -> Iterable[Response]:
    found = Response.objects.filter(is_active=True, verdict__in=COUNTING, customer__isnull=False)
    found = found.select_related("customer__account__owner", "customer__owner", "customer__team", "team")
    return found.prefetch_related("answers").order_by("submitted_at", "id")


def _asked(response: Response) -> FollowUp.Asked | None:
    return what_it_asks_for(response.score, response.customer) if response.customer else None


def _choose_open(asking: list[tuple[Response, FollowUp.Asked]]) -> list[int]:
    """One of the stylist who has a demo login, one of the same shop, the latest others, and a happy company."""
    stylist = User.objects.filter(email=dict(LOGINS)["stylist"]).first()
    shop = Membership.objects.filter(user=stylist).values_list("team_id", flat=True).first()
    latest = sorted(asking, key=lambda each: (not _is_telling(each[0]), -each[0].submitted_at.timestamp(), each[0].pk))
    unhappy = [response for response, asked in latest if asked == UNHAPPY]
    wanted = [
        [response for response in unhappy if stylist and owner_for(response) == stylist],
        [response for response in unhappy if shop and response.team_id == shop and owner_for(response) != stylist],
        *([unhappy] * (OPEN - 2)),
        [response for response, asked in latest if asked == HAPPY],
    ]
    chosen: dict[int | None, int] = {}
    for candidates in wanted:
        free = [response for response in candidates or unhappy if response.customer_id not in chosen]
        if free:
            chosen[free[0].customer_id] = free[0].pk
    return list(chosen.values())


def _is_telling(response: Response) -> bool:
    """Recent and with words: an open conversation should have something to talk about."""
    recent = response.submitted_at > timezone.now() - timedelta(days=30)
    return recent and any(answer.text for answer in response.answers.all())


def _follow_up(response: Response, asked: FollowUp.Asked) -> FollowUp:
    customer = response.customer
    return FollowUp(
        customer=customer,
        response=response,
        asked=asked,
        owner=owner_for(response),
        team=response.team or (customer.team if customer else None),
        opened_at=response.submitted_at,
        due_at=end_of_working_day(response.submitted_at, DUE_AFTER_WORKING_DAYS[asked]),
    )


def _closed_at(rng: random.Random, follow_up: FollowUp, now: datetime) -> datetime:
    """Mostly in time, now and then half a day late; never in the future."""
    whole = follow_up.due_at - follow_up.opened_at
    return min(follow_up.opened_at + whole * rng.uniform(0.15, 1.05), now - timedelta(minutes=20))


def _outcome(rng: random.Random, follow_up: FollowUp) -> Outcome:
    result, happened, what_else, who_else = rng.choice(TALKED_HAPPY if follow_up.asked == HAPPY else TALKED_UNHAPPY)
    return Outcome(
        follow_up=follow_up,
        result=result,
        happened=happened,
        what_else=what_else,
        who_else=who_else,
        by=follow_up.owner,
        at=follow_up.closed_at,
    )


def _make_open(asking: list[tuple[Response, FollowUp.Asked]], chosen: list[int], now: datetime) -> list[FollowUp]:
    """The stylist's is due today, the shop's other one is overdue, the others tomorrow; the happy one has a while."""
    by_pk = {response.pk: (response, asked) for response, asked in asking}
    made, place = [], 0
    for pk in chosen:
        response, asked = by_pk[pk]
        follow_up = _follow_up(response, asked)
        if asked == HAPPY:
            follow_up.due_at = end_of_working_day(now, 3)
        else:
            follow_up.due_at = _open_due(place, now)
            place += 1
        follow_up.save()
        made.append(follow_up)
    return made


def _open_due(place: int, now: datetime) -> datetime:
    organisation = Organisation.get()
    here = now.astimezone(organisation.zone)
    closing = here.replace(
        hour=organisation.closes_at.hour, minute=organisation.closes_at.minute, second=0, microsecond=0
    )
    if place == 0:
        return max(closing, now + timedelta(hours=2))
    return closing - timedelta(days=1) if place == 1 else end_of_working_day(now, 1)
