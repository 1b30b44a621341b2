"""The demo company's conversations: believable, in the past, and nothing of them is to be mailed."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from delight.customers.models import Account, Customer
from delight.outbox.models import Message
from surveys.answering.models import Response
from surveys.followups import demo
from surveys.followups.models import FollowUp, Outcome


@pytest.fixture
def past_answers(survey, sponsor, team, staff):
    """Sixty answers over as many days, bad, middling and good, some of companies."""
    account = Account.objects.create(name="Studio Nord")
    rng, now = random.Random(1), timezone.now()
    for number in range(60):
        customer = Customer.objects.create(
            name=f"Customer {number}", email=f"c{number}@mail.example", team=team, owner=staff,
            account=account if number % 5 == 0 else None,
        )  # fmt: skip
        Response.objects.create(
            version=survey.current, customer=customer, language="en", score=rng.randint(0, 10), team=team, client="x",
            submitted_at=now - timedelta(days=number, hours=3), is_active=True,
        )  # fmt: skip


def test_a_handful_is_open_one_of_each_kind_and_the_rest_is_closed(past_answers):
    now = timezone.now()
    demo.make(rng=random.Random(2026), now=now)
    still_open = FollowUp.objects.open()
    assert still_open.filter(asked="happy").count() == 1
    assert still_open.filter(asked="unhappy").count() == demo.OPEN
    assert still_open.overdue().count() == 1
    assert any(now < follow_up.due_at < now + timedelta(days=1) for follow_up in still_open)
    closed = FollowUp.objects.closed()
    assert closed.count() == Outcome.objects.count() > 10
    for follow_up in closed:
        assert follow_up.opened_at < follow_up.closed_at < now
        assert follow_up.outcome.by == follow_up.owner


def test_nothing_is_to_be_mailed(past_answers):
    demo.make(rng=random.Random(2026), now=timezone.now())
    assert not Message.objects.exists()


def test_the_same_seed_tells_the_same_stories(past_answers):
    now = timezone.now()

    def stories():
        FollowUp.objects.all().delete()
        demo.make(rng=random.Random(2026), now=now)
        return list(Outcome.objects.order_by("follow_up__response").values_list("result", "happened"))

    assert stories() == stories()
