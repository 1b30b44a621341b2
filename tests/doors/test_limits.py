"""Guessing meets limits per account and address; claims about one's address do not help; the real person gets in."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from staff.people import account_devices
from staff.people.adapter import WRONG_PASSWORDS
from tests.conftest import PASSWORD
from tests.doors.steps import is_in, log_in


def guess(user, times: int, **headers) -> None:
    for number in range(times):
        log_in(user, password=f"guess {number}", **headers)


# --- Per account, per address -----------------------------------------------------------------------------------


def test_one_address_has_ten_wrong_tries_a_minute_over_all_accounts(staff, colleague, manager):
    for user in (staff, colleague):
        guess(user, 5, REMOTE_ADDR="6.6.6.6")
    assert not is_in(log_in(manager, REMOTE_ADDR="6.6.6.6"))
    assert is_in(log_in(manager, REMOTE_ADDR="1.1.1.1"))
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        assert is_in(log_in(manager, REMOTE_ADDR="6.6.6.6"))


def test_addresses_of_one_network_are_one_guesser(staff):
    """Who has one IPv6 network has as many addresses as they like."""
    for number in range(5):
        guess(staff, 1, REMOTE_ADDR=f"2001:db8:1:2::{number}")
    assert not is_in(log_in(staff, REMOTE_ADDR="2001:db8:1:2::99"))
    assert is_in(log_in(staff, REMOTE_ADDR="2001:db8:9:9::1"))


def test_the_limits_outlive_a_flood_of_made_up_logins(staff):
    """The cache throws old entries away when it is full; the counters must not be among them."""
    guess(staff, 5, REMOTE_ADDR="6.6.6.6")
    for number in range(700):
        cache.set(f"somebody-else-{number}", [1.0], 300)
    assert not is_in(log_in(staff, REMOTE_ADDR="6.6.6.6"))


def test_a_sign_in_name_has_the_same_limits_and_the_same_known_devices(staff, flooded):
    staff.login_name = "sam"
    staff.save()
    own = log_in(staff, REMOTE_ADDR="1.1.1.1")
    own.post(reverse("account_logout"))
    by_name = {"login": "Sam", "password": "guess"}
    for number in range(7):
        Client().post(reverse("account_login"), by_name, REMOTE_ADDR=f"6.6.6.{number}")
    right = {"login": "sam", "password": PASSWORD}
    stranger = Client()
    stranger.post(reverse("account_login"), right, REMOTE_ADDR="1.1.1.1")
    assert not is_in(stranger)
    own.post(reverse("account_login"), right, REMOTE_ADDR="2.2.2.2")
    assert is_in(own)


# --- Claims about the address -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "forwarded"),
    [
        (0, "9.9.9.{n}"),
        (0, "9.9.9.{n}, 8.8.8.{n}, 7.7.7.{n}"),
        (1, "9.9.9.{n}, 6.6.6.6"),  # what stands left of our proxy's entry is the visitor's own
        (1, "9.9.9.{n}, 8.8.8.{n}, 6.6.6.6"),
        (2, "9.9.9.{n}, 6.6.6.6, 10.0.0.1"),
        (2, "9.9.9.{n}"),  # past the proxies
    ],
)
def test_a_claimed_address_has_no_effect(staff, settings, proxies, forwarded):
    settings.TRUSTED_PROXIES = settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    way = {"REMOTE_ADDR": "6.6.6.6" if proxies == 0 else "10.0.0.2"}
    for number in range(5):
        guess(staff, 1, HTTP_X_FORWARDED_FOR=forwarded.format(n=number), HTTP_X_REAL_IP=f"5.5.5.{number}", **way)
    assert not is_in(log_in(staff, HTTP_X_FORWARDED_FOR=forwarded.format(n=99), **way))


@pytest.mark.parametrize(("proxies", "forwarded"), [(1, "{ip}"), (2, "{ip}, 10.0.0.1")])
def test_behind_our_proxies_the_guesser_does_not_lock_the_others_out(staff, settings, proxies, forwarded):
    """The control: it is the visitor's address that counts and not the proxy's."""
    settings.TRUSTED_PROXIES = settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    guess(staff, 5, REMOTE_ADDR="10.0.0.2", HTTP_X_FORWARDED_FOR=forwarded.format(ip="6.6.6.6"))
    assert not is_in(log_in(staff, REMOTE_ADDR="10.0.0.2", HTTP_X_FORWARDED_FOR=forwarded.format(ip="6.6.6.6")))
    assert is_in(log_in(staff, REMOTE_ADDR="10.0.0.2", HTTP_X_FORWARDED_FOR=forwarded.format(ip="1.1.1.1")))


@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_the_list_of_devices_shows_the_real_address(staff, settings, proxies):
    settings.TRUSTED_PROXIES = settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    forwarded = ", ".join(["9.9.9.9", "1.1.1.1", "10.0.0.1"][: proxies + 1]) if proxies else "9.9.9.9"
    client = log_in(staff, REMOTE_ADDR="1.1.1.1" if not proxies else "10.0.0.2", HTTP_X_FORWARDED_FOR=forwarded)
    (session,) = client.get(reverse("usersessions_list")).context["sessions"]
    assert session.ip == "1.1.1.1"


# --- The real person --------------------------------------------------------------------------------------------


@pytest.fixture
def flooded(monkeypatch):
    """`flooded(user)`: so many machines guess at the account that none may try any more."""
    monkeypatch.setitem(WRONG_PASSWORDS, "anywhere", "6/h/key")

    def flood(user):
        for number in range(7):
            guess(user, 1, REMOTE_ADDR=f"6.6.6.{number}")
        assert not is_in(log_in(user, REMOTE_ADDR="1.1.1.1"))

    return flood


def test_on_a_device_where_one_has_logged_in_before_a_flood_from_elsewhere_does_not_matter(staff, flooded):
    own = log_in(staff, REMOTE_ADDR="1.1.1.1")
    own.post(reverse("account_logout"))
    flooded(staff)
    assert is_in(log_in(staff, own, REMOTE_ADDR="2.2.2.2"))


def test_a_known_device_is_known_for_its_own_people_only(staff, colleague, flooded):
    own = log_in(colleague, REMOTE_ADDR="1.1.1.1")
    own.post(reverse("account_logout"))
    flooded(staff)
    assert not is_in(log_in(staff, own, REMOTE_ADDR="2.2.2.2"))
    assert is_in(log_in(colleague, own, REMOTE_ADDR="2.2.2.2"))


def test_a_made_up_cookie_makes_no_device_known(staff, flooded):
    flooded(staff)
    client = Client()
    client.cookies[account_devices.COOKIE] = ".".join(["a" * 32, staff.email, str(staff.pk), ""])
    assert not is_in(log_in(staff, client, REMOTE_ADDR="1.1.1.1"))


def test_a_known_device_is_no_place_to_guess_either(staff):
    thief = log_in(staff, REMOTE_ADDR="1.1.1.1")
    thief.post(reverse("account_logout"))
    for number in range(20):
        log_in(staff, thief, password="guess", REMOTE_ADDR=f"6.6.6.{number}")
    assert not is_in(log_in(staff, thief, REMOTE_ADDR="7.7.7.7"))
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert is_in(log_in(staff, thief, REMOTE_ADDR="7.7.7.7"))


def test_the_cookie_of_a_known_device_names_nobody(staff):
    cookie = log_in(staff).cookies[account_devices.COOKIE]
    assert staff.email not in cookie.value
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert reverse("account_login").startswith(cookie["path"])
    assert reverse("account_reauthenticate").startswith(cookie["path"])


def test_after_the_window_one_gets_in_everywhere(staff, flooded):
    flooded(staff)
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert is_in(log_in(staff, REMOTE_ADDR="1.1.1.1"))


def test_who_is_in_stays_in_during_a_flood(staff, flooded):
    own = log_in(staff, REMOTE_ADDR="1.1.1.1")
    flooded(staff)
    assert is_in(own)


def test_confirming_who_one_is_is_not_locked_by_a_flood_from_elsewhere(staff, flooded):
    own = log_in(staff, REMOTE_ADDR="1.1.1.1")
    flooded(staff)
    page = own.post(reverse("account_reauthenticate"), {"password": PASSWORD}, REMOTE_ADDR="1.1.1.1")
    assert page.status_code == 302


def test_a_flood_against_the_password_leaves_passkeys_alone(staff, flooded):
    flooded(staff)
    options = Client().get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})
    assert options.json()["request_options"]["publicKey"]["userVerification"] == "required"
