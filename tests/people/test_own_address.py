"""An address that somebody typed in while joining by a code is theirs once they have opened the link in the mail."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from delight.front.morning import plan_mornings
from delight.outbox.models import Message
from staff.people.models import ClaimedAddress, User
from staff.people.services import join_token, show_invitation
from surveys.followups.models import FollowUp
from tests.conftest import PASSWORD, html_of, make_person, text_of

ANSWERS = {"name": "Oksana", "password": "seven green bicycles", "language": "en", "login_name": "", "email": ""}
ADDRESS = "oksana@mail.example"


@pytest.fixture
def oksana(manager, team):
    """Her browser, just after joining with an address of which nobody knows whose it is."""
    client = Client()
    shown = show_invitation(by=manager, team=team)
    client.post(reverse("join", args=[join_token(shown)]), {**ANSWERS, "email": "Oksana@Mail.example"})
    client.person = User.objects.get(name="Oksana")
    return client


def link_in(mail) -> str:
    (url,) = {word for word in text_of(mail).split() if word.startswith(settings.BASE_URL)}
    assert url in html_of(mail)
    return url.removeprefix(settings.BASE_URL)


def test_until_then_there_is_a_sign_in_name_and_no_address(oksana, post_office, client):
    assert (oksana.person.email, oksana.person.login_name) == (None, "oksana")
    page = oksana.get(reverse("home")).content.decode()
    assert ADDRESS in page
    assert "oksana@mail.example" in oksana.get(reverse("profile")).content.decode()
    client.post(reverse("account_login"), {"login": "oksana", "password": ANSWERS["password"]})
    assert client.session["_auth_user_id"] == str(oksana.person.pk)


def test_the_link_and_a_press_make_it_hers(oksana, post_office, client):
    (mail,) = post_office.deliver()
    assert mail["To"] == ADDRESS
    url = link_in(mail)
    assert oksana.get(url).status_code == 200
    assert User.objects.get(name="Oksana").email is None  # opened, not pressed
    oksana.post(url)
    assert User.objects.get(name="Oksana").email == ADDRESS
    assert not ClaimedAddress.objects.exists()
    assert oksana.post(url).status_code == 404
    client.post(reverse("account_login"), {"login": ADDRESS, "password": ANSWERS["password"]})
    assert client.session["_auth_user_id"] == str(oksana.person.pk)


def test_nobody_else_confirms_it(oksana, staff, signed_in, post_office, client):
    url = link_in(post_office.deliver()[0])
    assert client.post(url).status_code == 302  # to the login page
    assert signed_in(staff).post(url).status_code == 404
    assert User.objects.get(name="Oksana").email is None


def test_the_mail_to_an_unknown_address_names_nobody(oksana, post_office):
    (mail,) = post_office.deliver()
    assert "Oksana" not in text_of(mail).replace(ADDRESS, "")
    assert "Oksana" not in html_of(mail).replace(ADDRESS, "")


def test_nothing_else_is_mailed_there(oksana, post_office, make_customer, team, survey, client):
    post_office.deliver()
    client.post(reverse("account_reset_password"), {"email": ADDRESS})
    customer = make_customer("Mark Oduya", team=team, owner=oksana.person)
    FollowUp.objects.create(
        customer=customer, owner=oksana.person, team=team, asked="unhappy", due_at=timezone.now() - timedelta(hours=1)
    )
    FollowUp.objects.update(due_at=timezone.now() - timedelta(days=2))
    plan_mornings()
    assert [mail for mail in post_office.deliver() if ADDRESS in mail["To"]] == []
    assert not Message.objects.filter(kind="password-reset").exists()
    assert "Mark Oduya" in oksana.get(reverse("home")).content.decode()


def test_a_mistyped_address_is_put_right(oksana, post_office, client):
    first = link_in(post_office.deliver()[0])
    page = oksana.get(reverse("own_address"))
    assert ADDRESS in page.content.decode()
    oksana.post(reverse("own_address"), {"email": "oksana.s@mail.example"})
    (mail,) = post_office.deliver()
    assert mail["To"] == "oksana.s@mail.example"
    assert oksana.post(first).status_code == 404
    oksana.post(link_in(mail))
    assert User.objects.get(name="Oksana").email == "oksana.s@mail.example"
    assert oksana.get(reverse("own_address")).status_code == 302  # there is one


def test_not_more_than_ten_mails_an_hour(oksana):
    for _ in range(10):
        assert oksana.post(reverse("own_address"), {"email": ADDRESS}).status_code == 302
    page = oksana.post(reverse("own_address"), {"email": ADDRESS})
    assert page.context["form"].errors["email"]
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert oksana.get(reverse("own_address")).status_code in (200, 302)


def test_whoever_proves_it_first_has_it(oksana, post_office):
    url = link_in(post_office.deliver()[0])
    User.objects.create_user(ADDRESS, PASSWORD, name="Olena")
    page = oksana.post(url, follow=True)
    assert "cannot be used" in page.content.decode()
    assert User.objects.get(name="Oksana").email is None


def test_whoever_finds_an_open_phone_gives_no_address(team, signed_in):
    nora = User.objects.create_user(None, PASSWORD, name="Nora", login_name="nora")
    browser = signed_in(nora)
    assert "reauthenticate" in browser.post(reverse("own_address"), {"email": ADDRESS}).headers["Location"]
    assert not ClaimedAddress.objects.exists()


def test_the_link_works_for_seven_days(oksana, post_office, signed_in):
    url = link_in(post_office.deliver()[0])
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert signed_in(oksana.person).post(url).status_code == 404


def test_a_mailed_invitation_has_shown_whose_address_it_is(manager, team, client):
    from staff.people.services import invite_person

    client.post(
        reverse("join", args=[join_token(invite_person(by=manager, email="ada@mail.example", team=team))]), ANSWERS
    )
    assert User.objects.get(email="ada@mail.example")
    assert make_person("Ben").email
