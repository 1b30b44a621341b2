"""Nobody learns at the doors who works here: known and unknown logins get the same words, status and size, and as
much work is done for both."""

import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.urls import reverse

from delight.outbox.models import Message
from staff.people.desk import COOKIE as DESK_COOKIE
from staff.people.desks import enrol_desk, set_pin
from staff.people.services import deactivate_person, join_token, new_invitation, revoke_invitation
from tests.conftest import PASSWORD
from tests.doors.steps import with_code_app

UNKNOWN = "xyz@barber.example"  # as long as Sam's


def unknown_like(login: str) -> str:
    """Nobody's address, as long as this one."""
    return "x" + login[1:]


class Counting(MD5PasswordHasher):
    """Tells how often a password was made into a hash: that is what takes the time."""

    made = 0

    def encode(self, password: str, salt: str) -> str:
        Counting.made += 1
        return super().encode(password, salt)


def seen(page) -> tuple[int, str, dict[str, str]]:
    """Status, text and headers, without what is drawn by lot for each page."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page.content.decode())
    headers = {name: value for name, value in page.headers.items() if name != "Expires"}
    return page.status_code, text, headers


def same(known, unknown, login: str) -> bool:
    status, text, headers = seen(unknown)
    assert len(known.content) == len(unknown.content)
    text = text.replace(UNKNOWN, login).replace(unknown_like(login), login)
    return seen(known) == (status, text, headers)


def guess(login: str):
    return Client().post(reverse("account_login"), {"login": login, "password": "guess"})


def reset(email: str):
    return Client().post(reverse("account_reset_password"), {"email": email}, follow=True)


@pytest.mark.parametrize("knock", [guess, reset])
def test_known_and_unknown_logins_get_the_same_page(knock, staff):
    assert same(knock(staff.email), knock(UNKNOWN), staff.email)


def test_a_wrong_password_says_nothing_about_a_second_step_or_about_having_left(sponsor, staff, colleague):
    with_code_app(staff)
    deactivate_person(by=sponsor, user=colleague)
    for user in (staff, colleague):
        assert same(guess(user.email), guess(unknown_like(user.email)), user.email)


def test_too_many_tries_look_the_same_too(staff):
    for _try in range(5):
        guess(staff.email), guess(UNKNOWN)
    assert same(guess(staff.email), guess(UNKNOWN), staff.email)


def test_a_hash_is_made_for_unknown_logins_and_for_who_has_left_as_well(sponsor, staff, colleague, settings):
    """The time that a log-in takes is the hash; leaving it out would tell who is unknown."""
    settings.PASSWORD_HASHERS = [f"{__name__}.Counting"]
    for user in (staff, colleague):
        user.set_password(PASSWORD)
        user.save()
    deactivate_person(by=sponsor, user=colleague)
    made = {}
    for login in (staff.email, UNKNOWN, colleague.email):
        Counting.made = 0
        guess(login)
        made[login] = Counting.made
    assert set(made.values()) == {1}, made


def test_a_reset_mails_the_known_and_tells_nobody(staff):
    reset(UNKNOWN)
    assert not Message.objects.exists()
    reset(staff.email)
    assert Message.objects.count() == 1


def test_a_join_link_that_is_made_up_used_or_withdrawn_says_the_same(manager, staff, team, sponsor):
    withdrawn = new_invitation(by=sponsor, email="new@barber.example", team=team)
    revoke_invitation(by=sponsor, invitation=withdrawn)
    theirs = new_invitation(by=sponsor, email=staff.email, team=team)  # has a login already
    tokens = ["A" * 43, "x", join_token(withdrawn), join_token(theirs)]
    pages = [seen(Client().get(reverse("join", args=[token]))) for token in tokens]
    assert pages[0][0] == 404
    assert all(page == pages[0] for page in pages)


@pytest.mark.parametrize("body", [{}, {"credential": "{}"}, {"credential": "not json"}, {"credential": '{"id": "x"}'}])
def test_a_made_up_passkey_leads_back_to_the_log_in_page(body, staff):
    client = Client()
    client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})
    page = client.post(reverse("mfa_login_webauthn"), body)
    assert page.headers["Location"] == reverse("account_login")
    assert "_auth_user_id" not in client.session


def test_passkey_options_name_nobodys_keys(staff):
    with_code_app(staff)
    asked = Client().get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"}).json()
    assert not asked["request_options"]["publicKey"].get("allowCredentials")


def test_a_shared_device_knows_its_own_people_only_and_any_other_browser_nobody(manager, staff, outsider, team):
    for user in (staff, outsider):
        set_pin(user=user, pin="582913")
    _desk, secret = enrol_desk(by=manager, team=team, name="Till")
    at_desk, elsewhere = Client(), Client()
    at_desk.cookies[DESK_COOKIE] = secret
    assert at_desk.get(reverse("desk_pin", args=[staff.pk])).status_code == 200
    nobody = seen(at_desk.get(reverse("desk_pin", args=[999_999])))
    assert nobody[0] == 404
    assert seen(at_desk.get(reverse("desk_pin", args=[outsider.pk]))) == nobody
    strangers = [elsewhere.get(reverse("desk_pin", args=[pk])) for pk in (staff.pk, outsider.pk, 999_999)]
    assert all(seen(page) == seen(strangers[0]) and page.status_code == 404 for page in strangers)
