"""Closing a follow-up and handing it on, through the page."""

import pytest

from delight.organisation.models import AuditEntry
from surveys.followups.models import FollowUp, Outcome

WORDS = {
    "result": "solved",
    "happened": "Said sorry; the next cut is free.",
    "what_else": "Beard oil",
    "who_else": "A cousin",
}


def post(browser, follow_up, verb: str = "close", **data):
    return browser.post(f"/follow-ups/{follow_up.pk}/{verb}/", data or WORDS)


def test_the_owner_closes_it_and_the_page_shows_what_came_of_it(follow_up, staff, signed_in):
    browser = signed_in(staff)
    assert post(browser, follow_up).url == "/follow-ups/"
    page = browser.get(f"/follow-ups/{follow_up.pk}/").content.decode()
    for words in ("and it is put right", "the next cut is free", "Beard oil", "A cousin", "Sam"):
        assert words in page
    assert "<form" not in page.split("<main")[1]
    assert AuditEntry.objects.filter(verb="close_follow_up", object_id=follow_up.pk, actor=staff).exists()


@pytest.mark.parametrize("who", ["manager", "sponsor"])
def test_a_manager_of_the_team_and_a_sponsor_may_close_it(who, request, follow_up, signed_in):
    person = request.getfixturevalue(who)
    post(signed_in(person), follow_up)
    assert Outcome.objects.get().by == person


@pytest.mark.parametrize("who", ["colleague", "outsider", "other_manager"])
def test_others_may_not_even_see_it(who, request, follow_up, signed_in):
    browser = signed_in(request.getfixturevalue(who))
    assert browser.get(f"/follow-ups/{follow_up.pk}/").status_code == 404
    assert post(browser, follow_up).status_code == 404
    assert post(browser, follow_up, "assign", owner=follow_up.owner_id).status_code == 404
    assert FollowUp.objects.get().is_open


@pytest.mark.parametrize("missing", ["result", "happened"])
def test_how_it_ended_and_what_happened_are_needed(missing, follow_up, staff, signed_in):
    page = post(signed_in(staff), follow_up, **{**WORDS, missing: ""}).content.decode()
    assert FollowUp.objects.get().is_open
    assert "invalid-feedback" in page
    assert "Beard oil" in page


def test_nobody_can_choose_the_machines_own_result(follow_up, staff, signed_in):
    post(signed_in(staff), follow_up, **{**WORDS, "result": "withdrawn"})
    assert FollowUp.objects.get().is_open


def test_a_form_posted_twice_closes_once_and_says_nothing_odd(follow_up, staff, signed_in):
    browser = signed_in(staff)
    assert post(browser, follow_up).status_code == 302
    assert post(browser, follow_up).status_code == 302
    assert Outcome.objects.count() == 1


def test_who_comes_second_is_told_and_keeps_the_words_on_the_screen(follow_up, staff, manager, signed_in):
    post(signed_in(staff), follow_up)
    answer = post(signed_in(manager), follow_up, **{**WORDS, "happened": "I reached her by mail."})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "closed already, by: Sam" in page
    assert "I reached her by mail." in page
    assert Outcome.objects.get().by == staff


def test_handing_on_gives_it_to_somebody_else_only(follow_up, staff, colleague, signed_in):
    browser = signed_in(staff)
    assert post(browser, follow_up, "assign", owner=colleague.pk).url == "/follow-ups/"
    assert FollowUp.objects.get().owner == colleague
    assert browser.get(f"/follow-ups/{follow_up.pk}/").status_code == 404
    assert signed_in(colleague).get(f"/follow-ups/{follow_up.pk}/").status_code == 200
    assert AuditEntry.objects.get(verb="assign_follow_up").fields == ["owner"]


def may_be_given(browser, follow_up) -> set[str]:
    form = browser.get(f"/follow-ups/{follow_up.pk}/").context["assign_form"]
    return {person.name for person in form.fields["owner"].queryset}


def test_what_no_team_serves_a_sponsor_gives_to_anybody_and_a_manager_to_own_people(
    answered, make_customer, staff, colleague, outsider, manager, other_manager, sponsor, signed_in
):
    answered(make_customer(owner=staff), 3)
    follow_up, of_team = FollowUp.objects.get(), {"Cleo", "Mert", "Nina", "Olga"}
    outsider.is_active = False
    outsider.save()
    assert may_be_given(signed_in(sponsor), follow_up) == of_team
    outsider.is_active = True
    outsider.save()
    assert may_be_given(signed_in(sponsor), follow_up) == {*of_team, "Otto"}
    assert may_be_given(signed_in(manager), follow_up) == of_team
    assert may_be_given(signed_in(staff), follow_up) == of_team - {"Cleo"}


@pytest.mark.parametrize("who", ["outsider", "left"])
def test_it_goes_to_people_of_the_team_and_managers_only(
    who, follow_up, manager, outsider, other_manager, colleague, signed_in
):
    colleague.is_active = False
    colleague.save()
    wrong = outsider if who == "outsider" else colleague
    browser = signed_in(manager)
    assert "invalid-feedback" in post(browser, follow_up, "assign", owner=wrong.pk).content.decode()
    assert FollowUp.objects.get().owner != wrong
    post(browser, follow_up, "assign", owner=other_manager.pk)
    assert FollowUp.objects.get().owner == other_manager


@pytest.mark.parametrize("email", ["cleo@barber.example", None])
def test_handing_on_promises_a_mail_only_where_one_can_arrive(
    email, follow_up, colleague, manager, signed_in, post_office
):
    colleague.email = email
    colleague.save()
    post_office.deliver()
    browser = signed_in(manager)
    post(browser, follow_up, "assign", owner=colleague.pk)
    page = browser.get("/follow-ups/").content.decode()
    assert FollowUp.objects.get().owner == colleague
    sent = [mail["To"] for mail in post_office.deliver()]
    assert ("A mail is on its way" in page, len(sent)) == ((True, 1) if email else (False, 0))
    assert ("There is no e-mail address" in page) is (email is None)


def test_a_closed_one_is_not_handed_on(follow_up, staff, colleague, manager, signed_in):
    post(signed_in(staff), follow_up)
    browser = signed_in(manager)
    answer = browser.post(f"/follow-ups/{follow_up.pk}/assign/", {"owner": colleague.pk}, follow=True)
    assert "closed already, by: Sam" in answer.content.decode()
    assert FollowUp.objects.get().owner == staff


def test_nobody_closes_what_they_have_not_read(follow_up, staff, signed_in):
    browser = signed_in(staff)
    page = browser.get(f"/follow-ups/{follow_up.pk}/").content.decode()
    assert f'name="seen" value="{follow_up.response_id}"' in page
    page = post(browser, follow_up, **WORDS, seen=follow_up.response_id + 1000).content.decode()
    assert "Another answer has come in meanwhile" in page
    assert WORDS["happened"] in page
    follow_up.refresh_from_db()
    assert follow_up.is_open
    post(browser, follow_up, **WORDS, seen=follow_up.response_id)
    follow_up.refresh_from_db()
    assert not follow_up.is_open
