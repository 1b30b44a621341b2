"""An issue, and time that passes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import F


@pytest.fixture
def customer(make_customer, team, staff):
    return make_customer("Olena Koval", team=team, owner=staff)


@pytest.fixture
def issue(staff, manager) -> Callable:
    """`issue(kind="need", …)`: something that Sam raises; Mert manages his team."""
    from delight.programme.services import raise_issue

    def make(**fields):
        return raise_issue(**{"by": staff, "kind": "obstacle", "text": "The card reader loses its line."} | fields)

    return make


@pytest.fixture
def later(db) -> Callable:
    """`later(days=3)`: what waits in the outbox is due that much sooner; the database's clock decides what is due."""
    from delight.outbox.models import Message

    def do(**time) -> None:
        step = timedelta(**time)
        Message.objects.filter(state="waiting").update(due_at=F("due_at") - step, promised_at=F("promised_at") - step)

    return do
