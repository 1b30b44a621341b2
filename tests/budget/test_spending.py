"""Money for customers: what fits is taken, what does not is refused with what is left, and it can come back."""

from decimal import Decimal

import pytest

from delight.organisation.models import AuditEntry, Organisation
from delight.organisation.services import CurrencyFixed, update_organisation
from staff.budget.models import BudgetPeriod, Spend
from staff.budget.services import Refused, approve, change_amount, decline, give_back
from tests.budget.conftest import extra, give, kinds, left


def test_the_first_spend_makes_the_month_with_the_whole_sum(staff, make_customer):
    assert not BudgetPeriod.objects.exists()
    give(staff, 7.50, make_customer())
    assert kinds(staff) == [("grant", 20), ("spend", Decimal("7.50"))]
    assert left(staff) == Decimal("12.50")


def test_more_than_is_left_is_refused_and_says_what_is_left(staff):
    give(staff, 15)
    with pytest.raises(Refused, match=r"5 EUR") as refused:
        give(staff, 5.01)
    assert refused.value.left == 5
    give(staff, 5)
    assert left(staff) == 0


def test_a_first_spend_that_is_refused_leaves_nothing_behind(staff):
    with pytest.raises(Refused):
        give(staff, 21)
    assert not BudgetPeriod.objects.exists()
    assert not Spend.objects.exists()


def test_who_is_in_no_team_has_no_sum_and_a_sponsor_has_the_managers(sponsor, organisation):
    from tests.conftest import make_person

    assert left(make_person("Nobody")) == 0
    assert left(sponsor) == 40


def test_what_was_spent_comes_back_once(staff):
    spent = give(staff, 8)
    assert give_back(by=staff, spend=spent)
    assert not give_back(by=staff, spend=spent)
    assert left(staff) == 20
    assert kinds(staff)[-1] == ("refund", 8)


@pytest.mark.parametrize(("new", "remaining"), [(12, 8), (3, 17), (20, 0)])
def test_another_cost_is_taken_in_place_of_the_old_one(new, remaining, staff):
    spent = give(staff, 8)
    change_amount(by=staff, spend=spent, amount=Decimal(new))
    assert left(staff) == remaining


def test_a_cost_that_does_not_fit_leaves_the_old_one(staff):
    spent = give(staff, 8)
    with pytest.raises(Refused):
        change_amount(by=staff, spend=spent, amount=Decimal(21))
    assert left(staff) == 12
    spent.refresh_from_db()
    assert (spent.state, spent.amount) == ("spent", 8)


def test_the_same_cost_again_writes_nothing(staff):
    spent = give(staff, 8)
    before = kinds(staff)
    change_amount(by=staff, spend=spent, amount=Decimal(8))
    assert kinds(staff) == before


@pytest.mark.parametrize("state", ["declined", "refunded"])
def test_a_new_cost_for_what_takes_no_money_any_more_takes_it_once(state, staff, manager, threshold):
    """Seen: the old sum was given back a second time, and the counter went below zero."""
    spent = give(staff, 12)
    if state == "declined":
        decline(by=manager, spend=spent, reason="Too much")
    else:
        give_back(by=staff, spend=spent)
    changed = change_amount(by=staff, spend=spent, amount=Decimal(9))
    assert (changed.state, changed.amount, left(staff)) == ("spent", 9, 11)


def test_less_than_was_approved_needs_no_second_approval_and_more_does(staff, manager, threshold):
    asked = give(staff, 15)
    approve(by=manager, spend=asked)
    lower = change_amount(by=staff, spend=asked, amount=Decimal(12))
    assert (lower.state, lower.decided_by) == ("spent", manager)
    higher = change_amount(by=staff, spend=asked, amount=Decimal(13))
    assert (higher.state, higher.decided_by) == ("held", None)


def test_while_closed_a_cost_can_be_corrected_downwards_only(staff, close):
    spent = give(staff, 8)
    close()
    assert change_amount(by=staff, spend=spent, amount=Decimal(6)).amount == 6
    with pytest.raises(Refused, match="closed"):
        change_amount(by=staff, spend=spent, amount=Decimal(7))


@pytest.mark.parametrize(("cost", "wanted"), [(25, False), ("25.01", True)])
def test_a_receipt_is_wanted_above_the_settable_sum(cost, wanted, manager, organisation):
    organisation.receipt_over = Decimal(25)
    organisation.save()
    assert give(manager, cost).receipt_wanted is wanted


def test_an_extra_counts_this_month_and_the_same_key_once(manager, staff):
    first = extra(manager, staff, 10)
    assert extra(manager, staff, 10, key=first.key) == first
    assert left(staff) == 30
    assert AuditEntry.objects.filter(verb="top_up").count() == 1


def test_after_the_first_entry_the_currency_stays(staff, sponsor):
    update_organisation(by=sponsor, currency="UAH")
    give(staff, 1)
    with pytest.raises(CurrencyFixed):
        update_organisation(by=sponsor, currency="TRY")
    assert Organisation.get().currency == "UAH"
    update_organisation(by=sponsor, currency="UAH", name="Barber & Daughters")
    assert Organisation.get().name == "Barber & Daughters"
