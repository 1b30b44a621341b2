"""A paid moment turns out to be somebody else's: the rules of their company hold, in whatever order things change."""

from decimal import Decimal
from uuid import uuid4

import pytest

from delight.customers.models import Account
from staff.budget.ledger import differences
from staff.budget.models import Spend
from staff.budget.services import Refused, approve
from staff.moments.services import change_moment, log_moment
from tests.people.together import together


@pytest.fixture
def head_of_school(make_customer):
    return make_customer("Head Master", account=Account.objects.create(name="School", is_public_body=True))


@pytest.fixture
def change(staff, budget):
    def do(moment, **values):
        try:
            return change_moment(by=staff, moment=moment, **values)
        finally:
            assert not differences().exists()

    return do


def test_what_was_made_free_is_paid_again_under_the_rules_of_whom_it_is_for_now(change, make_moment, head_of_school):
    moment = make_moment(cost=Decimal(20))
    for values in ({"cost": None}, {"customer": head_of_school}):
        moment = change(moment, **values)
    with pytest.raises(Refused):
        change(moment, cost=Decimal(30))
    assert not Spend.objects.counting().exists()


def test_paid_again_for_another_it_is_counted_for_them(change, make_moment, make_customer):
    moment, anna = make_moment(cost=Decimal(20)), make_customer("Anna Novak")
    for values in ({"cost": None}, {"customer": anna}, {"cost": Decimal(30)}):
        moment = change(moment, **values)
    assert (moment.spend.customer, moment.spend.amount) == (anna, Decimal(30))


def test_free_and_for_another_at_once_breaks_no_rule(change, make_moment, head_of_school):
    moment = change(make_moment(cost=Decimal(20)), customer=head_of_school, cost=None)
    assert (moment.customer, moment.spend.state) == (head_of_school, Spend.State.REFUNDED)


def test_cheaper_and_for_another_at_once_is_judged_by_the_new_sum(change, make_moment, make_customer):
    firm = Account.objects.create(name="Firm", gift_rule="up_to", gift_limit=Decimal(15))
    moment = change(make_moment(cost=Decimal(20)), customer=make_customer("Anna", account=firm), cost=Decimal(10))
    assert (moment.spend.account, moment.spend.amount) == (firm, Decimal(10))


@pytest.mark.django_db(transaction=True)
def test_moved_to_a_colleague_and_approved_at_once_neither_waits_for_the_other(
    organisation, budget, staff, manager, make_customer
):
    organisation.approve_over = Decimal(1)
    organisation.save()
    firm = Account.objects.create(name="Firm", gift_rule="up_to", gift_limit=Decimal(1000))
    anna, bob = make_customer("Anna", account=firm), make_customer("Bob", account=firm)
    for _round in range(5):
        moment = log_moment(by=staff, key=uuid4(), what="Tea", customer=anna, cost=Decimal(2))
        ends = together(
            lambda moment=moment: change_moment(by=staff, moment=moment, customer=bob),
            lambda moment=moment: approve(by=manager, spend=moment.spend),
            held=Account.objects.filter(pk=firm.pk),
        )
        assert [type(end).__name__ for end in ends] == ["Moment", "Spend"]
    assert not differences().exists()
