"""Whoever had to sign in again while pressing a button is told that nothing was saved, and where the button is."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from delight.organisation.models import Holiday
from tests.conftest import PASSWORD
from tests.front.world import World, every_address, world  # noqa: F401 - a fixture
from tests.test_access import ROWS


def back_link(page) -> str:
    return re.search(r'<a class="btn btn-primary" href="([^"]+)"', page.content.decode()).group(1)


def test_a_button_pressed_after_the_session_ended_leads_through_the_login_back_to_its_page(sponsor):
    holiday = Holiday.objects.create(day="2030-12-25", name="Christmas")
    browser = Client()
    login = browser.post(reverse("holiday_remove", args=[holiday.pk])).url
    page = browser.post(login, {"login": sponsor.email, "password": PASSWORD}, follow=True)
    assert page.status_code == 405
    assert page.headers["Allow"] == "POST"
    assert "Nothing was saved" in page.content.decode()
    assert back_link(page) == reverse("holidays")
    assert Holiday.objects.exists()


@pytest.mark.usefixtures("organisation")
def test_it_is_told_in_the_persons_language(sponsor, signed_in):
    sponsor.language = "tr"
    sponsor.save()
    page = signed_in(sponsor).get(reverse("mail_stop"))
    assert 'lang="tr"' in page.content.decode()


def test_every_address_for_buttons_names_a_page_that_opens(world: World):  # noqa: F811 - the fixture
    browser = world.browser("sponsor")
    opened_by_get = {name for name, method, _seen in ROWS if method == "GET"}
    refused = [name for name in every_address() if name not in opened_by_get]
    assert len(refused) > 10
    leads_to = {name: back_link(browser.get(world.url(name))) for name in refused}
    assert "/" not in leads_to.values()
    opens = {page: browser.get(page, follow=True).status_code for page in set(leads_to.values())}
    assert opens == dict.fromkeys(opens, 200)


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_what_no_browser_asks_gets_the_bare_refusal(method, sponsor, signed_in):
    answer = signed_in(sponsor).generic(method, reverse("home"))
    assert (answer.status_code, answer.content) == (405, b"")
