"""The demo company's bank of ideas: some of the starters, some of their own, a kit, and what people have at hand."""

import random
from datetime import datetime, timedelta
from decimal import Decimal

from delight.customers.models import Customer
from delight.organisation.models import Organisation, Trade
from staff.moments.ideas import starter_idea
from staff.moments.models import Idea, IdeaPin
from staff.people.models import Membership, User

USED_STARTERS = ("salon-coffee", "salon-late", "salon-honest", "salon-quiet", "salon-between", "salon-interview")
# Kind, words, where it comes from, usual cost (None: it differs), days ago.
OWN = (
    ("do", "Keep a dry umbrella for those who came without one; it comes back with the next cut.", "team", "0", 160),
    ("say", "You have been coming for three years today. Thank you for every Thursday of it.", "team", "0", 148),
    ("do", "A hot towel before a meeting or a date: two minutes, and they leave an inch taller.", "team", "0", 131),
    ("do", "A slice from the bakery next door for who waits longer than ten minutes.", "team", "3.50", 117),
    ("do", "Send a photo of the wedding hair to the mother who could not be there, if the couple likes.", "customer",
     "0", 96),
    ("say", "Let me call the pharmacy for you: they have a shampoo that suits you better than any of mine.", "team",
     "0", 88),
    ("do", "Write the stop and the minute of the last bus on the appointment card.", "elsewhere", "0", 71),
    ("do", "A little bag of balm for the first shave: with a note on how to use it.", "team", "4.20", 63),
    ("say", "Bring your old photos if you like. We will find out together what suits you.", "elsewhere", "0", 52),
    ("do", "Find out when a chemotherapy begins, come after closing time, and leave the mirror covered until they ask.",
     "team", "0", 40),
    ("do", "Flowers from the market for a hundredth visit.", "team", None, 22),
)  # fmt: skip
KIT = (
    "In the drawer below the till:\n"
    "– three umbrellas with our name, counted on Mondays by whoever opens\n"
    "– a card: “Bring me back with your next cut”\n"
    "The last umbrella gone: tell Lotte."
)
RETIRED = "Free Wi-Fi on a card."


def make(*, now: datetime) -> list[Idea]:
    """Ideas dated in the past; the newest last. With dice of its own, as the stories have."""
    rng = random.Random(1905)  # noqa: S311 - the same company each time is what is wanted
    Organisation.objects.filter(trade="").update(trade=Trade.SALON)
    people = list(User.objects.filter(is_active=True, is_sponsor=False).order_by("pk"))
    customers = list(Customer.objects.filter(segment__name="Regulars", erased_at=None).order_by("pk")[:40])
    made = [starter_idea(key) for key in USED_STARTERS]
    for kind, text, source, cost, days in OWN:
        author = rng.choice(people)
        giver = rng.choice(customers) if source == Idea.Source.CUSTOMER and customers else None
        idea = Idea.objects.create(
            kind=kind, text=text, source=source, trade=Trade.SALON, usual_cost=Decimal(cost) if cost else None,
            credited=author, created_by=author, customer=giver,
        )  # fmt: skip
        Idea.objects.filter(pk=idea.pk).update(created_at=now - timedelta(days=days, hours=rng.randrange(8)))
        made.append(idea)
    _kit(made[len(USED_STARTERS)], now)
    _retired(people[0], now)
    for person in people:
        for idea in rng.sample(made, 3):
            IdeaPin.objects.create(user=person, idea=idea)
    for number, key in enumerate(USED_STARTERS):
        Idea.objects.filter(starter=key).update(created_at=now - timedelta(days=170 - number))
    return made


def _kit(idea: Idea, now: datetime) -> None:
    managers = Membership.objects.now().filter(role=Membership.Role.MANAGER).order_by("pk")
    kit = {"kit": KIT, "kit_by": managers[0].user, "kit_at": now - timedelta(days=90)}
    Idea.objects.filter(pk=idea.pk).update(**kit)


def _retired(author: User, now: datetime) -> None:
    gone = Idea.objects.create(text=RETIRED, created_by=author, credited=author, trade=Trade.SALON, usual_cost=0)
    dates = {"created_at": now - timedelta(days=170), "retired_at": now - timedelta(days=100)}
    Idea.objects.filter(pk=gone.pk).update(**dates)
