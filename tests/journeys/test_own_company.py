"""From the demo to the first own mail, on a site of its own: afterwards it is a real company."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.looking import complaints
from tests.journeys.site import a_site
from tests.journeys.steps import import_customers
from tests.journeys.visitor import PATIENCE, Visitor

pytestmark = pytest.mark.slow

OWN = "kemal@berber.example"


@pytest.fixture
def owner(browser):
    """The demo's owner, in a demo that nobody else needs."""
    with a_site() as site, browser.new_context(viewport={"width": 390, "height": 844}) as context:
        visitor = Visitor(site, context)
        visitor.sign_in("owner")
        yield visitor
        assert not visitor.wrong, "\n".join(visitor.wrong)


def test_start_with_my_company_up_to_the_first_own_mail(owner):
    owner.follow("Start with my company")
    fill(owner)
    assert complaints(owner.page) == []
    owner.press("Remove the demo and begin")

    owner.page.wait_for_url("**/setup/")
    owner.sees("The demo is gone. This is your company now.")
    owner.sees("There are none yet.")
    assert complaints(owner.page) == []
    owner.press("Send a test mail to me")
    mail = owner.open_mail(OWN, re.compile("Test mail"))
    tab = owner.press_in_mail(mail, "It has arrived")
    tab.get_by_role("button", name="Yes, it has arrived").click()
    tab.wait_for_url("**/setup/")
    expect(tab.get_by_text("Mail arrives.")).to_be_visible()
    tab.close()

    owner.go("/setup/")
    owner.press("Finish set-up")
    owner.page.wait_for_url("**/path/")
    assert complaints(owner.page) == []
    import_customers(owner, "Name,E-mail", "Deniz Kaya,deniz@journey.example")
    write_to_deniz(owner)
    letter = owner.open_mail("deniz@journey.example", re.compile("."))
    expect(letter.get_by_text("Kemal Usta").first).to_be_visible()


def fill(owner: Visitor) -> None:
    """The company and its first sponsor."""
    field = owner.page.get_by_label
    field("Company name").fill("Berber Kemal")
    field("Country").select_option("GB")
    field("Postal address").fill("5 High Street, Leeds")
    field("Currency").select_option("GBP")
    field("Time zone").select_option("Europe/London")
    field("Your own name").fill("Kemal Usta")
    field("Your own e-mail").fill(OWN)
    field("Password").fill("combs and scissors")
    field("to make sure").fill("begin")


def write_to_deniz(owner: Visitor) -> None:
    """The first survey, to the only customer."""
    owner.go("/surveys/new/")
    owner.page.locator("main").get_by_label("Name").first.fill("How are we doing?")
    owner.press("Make the survey")
    owner.page.wait_for_url(re.compile(r"/surveys/\d+/"))
    owner.page.goto(f"{owner.site.url}/sendings/new/{owner.page.url.rstrip('/').rpartition('/')[2]}/")
    owner.press("See who will be asked")
    owner.sees("1 of 1 customer")
    owner.press(re.compile("^Send to"))
    expect(owner.page).to_have_url(re.compile(r"/sendings/\d+/"), timeout=PATIENCE)
