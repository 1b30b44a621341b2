"""Somebody joins by a code on a phone, without an e-mail address; a team shares the tablet at the front desk."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.looking import complaints

pytestmark = pytest.mark.slow

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
PASSWORD = "clippers and combs"
IDLE = "() => { const now = Date.now; Date.now = () => now() + 121000; }"


def test_a_stylist_joins_by_a_code_on_a_phone_and_comes_back_with_the_sign_in_name(arrive):
    manager, phone = arrive("shop manager"), arrive(**PHONE)

    manager.go("/people/")
    manager.follow("Invite somebody")
    manager.page.get_by_label("Team").select_option("Mill Lane")
    manager.press("Show a code now")
    expect(manager.page.get_by_role("img", name=re.compile("code"))).to_be_visible()
    link = manager.page.get_by_text("/join/").inner_text()
    assert not complaints(manager.page)

    phone.page.goto(link)
    phone.page.get_by_label("Your name").fill("Оля Бондар")
    phone.page.get_by_label("Password").fill(PASSWORD)
    assert not complaints(phone.page)
    phone.press("Join")
    expect(phone.page).to_have_url(f"{phone.site.url}/")
    phone.sees("Your sign-in name: olya.bondar")

    manager.sees("Here now: Оля Бондар")  # by itself
    late = arrive(**PHONE)
    with late.expecting(404):
        late.page.goto(link)
    late.sees("This link no longer works")

    late.go("/account/login/")
    late.page.get_by_label("E-mail or sign-in name").fill("olya.bondar")
    late.page.get_by_label("Password").fill(PASSWORD)
    late.press("Log in")
    expect(late.page).to_have_url(f"{late.site.url}/")


def test_the_front_desk_knows_names_and_pins_and_locks_itself(arrive):
    tablet = arrive()
    tablet.sign_in("shop manager")
    tablet.go("/people/")
    tablet.follow("Mill Lane")
    tablet.follow("Make this browser one")
    tablet.page.get_by_label("What this device is called").fill("Tablet by the door")
    tablet.press("This is a shared device")
    expect(tablet.page).to_have_url(f"{tablet.site.url}/desk/")
    assert not complaints(tablet.page)

    tablet.go("/")  # nobody is signed in any more
    tablet.follow("Daan Peeters")
    tablet.page.get_by_label("PIN").fill("1111")
    tablet.press("Come in")
    tablet.sees("That is not the PIN.")
    tablet.page.get_by_label("PIN").fill("3719")
    tablet.press("Come in")
    expect(tablet.page).to_have_url(f"{tablet.site.url}/")
    expect(tablet.page.get_by_role("heading", level=1)).to_contain_text("Daan")
    assert not complaints(tablet.page)

    with tablet.expecting(403):
        tablet.go("/surveys/")
        tablet.go("/me/")
    tablet.go("/")
    tablet.page.evaluate(IDLE)  # two minutes without a touch
    tablet.page.wait_for_url(f"{tablet.site.url}/desk/")
    tablet.sees("Who are you?")

    tablet.go("/follow-ups/")
    expect(tablet.page).to_have_url(f"{tablet.site.url}/desk/")
    tablet.page.go_back()
    expect(tablet.page.get_by_role("link", name="Daan Peeters")).to_be_visible()
