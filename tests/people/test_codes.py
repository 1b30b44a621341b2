"""Joining by a code that a manager shows, and without an e-mail address."""

import re
from datetime import timedelta
from functools import partial
from urllib.parse import unquote

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from delight.outbox.models import Message
from staff.people.desks import enrol_desk
from staff.people.login_names import free_login_name, in_latin
from staff.people.models import JoinInvitation, Membership, User
from staff.people.services import invite_person, join_token, show_invitation, show_password_link
from tests.conftest import PASSWORD, make_person
from tests.people.together import together

ANSWERS = {"name": "Oksana Шевчук", "password": "seven green bicycles", "language": "uk", "email": "", "login_name": ""}


def link(invitation: JoinInvitation) -> str:
    return reverse("join", args=[join_token(invitation)])


def without_mail(team, name: str = "Nora") -> User:
    user = User.objects.create_user(None, PASSWORD, name=name, login_name=name.lower())
    Membership.objects.create(user=user, team=team)
    return user


@pytest.fixture
def shown(manager, team):
    return show_invitation(by=manager, team=team)


# --- Showing ----------------------------------------------------------------------------------------------------


def test_from_the_managers_screen_to_the_new_colleagues_phone(manager, team, signed_in, client):
    screen = signed_in(manager)
    answer = screen.post(reverse("invite_person"), {"team": team.pk, "role": "staff", "how": "show"}, follow=True)
    page = answer.content.decode()
    url = re.search(rf"{re.escape(settings.BASE_URL)}(/join/[\w-]+/)", page)[1]
    assert 'src="data:image/svg+xml' in page
    assert not Message.objects.exists()

    assert client.get(url).status_code == 200
    assert client.post(url, ANSWERS).headers["Location"] == reverse("home")

    oksana = User.objects.get(name=ANSWERS["name"])
    assert (oksana.email, oksana.login_name, oksana.language) == (None, "oksana.shevchuk", "uk")
    assert Membership.objects.now().get(user=oksana).team == team
    assert client.session["_auth_user_id"] == str(oksana.pk)
    assert "oksana.shevchuk" in client.get(reverse("profile")).content.decode()
    after = screen.get(answer.request["PATH_INFO"]).content.decode()
    assert oksana.name in after
    assert "/join/" not in after
    assert "hx-get" not in after


def test_the_code_is_the_link(shown, manager, signed_in):
    import segno

    page = signed_in(manager).get(reverse("join_code", args=[shown.pk])).content.decode()
    source = unquote(re.search(r'src="data:image/svg\+xml[^,]*,([^"]+)"', page)[1])
    url = settings.BASE_URL + link(shown)
    dark_squares = re.findall(r"""d=.(M[^"']+)""", source)[-1]
    assert dark_squares in segno.make(url, error="m", micro=False).svg_inline(border=3)


def test_a_shown_code_works_once_and_for_a_day(shown, client):
    with time_machine.travel(timezone.now() + timedelta(hours=23)):
        assert client.get(link(shown)).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert client.get(link(shown)).status_code == 404
    assert client.post(link(shown), ANSWERS).status_code == 302
    assert Client().post(link(shown), ANSWERS).status_code == 404
    assert User.objects.filter(name=ANSWERS["name"]).count() == 1


def test_a_second_code_leaves_the_first_one_open(shown, manager, team):
    show_invitation(by=manager, team=team)
    assert JoinInvitation.objects.open().count() == 2


def test_a_code_is_withdrawn_and_shown_afresh(shown, manager, signed_in, client):
    screen = signed_in(manager)
    assert "Somebody with a code" in screen.get(reverse("team_list")).content.decode()
    screen.post(reverse("join_revoke", args=[shown.pk]))
    assert client.get(link(shown)).status_code == 404
    assert "withdrawn" in screen.get(reverse("join_code", args=[shown.pk])).content.decode()
    answer = screen.post(reverse("join_again", args=[shown.pk]))
    fresh = JoinInvitation.objects.open().get()
    assert answer.headers["Location"] == reverse("join_code", args=[fresh.pk])
    assert client.get(link(fresh)).status_code == 200


def test_the_code_page_is_for_those_who_manage_the_team(shown, staff, other_manager, sponsor, signed_in):
    url = reverse("join_code", args=[shown.pk])
    assert signed_in(staff).get(url).status_code == 403
    assert signed_in(other_manager).get(url).status_code == 404
    page = signed_in(sponsor).get(url)
    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]


def test_a_mailed_link_is_shown_to_nobody(manager, team, sponsor, signed_in):
    signed_in(manager).post(reverse("invite_person"), {"team": team.pk, "role": "staff", "email": "a@mail.example"})
    mailed = JoinInvitation.objects.get(email="a@mail.example")
    assert signed_in(sponsor).get(reverse("join_code", args=[mailed.pk])).status_code == 404


def test_a_mail_needs_an_address_and_a_sponsor_a_mail(sponsor, team, signed_in):
    client, form = signed_in(sponsor), {"team": team.pk, "role": "staff"}
    assert "email" in client.post(reverse("invite_person"), form).context["form"].errors
    bad = {**form, "how": "show", "is_sponsor": "on"}
    assert "is_sponsor" in client.post(reverse("invite_person"), bad).context["form"].errors
    assert not JoinInvitation.objects.exists()


# --- Sign-in names ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("Оксана Шевчук", "oksana.shevchuk"),
        ("Юлія Їжак", "yuliya.yizhak"),
        ("Ёлкин Пётр", "yolkin.pyotr"),
        ("Mehmet YILDIZ", "mehmet.yildiz"),
        ("Inês d'Água", "ines.dagua"),
        ("İpek Işık", "ipek.isik"),
        ("王芳", ""),
    ],
)
def test_a_sign_in_name_is_made_from_any_name(name, made):
    assert in_latin(name) == made


def test_a_second_anna_gets_another_sign_in_name(team):
    without_mail(team, "Anna")
    assert free_login_name("Anna") == "anna.2"
    assert free_login_name("王芳") == "colleague"


@pytest.mark.parametrize("name", ["Anna Кова", "анна", "anna@home", "a..b", ".a", "nora"])
def test_an_odd_or_taken_sign_in_name_is_refused_and_the_link_stays_good(shown, team, client, name):
    without_mail(team, "Nora")
    page = client.post(link(shown), {**ANSWERS, "login_name": name})
    assert "login_name" in page.context["form"].errors
    assert client.post(link(shown), {**ANSWERS, "login_name": "Nora.K"}).status_code == 302
    assert User.objects.filter(login_name="nora.k").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("login_name", "second"), [("oksana", "refused"), ("", "oksana.shevchuk.2")])
def test_of_two_who_choose_one_sign_in_name_at_once_one_gets_another(manager, team, login_name, second):
    codes = [show_invitation(by=manager, team=team) for _ in range(2)]
    joins = [partial(Client().post, link(code), {**ANSWERS, "login_name": login_name}) for code in codes]
    ends = together(*joins, held=JoinInvitation.objects.all())
    names = set(User.objects.filter(name=ANSWERS["name"]).values_list("login_name", flat=True))
    if second == "refused":
        assert names == {"oksana"}
        (page,) = [end for end in ends if end.status_code == 200]
        assert "oksana.2" in str(page.context["form"].errors["login_name"])
        assert JoinInvitation.objects.open().count() == 1
    else:
        assert names == {"oksana.shevchuk", second}


def test_whoever_has_just_joined_is_led_to_a_pin_and_not_asked_for_the_password_again(shown, manager, team, client):
    enrol_desk(by=manager, team=team, name="Front desk")
    home = client.post(link(shown), {**ANSWERS, "language": "en"}, follow=True)
    pointer = f'<a href="{reverse("own_pin")}">'
    assert pointer in home.content.decode()
    page = client.get(reverse("own_pin"))
    assert page.status_code == 200
    assert pointer not in client.get(reverse("home")).content.decode()


def test_without_a_shared_device_nobody_speaks_of_one(shown, client):
    home = client.post(link(shown), {**ANSWERS, "language": "en"}, follow=True)
    assert reverse("own_pin") not in home.content.decode()


def test_nobody_takes_an_address_that_has_a_login_or_waits_for_one(shown, manager, staff, team, client):
    JoinInvitation.objects.create(email="boss@barber.example", team=team, invited_by=manager)
    for email in (staff.email.upper(), "boss@barber.example"):
        page = client.post(link(shown), {**ANSWERS, "email": email})
        assert "email" in page.context["form"].errors


@pytest.mark.parametrize("typed", ["nora", " NORA ", "Nora"])
def test_people_sign_in_with_their_sign_in_name(team, client, typed):
    nora = without_mail(team)
    client.post(reverse("account_login"), {"login": typed, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(nora.pk)


def test_a_wrong_password_with_a_sign_in_name_lets_nobody_in(team, client):
    without_mail(team)
    page = client.post(reverse("account_login"), {"login": "nora", "password": "wrong password"})
    other = client.post(reverse("account_login"), {"login": "nobody", "password": "wrong password"})
    assert "_auth_user_id" not in client.session
    assert page.context["form"].errors == other.context["form"].errors


def test_pages_say_nothing_of_an_address_that_is_not_there(team, manager, signed_in):
    nora = without_mail(team)
    for client in (signed_in(nora), signed_in(manager)):
        for url in (reverse("home"), reverse("person", args=[nora.pk]), reverse("profile")):
            assert "None" not in client.get(url).content.decode()


# --- A new password without mail --------------------------------------------------------------------------------


def test_a_manager_shows_a_link_for_a_new_password_and_other_sessions_end(team, manager, signed_in, client):
    nora = without_mail(team)
    former = signed_in(nora)
    answer = signed_in(manager).post(reverse("person_password_link", args=[nora.pk]), follow=True)
    url = re.search(r"/join/[\w-]+/", answer.content.decode())[0]
    assert "nora" in client.get(url).content.decode()
    assert "password" in client.post(url, {"password": "short"}).context["form"].errors

    assert client.post(url, {"password": "clippers and combs"}).headers["Location"] == reverse("home")

    assert client.session["_auth_user_id"] == str(nora.pk)
    assert former.get(reverse("profile")).status_code == 302
    nora.refresh_from_db()
    assert nora.check_password("clippers and combs")
    assert Client().post(url, {"password": "another good one"}).status_code == 404
    assert User.objects.filter(login_name="nora").count() == 1


def test_a_newer_link_for_a_password_replaces_the_former(team, manager, client):
    nora = without_mail(team)
    first, second = (show_password_link(by=manager, person=nora) for _ in range(2))
    assert client.get(link(first)).status_code == 404
    assert client.get(link(second)).status_code == 200


def test_whoever_has_left_gets_no_new_password(team, manager, client):
    nora = without_mail(team)
    shown = show_password_link(by=manager, person=nora)
    User.objects.filter(pk=nora.pk).update(is_active=False)
    assert client.get(link(shown)).status_code == 404


def _to_another_team(nora, other_team):
    Membership.objects.filter(user=nora).update(team=other_team)


def _a_sponsor(nora, other_team):
    User.objects.filter(pk=nora.pk).update(is_sponsor=True)


@pytest.mark.parametrize("becomes", [_to_another_team, _a_sponsor])
def test_a_managers_link_opens_nobody_whom_they_manage_no_longer(team, other_team, manager, client, becomes):
    nora = without_mail(team)
    shown = show_password_link(by=manager, person=nora)
    becomes(nora, other_team)
    assert client.get(link(shown)).status_code == 404
    assert client.post(link(shown), {"password": "clippers and combs"}).status_code == 404
    nora.refresh_from_db()
    assert nora.check_password(PASSWORD)


def test_who_manages_a_team_no_longer_lets_nobody_into_it(shown, manager, sponsor, team, client):
    mailed = invite_person(by=manager, email="ada@barber.example", team=team)
    Membership.objects.filter(user=manager).update(role="staff")
    assert client.get(link(shown)).status_code == 404
    assert client.get(link(mailed)).status_code == 404
    assert client.get(link(show_invitation(by=sponsor, team=team))).status_code == 200


def test_for_whom_a_link_may_be_shown(team, manager, staff, other_manager, colleague, sponsor, signed_in):
    nora = without_mail(team)
    url = reverse("person_password_link", args=[nora.pk])
    assert signed_in(colleague).post(url).status_code == 403
    assert signed_in(other_manager).post(url).status_code == 404
    # With an address the mail is the way, and nobody else sees the link.
    assert signed_in(sponsor).post(reverse("person_password_link", args=[staff.pk])).status_code == 403
    assert not JoinInvitation.objects.exists()
    assert signed_in(sponsor).post(url).status_code == 302
    assert signed_in(manager).post(url).status_code == 302


def test_a_manager_sees_no_password_link_of_another_team(team, other_team, manager, other_manager, signed_in):
    shown = show_password_link(by=manager, person=without_mail(team))
    for name in ("join_revoke", "join_again"):
        assert signed_in(other_manager).post(reverse(name, args=[shown.pk])).status_code == 404
    assert JoinInvitation.objects.open().get() == shown


def test_links_with_an_address_stay_what_they_were(manager, team, client):
    make_person("Ada")
    shown = JoinInvitation.objects.create(email="ada@barber.example", team=team, invited_by=manager)
    assert client.get(link(shown)).status_code == 404
