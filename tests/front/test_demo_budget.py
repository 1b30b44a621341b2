"""The demo company's budgets: months of them, and the books agree."""

from datetime import timedelta

import pytest

from delight.organisation.models import Organisation
from delight.outbox.models import Message
from staff.budget import demo, ledger
from staff.budget.access import waiting_for
from staff.budget.models import BudgetEntry, BudgetPeriod, Spend, Suspension
from staff.budget.sums import this_month
from staff.people.models import User


@pytest.fixture
def made(demo_company):
    """When it was made."""
    return Organisation.get().created_at + timedelta(days=3 * 365)


def test_there_are_months_of_it_nothing_is_due_and_the_books_agree(made):
    assert not ledger.books_differ()
    assert BudgetPeriod.objects.values("month").distinct().count() >= 4
    assert Spend.objects.count() > 40
    assert not Message.objects.filter(kind__startswith="budget").exists()
    assert not Spend.objects.filter(made_at__gt=made).exists()
    assert not BudgetEntry.objects.filter(at__gt=made + timedelta(minutes=1)).exists()
    assert all(period.entries.first().kind == "grant" for period in BudgetPeriod.objects.all())
    past = BudgetPeriod.objects.filter(month__lt=this_month(Organisation.get()))
    assert [period for period in past if period.left] == []


def test_one_wish_waits_for_the_shop_manager_and_one_closing_is_over(made):
    manager = User.objects.get(email="manager@barber.example")
    assert waiting_for(manager) == 1
    suspension = Suspension.objects.get()
    assert suspension.lifted_at
    assert suspension.words.count() == 1


def test_a_gift_that_does_not_fit_or_of_a_closed_budget_is_none(made):
    jonas = Suspension.objects.get().user
    closed = made - timedelta(days=50)
    assert demo.past_spend(jonas, at=closed, amount=1) is None
    assert demo.past_spend(jonas, at=made, amount=10_000) is None
