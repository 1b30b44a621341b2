"""`manage.py demo`: fills an empty database with the demo company."""

import random
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from delight.customers import demo as customers
from delight.front import demo as front
from delight.organisation import demo as organisation
from delight.organisation.models import Organisation
from delight.programme import demo as programme
from staff.budget import demo as budget
from staff.moments import demo as moments
from staff.people import demo as people
from staff.people.models import User
from staff.recognition import demo as recognition
from staff.wins import demo as wins
from surveys.answering import demo as answering
from surveys.followups import demo as followups
from surveys.sending import demo as sending

SEED = 2026


@transaction.atomic
def make_demo() -> None:
    """Have every room write its part, the lower rooms first; the same company each time, dated from today."""
    rng, now = random.Random(SEED), timezone.now()  # noqa: S311 - the same company each time is what is wanted
    organisation.make(now=now)
    for room in (people, customers, programme, budget, moments, recognition, wins, sending, answering, followups):
        room.make(rng=rng, now=now)
    budget.end_months(now=now)
    front.make(rng=rng, now=now)


class Command(BaseCommand):
    help = "Fill an empty database with the demo company, Barber & Sons."

    def handle(self, *args: Any, **options: Any) -> None:
        if Organisation.objects.exists() or User.objects.exists():
            raise CommandError("The demo company goes into an empty database only, and this one is not empty.")
        make_demo()
        if options["verbosity"]:
            self.stdout.write("The demo company is there.")
