"""Logging in, a forgotten password, and what allauth offers that this house does not."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as site
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from delight.outbox.models import Message
from staff.people.adapter import WRONG_PASSWORDS
from staff.people.services import deactivate_person
from tests.conftest import PASSWORD, text_of

NEW = "eleven quiet mountains"


def try_login(user, password: str, ip: str = "1.1.1.1", client: Client | None = None):
    client = client or Client()
    client.post(reverse("account_login"), {"login": user.email, "password": password}, REMOTE_ADDR=ip)
    return "_auth_user_id" in client.session


def ask_for_reset(email: str, **headers):
    return Client().post(reverse("account_reset_password"), {"email": email}, follow=True, **headers)


def reset_link(mail) -> str:
    return next(word for word in text_of(mail).split() if "/account/password/reset/key/" in word)


def open_reset(client: Client, url: str):
    return client.get(url.removeprefix(site.BASE_URL), follow=True)


def without_tokens(page) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page.content.decode())


# --- Logging in -------------------------------------------------------------------------------------------------


def test_people_log_in_with_address_and_password(staff):
    assert try_login(staff, PASSWORD)
    assert not try_login(staff, "something else")


def test_after_logging_in_one_is_where_one_wanted_to_be(staff):
    client = Client()
    asked = client.get(reverse("profile"))
    page = client.post(asked.headers["Location"], {"login": staff.email, "password": PASSWORD})
    assert page.headers["Location"] == reverse("profile")


def test_logging_in_leads_nowhere_else(staff):
    url = reverse("account_login") + "?next=https://evil.example/"
    page = Client().post(url, {"login": staff.email, "password": PASSWORD})
    assert page.headers["Location"] == reverse("home")


def test_logging_out_needs_a_post(staff, signed_in):
    client = signed_in(staff)
    client.get(reverse("account_logout"))
    assert "_auth_user_id" in client.session
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_wrong_passwords_lock_the_guesser_out_and_the_person_gets_in_elsewhere_and_later(staff):
    for _try in range(5):
        assert not try_login(staff, "guess", ip="6.6.6.6")
    assert not try_login(staff, PASSWORD, ip="6.6.6.6")
    assert try_login(staff, PASSWORD, ip="1.1.1.1")
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert try_login(staff, PASSWORD, ip="6.6.6.6")


def test_many_machines_together_meet_a_limit_that_a_mail_lifts(staff, post_office, monkeypatch):
    monkeypatch.setitem(WRONG_PASSWORDS, "anywhere", "6/h/key")
    for number in range(6):
        assert not try_login(staff, "guess", ip=f"6.6.6.{number}")
    assert not try_login(staff, PASSWORD, ip="1.1.1.1")
    ask_for_reset(staff.email)
    client = Client()
    form = open_reset(client, reset_link(post_office.deliver()[0]))
    client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert try_login(staff, NEW, ip="1.1.1.1")


def test_another_persons_wrong_passwords_lock_nobody_else_out(staff, colleague):
    for _try in range(5):
        try_login(staff, "guess", ip="6.6.6.6")
    assert try_login(colleague, PASSWORD, ip="6.6.6.6")


def test_a_claimed_address_does_not_get_around_the_limit(staff, settings):
    settings.TRUSTED_PROXIES = 0
    for number in range(5):
        Client().post(
            reverse("account_login"),
            {"login": staff.email, "password": "guess"},
            REMOTE_ADDR="6.6.6.6",
            HTTP_X_FORWARDED_FOR=f"9.9.9.{number}",
        )
    assert not try_login(staff, PASSWORD, ip="6.6.6.6")


def test_right_passwords_are_not_counted(staff):
    for _try in range(8):
        assert try_login(staff, PASSWORD)


def test_an_unknown_address_and_a_wrong_password_look_the_same(staff):
    known = Client().post(reverse("account_login"), {"login": staff.email, "password": "guess"})
    unknown = Client().post(reverse("account_login"), {"login": "xyz@barber.example", "password": "guess"})
    same = without_tokens(unknown).replace("xyz@barber.example", staff.email)
    assert (known.status_code, without_tokens(known)) == (unknown.status_code, same)


# --- A forgotten password ---------------------------------------------------------------------------------------


def test_a_forgotten_password_is_replaced_by_mail(staff, post_office):
    ask_for_reset(staff.email)
    (mail,) = post_office.deliver()
    assert mail["To"].endswith(f"<{staff.email}>")
    client = Client()
    form = open_reset(client, reset_link(mail))
    done = client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW}, follow=True)
    assert done.status_code == 200
    assert try_login(staff, NEW)
    assert not try_login(staff, PASSWORD)


def test_a_reset_link_works_once(staff, post_office):
    ask_for_reset(staff.email)
    url = reset_link(post_office.deliver()[0])
    client = Client()
    form = open_reset(client, url)
    client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert "token_fail" in open_reset(Client(), url).context


def test_the_link_comes_from_our_own_address_and_not_from_the_request(staff, post_office, settings):
    settings.ALLOWED_HOSTS = ["*"]
    settings.TRUSTED_PROXIES = 1
    ask_for_reset(staff.email, HTTP_HOST="evil.example", HTTP_X_FORWARDED_HOST="evil.example")
    (mail,) = post_office.deliver()
    assert reset_link(mail).startswith(site.BASE_URL + "/account/")
    assert "evil.example" not in mail.as_string()


def test_the_outbox_keeps_neither_link_nor_address(staff, post_office):
    ask_for_reset(staff.email)
    (message,) = Message.objects.all()
    assert (message.kind, message.object_id) == ("password-reset", staff.pk)
    assert staff.email not in str(vars(message))
    assert post_office.mails == []  # nothing goes past the outbox


def test_known_and_unknown_addresses_get_the_same_answer(staff, post_office):
    known, unknown = ask_for_reset(staff.email), ask_for_reset("nobody@barber.example")
    assert known.redirect_chain == unknown.redirect_chain
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert [mail["To"] for mail in post_office.deliver()] == [f"Sam <{staff.email}>"]


def test_asking_many_times_brings_one_mail_a_minute(staff, post_office):
    start = timezone.now().replace(second=10)
    for seconds, mails in ((0, 1), (5, 0), (70, 1)):
        with time_machine.travel(start + timedelta(seconds=seconds)):
            ask_for_reset(staff.email)
        assert Message.objects.count() == 1 + (seconds == 70), mails


def test_who_has_left_gets_no_link_and_an_earlier_one_is_dead(manager, staff, post_office):
    ask_for_reset(staff.email)
    url = reset_link(post_office.deliver()[0])
    assert "token_fail" not in open_reset(Client(), url).context
    deactivate_person(by=manager, user=staff)
    assert open_reset(Client(), url).context["token_fail"]
    Message.objects.all().delete()
    ask_for_reset(staff.email)
    assert not Message.objects.exists()


def test_a_mail_that_is_still_waiting_when_somebody_leaves_is_not_sent(manager, staff, post_office):
    ask_for_reset(staff.email)
    deactivate_person(by=manager, user=staff)
    assert post_office.deliver() == []
    assert Message.objects.get().reason == "left"


def test_a_new_password_by_mail_ends_the_lock_out(staff, post_office):
    for _try in range(5):
        try_login(staff, "guess")
    assert not try_login(staff, PASSWORD)
    ask_for_reset(staff.email)
    client = Client(REMOTE_ADDR="1.1.1.1")
    form = open_reset(client, reset_link(post_office.deliver()[0]))
    client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert try_login(staff, NEW)


@pytest.mark.parametrize("path", ["zzzzzzzzzzzzzz-x", "1-set-password", "x-y", "0-0"])
def test_rubbish_links_get_the_kind_page(path, organisation):
    page = Client().get(f"/account/password/reset/key/{path}/", follow=True)
    assert page.context["token_fail"]


# --- Password and devices ---------------------------------------------------------------------------------------


def test_a_changed_password_logs_out_every_other_device(staff):
    here, there = Client(), Client()
    for client in (here, there):
        assert try_login(staff, PASSWORD, client=client)
    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    page = here.post(reverse("account_change_password"), form, follow=True)
    assert "Other devices are logged out" in page.content.decode()
    assert here.get(reverse("profile")).status_code == 200
    assert there.get(reverse("profile")).status_code == 302


def test_the_list_of_devices_shows_living_sessions_and_deletes_nothing(staff):
    here, there = Client(), Client()
    for client in (here, there):
        try_login(staff, PASSWORD, client=client)
    assert here.get(reverse("usersessions_list")).context["session_count"] == 2
    there.session.flush()
    from allauth.usersessions.models import UserSession

    before = UserSession.objects.count()
    assert here.get(reverse("usersessions_list")).context["session_count"] == 1
    assert UserSession.objects.count() == before


def test_all_other_devices_can_be_logged_out(staff):
    here, there = Client(), Client()
    for client in (here, there):
        try_login(staff, PASSWORD, client=client)
    here.post(reverse("usersessions_list"))
    assert here.get(reverse("profile")).status_code == 200
    assert there.get(reverse("profile")).status_code == 302


def test_nobody_sees_another_ones_devices(staff, colleague):
    try_login(colleague, PASSWORD)
    here = Client()
    try_login(staff, PASSWORD, client=here)
    assert [s.user for s in here.get(reverse("usersessions_list")).context["sessions"]] == [staff]


# --- What is not there ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["signup/", "email/", "confirm-email/", "confirm-email/x/", "login/code/", "3rdparty/"]
)
def test_sign_up_and_further_addresses_are_not_there(path, staff, signed_in):
    for client in (Client(), signed_in(staff)):
        assert client.get(f"/account/{path}").status_code in (302, 404)
        assert client.post(f"/account/{path}", {"email": "eve@evil.example"}).status_code in (302, 404)
    assert signed_in(staff).get(f"/account/{path}").status_code == 404


@pytest.mark.parametrize("name", ["account_signup", "account_email", "socialaccount_connections"])
def test_no_page_links_to_them(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_one_confirms_who_one_is_with_the_password(staff, signed_in):
    page = signed_in(staff).post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert page.status_code == 302
    wrong = signed_in(staff).post(reverse("account_reauthenticate"), {"password": "guess"})
    assert "password" in wrong.context["form"].errors


def test_a_wrong_password_is_called_that(staff):
    page = Client().post(reverse("account_login"), {"login": staff.email, "password": "guess"})
    assert "E-mail or password is wrong." in page.content.decode()


@pytest.mark.parametrize("local", [True, False])
def test_on_a_trial_installation_the_reset_page_says_where_its_mail_is(staff, settings, local):
    settings.LOCAL = local
    page = Client().get(reverse("account_reset_password_done")).content.decode()
    assert ("manage.py changepassword" in page) is local
