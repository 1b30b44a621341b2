"""What somebody types into the form of a follow-up outlives a login that ends meanwhile; in a real browser."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from surveys.followups.models import FollowUp, Outcome
from tests.conftest import PASSWORD

WORDS = "Said sorry; the next cut is free."

pytestmark = pytest.mark.browser


@pytest.fixture
def visit(page, live_server, follow_up):
    """`visit(person)`: the follow-up's page, opened by that person in the one window."""

    def do(person):
        client = Client()
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        page.goto(f"{live_server.url}/follow-ups/{follow_up.pk}/")
        return page

    return do


def kept(page) -> int:
    return page.evaluate("Object.keys(sessionStorage).filter((key) => key.includes('follow-up')).length")


def close(page) -> None:
    page.get_by_role("button", name="Close this follow-up").click()


def test_words_are_still_there_after_a_login_that_became_necessary(visit, page, staff, follow_up):
    visit(staff)
    page.get_by_label("We talked", exact=True).check()
    page.get_by_label("What happened?").fill(WORDS)
    Session.objects.all().delete()
    close(page)
    page.wait_for_url("**/account/login/**")
    page.locator("main input[name=login]").fill(staff.email)
    page.locator("main input[type=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(f"**/follow-ups/{follow_up.pk}/")
    assert page.get_by_label("What happened?").input_value() == WORDS
    assert FollowUp.objects.get().is_open


@pytest.mark.slow
def test_words_that_are_saved_are_kept_no_longer(visit, page, staff):
    visit(staff)
    page.get_by_label("We talked", exact=True).check()
    page.get_by_label("What happened?").fill(WORDS)
    assert kept(page) == 1
    close(page)
    page.wait_for_url("**/follow-ups/")
    assert Outcome.objects.get().happened == WORDS
    assert kept(page) == 0


@pytest.mark.slow
def test_nobody_else_is_shown_them(visit, page, staff, manager):
    visit(staff)
    page.get_by_label("What happened?").fill(WORDS)
    visit(staff)
    assert page.get_by_label("What happened?").input_value() == WORDS
    visit(manager)
    assert page.get_by_label("What happened?").input_value() == ""
