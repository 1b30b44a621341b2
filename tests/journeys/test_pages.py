"""Every page of the product: usable by everybody, in every look, by keyboard, and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.looking import LOOKS, OTHER_LOOKS, bring_axe, complaints, look
from tests.journeys.steps import upload

pytestmark = pytest.mark.slow

# "/customers/ th a": the page behind the first such link of that page. The owner sees everything; of the others'
# pages those that are made otherwise.
FOR_ALL = [
    "/", "/follow-ups/?state=overdue", "/follow-ups/?state=closed .item-link", "/answers/", "/answers/ .item-link",
    "/customers/", "/people/", "/people/ .item-link",
]  # fmt: skip
FOR_OWNER = [
    "/recognition/spotlight/", "/recognition/treat/", "/recognition/values/", "/recognition/quiet/",
    "/recognition/taste/", "/recognition/walls/ .item-link",
    "/wins/teams/1/plan/",
    "/occasions/", "/occasions/trials/",
    "/budget/", "/budget/people/", "/budget/people/ th a", "/budget/approvals/", "/budget/gifts/",
    "/budget/gifts/?show=companies", "/budget/gifts/?show=again", "/budget/settings/",
    "/follow-ups/", "/follow-ups/?whose=team&state=closed", "/answers/?show=check",
    "/customers/?words=an", "/customers/ th a", "/customers/new/", "/customers/companies/", "/customers/companies/new/",
    "/customers/companies/ th a", "/customers/segments/", "/customers/segments/ .item .btn", "/customers/import/",
    "/surveys/", "/surveys/new/", "/surveys/ .item-link", "/surveys/ .item .btn", "/sendings/", "/sendings/ .item-link",
    "/people/invite/", "/people/teams/new/", "/people/teams/1/", "/people/teams/1/edit/", "/people/3/",
    "/people/3/team/", "/people/places/2/", "/me/", "/organisation/", "/organisation/holidays/", "/outbox/",
    "/moments/", "/moments/?words=nothing+fits", "/moments/ .item-link", "/moments/new/",
    "/ideas/", "/ideas/ .item-link", "/ideas/starters/salon-mirror/", "/ideas/new/",
    "/ideas/?words=umbrella .item-link",
    "/notes/new/1/",
    "/mailbox/", "/help/", "/account/password/change/", "/account/sessions/", "/account/logout/",
    "/account/reauthenticate/", "/account/second-step/", "/account/second-step/codes/", "/account/second-step/app/",
    "/customers/1/memory/", "/customers/1/memory/ .fact-more a", "/visits/brief/", "/issues/", "/issues/ .item-link",
    "/issues/new/", "/visits/", "/visits/ .visit-time", "/visits/calendars/", "/visits/calendars/ .item-link",
    "/visits/files/",
    "/customers/duplicates/", "/customers/duplicates/ .item .btn", "/customers/1/erase/", "/own-company/", "/path/",
    "/setup/", "/setup/outside/", "/organisation/rooms/", "/organisation/audit/", "/people/teams/1/shared-device/",
    "/people/5/close/", "/me/data/", "/me/pin/", "/help/codes/", "/help/mail-records/", "/search/", "/search/?q=an",
]  # fmt: skip
FOR_MANAGER = [
    "/recognition/drafts/", "/recognition/walls/",
    "/wins/", "/wins/teams/1/plan/", "/pulse/",
    "/follow-ups/?whose=team", "/customers/ th a", "/customers/new/", "/customers/import/", "/sendings/",
    "/surveys/ .item .btn", "/people/teams/1/", "/people/invite/", "/visits/", "/visits/files/",
    "/customers/duplicates/",
]  # fmt: skip
FOR_STAFF = [
    "/recognition/", "/recognition/ .item-body a", "/recognition/new/",
    "/moments/new/", "/moments/new/ [aria-labelledby=stubs] .item-link", "/moments/?whose=mine .item-link",
    "/occasions/", "/budget/",
    "/wins/", "/wins/ .btn-primary", "/wins/?words=umbrella .item-link", "/wins/teams/1/mine/", "/pulse/",
    "/customers/1/memory/", "/visits/brief/", "/issues/", "/issues/new/",
    "/follow-ups/ .item-link", "/customers/?words=an", "/customers/?words=an .item-link", "/people/teams/1/",
    "/visits/", "/help/", "/search/?q=an", "/me/data/", "/me/pin/", "/account/second-step/",
]  # fmt: skip
FOR_STRANGERS = [
    "/account/login/", "/account/password/reset/", "/account/password/reset/done/", "/account/inactive/",
    "/account/password/reset/key/done/",
]  # fmt: skip
ROLES = {
    "owner": [stop.replace("?state", "?whose=team&state") for stop in FOR_ALL] + FOR_OWNER,
    "shop manager": FOR_ALL + FOR_MANAGER,
    "stylist": FOR_ALL + FOR_STAFF,
    None: FOR_STRANGERS,
}


def walk(visitor, stops, looks=LOOKS):
    """Open each page; what is wrong with any of them."""
    found = []
    bring_axe(visitor.page)
    for stop in stops:
        path, _, link = stop.partition(" ")
        visitor.go(path)
        if link:
            target = visitor.page.get_by_role("main").locator(link)
            if not target.count():
                found.append(f"{path} has no {link}")
                continue
            visitor.page.goto(visitor.page.evaluate("each => each.href", target.first.element_handle()))
        found += complaints(visitor.page, looks=looks)
    return found


@pytest.mark.parametrize("who", ROLES, ids=str)
def test_every_page_can_be_used_by_everybody_who_may_open_it(arrive, who):
    looks = OTHER_LOOKS if who in ("shop manager", "stylist") else LOOKS
    assert not walk(arrive(who), ROLES[who], looks)


def test_pages_that_say_no(arrive):
    visitor = arrive("stylist")
    with visitor.expecting(403, 404):
        assert not walk(visitor, ["/organisation/", "/nothing/here/", "/join/x/", "/a/x/", "/u/x/"])


def test_an_import_with_bad_rows(arrive):
    owner = arrive("owner")
    rows = ["Name,E-mail", "Good Row,good@journey.example", ",nobody@journey.example", "Bad Row,not an address"]
    upload(owner, *rows, name="bad.csv")
    found = complaints(owner.page)
    owner.page.get_by_label("They are our customers").check()
    owner.press("Check the rows")
    owner.sees("Nothing is written yet")
    found += complaints(owner.page)
    owner.follow("All")
    assert not found + complaints(owner.page)


def test_forms_that_came_back_and_dialogs(arrive):
    owner = arrive("owner")
    owner.go("/customers/new/")
    owner.page.get_by_role("main").get_by_label("Name").fill("  ")
    owner.page.get_by_label("E-mail").fill("not@an")
    owner.page.evaluate("document.querySelector('main form').noValidate = true")
    owner.press("Save")
    expect(owner.page.locator(".invalid-feedback").first).to_be_visible()
    found = complaints(owner.page)
    owner.go("/people/3/")
    owner.press("Out of the team")
    expect(owner.page.get_by_role("dialog")).to_be_visible()
    found += complaints(owner.page)
    look(owner.page, 390)
    owner.go("/")
    owner.page.get_by_role("button", name="More").click()
    expect(owner.page.get_by_role("link", name="Surveys")).to_be_visible()
    assert not found + complaints(owner.page, "[popover]")


def test_the_customers_pages(arrive, invited):
    owner, guest = arrive("owner"), arrive()
    address = invited()
    mail = owner.open_mail(address, "One question")
    found = complaints(owner.page)
    guest.page.goto(mail.get_by_role("link", name="3", exact=True).get_attribute("href"))
    found += complaints(guest.page)
    guest.press("Send my answer")
    guest.sees("Your answer has arrived")
    found += complaints(guest.page)
    guest.follow("Change my answer")
    found += complaints(guest.page)
    guest.follow("Don’t ask me again")
    found += complaints(guest.page)
    guest.press("Don’t ask me again")
    guest.sees("We will not ask you again.")
    found += complaints(guest.page)
    guest.press("Undo")
    guest.sees("Undone. We may write to you again.")
    assert not found + complaints(guest.page)


def test_mails_read_well_on_their_own(arrive, invited):
    owner, guest, stylist = arrive("owner"), arrive(), arrive("stylist")
    mail = owner.open_mail(invited(), "One question")
    link = mail.get_by_role("link", name="4", exact=True).get_attribute("href")
    guest.page.set_content(mail.content())  # axe is a script, and the mailbox lets no script into a mail
    found = complaints(guest.page)
    guest.page = guest.context.new_page()
    guest.page.goto(link)
    guest.press("Send my answer")
    guest.page = guest.context.new_page()
    mail = stylist.open_mail("stylist@barber.example", re.compile("^Please call: .*, 4 of 10"))
    guest.page.set_content(mail.content())
    assert not found + complaints(guest.page)


def test_the_judge_sees_what_is_wrong(arrive):
    """The control: a page with a fault of each kind."""
    visitor = arrive()
    visitor.page.set_content("<main><a class=btn>x</a><input><hr width=500></main>")
    found = "\n".join(complaints(visitor.page, looks=LOOKS))
    for fault in ("wider than the screen", "too small", "html-has-lang", "label: <input>", "at 1280 px in dark"):
        assert fault in found


def test_by_keyboard_the_content_is_one_press_away(arrive):
    visitor = arrive("owner")
    visitor.go("/answers/")
    visitor.page.keyboard.press("Tab")
    expect(visitor.page.get_by_role("link", name="Skip to the content")).to_be_focused()
    visitor.page.keyboard.press("Enter")
    visitor.page.keyboard.press("Tab")
    expect(visitor.page.get_by_role("main").get_by_role("link").first).to_be_focused()


def test_by_keyboard_the_score_is_one_stop_and_arrows_move_it(arrive, invited):
    owner, guest = arrive("owner"), arrive()
    mail = owner.open_mail(invited(), "One question")
    guest.page.goto(mail.get_by_role("link", name="8", exact=True).get_attribute("href"))
    expect(guest.page.get_by_role("group", name=re.compile("How likely"))).to_be_visible()
    guest.page.keyboard.press("Tab")
    expect(guest.page.get_by_role("radio", name="8", exact=True)).to_be_focused()
    guest.page.keyboard.press("ArrowRight")
    expect(guest.page.get_by_role("radio", name="9", exact=True)).to_be_checked()
    guest.page.keyboard.press("Tab")
    expect(guest.page.get_by_role("textbox")).to_be_focused()
    guest.page.keyboard.press("Tab")
    guest.page.keyboard.press("Enter")
    guest.sees("Your answer has arrived")


def test_without_javascript_a_customer_answers_and_the_stylist_closes_the_follow_up(arrive, invited):
    owner, guest = arrive("owner"), arrive(java_script_enabled=False)
    address = invited()
    mail = owner.open_mail(address, "One question")
    guest.page.goto(mail.get_by_role("link", name="2", exact=True).get_attribute("href"))
    guest.page.get_by_role("textbox").fill("No script here.")
    guest.press("Send my answer")
    guest.sees("Your answer has arrived")

    stylist = arrive(java_script_enabled=False)
    stylist.sign_in("stylist")
    stylist.go("/follow-ups/")
    stylist.page.get_by_role("listitem").filter(has_text="No script here.").get_by_role("link").click()
    stylist.page.get_by_label("we talked, and it is put right").check()
    stylist.page.get_by_label("What happened?").fill("All is well.")
    stylist.press("Close this follow-up")
    stylist.sees(re.compile(r"^Closed\."))
    expect(stylist.page.get_by_text("No script here.")).to_have_count(0)
