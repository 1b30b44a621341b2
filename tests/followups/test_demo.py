"""The demo company's conversations: believable, in the past, and nothing of them is to be mailed."""

import random
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from delight.customers.models import Account, Customer
from delight.organisation.models import Holiday
from delight.organisation.worktime import end_of_working_day
from delight.outbox.models import Message
from surveys.answering.models import Response
from surveys.followups import demo
from surveys.followups.models import FollowUp, Outcome
from surveys.followups.services import DUE_AFTER_WORKING_DAYS
from tests.conftest import make_person

pytestmark = pytest.mark.slow


def sixty_answers(survey, team, owner, now):
    """Over as many days, bad, middling and good, some of companies; every second customer has a phone."""
    account = Account.objects.create(name="Studio Nord")
    rng = random.Random(1)
    for number in range(60):
        customer = Customer.objects.create(
            name=f"Customer {number}", email=f"c{number}@mail.example", team=team, owner=owner,
            account=account if number % 5 == 0 else None, phone=f"+32 470 12 34 {number}" if number % 2 else "",
        )  # fmt: skip
        Response.objects.create(
            version=survey.current, customer=customer, language="en", score=rng.randint(0, 10), team=team, client="x",
            submitted_at=now - timedelta(days=number, hours=3), is_active=True,
        )  # fmt: skip


@pytest.fixture
def past_answers(survey, sponsor, team, staff):
    sixty_answers(survey, team, staff, timezone.now())


def test_a_handful_is_open_one_of_each_kind_and_the_rest_is_closed(past_answers):
    now = timezone.now()
    demo.make(rng=random.Random(2026), now=now)
    still_open = FollowUp.objects.open()
    assert still_open.filter(asked="happy").count() == 1
    assert still_open.filter(asked="unhappy").count() == demo.OPEN
    closed = FollowUp.objects.closed()
    assert closed.count() == Outcome.objects.count() > 10
    for follow_up in closed:
        assert follow_up.opened_at < follow_up.closed_at < now
        assert follow_up.outcome.by == follow_up.owner


@pytest.mark.parametrize("hour", [1, 11, 17])
@pytest.mark.parametrize("day", range(7))
def test_on_every_day_the_stylist_has_somebody_to_call_and_one_other_is_overdue(day, hour, survey, organisation, team):
    organisation.working_days = [2, 3, 4, 5, 6]
    organisation.save()
    stylist, colleague = (make_person(name, team) for name in ("Stylist", "Cleo"))
    with time_machine.travel(datetime(2026, 12, 21 + day, hour, tzinfo=UTC), tick=False):  # with Christmas
        Holiday.objects.create(day="2026-12-25", name="Christmas")
        now = timezone.now()
        sixty_answers(survey, team, stylist, now)
        Customer.objects.filter(pk__in=[each.pk for each in Customer.objects.order_by("pk")[::3]]).update(
            owner=colleague
        )
        demo.make(rng=random.Random(2026), now=now)
        overdue, *others = FollowUp.objects.open().order_by("due_at", "id")
        assert overdue.due_at < now < others[0].due_at
        assert (overdue.owner, others[0].owner) == (colleague, stylist)
        assert others[0].customer.phone_key
        for follow_up in (overdue, *others):
            days = DUE_AFTER_WORKING_DAYS[FollowUp.Asked(follow_up.asked)]
            assert follow_up.response.submitted_at == follow_up.opened_at < now
            assert follow_up.due_at == end_of_working_day(follow_up.opened_at, days)


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
