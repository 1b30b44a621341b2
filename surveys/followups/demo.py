"""Conversations of the demo company: most are over, a handful is open. Nothing here is to be mailed."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta

from delight.organisation.models import Organisation
from delight.organisation.worktime import end_of_working_day
from staff.people.demo import LOGINS
from staff.people.models import Membership, User
from staff.recognition.models import Recognition
from surveys.answering.models import Response
from surveys.answering.services import COUNTING
from surveys.followups import praise
from surveys.followups.models import FollowUp, Outcome
from surveys.followups.services import DUE_AFTER_WORKING_DAYS, HAPPY, UNHAPPY, owner_for, what_it_asks_for

OPEN = 4
PRAISE = (
    "Oksana is wonderful. She listens, and I have never left the shop so happy.",
    "Booked with somebody else, got Noah, and would not have it otherwise now. Thank you, Noah!",
)
SPARE = timedelta(hours=2)  # what is due next is not overdue by the time somebody looks

Asking = tuple[Response, FollowUp.Asked]

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
    made = [_make_open(response, asked) for response, asked in _choose_open(asking, Clock(now))]
    closed = _closed(rng, asking, {follow_up.response_id for follow_up in made}, now)
    FollowUp.objects.bulk_create(closed)
    Outcome.objects.bulk_create([_outcome(rng, follow_up) for follow_up in closed])
    _praise()
    return closed + made


def _praise() -> None:
    """The latest customers who are happy with Mill Lane name two of its people: drafts for its manager."""
    happy = Response.objects.filter(is_active=True, verdict__in=COUNTING, score__gte=9, team__name="Mill Lane")
    happy = happy.filter(answers__text__gt="", customer__erased_at=None).order_by("-submitted_at")
    for response, words in zip(happy[: len(PRAISE)], PRAISE, strict=False):
        response.answers.filter(question__kind="comment").update(text=words)
        praise.after_response(response)
        Recognition.objects.filter(source=praise.source_of(response)).update(created_at=response.submitted_at)


def _answers() -> Iterable[Response]:
    found = Response.objects.filter(is_active=True, verdict__in=COUNTING, customer__isnull=False)
    found = found.select_related("customer__account__owner", "customer__owner", "customer__team", "team", "invitation")
    return found.prefetch_related("answers").order_by("submitted_at", "id")


def _asked(response: Response) -> FollowUp.Asked | None:
    return what_it_asks_for(response.score, response.customer) if response.customer else None


# --- The open ones ----------------------------------------------------------------------------------------------


class Clock:
    """When what is open has to be due, and when the answer then came in: the real rule, backwards."""

    def __init__(self, now: datetime) -> None:
        self.now, self.organisation = now, Organisation.get()
        closings = sorted({self.due(now - timedelta(days=days), UNHAPPY) for days in range(20)})
        self.next = min(due for due in closings if due > now + SPARE)
        self.last = max(due for due in closings if due < now)

    def due(self, answered: datetime, asked: FollowUp.Asked) -> datetime:
        return end_of_working_day(answered, DUE_AFTER_WORKING_DAYS[asked], self.organisation)

    def answered(self, due: datetime) -> datetime:
        """The latest time of day at which an unhappy answer is due then."""
        return next(at for at in self.times_of_day() if self.due(at, UNHAPPY) == due)

    def times_of_day(self) -> Iterable[datetime]:
        """Backwards from now, by the hour, while people are awake."""
        hours = (self.now - timedelta(hours=hours) for hours in range(1, 24 * 20))
        return (at for at in hours if 8 <= at.astimezone(self.organisation.zone).hour < 22)


def _choose_open(asking: list[Asking], clock: Clock) -> list[Asking]:
    """The next one due is of the stylist who has a demo login, an overdue one of the same shop; two others, and a
    happy company.
    """
    stylist = User.objects.filter(email=dict(LOGINS)["stylist"]).first()
    shop = Membership.objects.filter(user=stylist).values_list("team_id", flat=True).first()
    unhappy = [response for response, asked in asking if asked == UNHAPPY]
    of_stylist = [response for response in unhappy if stylist and owner_for(response) == stylist]
    others = [response for response in unhappy if response not in of_stylist]
    of_shop = [response for response in others if shop and response.team_id == shop]
    chosen: list[Response] = []
    places = [(of_stylist or others, clock.next), (of_shop or others, clock.last), *[(others, clock.next)] * (OPEN - 2)]
    for place, (candidates, due) in enumerate(places):
        at = clock.answered(due) - timedelta(minutes=13 * place)
        fitting = {response.pk for response in candidates if clock.due(response.submitted_at, UNHAPPY) == due}
        chosen += _pick(candidates, chosen, fitting, at)
    happy = [response for response, asked in asking if asked == HAPPY]
    fitting = {response.pk for response in happy if clock.due(response.submitted_at, HAPPY) > clock.next}
    thankful = _pick(happy, chosen, fitting, next(iter(clock.times_of_day())))
    return [(response, UNHAPPY) for response in chosen] + [(response, HAPPY) for response in thankful]


def _pick(candidates: list[Response], taken: list[Response], fitting: set[int], at: datetime) -> list[Response]:
    """One to call and to talk about, rather one that is due at the right time; else one that is made to come in then.

    None when there is nobody left: the list is empty then.
    """
    known = {response.customer_id for response in taken}
    free = [
        each for each in candidates if each.customer_id not in known and (each.pk in fitting or each.submitted_at < at)
    ]
    if not free:
        return []

    def rank(each: Response) -> tuple[bool, bool, bool, float]:
        words = any(answer.text for answer in each.answers.all())
        return bool(each.customer and each.customer.phone_key), words, each.pk in fitting, each.submitted_at.timestamp()

    best = max(free, key=rank)
    if best.pk not in fitting:
        _come_in(best, at)
    return [best]


def _come_in(response: Response, at: datetime) -> None:
    """Move an answer to this moment, so that the conversation about it is a fresh one."""
    response.submitted_at = at
    response.save(update_fields=["submitted_at"])
    if response.invitation:
        response.invitation.answered_at = at
        response.invitation.save(update_fields=["answered_at"])


def _make_open(response: Response, asked: FollowUp.Asked) -> FollowUp:
    follow_up = _follow_up(response, asked)
    follow_up.save()
    return follow_up


# --- The closed ones --------------------------------------------------------------------------------------------


def _closed(rng: random.Random, asking: list[Asking], left_out: set[int | None], now: datetime) -> list[FollowUp]:
    closed = [_follow_up(response, asked) for response, asked in asking if response.pk not in left_out]
    for follow_up in closed:
        follow_up.closed_at = _closed_at(rng, follow_up, now)
    return closed


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
        counted_from=response.submitted_at,
        counted_days=DUE_AFTER_WORKING_DAYS[asked],
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
