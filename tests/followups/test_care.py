"""A low answer asks for care, and what was put right for a word a week later."""

from datetime import timedelta

import pytest

from delight.customers.models import Account
from staff.budget.models import today
from staff.moments.models import Occasion
from surveys.followups.models import FollowUp


@pytest.fixture
def day(organisation):
    return today(organisation)


def care_of(customer):
    customer.refresh_from_db()
    return customer.care_until


@pytest.mark.parametrize(("score", "cared_for"), [(2, True), (6, True), (7, False), (10, False)])
def test_after_a_low_answer_no_hint_is_left_out_for_half_a_year(score, cared_for, answered, make_customer, day):
    customer = make_customer()
    answered(customer, score)
    assert care_of(customer) == (day + timedelta(days=180) if cared_for else None)


def test_also_where_a_thank_you_was_open_already(answered, make_customer, day):
    customer = make_customer(account=Account.objects.create(name="Studio Nord"))
    answered(customer, 10)
    assert care_of(customer) is None
    answered(customer, 1)
    assert FollowUp.objects.get().asked == "unhappy"
    assert care_of(customer) == day + timedelta(days=180)


def close(signed_in, staff, follow_up, result: str):
    answer = signed_in(staff).post(f"/follow-ups/{follow_up.pk}/close/", {"result": result, "happened": "We talked."})
    assert answer.status_code == 302


@pytest.mark.parametrize(("result", "suggested"), [("solved", True), ("talked", False), ("not_reached", False)])
def test_what_was_put_right_is_an_occasion_a_week_later(result, suggested, follow_up, staff, team, signed_in, day):
    before = care_of(follow_up.customer)
    close(signed_in, staff, follow_up, result)
    assert Occasion.objects.exists() is suggested
    assert care_of(follow_up.customer) == before
    if suggested:
        found = Occasion.objects.get()
        assert (found.kind, found.customer, found.user, found.team) == ("repaired", follow_up.customer, staff, team)
        assert (found.due_on, found.cycle) == (day + timedelta(days=7), f"follow-up:{follow_up.pk}")
        assert not Occasion.objects.open(day + timedelta(days=6)).exists()
        assert Occasion.objects.open(day + timedelta(days=7)).exists()


def test_closed_twice_it_is_one(follow_up, staff, signed_in):
    for _twice in range(2):
        close(signed_in, staff, follow_up, "solved")
    assert Occasion.objects.count() == 1


def test_a_thank_you_that_ended_well_is_no_repair(answered, make_customer, staff, signed_in):
    account = Account.objects.create(name="Studio Nord")
    answered(make_customer(account=account, owner=staff), 10)
    signed_in(staff).post(f"/follow-ups/{FollowUp.objects.get().pk}/close/", {"result": "solved", "happened": "Fine."})
    assert not Occasion.objects.exists()
