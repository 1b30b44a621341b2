"""What the budget tests share: monthly sums, short verbs, and one judge of the books."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest


@pytest.fixture(autouse=True)
def _sums(organisation):
    """Staff have 20 a month, managers 40."""
    from staff.budget.models import MonthlySum

    for role, amount in (("staff", 20), ("manager", 40)):
        MonthlySum.objects.create(role=role, amount=Decimal(amount), since=date(2020, 1, 1))


@pytest.fixture
def threshold(organisation):
    """More than 10 needs a manager's word."""
    organisation.approve_over = Decimal(10)
    organisation.save()


def give(user, amount, customer=None, team=None):
    from staff.budget.services import spend

    return spend(by=user, amount=Decimal(str(amount)), customer=customer, team=team)


def extra(by, user, amount, key=None):
    from staff.budget.granting import top_up

    return top_up(by=by, user=user, amount=Decimal(amount), note="A wedding", key=key or uuid4())


def left(user) -> Decimal:
    from delight.organisation.models import Organisation
    from staff.budget.sums import budget_now

    return budget_now(user, Organisation.get()).left


def kinds(user) -> list[tuple[str, Decimal]]:
    """The ledger of a person, in its order."""
    from staff.budget.models import BudgetEntry

    return list(BudgetEntry.objects.filter(period__user=user).values_list("kind", "amount"))


def in_days(days: int) -> date:
    from delight.organisation.models import Organisation
    from staff.budget.models import today

    return today(Organisation.get()) + timedelta(days=days)


@pytest.fixture
def close(manager, staff):
    """`close()`: Mert closes Sam's budget for ten days."""
    from staff.budget.suspending import suspend

    def do(by=None, user=None, days: int = 10):
        return suspend(by=by or manager, user=user or staff, reason="Two gifts to a friend.", review_on=in_days(days))

    return do


@pytest.fixture(autouse=True)
def _books(organisation):
    """After every test of this folder the counters are the sums of their entries."""
    yield
    from staff.budget.ledger import differences

    assert not list(differences())
