"""Three months of moments in the demo company."""

import random
from datetime import datetime, timedelta

from delight.customers.models import Customer, Visit
from staff.budget.models import Spend
from staff.moments.ideas import starter_idea
from staff.moments.models import Moment
from staff.people.demo import LOGINS
from staff.people.models import User

Reaction = Moment.Reaction
DAYS_BACK = 88
FREE_ONES = 62
# What was done, and the starter behind it, where there is one.
FREE = (
    ("", "salon-name"),
    ("", "salon-coffee"),
    ("Two minutes on the fringe between two visits. The queue waited kindly.", "salon-between"),
    ("Asked about the interview. There is a new job, since Monday!", "salon-interview"),
    ("Showed the blow-dry step by step; a video from home came the next day.", "salon-at-home"),
    ("Said to wait three more weeks with the colour. Surprise, and then a long thank-you.", "salon-honest"),
    ("The boy was afraid of the clippers. He held the mirror, then the cape, then the clippers.", "salon-child"),
    ("Walked along to the tram in the rain, with our umbrella.", "salon-coat"),
    ("Called before the bus left: twenty minutes late with us, coffee at home instead.", "salon-late"),
    ("Took a photo of the back, so that it can be the same on the trip in Lisbon.", "salon-photo"),
    ("Curls: handed over to Chiara, who does them better than I do.", "salon-colleague"),
    ("It was the first time here. Explained each step; the shoulders came down at about the third.", "salon-first"),
    ("A quiet half hour, on purpose: a newborn at home.", "salon-quiet"),
    ("Stayed ten minutes longer for a groom who had forgotten his own wedding photos.", ""),
    ("Found the lost earring behind the basin, and called before it was missed.", ""),
    ("Wrote down the bus home in large letters.", ""),
    ("Kept the parcel for the neighbour upstairs.", ""),
    ("Sewed a button back on while the colour was taking.", ""),
)  # fmt: skip
# What a few euros were spent on, by the most that each kind costs.
PAID = (
    (4, ("A coffee from next door, the way they like it.", "A card, signed by all of us, for the first week back.",
         "A comb that fits into a handbag.")),
    (8, ("A slice of cake: it was a birthday.", "A sandwich: straight from a night shift, with nothing eaten.",
         "Gloves for a child whose own had stayed on the bus.")),
    (99, ("A small bottle of oil for dry ends, for a long journey.", "A taxi home: the arm was in a cast.",
          "Flowers for the last day before the move to Ostend.")),
)  # fmt: skip
INTRODUCED = (
    ("Both renovate in the same street. They swapped numbers at the till.", 41, "They share a plumber now, and lunch."),
    ("Looked for somebody who bakes for weddings; knew just the person.", 6, ""),
)


def make(*, now: datetime) -> None:
    """With dice of its own, so that what other rooms throw stays as it is."""
    rng = random.Random(1877)  # noqa: S311 - the same company each time is what is wanted
    since = now - timedelta(days=DAYS_BACK)
    past = Visit.objects.filter(state=Visit.State.CAME, starts_at__gte=since, starts_at__lt=now - timedelta(hours=1))
    visits = list(past.exclude(customer=None).exclude(served_by=None).with_names().order_by("pk"))
    chosen = rng.sample(visits, min(len(visits), FREE_ONES))
    for place, visit in enumerate(chosen):
        _story(rng, visit, *FREE[place % len(FREE)])
    for spend in Spend.objects.filter(moment=None).select_related("period__user", "team").order_by("made_at", "pk"):
        _bought(rng, spend)
    _introductions(rng, now)
    _withdrawn(chosen)
    _stub(now)


def _story(rng: random.Random, visit: Visit, words: str, starter: str, **fields: object) -> Moment:
    reaction = rng.choices([*Reaction.values, ""], weights=[40, 26, 8, 10, 16])[0]
    at = visit.starts_at + timedelta(minutes=rng.randrange(15, 40))
    moment = Moment.objects.create(
        user=visit.served_by, team=visit.team, customer=visit.customer, visit=visit, what=words, reaction=reaction,
        account=visit.customer.account if visit.customer else None, happened_at=at,
        idea=starter_idea(starter) if starter else None, **fields,
    )  # fmt: skip
    _dated(moment, at)
    return moment


def _dated(moment: Moment, at: datetime) -> None:
    Moment.objects.filter(pk=moment.pk).update(created_at=at)


def _bought(rng: random.Random, spend: Spend) -> None:
    """What the budget's demo has spent, or asked for, was for a moment."""
    words = rng.choice(next(kinds for most, kinds in PAID if spend.amount <= most))
    moment = Moment.objects.create(
        user=spend.period.user, team=spend.team, customer=spend.customer, account=spend.account, spend=spend,
        what=words, reaction=rng.choice([Reaction.DELIGHTED, Reaction.DELIGHTED, Reaction.PLEASED, ""]),
        happened_at=spend.made_at,
    )  # fmt: skip
    _dated(moment, spend.made_at)


def _introductions(rng: random.Random, now: datetime) -> None:
    """One of which something came, one so new that nobody asks yet."""
    person = _login("stylist")
    theirs = list(Customer.objects.filter(owner=person, account=None, erased_at=None).order_by("pk"))
    pairs = rng.sample(theirs, 2 * len(INTRODUCED))
    for place, (words, days, came) in enumerate(INTRODUCED):
        one, other = pairs[2 * place : 2 * place + 2]
        at = now - timedelta(days=days, hours=2)
        moment = Moment.objects.create(
            user=person, team=one.team, customer=one, introduced_to=other, what=words, happened_at=at,
            reaction=Reaction.DELIGHTED, came_of_it=came, told_at=at + timedelta(days=15) if came else None,
        )  # fmt: skip
        _dated(moment, at)


def _withdrawn(chosen: list[Visit]) -> None:
    """The same visit, noted twice by a slip of the thumb."""
    first = Moment.objects.filter(visit=chosen[0]).first()
    if first is None:
        return
    twice = Moment.objects.create(
        user=first.user, team=first.team, customer=first.customer, visit=first.visit, what=first.what, idea=first.idea,
        happened_at=first.happened_at, state=Moment.State.WITHDRAWN,
        withdrawn_at=first.happened_at + timedelta(minutes=5),
    )  # fmt: skip
    _dated(twice, first.happened_at)


def _stub(now: datetime) -> None:
    """Begun by the stylist this morning, between two customers."""
    person, at = _login("stylist"), now - timedelta(minutes=95)
    visit = Visit.objects.filter(served_by=person, starts_at__lt=now, customer__isnull=False).with_names()
    latest = visit.order_by("-starts_at").first()
    stub = Moment.objects.create(
        user=person, team=latest.team if latest else None, customer=latest.customer if latest else None,
        what="Found the umbrella from last week", happened_at=at, state=Moment.State.STUB,
    )  # fmt: skip
    _dated(stub, at)


def _login(name: str) -> User:
    return User.objects.get(email=dict(LOGINS)[name])
