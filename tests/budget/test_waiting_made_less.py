"""A wish that is made smaller needs nobody's word any more; a closed budget and a company's rule hold all the same."""

from decimal import Decimal

import pytest

from delight.customers.models import Account
from staff.budget.models import Spend
from staff.budget.services import Refused, change_amount
from staff.budget.suspending import suspend
from tests.budget.conftest import give, in_days

pytestmark = pytest.mark.usefixtures("threshold")


@pytest.fixture
def firm(db):
    return Account.objects.create(name="Firm", gift_rule="up_to", gift_limit=Decimal(100))


@pytest.fixture
def waiting(staff, make_customer, firm):
    return give(staff, 15, make_customer("Anna", account=firm))


def test_below_the_threshold_it_is_spent(staff, waiting):
    assert change_amount(by=staff, spend=waiting, amount=Decimal(9)).state == Spend.State.SPENT


def test_not_while_the_budget_is_closed(staff, manager, waiting):
    suspend(by=manager, user=staff, reason="Receipts", review_on=in_days(7))
    with pytest.raises(Refused, match="closed"):
        change_amount(by=staff, spend=waiting, amount=Decimal(9))
    assert change_amount(by=staff, spend=waiting, amount=Decimal(12)).state == Spend.State.HELD


def test_not_once_the_company_takes_no_gifts(staff, waiting, firm):
    Account.objects.filter(pk=firm.pk).update(has_open_bid=True)
    with pytest.raises(Refused, match="takes no gifts"):
        change_amount(by=staff, spend=waiting, amount=Decimal(9))
