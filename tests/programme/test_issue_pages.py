"""The issues' pages: raised in twenty seconds, found again, answered by those who may."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from delight.customers.models import Customer
from delight.organisation.models import AuditEntry
from delight.programme.models import Issue
from delight.programme.services import answer_issue, hand_issue, reopen_issue


@pytest.fixture
def press(staff, signed_in):
    """`press(text="…")`: Sam fills in the form and sends it."""

    def do(**data):
        url = reverse("issue_new")
        browser = signed_in(staff)
        key = browser.get(url).context["form"]["key"].value()
        return browser.post(url, {"key": key, "kind": "obstacle", "text": "The card reader."} | data)

    return do


def test_a_tap_and_a_sentence_raise_it(press, staff, team, manager):
    answer = press()
    made = Issue.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/issues/{made.pk}/")
    assert (made.kind, made.raised_by, made.team, made.owner) == ("obstacle", staff, team, manager)


def test_sent_twice_it_is_one(press):
    key = str(uuid4())
    press(key=key)
    press(key=key)
    assert Issue.objects.count() == 1


def test_without_a_sentence_the_form_comes_back(press):
    answer = press(text=" ", kind="complaint")
    assert answer.status_code == 422
    assert answer.context["form"]["kind"].value() == "complaint"
    assert not Issue.objects.exists()


def test_customers_are_found_as_one_types_and_ticked(press, customer, make_customer, staff, signed_in):
    other = make_customer("Lotte Maes")
    browser = signed_in(staff)
    typed = {"search": "1", "words": "koval", "text": "Cold water.", "kind": "complaint", "customers": [other.pk]}
    page = browser.post(reverse("issue_new"), typed)
    shown = page.content.decode()
    assert page.status_code == 200
    assert "Olena Koval" in shown
    assert page.context["form"]["customers"].value() == [str(other.pk)]
    assert "Lotte Maes" in shown
    assert "Cold water." in shown
    assert not Issue.objects.exists()
    press(kind="complaint", customers=[customer.pk, other.pk])
    assert set(Issue.objects.get().customers.all()) == {customer, other}


def test_who_is_erased_cannot_be_ticked(press, customer):
    Customer.objects.filter(pk=customer.pk).update(erased_at=timezone.now())
    assert press(customers=[customer.pk]).status_code == 422


def test_a_team_is_chosen_only_among_ones_own(press, other_team, staff, signed_in):
    from staff.people.models import Membership

    assert 'name="team"' not in signed_in(staff).get(reverse("issue_new")).content.decode()
    press(team=other_team.pk)
    assert Issue.objects.get().team != other_team
    Membership.objects.create(user=staff, team=other_team)
    press(team=other_team.pk)
    assert Issue.objects.order_by("pk").last().team == other_team


# --- The list -------------------------------------------------------------------------------------------------------


def shown(browser, query="") -> str:
    return browser.get(f"/issues/{query}").content.decode().split("<main", 1)[1]


def test_the_list_shows_open_ones_and_what_is_asked_for(issue, staff, manager, signed_in):
    made = issue(text="An open obstacle")
    issue(text="A need of Mert", kind="need", by=manager)
    answer_issue(by=manager, issue=issue(text="An old story"), state="done", done="Mended.")
    boss, sam = signed_in(manager), signed_in(staff)
    assert "An open obstacle" in shown(sam)
    assert "An old story" not in shown(sam)
    assert "An old story" in shown(sam, "?show=ended")
    assert "An open obstacle" not in shown(sam, "?show=ended")
    assert "An old story" in shown(sam, "?show=all")
    assert "A need of Mert" not in shown(sam, "?show=raised")
    assert "An open obstacle" not in shown(sam, "?show=mine")
    assert "An open obstacle" in shown(boss, "?show=mine")
    hand_issue(by=manager, issue=made, owner=staff)
    assert "An open obstacle" in shown(sam, "?show=mine")
    assert "An open obstacle" not in shown(sam, "?kind=need")
    assert "No issue fits" in shown(sam, "?show=nonsense")


def test_strangers_see_neither_the_line_nor_the_page(issue, outsider, other_manager, colleague, sponsor, signed_in):
    made = issue()
    for who, status in ((outsider, 404), (other_manager, 404), (colleague, 200), (sponsor, 200)):
        assert signed_in(who).get(f"/issues/{made.pk}/").status_code == status
        assert ("card reader" in shown(signed_in(who))) is (status == 200)


def test_who_raised_it_still_reads_it_from_another_team(issue, staff, outsider, manager, signed_in):
    made = issue(by=outsider, team=issue().team)
    assert signed_in(outsider).get(f"/issues/{made.pk}/").status_code == 200
    assert signed_in(outsider).post(f"/issues/{made.pk}/answer/", {"state": "doing"}).status_code == 403


def test_what_is_late_says_so(issue, staff, signed_in):
    made = issue()
    assert "due since" not in shown(signed_in(staff))
    Issue.objects.filter(pk=made.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    assert "due since" in shown(signed_in(staff))


def test_fifty_a_page(issue, staff, team, signed_in):
    Issue.objects.bulk_create(Issue(kind="need", text=f"Need {n:02}", team=team, raised_by=staff) for n in range(51))
    assert shown(signed_in(staff)).count("Need ") == 50
    assert shown(signed_in(staff), "?page=2").count("Need ") == 1


def test_the_list_asks_the_same_however_long_it_is(issue, staff, signed_in, django_assert_num_queries):
    browser = signed_in(staff)
    issue()
    with django_assert_num_queries(7):
        shown(browser)
    issue()
    issue()
    with django_assert_num_queries(7):
        shown(browser)


# --- One issue ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["manager", "sponsor", "colleague as owner"])
def test_those_who_may_answer_it(who, issue, request, colleague, signed_in):
    made = issue(owner=colleague) if "owner" in who else issue()
    user = request.getfixturevalue(who.split()[0])
    browser = signed_in(user)
    assert "It is done" in browser.get(f"/issues/{made.pk}/").content.decode()
    assert browser.post(f"/issues/{made.pk}/answer/", {"state": "done", "done": "Mended."}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.done, made.answered_by) == ("done", "Mended.", user)
    page = browser.get(f"/issues/{made.pk}/").content.decode()
    assert "What was done" in page
    assert "It is done" not in page


def test_a_word_in_between_says_where_it_stands_with_who_and_when(issue, manager, staff, signed_in):
    made, browser = issue(), signed_in(manager)
    url = f"/issues/{made.pk}/"
    assert "Where it stands" in browser.get(url).content.decode()
    for word in ("A new one is ordered.", "It comes on Monday."):
        browser.post(f"{url}answer/", {"state": "doing", "done": word})
        made.refresh_from_db()
        assert (made.state, made.done, made.answered_by) == ("doing", word, manager)
    for who in (manager, staff):
        page = " ".join(signed_in(who).get(url).content.decode().split())
        assert "It comes on Monday." in page
        assert f"Mert · {timezone.localdate():%-d %B %Y}" in page
    assert "What was done" not in page
    browser.post(f"{url}answer/", {"state": "doing", "done": ""})
    made.refresh_from_db()
    assert made.done == "It comes on Monday."


def test_the_word_in_between_is_read_on_today_by_who_raised_it(issue, manager, staff, signed_in):
    answer_issue(by=manager, issue=issue(), state="doing", done="A new one is ordered.")
    page = signed_in(staff).get("/").content.decode()
    assert "A new one is ordered." in page
    assert "being worked on" in page


@pytest.mark.parametrize(("state", "is_answer"), [("doing", False), ("done", True)])
def test_in_a_meeting_only_an_end_is_the_answer(state, is_answer, issue, manager):
    made = answer_issue(by=manager, issue=issue(), state=state, done="A new one is ordered.")
    item = {"moment": None, "recognition": None, "action": None, "issue": made}
    assert ("The answer" in render_to_string("wins/_item_words.html", {"item": item})) is is_answer


def test_a_word_that_is_saved_is_not_given_back_by_the_browser(issue, manager, signed_in):
    made, browser = issue(), signed_in(manager)

    def kept_as():
        return re.search(r'data-keeps="(stands-[^"]+)"', browser.get(f"/issues/{made.pk}/").content.decode()).group(1)

    before = kept_as()
    assert kept_as() == before
    browser.post(f"/issues/{made.pk}/answer/", {"state": "doing", "done": "A new one is ordered."})
    assert kept_as() != before


def test_a_word_in_between_that_is_too_long_comes_back_in_its_own_form(issue, manager, signed_in):
    answer = signed_in(manager).post(f"/issues/{issue().pk}/answer/", {"state": "doing", "done": "x" * 1001})
    assert answer.status_code == 422
    assert answer.context["stands_form"]["done"].value() == "x" * 1001
    assert not answer.context["answer_form"].is_bound


def test_the_others_read_it(issue, staff, signed_in):
    made, browser = issue(), signed_in(staff)
    assert "It is done" not in browser.get(f"/issues/{made.pk}/").content.decode()
    for name in ("answer", "hand"):
        assert browser.post(f"/issues/{made.pk}/{name}/", {"state": "done", "done": "x"}).status_code == 403
    made.refresh_from_db()
    assert made.state == "open"


def test_an_end_without_a_sentence_comes_back(issue, manager, signed_in):
    made = issue()
    answer = signed_in(manager).post(f"/issues/{made.pk}/answer/", {"state": "declined", "done": " "})
    assert answer.status_code == 422
    assert "waits for a word" in answer.content.decode()
    made.refresh_from_db()
    assert made.state == "open"


def test_answered_meanwhile_the_second_one_is_told(issue, manager, sponsor, signed_in):
    made = issue()
    answer_issue(by=sponsor, issue=made, state="done", done="Mended.")
    browser = signed_in(manager)
    for data in ({"state": "declined", "done": "No."}, {"state": "declined", "done": ""}):
        assert browser.post(f"/issues/{made.pk}/answer/", data).status_code == 302
    made.refresh_from_db()
    assert made.done == "Mended."
    assert "meanwhile" in browser.post(f"/issues/{made.pk}/answer/", {"state": "doing"}, follow=True).content.decode()


def test_it_is_handed_to_the_teams_people_and_sponsors_only(issue, manager, colleague, outsider, signed_in):
    made, browser = issue(), signed_in(manager)
    day = timezone.localdate() + timedelta(days=3)
    url = f"/issues/{made.pk}/hand/"
    assert browser.post(url, {"owner": outsider.pk, "due_on": day}).status_code == 422
    assert browser.post(url, {"owner": colleague.pk, "due_on": day - timedelta(days=9)}).status_code == 422
    assert browser.post(url, {"owner": colleague.pk, "due_on": day}).status_code == 302
    made.refresh_from_db()
    assert (made.owner, made.due_on) == (colleague, day)


def test_whose_words_were_erased_it_is_still_an_issue(issue, staff, customer, sponsor, signed_in):
    made = issue(customers=[customer])
    signed_in(sponsor).post(reverse("customer_erase", args=[customer.pk]), {"never_write": ""})
    made.refresh_from_db()
    assert (made.text, made.state) == ("", "open")
    browser = signed_in(staff)
    for address in ("/issues/", f"/issues/{made.pk}/"):
        assert "went with an erased customer" in browser.get(address).content.decode()


# --- Opened again ---------------------------------------------------------------------------------------------------


def test_what_was_ended_too_early_is_opened_again_and_its_end_is_told_anew(
    issue, manager, staff, colleague, signed_in, post_office
):
    made = issue(owner=colleague)
    answer_issue(by=manager, issue=made, state="done", done="A new reader is here.")
    post_office.deliver()
    Issue.objects.filter(pk=made.pk).update(due_on=timezone.localdate() - timedelta(days=9))
    browser, page = signed_in(manager), reverse("issue", args=[made.pk])
    assert "Open it again" in browser.get(page).content.decode()
    after = browser.post(reverse("issue_reopen", args=[made.pk]), follow=True).content.decode()
    assert "It is open again." in after
    assert "A new reader is here." in after  # what was said stays
    assert "Open it again" not in after
    made.refresh_from_db()
    assert (made.state, made.due_on) == ("doing", timezone.localdate() + timedelta(days=7))
    assert [mail["To"].addresses[0].addr_spec for mail in post_office.deliver()] == [colleague.email]
    answer_issue(by=manager, issue=made, state="done", done="This one works.")
    assert [mail["To"].addresses[0].addr_spec for mail in post_office.deliver()] == [staff.email]


def test_an_end_that_was_taken_back_at_once_is_not_told(issue, manager, staff, signed_in, post_office):
    made = issue()
    post_office.deliver()
    answer_issue(by=manager, issue=made, state="declined", done="By mistake.")
    for _press in range(2):
        assert signed_in(manager).post(reverse("issue_reopen", args=[made.pk])).status_code == 302
    assert post_office.deliver() == []
    assert AuditEntry.objects.filter(verb="reopen_issue").count() == 1


def test_opened_again_after_its_owner_has_left_it_has_another_one(issue, manager, staff, sponsor):
    made = issue(owner=staff)
    answer_issue(by=manager, issue=made, state="done", done="Mended.")
    staff.is_active = False
    staff.save()
    assert reopen_issue(by=sponsor, issue=made)
    made.refresh_from_db()
    assert made.owner == manager
