"""Logging a moment: once for each key, with the budget or without it, for today's visit."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from staff.budget.models import BudgetEntry, BudgetPeriod, Spend
from staff.budget.services import Refused
from staff.moments.models import Moment
from staff.moments.services import KeyUsed, change_moment, log_moment, withdraw_moment


def spent_by(user) -> Decimal:
    return sum((period.spent for period in BudgetPeriod.objects.filter(user=user)), Decimal(0))


def test_the_same_key_with_the_same_words_is_one_moment(staff, customer, budget):
    key = uuid4()
    first = log_moment(by=staff, key=key, what="Tea", customer=customer, cost=Decimal(3))
    again = log_moment(by=staff, key=key, what="Tea", customer=customer, cost=Decimal("3.00"))
    assert again == first
    assert (Moment.objects.count(), spent_by(staff)) == (1, 3)


def test_the_same_key_with_other_words_is_refused_and_nothing_is_spent(staff, customer, budget):
    key = uuid4()
    log_moment(by=staff, key=key, what="Tea", customer=customer)
    with pytest.raises(KeyUsed):
        log_moment(by=staff, key=key, what="Coffee", customer=customer, cost=Decimal(3))
    assert (Moment.objects.count(), spent_by(staff)) == (1, 0)


def test_the_same_key_of_two_people_makes_two_moments(staff, colleague, customer):
    key = uuid4()
    log_moment(by=staff, key=key, what="Tea", customer=customer)
    log_moment(by=colleague, key=key, what="Tea", customer=customer)
    assert Moment.objects.count() == 2


def test_more_than_is_left_leaves_nothing_behind(staff, customer, budget):
    with pytest.raises(Refused) as refused:
        log_moment(by=staff, key=uuid4(), what="Flowers", customer=customer, cost=Decimal("50.01"))
    assert refused.value.left == 50
    assert not Moment.objects.exists()
    assert not BudgetEntry.objects.filter(kind="spend").exists()
    log_moment(by=staff, key=uuid4(), what="Flowers", customer=customer, cost=Decimal(50))


def test_todays_visit_and_its_team_are_kept_with_the_moment(staff, team, other_team, customer):
    from delight.customers.models import Visit

    now = timezone.now()
    Visit.objects.create(customer=customer, team=other_team, starts_at=now)  # not Sam's to see
    visit = Visit.objects.create(customer=customer, team=team, starts_at=now, state="came")
    moment = log_moment(by=staff, key=uuid4(), what="Tea", customer=customer)
    assert (moment.visit, moment.team) == (visit, team)
    walk_in = log_moment(by=staff, key=uuid4(), what="Tea")
    assert (walk_in.visit, walk_in.team) == (None, team)


def test_the_account_of_that_time_is_kept(staff, customer):
    from delight.customers.models import Account

    first, second = (Account.objects.create(name=name) for name in ("Nord", "Zuid"))
    customer.account = first
    customer.save()
    moment = log_moment(by=staff, key=uuid4(), what="Tea", customer=customer)
    customer.account = second
    customer.save()
    moment.refresh_from_db()
    assert moment.account == first


def test_an_occasion_is_used_by_the_moment(staff, customer):
    from staff.moments.models import Occasion

    today = timezone.localdate()
    occasion = Occasion.objects.create(
        kind="birthday", customer=customer, cycle="2026", due_on=today, until=today + timedelta(days=7), user=staff
    )
    moment = log_moment(by=staff, key=uuid4(), what="Sang", customer=customer, occasion=occasion)
    occasion.refresh_from_db()
    assert (occasion.state, occasion.moment, occasion.decided_by) == ("used", moment, staff)


def test_a_stub_spends_its_cost_and_is_finished_as_the_same_moment(staff, customer, budget):
    stub = log_moment(by=staff, key=uuid4(), what="Tea", cost=Decimal(4), finish_later=True)
    assert (stub.state, spent_by(staff)) == ("stub", 4)
    done = change_moment(by=staff, moment=stub, finish=True, what="Tea and cake", customer=customer, cost=Decimal(6))
    assert (done.state, done.what, spent_by(staff)) == ("logged", "Tea and cake", 6)
    assert not done.changes.exists(), "nobody has read the stub"


def test_withdrawing_gives_the_money_back_once(staff, customer, budget):
    moment = log_moment(by=staff, key=uuid4(), what="Tea", customer=customer, cost=Decimal(4))
    withdraw_moment(by=staff, moment=moment)
    withdraw_moment(by=staff, moment=moment)
    assert spent_by(staff) == 0
    assert BudgetEntry.objects.filter(kind="refund").count() == 1
    assert Spend.objects.get().state == "refunded"
