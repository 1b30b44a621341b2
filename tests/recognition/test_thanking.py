"""Saying thank you: who may be thanked, in which words, and who reads it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from delight.organisation.models import AuditEntry
from delight.outbox.models import Message
from staff.recognition import services
from staff.recognition.models import Recipient, Recognition
from staff.recognition.refusing import KeyUsed, Refused
from tests.conftest import make_person
from tests.recognition.conftest import WORDS, page

FEED = reverse("feed")


def post(browser, name: str = "recognition_new", **fields):
    return browser.post(reverse(name), {"key": str(uuid4()), "text": WORDS} | fields)


def reads(browser, made: Recognition) -> bool:
    status = browser.get(reverse("recognition", args=[made.pk])).status_code
    assert status in (200, 404)
    assert (made.text in page(browser, FEED)) is (status == 200)
    return status == 200


# --- Whom -------------------------------------------------------------------------------------------------------


def test_one_or_several_colleagues_of_any_team_are_thanked(staff, colleague, outsider, signed_in):
    browser = signed_in(staff)
    answer = post(browser, to=[colleague.pk, outsider.pk])
    made = Recognition.objects.get()
    assert answer.headers["Location"] == reverse("recognition", args=[made.pk])
    assert {each.user for each in made.recipients.all()} == {colleague, outsider}
    assert "Cleo, Otto" in page(browser, FEED)


def test_a_whole_team_is_thanked_also_ones_own(staff, colleague, team, signed_in):
    assert post(signed_in(staff), team=team.pk).status_code == 302
    made = Recognition.objects.get()
    assert (made.team, made.recipients.count(), made.is_private) == (team, 0, False)


@pytest.mark.parametrize("whom", [{}, {"to": "both"}])
def test_people_or_a_team_but_not_nobody_and_not_both(whom, staff, colleague, team, signed_in):
    fields = {"to": [colleague.pk], "team": team.pk} if whom else {}
    answer = post(signed_in(staff), **fields)
    assert answer.status_code == 422
    assert "Choose whom you thank" in answer.content.decode()
    assert not Recognition.objects.exists()


def test_nobody_thanks_themselves_neither_by_the_form_nor_past_it(staff, colleague, thank, signed_in):
    assert post(signed_in(staff), to=[staff.pk]).status_code == 422
    with pytest.raises(Refused, match="for others"):
        thank(to=[colleague, staff])
    assert not Recognition.objects.exists()
    made = thank()
    with pytest.raises(IntegrityError, match="recipient_is_not_the_giver"), transaction.atomic():
        Recipient.objects.create(recognition=made, user=staff, by=staff)


def test_a_team_in_which_nobody_else_is_would_be_oneself(outsider, other_team, thank, make_customer):
    with pytest.raises(Refused, match="Nobody but you"):
        thank(by=outsider, to=[], team=other_team)
    make_person("Ola", other_team)
    assert thank(by=outsider, to=[], team=other_team).team == other_team


def test_who_has_left_is_not_thanked(staff, colleague, thank, signed_in):
    colleague.is_active = False
    colleague.save()
    assert post(signed_in(staff), to=[colleague.pk]).status_code == 422
    with pytest.raises(Refused, match="does not work here"):
        thank()


# --- In which words ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "is_enough"), [("x" * 19, False), (f"  {'x' * 19}  \n ", False), ("x" * 20, True)])
def test_it_says_something_at_least_twenty_characters(text, is_enough, staff, colleague, thank, signed_in):
    answer = post(signed_in(staff), to=[colleague.pk], text=text)
    assert answer.status_code == (302 if is_enough else 422)
    assert ("Say a little more" in answer.content.decode()) is not is_enough
    if not is_enough:
        with pytest.raises(Refused, match="20 characters"):
            thank(text=text)
        with pytest.raises(IntegrityError, match="recognition_says_something"), transaction.atomic():
            Recognition.objects.create(by=staff, text=text.strip())


def test_a_form_that_comes_back_has_lost_nothing(staff, colleague, outsider, signed_in):
    shown = " ".join(post(signed_in(staff), to=[outsider.pk], text="Thanks!").content.decode().split())
    assert f'name="to" value="{outsider.pk}" checked' in shown
    assert "Thanks!" in shown


def test_it_may_show_a_value_and_be_about_a_moment(staff, colleague, sponsor, make_moment, signed_in):
    value, moment = services.add_value(by=sponsor, name="Time for people"), make_moment()
    browser = signed_in(staff)
    post(browser, to=[colleague.pk], value=value.pk, moment=moment.pk)
    shown = page(browser, FEED)
    assert "Time for people" in shown
    assert reverse("moment", args=[moment.pk]) in shown


def test_neither_a_retired_value_nor_a_moment_that_is_not_told(staff, colleague, sponsor, make_moment, signed_in):
    value = services.add_value(by=sponsor, name="Speed")
    services.retire_value(by=sponsor, value=value)
    withdrawn = make_moment()
    withdrawn.state = "withdrawn"
    withdrawn.save()
    browser = signed_in(staff)
    assert post(browser, to=[colleague.pk], value=value.pk).status_code == 422
    assert post(browser, to=[colleague.pk], moment=withdrawn.pk).status_code == 422
    assert post(browser, to=[colleague.pk]).status_code == 302


def test_from_a_moment_its_author_is_chosen_and_the_moment(staff, colleague, make_moment, signed_in):
    moment = make_moment()
    link = f"{reverse('recognition_new')}?moment={moment.pk}"
    assert link in page(signed_in(staff), reverse("moment", args=[moment.pk]))
    assert link not in page(signed_in(colleague), reverse("moment", args=[moment.pk]))
    shown = page(signed_in(staff), link)
    assert f'value="{colleague.pk}" checked' in shown
    assert f'<option value="{moment.pk}" selected>Cleo: Tea for Olena' in shown


def test_from_a_persons_page_they_are_chosen(staff, colleague, signed_in):
    link = f"{reverse('recognition_new')}?to={colleague.pk}"
    assert link in page(signed_in(staff), reverse("person", args=[colleague.pk]))
    assert f'value="{colleague.pk}" checked' in page(signed_in(staff), link)
    assert "checked" not in page(signed_in(staff), f"{reverse('recognition_new')}?to=x")


def test_typing_finds_everybody_active_and_keeps_who_is_chosen(staff, colleague, outsider, signed_in):
    browser = signed_in(staff)
    assert "Otto" not in page(browser, reverse("recognition_new"))
    found = page(browser, reverse("recognition_who"), who_words="OTT", to=colleague.pk)
    assert f'value="{colleague.pk}" checked' in found
    assert f'value="{outsider.pk}">' in found
    assert "Nobody of this name" in page(browser, reverse("recognition_who"), who_words="Xaver")
    assert "Sam" not in page(browser, reverse("recognition_who"), who_words="sam")
    outsider.is_active = False
    outsider.save()
    assert "Otto" not in page(browser, reverse("recognition_who"), who_words="ott")


def test_without_a_script_a_button_finds_and_nothing_is_lost(staff, colleague, outsider, signed_in):
    answer = post(signed_in(staff), find="who", who_words="ott", to=[colleague.pk], text="Half a sen")
    shown = " ".join(answer.content.decode().split())
    assert answer.status_code == 200
    assert "Half a sen" in shown
    assert f'value="{colleague.pk}" checked' in shown
    assert f'value="{outsider.pk}">' in shown
    assert "Say a little more" not in shown


# --- Once -------------------------------------------------------------------------------------------------------


def test_pressed_twice_it_is_said_once(staff, colleague, signed_in):
    browser, key = signed_in(staff), str(uuid4())
    first, second = (post(browser, to=[colleague.pk], key=key) for _press in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Recognition.objects.count() == 1


def test_the_same_key_for_other_words_is_refused_and_another_persons_key_is_another(staff, manager, outsider, thank):
    key = uuid4()
    thank(key=key)
    with pytest.raises(KeyUsed):
        thank(key=key, text=f"{WORDS} Again!")
    with pytest.raises(KeyUsed):
        thank(key=key, to=[outsider])
    assert thank(key=key, by=manager).by == manager


# --- Who reads it -----------------------------------------------------------------------------------------------


def test_open_thanks_are_read_by_everybody(thank, outsider, other_manager, sponsor, signed_in):
    made = thank()
    assert all(reads(signed_in(user), made) for user in (outsider, other_manager, sponsor))


def test_private_ones_only_by_who_gave_them_and_whom_they_thank(
    thank, staff, colleague, outsider, manager, sponsor, signed_in
):
    made = thank(is_private=True)
    readers = {user.name: reads(signed_in(user), made) for user in (staff, colleague, outsider, manager, sponsor)}
    assert readers == {"Sam": True, "Cleo": True, "Otto": False, "Mert": False, "Olga": False}


def test_thanks_to_a_team_are_open(staff, colleague, team, thank, signed_in):
    answer = post(signed_in(staff), team=team.pk, is_private="on")
    assert "open to everybody" in answer.content.decode()
    with pytest.raises(Refused, match="open to everybody"):
        thank(to=[], team=team, is_private=True)
    with pytest.raises(IntegrityError, match="recognition_of_a_team_is_open"), transaction.atomic():
        Recognition.objects.create(by=staff, text=WORDS, team=team, is_private=True)


def test_to_somebody_alone_who_likes_it_so_they_are_private_and_the_page_says_so(
    staff, colleague, outsider, thank, signed_in
):
    services_taste(colleague, likes_public=False)
    browser = signed_in(staff)
    assert "likes thanks in private" in page(browser, reverse("recognition_new"))
    answer = browser.post(
        reverse("recognition_new"), {"key": str(uuid4()), "text": WORDS, "to": [colleague.pk]}, follow=True
    )
    assert "They like to be thanked in private" in answer.content.decode()
    assert Recognition.objects.get().is_private
    assert thank(to=[colleague, outsider]).is_private is False
    assert thank(to=[outsider]).is_private is False


def services_taste(user, **values):
    from staff.recognition.taste import set_taste

    return set_taste(user=user, **values)


# --- Taking it back ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "status"), [("staff", 302), ("manager", 302), ("sponsor", 302), ("colleague", 403)])
def test_who_gave_it_takes_it_back_or_a_manager_of_those_it_thanks(who, status, thank, signed_in, request):
    made = thank()
    user = request.getfixturevalue(who)
    assert signed_in(user).post(reverse("recognition_withdraw", args=[made.pk])).status_code == status
    assert reads(signed_in(made.by), made) is (status == 403)
    noted = AuditEntry.objects.filter(verb="withdraw_recognition").exists()
    assert noted is (who in ("manager", "sponsor"))


def test_a_manager_of_another_team_does_not(thank, other_manager, signed_in):
    answer = signed_in(other_manager).post(reverse("recognition_withdraw", args=[thank().pk]))
    assert answer.status_code == 403


def test_a_second_press_changes_nothing(thank, staff):
    made = thank()
    assert [services.withdraw(by=staff, recognition=made) for _press in range(2)] == [True, False]


# --- The feed ---------------------------------------------------------------------------------------------------


def test_the_feed_is_newest_first_fifty_to_a_page(thank, staff, signed_in):
    for number in range(51):
        thank(text=f"Number {number:02} of many good things")
    browser = signed_in(staff)
    first, second = page(browser, FEED), page(browser, FEED, page=2)
    assert first.index("Number 50") < first.index("Number 49")
    assert ("Number 00" in first, "Number 00" in second) == (False, True)


def test_the_feed_asks_the_same_however_much_there_is(
    thank, staff, colleague, manager, outsider, make_moment, signed_in, django_assert_num_queries
):
    browser = signed_in(staff)

    def one(number):
        made = thank(to=[colleague, outsider], moment=make_moment())
        services.react(by=manager, recognition=made, kind="heart", on=True)
        services.comment(by=outsider, recognition=made, text=f"True {number}")

    one(1)
    browser.get(FEED)
    with django_assert_num_queries(12):
        browser.get(FEED)
    one(2), one(3)
    with django_assert_num_queries(12):
        assert page(browser, FEED).count("<article") == 3


def test_without_any_the_feed_says_what_to_do(staff, signed_in):
    assert "The first thanks are yours" in page(signed_in(staff), FEED)


def test_no_figure_of_anybodys_thanks_is_anywhere(thank, staff, colleague, manager, sponsor, signed_in):
    for number in range(7):
        services.react(by=staff, recognition=thank(by=manager, text=f"{WORDS} {'x' * number}"), kind="heart", on=True)
    for user in (manager, sponsor):
        for url in (FEED, reverse("quiet"), reverse("person", args=[colleague.pk]), reverse("home")):
            main = page(signed_in(user), url).partition("<main")[2]
            assert not [bad for bad in (">7<", " 7 ", "points", "ranking", "most thanked") if bad in main.lower()]


def test_nothing_of_it_is_mailed_at_once_when_it_is_open(thank):
    thank()
    assert not Message.objects.filter(kind="recognition").exists()
