"""The pages of budgets say what the money was for: the moment's words, and the way to it."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from staff.moments.services import log_moment


@pytest.fixture
def log(staff):
    def do(what: str, cost: int, **more):
        return log_moment(by=staff, key=uuid4(), what=what, cost=Decimal(cost), **more)

    return do


def test_every_movement_stands_with_its_moment(log, staff, manager, signed_in):
    moment = log("A cake for the jubilee", 5)
    for person, url in ((staff, reverse("budget")), (manager, reverse("person_budget", args=[staff.pk]))):
        page = signed_in(person).get(url).content.decode()
        assert f'href="{reverse("moment", args=[moment.pk])}">Spent</a>' in page
        assert "A cake for the jubilee" in page


def test_whoever_decides_reads_what_for(log, manager, staff, signed_in, threshold):
    log("A cake for the jubilee", 15)
    for person, name in ((manager, "approvals"), (staff, "budget")):
        assert "A cake for the jubilee" in signed_in(person).get(reverse(name)).content.decode()


def test_a_stubs_words_are_its_authors(log, manager, signed_in, threshold):
    log("Not told yet", 15, finish_later=True)
    assert "Not told yet" not in signed_in(manager).get(reverse("approvals")).content.decode()


def test_a_withdrawn_moment_stands_with_its_refund(log, staff, manager, signed_in):
    from staff.moments.services import withdraw_moment

    withdraw_moment(by=staff, moment=log("A cake for the jubilee", 5))
    page = signed_in(manager).get(reverse("person_budget", args=[staff.pk])).content.decode()
    assert "Given back" in page
    assert page.count("A cake for the jubilee") == 2
