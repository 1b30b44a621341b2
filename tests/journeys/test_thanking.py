"""Thanks on a phone: found by typing, sent, answered with a sign; and a customer's praise on its way to a wall."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.slow

PHONE = {"width": 390, "height": 844}
WORDS = "You kept the shop open for the man from the train. He told the whole street."


@pytest.mark.parametrize("with_script", [True, False])
def test_a_colleague_of_another_team_is_found_by_typing_and_thanked(with_script, arrive):
    stylist = arrive("stylist", viewport=PHONE, java_script_enabled=with_script)
    stylist.go("/recognition/new/")
    main = stylist.page.get_by_role("main")
    main.get_by_label("Oksana Shevchuk").check()
    expect(main.get_by_label("Elif Şahin")).to_have_count(0)
    main.get_by_label("Somebody else").fill("sahin")
    if not with_script:
        stylist.press("Find")
    main.get_by_label("Elif Şahin").check()
    expect(main.get_by_label("Oksana Shevchuk")).to_be_checked()
    main.get_by_label("What for?").fill(f"{WORDS} {with_script}")
    stylist.press("Say thank you")
    stylist.sees("Thank you. It is in the feed, and comes with the weekly mail.")
    stylist.sees(re.compile("Elif Şahin, Oksana Shevchuk|Oksana Shevchuk, Elif Şahin"))


def test_a_sign_is_left_and_taken_back_without_leaving_the_page(arrive):
    stylist = arrive("stylist", viewport=PHONE)
    stylist.go("/recognition/")
    heart = stylist.page.get_by_role("button", name="heart").first
    was = heart.get_attribute("aria-pressed")
    other = {"true": "false", "false": "true"}[was]
    for now in (other, was):
        heart.click()
        expect(heart).to_have_attribute("aria-pressed", now)
        expect(heart).to_be_focused()
    expect(stylist.page).to_have_url(re.compile("/recognition/$"))


def test_a_manager_releases_praise_and_everybody_reads_it(arrive):
    manager, stylist = arrive("shop manager"), arrive("stylist", viewport=PHONE)
    manager.go("/recognition/")
    manager.follow("Read and release")
    words = manager.page.locator("blockquote").first.inner_text()
    stylist.go("/recognition/")
    expect(stylist.page.get_by_text(words)).to_have_count(0)
    manager.page.get_by_role("button", name="Release to everybody").first.click()
    manager.sees("It is in the feed")
    stylist.go("/recognition/")
    stylist.sees(words)
    stylist.sees("praise from a customer")
