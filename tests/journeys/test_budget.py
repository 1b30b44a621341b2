"""A budget is closed and opened again, by two people with phones."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.looking import complaints

pytestmark = pytest.mark.slow

PHONE = {"viewport": {"width": 390, "height": 844}}


def a_day(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def test_from_suspension_to_lifted(arrive):
    manager, stylist = arrive("shop manager", **PHONE), arrive("stylist", **PHONE)
    manager.go("/budget/people/")
    manager.follow("Daan Peeters")
    manager.page.locator("summary", has_text="Close the budget").click()
    manager.page.get_by_label("Reason").fill("Two gifts to a friend in one week.")
    manager.page.get_by_label("Review date").fill(a_day(14))
    manager.press("Close the budget")
    manager.sees("A mail says why")
    found = complaints(manager.page)

    mail = stylist.open_mail("stylist@barber.example", re.compile("closed until"))
    expect(mail.get_by_text("Two gifts to a friend in one week.")).to_be_visible()
    stylist.page = stylist.press_in_mail(mail, "Read and reply")
    stylist.sees("Two gifts to a friend in one week.")
    found += complaints(stylist.page)
    stylist.page.get_by_label("Your reply").fill("One of them was his birthday.")
    stylist.press("Send the reply")
    stylist.sees("Your reply is written down.")

    manager.page.reload()
    manager.sees("One of them was his birthday.")
    manager.page.locator("summary", has_text="Keep it closed longer").click()
    manager.page.get_by_label("Why it stays closed").fill("Let us talk on Friday.")
    manager.page.get_by_label("New review date").fill(a_day(20))
    manager.press("Renew")
    manager.sees("Let us talk on Friday.")
    found += complaints(manager.page)
    manager.press("Open the budget again")
    manager.sees("The budget is open again.")

    stylist.go("/budget/")
    expect(stylist.page.get_by_text("Your budget is closed for now")).to_have_count(0)
    stylist.sees("to surprise customers with")
    stylist.open_mail("stylist@barber.example", "Your delight budget is open again")
    assert not found
