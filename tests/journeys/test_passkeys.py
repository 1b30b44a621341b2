"""Somebody makes a passkey on their device and logs in with it, without a password."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from tests.journeys.looking import complaints
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow

# Browsers give no passkeys to an address of numbers, so this visitor comes by the machine's name.
KEEPS_KEYS = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def visitor(site, browser):
    """Somebody with a phone that can keep keys."""
    by_name = replace(site, url=site.url.replace("127.0.0.1", "localhost"))
    by_name.logins.update(noah="noah@barber.example", ines="ines@barber.example")
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        visitor = Visitor(by_name, context)
        phone = context.new_cdp_session(visitor.page)
        phone.send("WebAuthn.enable")
        visitor.phone = phone.send("WebAuthn.addVirtualAuthenticator", {"options": KEEPS_KEYS})["authenticatorId"]
        visitor.cdp = phone
        yield visitor
        assert not visitor.wrong, "\n".join(visitor.wrong)


def keys(visitor) -> list[dict]:
    return visitor.cdp.send("WebAuthn.getCredentials", {"authenticatorId": visitor.phone})["credentials"]


def log_out(visitor) -> None:
    visitor.go("/account/logout/")
    visitor.press("Log out")


def test_a_passkey_is_made_and_opens_without_a_password(visitor):
    visitor.sign_in("noah")
    visitor.go("/me/")
    visitor.follow("Add a second step")
    found = complaints(visitor.page)
    visitor.follow("Add a passkey")
    visitor.page.get_by_label("Password").fill(visitor.site.password)
    visitor.press("Go on")
    visitor.page.get_by_label("Name of this passkey").fill("My phone")
    found += complaints(visitor.page)
    visitor.press("Add a passkey")
    visitor.sees("They are shown only now")
    found += complaints(visitor.page)
    assert visitor.page.locator(".codes li").count() == 10
    with visitor.page.expect_download() as download:
        visitor.follow("Save as a text file")
    assert len(re.findall(r"^\d{8}$", download.value.path().read_text(), re.MULTILINE)) == 10
    visitor.follow("I have them")
    visitor.sees("My phone")
    assert len(keys(visitor)) == 1

    log_out(visitor)
    found += complaints(visitor.page)
    visitor.press("Use a passkey")
    visitor.page.wait_for_url(f"{visitor.site.url}/")
    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text("Noah")

    log_out(visitor)  # and as a second step behind the password
    visitor.page.get_by_label(re.compile("E-?mail")).fill(visitor.site.logins["noah"])
    visitor.page.get_by_label("Password").fill(visitor.site.password)
    visitor.press("Log in")
    visitor.sees("six digits")
    found += complaints(visitor.page)
    visitor.press("Use a passkey")
    visitor.page.wait_for_url(f"{visitor.site.url}/")

    visitor.go("/account/second-step/")
    visitor.follow("Remove")  # asks who one is: with the password, or with the passkey
    visitor.follow("Use a passkey")
    found += complaints(visitor.page)
    visitor.press("Use a passkey")
    visitor.sees("It opens nothing from then on")
    found += complaints(visitor.page)
    visitor.press("Remove")
    visitor.sees("The passkey is removed")
    log_out(visitor)
    visitor.press("Use a passkey")
    visitor.sees("This passkey opens nothing here")
    assert not found


def test_a_device_without_the_key_says_so_and_the_password_still_opens(visitor):
    visitor.go("/account/login/")
    visitor.cdp.send("WebAuthn.setUserVerified", {"authenticatorId": visitor.phone, "isUserVerified": False})
    visitor.press("Use a passkey")
    visitor.sees("No passkey came")
    visitor.sign_in("ines")


def test_at_an_address_of_numbers_no_passkey_is_offered(arrive):
    visitor = arrive()
    visitor.go("/account/login/")
    visitor.sees("Passkeys do not work here")
    expect(visitor.page.get_by_role("button", name="Use a passkey")).to_have_count(0)


def test_a_script_that_stands_in_the_page_is_stopped_and_told(site, browser):
    """The control for all journeys: broken rules of the content security policy are noticed."""
    with browser.new_context() as context:
        visitor = Visitor(site, context)
        visitor.go("/account/login/")
        visitor.page.evaluate(
            "document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))"
        )
        visitor.page.wait_for_timeout(300)
        assert visitor.page.evaluate("window.ran") is None
        assert any("Content Security Policy" in each for each in visitor.wrong), visitor.wrong
