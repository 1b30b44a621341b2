"""A wins meeting from its agenda to the minutes, on two phones at once, one of which loses its line."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.looking import bring_axe, complaints
from tests.journeys.visitor import PATIENCE

pytestmark = pytest.mark.slow

PHONE = {"viewport": {"width": 390, "height": 844}}


def agenda_of(visitor) -> str:
    """The meeting of the first team, from the list; returns its address."""
    visitor.go("/wins/")
    visitor.follow("The agenda")
    visitor.page.wait_for_url(re.compile(r"/wins/(\d+|teams/\d+)/$"))
    if "/teams/" in visitor.page.url:
        visitor.press("Open the agenda")
        visitor.page.wait_for_url(re.compile(r"/wins/\d+/$"))
    return visitor.page.url.removeprefix(visitor.site.url)


def tells(visitor, name: str) -> None:
    expect(visitor.page.locator("#turn")).to_have_text(name, timeout=PATIENCE)


def keeps_the_place(page) -> None:
    """A press on an item in the middle of the agenda, by the mouse: the next one stays where it was seen."""
    items = page.locator("#live li.item[id]:visible")
    pressed, following = (page.locator(f"#{items.nth(number).get_attribute('id')}") for number in (2, 3))
    pressed.evaluate("item => scrollTo(0, item.getBoundingClientRect().top + scrollY - 200)")
    told = pressed.get_by_role("button", name="Told")
    told.hover()
    at = following.bounding_box()["y"]
    told.click()
    expect(pressed).to_have_count(0)
    moved = following.bounding_box()["y"] - at
    assert -400 < moved <= 1, f"the page moved by {moved}"
    expect(page.locator("button:focus")).to_have_id(re.compile("^item-told-"))
    page.evaluate("scrollTo(0, 0)")


def press_in_turn(visitor, name: str) -> None:
    visitor.page.locator(".wins-turn").get_by_role("button", name=re.compile(f"^{name}")).first.click()


def test_a_meeting_on_two_phones_with_a_lost_line(arrive):
    leader, other = arrive("shop manager", **PHONE), arrive("stylist", **PHONE)
    # Beforehand: one story is left, something is put on the agenda.
    other.go("/wins/teams/1/mine/")
    other.page.get_by_label(re.compile("n your own words")).fill("The umbrella came back, dry.")
    other.press("Save")
    other.sees("Noted. It is on the agenda.")
    address = agenda_of(leader)
    leader.page.get_by_label("Something else to talk about").fill("Who opens in December?")
    leader.press("Add")
    expect(leader.page.locator("#rest > summary")).to_be_visible()
    leader.page.locator("#rest > summary").click()
    leader.sees("Who opens in December?")
    other.go(address)

    # It begins on one phone; the other one follows by itself.
    begin = leader.page.locator("#begin summary")
    if begin.count():  # it is another day than the meeting's
        begin.click()
        leader.press("Begin it now")
    else:
        leader.press("Begin the meeting")
    expect(leader.page.locator("#turn")).to_be_visible()
    expect(other.page.locator("#turn")).to_be_visible(timeout=PATIENCE)
    first = leader.page.locator("#turn").inner_text()
    tells(other, first)
    bring_axe(leader.page)
    found = complaints(leader.page)
    keeps_the_place(leader.page)

    # Both press at once: one turn is over, and not two.
    second = other.page.locator("#live > p", has_text="Then").inner_text().split(": ")[1].split(", ")[0]
    for visitor in (leader, other):
        visitor.page.locator(".wins-turn .btn-primary").evaluate("button => button.click()")
    tells(leader, second)
    tells(other, second)

    # The other phone loses its line while somebody types on it; what is pressed meanwhile goes out afterwards.
    other.context.set_offline(True)
    note = other.page.locator(".wins-turn textarea")
    note.fill("Typed without a line")
    other.page.locator(".wins-turn").get_by_role("button", name="Save the note").click()
    expect(other.page.locator("#no-line")).to_be_visible(timeout=PATIENCE)
    expect(note).to_have_value("Typed without a line")
    leader.page.locator(".wins-turn textarea").fill("Typed by the leader")
    leader.page.locator(".wins-turn").get_by_role("button", name="Save the note").click()
    leader.sees("Typed by the leader")
    other.context.set_offline(False)
    expect(other.page.locator("#no-line")).to_be_hidden(timeout=PATIENCE)
    for visitor in (leader, other):
        expect(visitor.page.locator(".wins-turn")).to_contain_text("Typed without a line", timeout=PATIENCE)
        expect(visitor.page.locator(".wins-turn")).to_contain_text("Typed by the leader", timeout=PATIENCE)
    expect(other.page.locator(".wins-turn textarea")).to_have_value("")
    other.wrong = [what for what in other.wrong if not re.search("ERR_INTERNET_DISCONNECTED|^console: htmx:", what)]

    # Half-typed words stay when the others go on, and when the page is loaded anew.
    other.page.get_by_label("Something else to talk about").fill("Half a sent")
    press_in_turn(leader, "Told")
    expect(other.page.locator("#turn")).not_to_have_text(second, timeout=PATIENCE)
    expect(other.page.get_by_label("Something else to talk about")).to_have_value("Half a sent")
    other.page.reload()
    expect(other.page.get_by_label("Something else to talk about")).to_have_value("Half a sent")

    # Everybody else; then an action, and what got in the way.
    for _turn in range(8):
        if not leader.page.locator(".wins-turn").count():
            break
        name = leader.page.locator("#turn").inner_text()
        press_in_turn(leader, "Told")
        expect(leader.page.locator("#live")).not_to_contain_text(f"Now tells {name}", timeout=PATIENCE)
        leader.page.wait_for_function("name => document.querySelector('#turn')?.innerText !== name", arg=name)
    leader.sees("Everybody has been heard")
    item = leader.page.get_by_role("listitem").filter(has_text="Who opens in December?")
    leader.page.locator("#rest > summary").click()
    item.locator("summary").click()
    item.get_by_placeholder("what is to be done?").fill("Hang up the list")
    item.get_by_role("button", name="An action").click()
    expect(leader.page.locator(".pill-good", has_text="action")).to_be_visible()
    item.get_by_role("button", name="Told").click()
    other.page.get_by_label("In your words").fill("The card reader is too slow.")
    other.press("Say it")
    other.sees(re.compile("^Noted"))

    # The end is everybody's end; the minutes come by mail.
    leader.page.locator("#end summary").click()
    leader.press("End it for everybody")
    leader.sees("The meeting is over.")
    expect(other.page.get_by_role("heading", level=1)).to_contain_text("Minutes", timeout=PATIENCE)
    for words in ("The umbrella came back, dry.", "Typed without a line", "Typed by the leader", "Hang up the list",
                  "The card reader is too slow."):  # fmt: skip
        expect(other.page.get_by_role("main")).to_contain_text(words)
    bring_axe(other.page)
    found += complaints(other.page)
    mail = arrive("owner").open_mail("stylist@barber.example", re.compile("^Minutes: Mill Lane"), looks=200)
    expect(mail.get_by_text("The umbrella came back, dry.")).to_be_visible()
    assert not found
