"""Who is still in after a password or a second step was changed, and after somebody has left."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.urls import reverse

from staff.people.services import deactivate_person
from tests.conftest import PASSWORD
from tests.doors.steps import code, is_in, log_in, say_who_one_is, with_passkey

NEW = "eleven quiet mountains"


def change_password(client):
    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    client.post(reverse("account_change_password"), form)


def add_code_app(client):
    say_who_one_is(client)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    assert Authenticator.objects.filter(type="totp").exists()


def remove_code_app(client):
    add_code_app(client)
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(type="totp").exists()


def remove_passkey(client):
    from staff.people.models import User

    with_passkey(User.objects.get(pk=client.session["_auth_user_id"]))
    say_who_one_is(client)
    client.post(reverse("mfa_remove_webauthn", args=[Authenticator.objects.get().pk]))
    assert not Authenticator.objects.exists()


def make_new_codes(client):
    from staff.people.models import User

    with_passkey(User.objects.get(pk=client.session["_auth_user_id"]))
    say_who_one_is(client)
    client.post(reverse("mfa_generate_recovery_codes"))
    assert Authenticator.objects.filter(type="recovery_codes").exists()


CHANGES = [change_password, add_code_app, remove_code_app, remove_passkey, make_new_codes]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_ends_all_other_sessions_and_only_this_persons(change, staff, colleague):
    here, there, phone, neighbour = log_in(staff), log_in(staff), log_in(staff), log_in(colleague)
    assert all(map(is_in, (here, there, phone, neighbour)))
    change(here)
    assert [is_in(each) for each in (here, there, phone, neighbour)] == [True, False, False, True]
    assert here.get(reverse("usersessions_list")).context["session_count"] == 1


def test_looking_at_the_pages_ends_nothing(staff):
    here, there = log_in(staff), log_in(staff)
    say_who_one_is(here)
    for name in ("mfa_index", "mfa_activate_totp", "mfa_view_recovery_codes"):
        assert here.get(reverse(name)).status_code == 200
    assert is_in(there)


def test_a_password_reset_by_mail_ends_every_session(staff, post_office):
    from tests.people.test_account import ask_for_reset, open_reset, reset_link

    here, there = log_in(staff), log_in(staff)
    ask_for_reset(staff.email)
    stranger = log_in(staff, password="guess")
    form = open_reset(stranger, reset_link(post_office.deliver()[0]))
    stranger.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert not is_in(here)
    assert not is_in(there)


def test_leaving_ends_all_sessions_at_once_and_leaves_none_in_the_table(sponsor, staff):
    sessions = [log_in(staff) for _device in range(3)]
    deactivate_person(by=sponsor, user=staff)
    assert not any(map(is_in, sessions))
    keys = [client.session.session_key for client in sessions]
    assert not Session.objects.filter(pk__in=filter(None, keys)).exists()
