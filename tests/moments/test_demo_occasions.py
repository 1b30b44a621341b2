"""The demo company's occasions: some for today's stylist and manager, some over, none in a trial."""

import random

import pytest
from django.utils import timezone

from delight.customers import demo as customers
from delight.organisation import demo as organisation
from delight.organisation.models import Organisation
from delight.outbox.models import Message
from staff.budget.models import today
from staff.moments import demo_occasions
from staff.moments.models import Moment, Occasion
from staff.moments.occasion_hints import occasions_for
from staff.people import demo as people
from staff.people.models import User

pytestmark = pytest.mark.slow


def test_the_demos_people_have_occasions_and_none_is_in_a_trial(db):
    rng, now = random.Random(2026), timezone.now()
    organisation.make(now=now)
    people.make(rng=rng, now=now)
    customers.make(rng=rng, now=now)
    demo_occasions.make(now=now)
    day = today(Organisation.get())
    for login in ("stylist", "manager"):
        assert occasions_for(User.objects.get(email=f"{login}@barber.example"), 3)
    states = list(Occasion.objects.values_list("state", flat=True))
    assert states.count("used") == Moment.objects.count() > 10
    assert states.count("dismissed") > 5
    assert Occasion.objects.open(day).count() > 5
    assert not Occasion.objects.exclude(arm="", trial=None).exists()
    assert not Moment.objects.filter(happened_at__gt=now).exists()
    assert not Message.objects.exists()
