"""Picking customers by name in a real browser: they appear as one types, and what is ticked stays."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from surveys.sending.models import Sending
from tests.journeys.looking import complaints

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def opened(live_server, settings, page, survey, sponsor, signed_in, make_customer):
    """The page before sending, with "picked by hand" chosen; returns the window."""
    settings.ALLOWED_HOSTS = ["*"]
    make_customer("Anna Maes"), make_customer("Bob Short"), make_customer("W" * 160)
    session = signed_in(sponsor).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(live_server.url + reverse("sending_new", args=[survey.pk]))
    expect(page.get_by_label("Picked customers")).to_be_hidden()
    page.get_by_label("Who is asked").select_option("picked by hand")
    return page


@pytest.mark.slow
def test_names_are_found_as_one_types_and_ticks_stay(opened):
    words, names = opened.get_by_label("Picked customers"), opened.locator("#found").get_by_role("checkbox")
    words.press_sequentially("anna")
    opened.get_by_label("Anna Maes").check()
    words.fill("bob\nwwww")
    expect(names).to_have_count(3)
    expect(opened.get_by_label("Anna Maes")).to_be_checked()
    expect(words).to_be_focused()
    opened.get_by_label("Bob Short").check()
    assert not complaints(opened)
    opened.get_by_role("button", name="See who will be asked").click()
    expect(opened.get_by_text("2 of 2 customers")).to_be_visible()
    expect(opened.get_by_label("Bob Short")).to_be_checked()
    opened.locator("summary", has_text="English").click()
    letter = opened.frame_locator("iframe").first
    expect(letter.get_by_role("heading", name="How likely are you")).to_be_visible()
    letter.get_by_role("link", name="9", exact=True).click()
    expect(letter.get_by_role("heading", name="How likely are you")).to_be_visible()
    assert not complaints(opened)
    assert len(opened.context.pages) == 1
    opened.get_by_role("button", name="Send to 2 people").click()
    expect(opened.get_by_role("heading", level=1)).to_have_text("How are we doing?")
    assert {each.name for each in Sending.objects.get().picked.all()} == {"Anna Maes", "Bob Short"}
