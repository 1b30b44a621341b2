"""What the demo company remembers of its customers: most of those who come these days, and some others."""

import random
from datetime import datetime, timedelta

from django.db.models import F, Min
from django.utils import timezone

from delight.customers.memory_models import MOST_PINNED
from delight.customers.models import Customer, Fact, NextTime, Visit
from delight.organisation.models import Organisation
from staff.people.models import Membership, Team, User

TOLD, NOTICED = Fact.Source.TOLD, Fact.Source.NOTICED
THE_USUAL = (
    "Scissors only, no clippers", "Number 3 at the sides, two fingers long on top", "Parting on the left",
    "Beard a little longer than last time", "Short at the neck, the fringe stays", "Wash before, no wax after",
)  # fmt: skip
GOOD_TO_KNOW = (
    (TOLD, "Oat milk in the coffee"), (TOLD, "Catches the 18:10 train"), (NOTICED, "Likes the chair by the window"),
    (NOTICED, "Left-handed: hand the mirror to the left"), (NOTICED, "Reads the paper, and likes it quiet"),
    (TOLD, "The daughter starts school in September"), (NOTICED, "Always early; a tea while waiting goes well"),
    (TOLD, "Cycles here: the bag with the helmet needs a dry place"), (TOLD, "Supports the Buffalos"),
    (TOLD, "No scented products"), (TOLD, "Plays the cello; asks about concerts in town"),
)  # fmt: skip
NEVER_SAY = ("Has lost his mother in spring: do not ask about the family", "Between two jobs; no small talk about work")
SENSITIVE = (
    (Fact.Sensitive.HEALTH, "Cannot sit longer than half an hour: the back"),
    (Fact.Sensitive.DIET, "No milk, also not in biscuits"),
    (Fact.Sensitive.BELIEF, "Fasts in Ramadan: no coffee before sunset"),
)
FOR_A_VISIT = "Brings a picture of the wedding hairstyle"
TO_ASK = (
    "Did the shampoo help?",
    "How was the wedding?",
    "Is the fringe right for cycling?",
    "Did the tickets arrive?",
)
ANSWERS = ("Yes, no more itching.", "Wonderful, it rained only at night.", "A finger shorter, please.", "Yes, in time.")
OTHERS = 60


def make(*, now: datetime) -> None:
    """With dice of its own, so that what other rooms throw stays as it is."""
    rng, first = random.Random(5), _first_visits(now - timedelta(days=1))  # noqa: S311 - the same company each time is what is wanted
    facts: list[tuple[Fact, datetime]] = []
    questions: list[tuple[NextTime, datetime]] = []
    for team in Team.objects.order_by("pk"):
        people = _people(team)
        if not people:
            continue
        known_ones = [visit for visit in _expected(team, now) if visit.customer_id in first]
        for number, visit in enumerate(known_ones):
            ago = (now - first[visit.customer_id]).days
            facts += _facts(rng, now, visit.customer, people, number, visit, ago)
            questions += _questions(rng, now, visit.customer, people, number, ago)
        known = {fact.customer_id for fact, _at in facts}
        others = Customer.objects.filter(team=team, pk__in=first).exclude(pk__in=known).order_by("pk")[:OTHERS]
        for customer in others:
            facts += _facts(rng, now, customer, people, 5, None, (now - first[customer.pk]).days)
    Fact.objects.bulk_create(fact for fact, _at in facts)
    for fact, at in facts:  # bulk_create has put today's date on all
        fact.at = at
    Fact.objects.bulk_update((fact for fact, _at in facts), ["at"], batch_size=500)
    NextTime.objects.bulk_create(question for question, _at in questions)
    for question, at in questions:
        question.at = at
    NextTime.objects.bulk_update((question for question, _at in questions), ["at"])


def _first_visits(before: datetime) -> dict[int | None, datetime]:
    """Since when we know each customer who has been here before that day."""
    came = Visit.objects.filter(state=Visit.State.CAME, starts_at__lt=before).exclude(customer=None).order_by()
    return dict(came.values_list("customer_id").annotate(first=Min("starts_at")))


def _people(team: Team) -> list[User]:
    now = Membership.objects.now().filter(team=team)
    return list(User.objects.filter(pk__in=now.values("user_id")).order_by("pk"))


def _expected(team: Team, now: datetime) -> list[Visit]:
    """The first visit, from today on, of each customer."""
    begins = timezone.localtime(now, Organisation.get().zone).replace(hour=0, minute=0, second=0, microsecond=0)
    coming = Visit.objects.filter(team=team, starts_at__gte=begins, starts_at__lt=begins + timedelta(days=3))
    seen: dict[int | None, Visit] = {}
    for visit in coming.exclude(customer=None).select_related("customer").order_by("starts_at", F("id")):
        seen.setdefault(visit.customer_id, visit)
    return list(seen.values())


def _facts(
    rng: random.Random, now: datetime, customer: Customer, people: list[User], number: int, visit: Visit | None,
    ago: int,
) -> list[tuple[Fact, datetime]]:  # fmt: skip
    """The usual, pinned; one or two things good to know; of some something that is not said aloud, or sensitive."""
    made = [_fact(rng, now, customer, people, ago, text=rng.choice(THE_USUAL), source=TOLD, pin_place=1)]
    for place, (source, text) in enumerate(rng.sample(GOOD_TO_KNOW, rng.randint(1, 2)), 2):
        pinned = place if visit is not None and place <= min(2, MOST_PINNED) else None
        made.append(_fact(rng, now, customer, people, ago, text=text, source=source, pin_place=pinned))
    if number == 1:
        made.append(
            _fact(rng, now, customer, people, ago, text=rng.choice(NEVER_SAY), source=TOLD, never_say=True, pin_place=4)
        )
    if number in (2, 4):
        kind, text = rng.choice(SENSITIVE)
        fact, at = _fact(rng, now, customer, people, ago, text=text, source=TOLD, sensitive=kind)
        fact.consent_on = at.date()
        made.append((fact, at))
    if number == 3 and visit is not None:
        last = timezone.localtime(visit.starts_at, Organisation.get().zone).date() + timedelta(days=1)
        made.append(_fact(rng, now, customer, people, ago, text=FOR_A_VISIT, source=TOLD, visit=visit, expires_on=last))
    return made


def _fact(
    rng: random.Random, now: datetime, customer: Customer, people: list[User], ago: int, **values: object
) -> tuple[Fact, datetime]:
    """Written down some time since the first visit, `ago` days ago; half of them confirmed since."""
    days = rng.randint(min(2, ago), ago)
    fact = Fact(customer=customer, by=rng.choice(people), **values)
    if days > 1 and rng.random() < 0.5:
        fact.confirmed, fact.confirmed_by = rng.randint(1, 4), rng.choice(people)
        fact.confirmed_at = now - timedelta(days=rng.randrange(1, days))
    return fact, now - timedelta(days=days, minutes=rng.randint(1, 60))


def _questions(
    rng: random.Random, now: datetime, customer: Customer, people: list[User], number: int, ago: int
) -> list[tuple[NextTime, datetime]]:
    """Every second one is to be asked something; some have been asked before, on a visit of theirs."""
    made = []
    if number % 2 == 0:
        waiting = NextTime(customer=customer, by=rng.choice(people), question=TO_ASK[number // 2 % len(TO_ASK)])
        made.append((waiting, now - timedelta(days=rng.randint(min(2, ago), min(60, ago)))))
    if number % 3 == 1:
        which, asked = number % len(TO_ASK), now - timedelta(days=ago)
        answered = NextTime(
            customer=customer, by=rng.choice(people), question=TO_ASK[which], answer=ANSWERS[which],
            asked_by=rng.choice(people), asked_at=asked,
        )  # fmt: skip
        made.append((answered, asked - timedelta(days=rng.randrange(20, 60))))
    return made
