"""One real site for all journeys of this process, and people with browsers who come to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.site import Site, a_site
from tests.journeys.steps import import_customers, send_survey
from tests.journeys.visitor import Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Arrive = Callable[..., Visitor]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def site(browser: Browser) -> Iterator[Site]:
    with a_site() as running:
        yield running


@pytest.fixture(scope="session")
def _states() -> dict[str, Any]:
    """Who has logged in already, with the cookies: the log-in page is slow on purpose, and counts."""
    return {}


@pytest.fixture
def arrive(site: Site, browser: Browser, _states: dict[str, Any]) -> Iterator[Arrive]:
    """`arrive("stylist", …)`: that person with a browser of their own; None is a stranger.

    When the test is over nothing may have gone wrong in any of the browsers.
    """
    here: list[Visitor] = []

    def do(who: str | None = None, **options: Any) -> Visitor:
        if who and who not in _states:
            with browser.new_context() as context:
                Visitor(site, context).sign_in(who)
                _states[who] = context.storage_state()
        visitor = Visitor(site, browser.new_context(storage_state=_states[who] if who else None, **options))
        here.append(visitor)
        return visitor

    yield do
    wrong = [what for visitor in here for what in visitor.wrong]
    for visitor in here:
        visitor.context.close()
    assert not wrong, "\n".join(wrong)


@pytest.fixture(scope="session")
def invited(site: Site, browser: Browser) -> Callable[[], str]:
    """`invited()`: the address of a customer whom the stylist looks after, and who has a survey in the mailbox."""
    addresses = [f"a.guest.with.a.rather.long.address.{number}@journey.example" for number in range(12)]
    rows = [f"Guest Number {number},{address},stylist@barber.example" for number, address in enumerate(addresses)]
    with browser.new_context() as context:
        owner = Visitor(site, context)
        owner.sign_in("owner")
        import_customers(owner, "Name,E-mail,Looked after by", *rows)
        send_survey(owner, *addresses)
        assert not owner.wrong
    return iter(addresses).__next__
