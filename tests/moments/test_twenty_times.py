"""One key, pressed twenty times at once, on a real database."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from staff.budget.ledger import differences
from staff.budget.models import BudgetEntry, BudgetPeriod
from staff.moments.models import Moment

PRESSES = 20
pytestmark = pytest.mark.django_db(transaction=True)


def press(client: Client, posts: list[dict[str, str]]) -> list[int]:
    """All at the same time, each with a connection of its own."""
    start = threading.Barrier(len(posts))

    def once(data: dict[str, str]) -> int:
        browser = Client()
        browser.cookies = client.cookies
        try:
            start.wait()
            return browser.post("/moments/new/", data).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(posts)) as pool:
        return list(pool.map(once, posts))


@pytest.fixture
def sam(signed_in, staff, budget):
    return signed_in(staff)


def data(**given: str) -> dict[str, str]:
    return {"key": str(uuid4()), "whom": "walk-in", "what": "Tea", "cost": "4"} | given


def test_pressed_twenty_times_at_once_it_is_one_moment_and_one_spend(sam):
    assert press(sam, [data()] * PRESSES) == [302] * PRESSES
    assert Moment.objects.count() == 1
    assert BudgetPeriod.objects.get().spent == 4
    assert BudgetEntry.objects.filter(kind="spend").count() == 1
    assert not differences().exists()


def test_control_twenty_keys_are_twenty_moments_as_far_as_the_money_goes(sam):
    """The barrier does press at once, and what keeps the twenty above to one is the key."""
    statuses = press(sam, [data() for _press in range(PRESSES)])
    assert sorted(statuses) == [302] * 12 + [422] * 8  # 12 times 4 of 50
    assert Moment.objects.count() == 12
    assert BudgetPeriod.objects.get().spent == Decimal(48)
    assert not differences().exists()


def test_the_same_key_with_other_words_at_once_takes_one_of_them(sam):
    key = str(uuid4())
    statuses = press(sam, [data(key=key, what=f"Tea {n}") for n in range(8)])
    assert sorted(statuses) == [302] + [409] * 7
    assert Moment.objects.count() == 1
    assert BudgetPeriod.objects.get().spent == 4
