"""What the pages of recognition say: who reads it, how people hear of it, and what a press does."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from delight.lib.tokens import make_token
from delight.organisation.models import Organisation
from staff.recognition import services
from staff.recognition.models import Recognition
from staff.recognition.taste import set_taste
from tests.recognition.conftest import WORDS, page


def answer_to(browser, name: str, *args, **fields) -> str:
    answer = browser.post(reverse(name, args=args), fields, follow=True)
    return " ".join(answer.content.decode().split())


def thanked(browser, name="recognition_new", **fields) -> str:
    return answer_to(browser, name, **({"key": str(uuid4()), "text": WORDS} | fields))


# --- Thanks -----------------------------------------------------------------------------------------------------


def test_after_private_thanks_the_page_says_who_reads_them(staff, colleague, outsider, signed_in):
    browser = signed_in(staff)
    assert "Thank you. Only Cleo reads it." in thanked(browser, to=[colleague.pk], is_private="on")
    assert "Only those whom you thank read it." in thanked(browser, to=[colleague.pk, outsider.pk], is_private="on")


def test_after_open_ones_it_says_how_they_are_told(staff, manager, colleague, team, signed_in):
    weekly, at_once = "and comes with the weekly mail", "they are told at once"
    assert weekly in thanked(signed_in(staff), to=[colleague.pk])
    assert weekly in thanked(signed_in(staff), team=team.pk)
    assert at_once in thanked(signed_in(manager), "spotlight_new", to=[colleague.pk])


def test_a_spotlight_on_a_whole_team_is_mailed_to_nobody_at_once(manager, staff, team, signed_in):
    assert "and comes with the weekly mail" in thanked(signed_in(manager), "spotlight_new", team=team.pk)


@pytest.mark.parametrize("name", ["recognition_new", "treat_new"])
def test_how_long_it_must_be_is_said_beforehand(name, manager, staff, signed_in):
    shown = page(signed_in(manager), reverse(name))
    assert "t least 20 characters" in shown.replace("minlength", "")


def test_one_that_is_too_short_comes_back_with_all_that_was_chosen(staff, colleague, sponsor, make_moment, signed_in):
    value, moment = services.add_value(by=sponsor, name="Time for people"), make_moment()
    shown = thanked(
        signed_in(staff), to=[colleague.pk], text="Thanks!", value=value.pk, moment=moment.pk, is_private="on"
    )
    assert "Say a little more" in shown
    assert ">Thanks!</textarea>" in shown.replace(" </textarea>", "</textarea>").replace("> Thanks", ">Thanks")
    assert f'name="to" value="{colleague.pk}" checked' in shown
    assert f'<option value="{moment.pk}" selected' in shown
    assert shown.count("checked") == 3  # whom, the value, only for them


def test_what_a_value_means_stands_beside_it(staff, sponsor, signed_in):
    services.add_value(by=sponsor, name="One house", meaning="We fill in for <each other>.")
    services.add_value(by=sponsor, name="Speed")
    shown = page(signed_in(staff), reverse("recognition_new"))
    assert "We fill in for &lt;each other&gt;." in shown
    assert "Speed</span>" in shown


def test_who_looks_for_themselves_is_told_that_thanks_go_to_others(staff, signed_in):
    shown = page(signed_in(staff), reverse("recognition_who"), who_words="sam")
    assert "thanks go to others" in shown
    assert "Nobody of this name" not in shown


def test_looking_for_a_name_loses_neither_who_is_chosen_nor_the_team(staff, colleague, manager, outsider, signed_in):
    browser, url = signed_in(staff), reverse("recognition_who")
    chosen = f'value="{colleague.pk}" checked'
    assert chosen in page(browser, url, who_words="ott", to=colleague.pk)
    nobody = page(browser, url, who_words="xaver", to=colleague.pk)
    assert "Nobody of this name" in nobody
    assert chosen in nobody
    assert "Mert" in nobody
    assert "Nobody of this name" not in page(browser, url, who_words="cleo", to=colleague.pk)


# --- Taken back -------------------------------------------------------------------------------------------------


def test_what_was_taken_back_says_so_to_those_who_could_read_it(thank, staff, colleague, outsider, signed_in):
    open_one, private = thank(), thank(is_private=True, text=f"{WORDS} Private.")
    for made in (open_one, private):
        services.withdraw(by=staff, recognition=made)

    def seen(user, made):
        answer = signed_in(user).get(reverse("recognition", args=[made.pk]))
        assert (answer.status_code, WORDS in answer.content.decode()) == (404, False)
        return "were taken back" in answer.content.decode()

    assert [seen(user, open_one) for user in (staff, colleague, outsider)] == [True, True, True]
    assert [seen(user, private) for user in (staff, colleague, outsider)] == [True, True, False]


def test_nobody_learns_so_of_praise_that_was_never_shared(draft, manager, staff, signed_in):
    url = reverse("recognition", args=[draft.pk])
    signed_in(manager).post(reverse("draft_decide", args=[draft.pk]), {"what": "drop"})
    for user in (staff, manager):
        assert "taken back" not in signed_in(user).get(url).content.decode()


def test_of_praise_that_was_shared_they_do(draft, manager, staff, signed_in):
    services.release_praise(by=manager, recognition=draft)
    services.withdraw(by=manager, recognition=Recognition.objects.get())
    assert "were taken back" in signed_in(staff).get(reverse("recognition", args=[draft.pk])).content.decode()


# --- Customers' praise ------------------------------------------------------------------------------------------


@pytest.fixture
def of_the_team(customer, team):
    return services.draft_praise(source="response:2", customer=customer, text="You are all lovely.", team=team)


def test_the_page_of_drafts_does_not_say_that_nobody_knows_the_words(draft, manager, signed_in):
    shown = page(signed_in(manager), reverse("drafts"))
    assert "nobody else knows" not in shown
    assert "Whoever may read the customer’s answer has the words there already." in shown


def test_not_to_share_it_is_called_so_and_asked_once_more(draft, manager, signed_in):
    shown = page(signed_in(manager), reverse("drafts"))
    assert "Let it be" not in shown
    question = shown.partition(f'<dialog id="drop-{draft.pk}"')[2].partition("</dialog>")[0]
    assert "Do not share this praise?" in question
    assert 'name="what" value="drop"' in question
    assert shown.count('value="drop"') == 1
    assert "It will not be passed on." in answer_to(signed_in(manager), "draft_decide", draft.pk, what="drop")


@pytest.mark.parametrize("what", ["open", "private"])
def test_released_praise_is_mailed_at_once_to_whom_it_names(what, draft, manager, staff, signed_in, post_office):
    shown = answer_to(signed_in(manager), "draft_decide", draft.pk, what=what)
    assert "at once" in shown
    mail, *more = post_office.deliver()
    assert (mail["To"], more) == (f"Sam <{staff.email}>", [])
    assert "praise" in mail["Subject"]
    assert "Sam was wonderful to me." in mail.get_body(("plain",)).get_content()


def test_that_of_a_whole_team_comes_with_the_mail_of_the_week(of_the_team, manager, signed_in, post_office):
    shown = answer_to(signed_in(manager), "draft_decide", of_the_team.pk, what="open")
    assert "with the weekly mail" in shown
    assert post_office.deliver() == []


# --- In front of others -----------------------------------------------------------------------------------------


def test_a_wall_names_who_likes_no_praise_there_neither_as_thanked_nor_as_giver(thank, staff, manager, team, signed_in):
    thank()
    wall = services.make_wall(by=manager, name="Kitchen", team=team)
    url = reverse("wall", args=[make_token("wall", wall.public_id)])
    assert "from: Sam" in page(Client(), url)
    set_taste(user=staff, likes_public=False)
    shown = page(Client(), url)
    assert WORDS in shown
    assert "from a colleague" in shown
    assert "Sam" not in shown


def test_the_own_page_says_what_stays_and_what_does_not(thank, staff, colleague, outsider, signed_in):
    thank()
    set_taste(user=colleague, likes_public=False)
    assert WORDS in page(signed_in(outsider), reverse("feed"))
    shown = page(signed_in(colleague), reverse("profile"))
    assert "What was open stays in the feed." in shown
    assert "neither as the one who is thanked nor as the one who thanks" in shown


def test_each_form_of_the_own_page_has_a_heading_and_says_what_it_saves(staff, signed_in):
    main = page(signed_in(staff), reverse("profile")).partition("<main")[2].partition("</main>")[0]
    assert ">Save</button>" not in main
    for heading, button in (
        ("Name, language and time zone", "Save name and language"),
        ("How you like to be thanked", "Save how you like to be thanked"),
    ):
        assert f">{heading}</h2>" in main
        assert f">{button}</button>" in main


# --- Where it is reached ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [reverse("organisation"), reverse("help_topic", args=["settings"])])
def test_from_the_settings_and_their_help_the_rooms_own_are_reached(url, sponsor, signed_in):
    main = page(signed_in(sponsor), url).partition("<main")[2].partition("</main>")[0]
    for name in ("values", "walls", "wins", "pulse"):
        assert f'href="{reverse(name)}"' in main


def test_the_settings_do_not_lead_to_hidden_rooms(sponsor, signed_in):
    Organisation.objects.update(hidden_rooms=["recognition", "wins"])
    main = page(signed_in(sponsor), reverse("organisation")).partition("<main")[2].partition("</main>")[0]
    for name in ("values", "walls", "wins", "pulse"):
        assert f'href="{reverse(name)}"' not in main


@pytest.mark.parametrize("who", ["staff", "manager", "sponsor"])
def test_from_today_thanks_and_issues_are_one_tap_away(who, organisation, team, request, signed_in):
    browser = signed_in(request.getfixturevalue(who))
    head = page(browser, reverse("home")).partition("<main")[2].partition('class="stack"')[0]
    assert f'href="{reverse("recognition_new")}"' in head
    assert f'href="{reverse("issue_new")}"' in head
    Organisation.objects.update(hidden_rooms=["recognition"])
    assert reverse("recognition_new") not in page(browser, reverse("home")).partition("<main")[2]
