"""A moment on a phone: by two taps, and away from the line."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys.visitor import PATIENCE

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
NEW = "/moments/new/"


@pytest.fixture
def stylist(arrive):
    """At the page for a new moment, which the phone has put aside by then."""
    return at_the_page(arrive("stylist", **PHONE))


def at_the_page(visitor):
    visitor.go(NEW)
    visitor.page.evaluate(
        "async () => { while (!(await caches.match('/moments/new/'))) await new Promise((go) => setTimeout(go, 50)); }"
    )
    visitor.page.wait_for_function("() => navigator.serviceWorker.controller")
    return visitor


def tap(visitor, name):
    visitor.page.get_by_role("button", name=name).first.tap()


def write(visitor, words):
    tap(visitor, "A walk-in")
    visitor.page.get_by_label("In your words").fill(words)
    tap(visitor, re.compile("^Log it$"))


def new_words(start):
    """Words that stand in no moment yet."""
    return f"{start}-{uuid4().hex[:8]}"


def stories_with(visitor, words):
    """How many moments hold these words, as the list of stories shows them."""
    visitor.go(f"/moments/?words={words}")
    return visitor.page.get_by_role("main").get_by_text(words, exact=True).count()


def away(visitor, is_away):
    """Out of the reach of any network, or back; what failed on the way is what should."""
    visitor.context.set_offline(is_away)
    visitor.page.wait_for_timeout(100)
    visitor.wrong[:] = [line for line in visitor.wrong if "net::ERR_INTERNET_DISCONNECTED" not in line]


def test_two_taps_log_a_moment(stylist):
    people = stylist.page.locator("[data-people] button")
    chip = stylist.page.locator(".chips button:not([data-cost])").first
    words = chip.inner_text().strip('“”"')
    taps = 0
    for button in (people.first, chip):
        button.tap()
        taps += 1
    expect(stylist.page).to_have_url(re.compile(r"\?logged=\d+$"), timeout=PATIENCE)
    stylist.sees("Logged")
    assert taps == 2
    tap(stylist, "delighted")
    stylist.sees("Noted.")
    stylist.go("/moments/?whose=mine")
    newest = stylist.page.get_by_role("main").locator(".items > .item").first
    expect(newest).to_contain_text(words[:30])
    expect(newest).to_contain_text("delighted")


@pytest.mark.slow
def test_the_chip_first_and_then_the_customer(stylist):
    stylist.page.locator(".chips button:not([data-cost])").first.tap()
    stylist.sees("Now tap who it was for, and it is logged.")
    tap(stylist, "A walk-in")
    expect(stylist.page).to_have_url(re.compile(r"\?logged=\d+$"), timeout=PATIENCE)


@pytest.mark.slow
def test_logged_without_a_line_it_is_sent_once_when_the_line_is_back(stylist):
    words = new_words("Umbrella-lent-in-the-rain")
    away(stylist, True)
    stylist.page.goto(stylist.site.url + NEW)  # the phone's own copy
    write(stylist, words)
    stylist.sees("Kept on this phone; it is sent when the line is back.")
    expect(stylist.page.locator("[data-queue-items] li")).to_have_count(1)
    stylist.page.goto(stylist.site.url + NEW)
    expect(stylist.page.locator("[data-queue-items] li")).to_have_count(1)
    away(stylist, False)
    expect(stylist.page.locator("[data-queue-items] li")).to_have_count(0, timeout=PATIENCE)
    stylist.sees("What this phone had kept is logged.")
    assert stories_with(stylist, words) == 1
    stylist.go(NEW)
    stylist.page.wait_for_timeout(500)
    assert stories_with(stylist, words) == 1


@pytest.mark.slow
def test_what_is_refused_later_is_kept_and_shown_with_ways_out(stylist):
    words = new_words("Flowers-that-were-too-dear")
    away(stylist, True)
    stylist.page.get_by_text("It cost something").tap()
    stylist.page.get_by_label("What it cost").fill("9999")
    write(stylist, words)
    stylist.sees("Kept on this phone")
    with stylist.expecting(422):
        away(stylist, False)
        kept = stylist.page.locator("[data-queue-items] li")
        expect(kept).to_contain_text("That is more than is left this month", timeout=PATIENCE)
    assert stories_with(stylist, words) == 0
    stylist.go(NEW)
    expect(kept).to_contain_text("That is more than is left this month")
    kept.get_by_role("button", name="Log it without the cost").tap()
    expect(kept).to_have_count(0, timeout=PATIENCE)
    assert stories_with(stylist, words) == 1


@pytest.mark.slow
def test_an_answer_that_is_lost_on_the_way_makes_no_second_moment(stylist):
    """The server has it, the phone does not know: it is kept, sent again, and known by its key."""
    words = new_words("Tea-in-a-tunnel")

    def into_the_tunnel(route):
        route.fetch()
        route.abort("connectionreset")

    stylist.page.route(f"**{NEW}", into_the_tunnel, times=1)
    write(stylist, words)
    stylist.sees("Kept on this phone")
    expect(stylist.page.locator("[data-queue-items] li")).to_have_count(1)
    stylist.wrong.clear()
    stylist.go(NEW)
    expect(stylist.page.locator("[data-queue-items] li")).to_have_count(0, timeout=PATIENCE)
    assert stories_with(stylist, words) == 1


@pytest.mark.slow
def test_whoever_signs_out_leaves_no_page_behind(arrive):
    visitor = arrive(**PHONE)
    visitor.sign_in("stylist")  # a session of their own: the others' goes on
    at_the_page(visitor)
    visitor.go("/account/logout/")
    visitor.press("Log out")
    visitor.page.wait_for_url(re.compile("/account/login/"))
    assert visitor.page.evaluate("async () => (await caches.match('/moments/new/')) === undefined")


@pytest.mark.slow
def test_n_opens_the_page_and_ctrl_enter_sends(arrive):
    visitor = arrive("shop manager")
    visitor.go("/customers/")
    visitor.page.get_by_role("main").click(position={"x": 2, "y": 2})
    visitor.page.keyboard.press("n")
    visitor.page.wait_for_url(re.compile(f"{NEW}$"))
    visitor.page.get_by_role("button", name="A walk-in").focus()
    visitor.page.keyboard.press("Enter")
    visitor.page.get_by_label("In your words").fill("Keyboard-only: now and never")
    visitor.page.keyboard.press("Control+Enter")
    expect(visitor.page).to_have_url(re.compile(r"\?logged=\d+$"), timeout=PATIENCE)
    visitor.go("/customers/")
    search = visitor.page.locator("main input[type=search]").first
    search.press("n")
    expect(search).to_have_value("n")


def test_without_javascript(arrive):
    visitor = arrive("stylist", java_script_enabled=False)
    visitor.go(NEW)
    visitor.page.get_by_role("button", name="A walk-in").click()
    visitor.page.locator(".chips button:not([data-cost])").first.click()
    visitor.sees("Logged for a walk-in")
