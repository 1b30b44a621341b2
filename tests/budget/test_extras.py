"""One-off extras as they are posted: a page that comes back with something else, and sums beyond all measure."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from staff.budget.ledger import differences
from staff.budget.models import BudgetPeriod

HUGE = "9999999999.99"


@pytest.fixture
def post(signed_in, manager):
    """`post("budget_extra", person, …)`: what the manager is told."""
    browser = signed_in(manager)

    def do(name, person, **values):
        answer = browser.post(reverse(name, args=[person.pk]), values, follow=True)
        return [message.level_tag for message in answer.context["messages"]]

    return do


def granted(user) -> Decimal:
    assert not differences().exists()
    return BudgetPeriod.objects.get(user=user).granted


def test_the_same_page_with_something_else_is_refused_and_said(post, staff, colleague):
    page = {"note": "A wedding", "key": uuid4()}
    assert post("budget_extra", staff, amount="5", **page) == ["success"]
    assert post("budget_extra", staff, amount="5", **page) == ["success"]
    assert post("budget_extra", staff, amount="7", **page) == ["warning"]
    assert post("budget_extra", colleague, amount="5", **page) == ["warning"]
    assert granted(staff) == 25
    assert not BudgetPeriod.objects.filter(user=colleague).exists()


def test_more_than_a_budget_can_hold_is_refused_and_not_a_fault(post, staff):
    assert post("budget_extra", staff, amount=HUGE, note="x", key=uuid4()) == ["warning"]
    assert post("budget_extra", staff, amount="5", note="x", key=uuid4()) == ["success"]
    assert post("budget_sum", staff, amount=HUGE, when="now") == ["success"]
    assert granted(staff) == Decimal(HUGE)
    assert post("budget_extra", staff, amount="0.01", note="x", key=uuid4()) == ["warning"]
