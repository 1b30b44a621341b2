"""Thanks to give, and moments to give them for."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

WORDS = "You stayed an hour longer so that I could go home."


@pytest.fixture
def customer(make_customer, team):
    return make_customer("Olena Koval", team=team)


@pytest.fixture
def thank(staff, colleague) -> Callable:
    """`thank(by=…, to=[…], …)`: Sam thanks Cleo, unless it says otherwise."""
    from staff.recognition.services import recognise

    def do(**fields):
        if "to" not in fields and "team" not in fields:
            fields["to"] = [colleague]
        return recognise(**{"by": staff, "text": WORDS} | fields)

    return do


@pytest.fixture
def make_moment(colleague, customer) -> Callable:
    """`make_moment(what=…)`: something that Cleo did for Olena."""
    from staff.moments.services import log_moment

    def make(**fields):
        return log_moment(**{"by": colleague, "key": uuid4(), "what": "Tea for Olena", "customer": customer} | fields)

    return make


@pytest.fixture
def draft(customer, staff):
    """Olena praises Sam."""
    from staff.recognition.services import draft_praise

    return draft_praise(source="response:1", customer=customer, text="Sam was wonderful to me.", people=[staff])


@pytest.fixture
def round_now(post_office) -> Callable:
    """`round_now()`: the hourly look at whose mail of the week is due, then the pump; the mails that arrived."""
    from staff.recognition.digest import plan_digests

    def do():
        plan_digests()
        return post_office.deliver()

    return do


def page(browser, url: str, **query) -> str:
    """A page in one line."""
    return " ".join(browser.get(url, query).content.decode().split())
