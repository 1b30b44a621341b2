"""A device that a team shares: names, PINs, two idle minutes, and staff's rights for everybody."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import identify_hasher
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from delight.organisation.models import AuditEntry
from staff.people.desks import enrol_desk, is_simple, set_pin
from staff.people.models import Desk, Membership, User
from tests.conftest import PASSWORD, make_person
from tests.people.together import together

PIN = "3719"
HERE = "/desk/"


@pytest.fixture
def device(manager, team):
    """A browser that is the shared device of Mill Lane."""
    _desk, secret = enrol_desk(by=manager, team=team, name="Front desk")
    client = Client()
    client.cookies["desk"] = secret
    return client


@pytest.fixture
def come_in(device):
    """`come_in(user)`: with the PIN, on the shared device."""

    def do(user: User, pin: str = PIN) -> Client:
        if not User.objects.get(pk=user.pk).pin:
            set_pin(user=user, pin=PIN)
        device.post(f"{HERE}{user.pk}/", {"pin": pin})
        return device

    return do


def is_in(client: Client, user: User) -> bool:
    return client.session.get("_auth_user_id") == str(user.pk)


# --- Making one -------------------------------------------------------------------------------------------------


def test_a_manager_makes_this_browser_a_shared_device_and_is_logged_out_of_it(manager, team, signed_in):
    client = signed_in(manager)
    answer = client.post(reverse("desk_new", args=[team.pk]), {"name": "Front desk"})
    cookie = answer.cookies["desk"]
    assert answer.headers["Location"] == HERE
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert "_auth_user_id" not in client.session
    desk = Desk.objects.get()
    assert cookie.value not in desk.mark
    assert "Front desk" in client.get(HERE).content.decode()


def test_who_makes_and_ends_shared_devices(manager, staff, other_manager, team, device, signed_in):
    desk = Desk.objects.get()
    new, end = reverse("desk_new", args=[team.pk]), reverse("desk_revoke", args=[desk.pk])
    for url in (new, end):
        assert signed_in(staff).post(url, {"name": "Mine"}).status_code == 403
        assert signed_in(other_manager).post(url, {"name": "Mine"}).status_code == 404
    assert device.get(HERE).status_code == 200
    assert "Front desk" in signed_in(manager).get(reverse("team", args=[team.pk])).content.decode()
    assert signed_in(manager).post(end).status_code == 302
    assert device.get(HERE).status_code == 404
    assert set(AuditEntry.objects.values_list("verb", flat=True)) >= {"enrol_desk", "revoke_desk"}


def test_other_browsers_have_no_such_page(staff, device):
    set_pin(user=staff, pin=PIN)
    other = Client()
    other.cookies["desk"] = "x" * 43
    for client in (Client(), other):
        assert client.get(HERE).status_code == 404
        assert client.post(f"{HERE}{staff.pk}/", {"pin": PIN}).status_code == 404
        assert not is_in(client, staff)


# --- The names --------------------------------------------------------------------------------------------------


def test_strangers_at_the_device_see_the_names_instead_of_the_login_page(staff, device):
    assert device.get("/").headers["Location"] == HERE
    assert device.get(reverse("account_login")).status_code == 200
    assert Client().get("/").headers["Location"].startswith(reverse("account_login"))


def test_the_names_are_those_of_the_team_who_have_a_pin(staff, colleague, outsider, manager, device):
    for user in (staff, outsider, manager):
        set_pin(user=user, pin=PIN)
    page = device.get(HERE).content.decode()
    assert "Sam" in page
    assert "Mert" in page
    assert "Cleo" not in page  # no PIN
    assert "Otto" not in page  # another team
    assert device.get(f"{HERE}{outsider.pk}/").status_code == 404
    staff.memberships.update(until=date(2021, 1, 1))
    assert "Sam" not in device.get(HERE).content.decode()


def test_a_name_and_its_pin_let_in(staff, come_in):
    device = come_in(staff)
    assert is_in(device, staff)
    assert device.get("/").status_code == 200
    assert Desk.objects.get().last_used_at


@pytest.mark.parametrize("pin", ["3718", "", "37191", "abcd", "371", "3719000"])
def test_a_wrong_pin_lets_nobody_in(staff, come_in, pin):
    assert not is_in(come_in(staff, pin), staff)


def test_whoever_has_left_or_has_no_pin_does_not_come_in(staff, device):
    assert device.post(f"{HERE}{staff.pk}/", {"pin": ""}).status_code == 404
    set_pin(user=staff, pin=PIN)
    User.objects.filter(pk=staff.pk).update(is_active=False)
    assert device.post(f"{HERE}{staff.pk}/", {"pin": PIN}).status_code == 404


# --- Guessing ---------------------------------------------------------------------------------------------------


def test_five_wrong_pins_block_for_five_minutes_then_longer_and_never_for_good(staff, come_in):
    began = timezone.now()
    with time_machine.travel(began, tick=False):
        for _ in range(5):
            device = come_in(staff, "3718")
        assert not is_in(come_in(staff), staff)
        page = device.post(f"{HERE}{staff.pk}/", {"pin": PIN}).content.decode()
        assert "5 minutes" in page
    with time_machine.travel(began + timedelta(minutes=5, seconds=1), tick=False):
        for _ in range(5):
            come_in(staff, "3718")
        assert not is_in(come_in(staff), staff)
    with time_machine.travel(began + timedelta(minutes=14), tick=False):
        assert not is_in(come_in(staff), staff)
    with time_machine.travel(began + timedelta(minutes=16), tick=False):
        assert is_in(come_in(staff), staff)
    staff.refresh_from_db()
    assert (staff.pin_failures, staff.pin_blocked_until) == (0, None)
    assert AuditEntry.objects.filter(verb="block_pin").count() == 2


def test_the_password_works_while_the_pin_is_blocked(staff, come_in):
    for _ in range(5):
        come_in(staff, "3718")
    elsewhere = Client()
    elsewhere.post(reverse("account_login"), {"login": staff.email, "password": PASSWORD})
    assert is_in(elsewhere, staff)


def test_right_pins_start_the_count_anew(staff, come_in):
    for _ in range(3):
        for _ in range(4):
            come_in(staff, "3718")
        assert is_in(come_in(staff), staff)


def test_one_pin_is_not_tried_on_all_names_of_a_device(team, come_in):
    people = [make_person(f"Person{number}", team) for number in range(21)]
    for person in people[:20]:
        device = come_in(person, "3718")
    set_pin(user=people[20], pin=PIN)
    page = device.post(f"{HERE}{people[20].pk}/", {"pin": PIN}).content.decode()
    assert "on this device" in page
    assert not is_in(device, people[20])


def _guess(come_in, person, times: int) -> None:
    """Wrong ones, with pauses as long as they have to be."""
    began = timezone.now().replace(hour=8)
    for number in range(times):
        with time_machine.travel(began + timedelta(minutes=30 * number), tick=False):
            come_in(person, "3718")


def test_after_fifteen_wrong_ones_in_a_day_the_name_is_closed_on_that_device(manager, staff, colleague, come_in, team):
    set_pin(user=staff, pin=PIN)
    _guess(come_in, staff, 15)
    evening = timezone.now().replace(hour=19)
    with time_machine.travel(evening, tick=False):
        device = come_in(staff)
        assert not is_in(device, staff)
        assert "tomorrow" in device.post(f"{HERE}{staff.pk}/", {"pin": PIN}).content.decode()
        assert is_in(come_in(colleague), colleague)  # the others come in
        _desk, secret = enrol_desk(by=manager, team=team, name="Till")
        other = Client()
        other.cookies["desk"] = secret
        other.post(f"{HERE}{staff.pk}/", {"pin": PIN})
        assert is_in(other, staff)
    assert AuditEntry.objects.filter(verb="close_pin", object_id=staff.pk).count() == 1
    with time_machine.travel(evening + timedelta(hours=12), tick=False):
        assert is_in(come_in(staff), staff)


def test_coming_in_rightly_does_not_give_a_guesser_new_tries(staff, come_in):
    morning = timezone.now().replace(hour=8)
    for number in range(4):
        with time_machine.travel(morning + timedelta(hours=number)):
            for _ in range(4):
                come_in(staff, "3718")
            if number < 3:
                assert is_in(come_in(staff), staff)
    with time_machine.travel(morning + timedelta(hours=6), tick=False):
        assert not is_in(come_in(staff), staff)


def test_the_password_opens_the_pin_on_that_device_again(staff, device, come_in):
    set_pin(user=staff, pin=PIN)
    _guess(come_in, staff, 15)
    with time_machine.travel(timezone.now().replace(hour=19), tick=False):
        device.post(reverse("account_login"), {"login": staff.email, "password": PASSWORD})
        assert is_in(device, staff)
        device.get(HERE)
        assert is_in(come_in(staff), staff)


@pytest.mark.parametrize(("who", "may"), [("manager", True), ("colleague", False), ("sponsor", True)])
def test_a_managers_tap_opens_it_again(request, staff, come_in, signed_in, who, may):
    set_pin(user=staff, pin=PIN)
    _guess(come_in, staff, 15)
    address = reverse("pin_open", args=[staff.pk])
    with time_machine.travel(timezone.now().replace(hour=19), tick=False):
        screen = signed_in(request.getfixturevalue(who))
        assert (address in screen.get(reverse("person", args=[staff.pk])).content.decode()) == may
        screen.post(address)
        assert is_in(come_in(staff), staff) == may
        assert address not in screen.get(reverse("person", args=[staff.pk])).content.decode()


@pytest.mark.django_db(transaction=True)
def test_guesses_at_once_are_all_counted(staff, manager, team):
    from functools import partial

    from staff.people.desks import enter

    desk, _secret = enrol_desk(by=manager, team=team, name="Front desk")
    set_pin(user=staff, pin=PIN)
    tries = [partial(enter, desk=desk, user=staff, pin=pin) for pin in ("3711", "3712", "3713")]
    assert together(*tries, held=User.objects.filter(pk=staff.pk)) == [False, False, False]
    assert User.objects.get(pk=staff.pk).pin_failures == 3


# --- One's own PIN ----------------------------------------------------------------------------------------------


def fresh_login(user: User) -> Client:
    """By the password, asked for once more just now."""
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def test_people_set_change_and_remove_their_pin(staff):
    client, url = fresh_login(staff), reverse("own_pin")
    assert client.post(url, {"pin": PIN, "again": PIN}).headers["Location"] == reverse("profile")
    stored = User.objects.get(pk=staff.pk).pin
    assert identify_hasher(stored)
    assert PIN not in stored
    assert "again" in client.post(url, {"pin": "8264", "again": "8265"}).context["form"].errors
    client.post(url, {"pin": "", "again": ""})
    assert User.objects.get(pk=staff.pk).pin == ""


def test_whoever_finds_an_open_phone_is_asked_for_the_password_first(staff, signed_in):
    answer = signed_in(staff).post(reverse("own_pin"), {"pin": PIN, "again": PIN})
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert User.objects.get(pk=staff.pk).pin == ""


@pytest.mark.parametrize(
    "pin",
    ["0000", "1111", "1234", "4321", "9876", "1212", "1122", "2580", "1987", "2024", "123456", "123123", "777777"],
)
def test_simple_pins_are_refused(staff, pin):
    page = fresh_login(staff).post(reverse("own_pin"), {"pin": pin, "again": pin})
    assert "pin" in page.context["form"].errors


@pytest.mark.parametrize("pin", ["3719", "80426", "593817"])
def test_other_pins_are_not(pin):
    assert not is_simple(pin)


def test_the_same_pin_of_two_people_looks_different(staff, colleague):
    for user in (staff, colleague):
        set_pin(user=user, pin=PIN)
    staff.refresh_from_db()
    colleague.refresh_from_db()
    assert staff.pin != colleague.pin


def test_a_pin_cannot_be_tried_without_the_servers_key(staff, come_in, settings):
    come_in(staff)
    settings.SECRET_KEY = "another key that is quite long enough for this"
    from staff.people.desks import enter

    assert not enter(desk=Desk.objects.get(), user=staff, pin=PIN)
    settings.SECRET_KEY_FALLBACKS = []


# --- Two idle minutes -------------------------------------------------------------------------------------------


def test_after_two_idle_minutes_the_device_is_locked_on_the_server(staff, come_in):
    began = timezone.now()
    with time_machine.travel(began, tick=False):
        device = come_in(staff)
        assert device.get("/").status_code == 200
    with time_machine.travel(began + timedelta(seconds=110), tick=False):
        assert device.get("/").status_code == 200
    with time_machine.travel(began + timedelta(seconds=225), tick=False):
        assert device.get("/").status_code == 200
    with time_machine.travel(began + timedelta(seconds=350), tick=False):
        assert device.get("/").headers["Location"] == HERE
        assert not Session.objects.filter(expire_date__gt=timezone.now()).exists()


def test_a_password_on_a_shared_device_lasts_no_longer(manager, device):
    began = timezone.now()
    with time_machine.travel(began, tick=False):
        device.post(reverse("account_login"), {"login": manager.email, "password": PASSWORD})
        assert device.get(reverse("surveys")).status_code == 200
    with time_machine.travel(began + timedelta(seconds=121), tick=False):
        assert device.get(reverse("surveys")).headers["Location"] == HERE


def test_other_devices_stay_open(staff, device):
    began = timezone.now()
    with time_machine.travel(began, tick=False):
        phone = fresh_login(staff)
    with time_machine.travel(began + timedelta(hours=5), tick=False):
        assert phone.get("/").status_code == 200


def test_typing_keeps_it_open_and_a_part_of_a_page_is_sent_to_the_names(staff, come_in):
    began = timezone.now()
    with time_machine.travel(began, tick=False):
        device = come_in(staff)
    with time_machine.travel(began + timedelta(seconds=100), tick=False):
        assert device.post(reverse("desk_awake")).status_code == 204
    with time_machine.travel(began + timedelta(seconds=200), tick=False):
        assert device.get("/").status_code == 200
    with time_machine.travel(began + timedelta(seconds=400), tick=False):
        part = device.get("/customers/", headers={"HX-Request": "true"})
        assert (part.status_code, part.headers["HX-Redirect"]) == (204, HERE)


def test_the_page_locks_itself_without_a_script_and_nothing_is_kept_for_back(staff, come_in):
    page = come_in(staff).get("/")
    assert re.search(r'<noscript><meta http-equiv="refresh" content="120; url=/desk/">', page.content.decode())
    assert "no-store" in page.headers["Cache-Control"]


def test_the_names_lock_and_leave_no_message_behind(staff, come_in):
    device = come_in(staff)
    device.get(HERE)
    assert not is_in(device, staff)
    assert device.get("/").headers["Location"] == HERE


def test_a_removed_device_or_a_lost_cookie_ends_the_session_at_once(staff, come_in):
    device = come_in(staff)
    secret = device.cookies.pop("desk").value
    assert device.get("/").headers["Location"].startswith(reverse("account_login"))
    device.cookies["desk"] = secret
    come_in(staff)
    assert device.get("/").status_code == 200
    Desk.objects.update(revoked_at=timezone.now())
    assert device.get("/").headers["Location"].startswith(reverse("account_login"))


def test_a_session_of_one_device_is_none_of_another(staff, manager, team, come_in):
    device = come_in(staff)
    _other, secret = enrol_desk(by=manager, team=team, name="Back office")
    device.cookies["desk"] = secret
    assert device.get("/").headers["Location"] == HERE


# --- Staff's rights ---------------------------------------------------------------------------------------------

MANAGERS_PAGES = ("surveys", "customer_new", "accounts", "import_upload", "invite_person", "segments")


def test_a_manager_is_only_staff_there(manager, come_in, signed_in):
    device, own = come_in(manager), signed_in(manager)
    for name in MANAGERS_PAGES:
        assert own.get(reverse(name)).status_code == 200
        assert device.get(reverse(name)).status_code == 403
    assert reverse("surveys") not in device.get("/").content.decode()


def test_a_sponsor_is_only_staff_there_and_stays_a_sponsor(sponsor, team, come_in, signed_in):
    Membership.objects.create(user=sponsor, team=team, role="manager")
    device = come_in(sponsor)
    for name in (*MANAGERS_PAGES, "organisation", "outbox", "team_new"):
        assert signed_in(sponsor).get(reverse(name)).status_code == 200
        assert device.get(reverse(name)).status_code == 403
    assert User.objects.get(pk=sponsor.pk).is_sponsor


def test_the_rights_of_somebody_at_a_desk_are_never_saved(sponsor):
    at_desk = User.objects.get(pk=sponsor.pk)
    at_desk.take_a_seat_at_the_desk()
    with pytest.raises(RuntimeError):
        at_desk.save()
    with pytest.raises(RuntimeError):
        at_desk.save(update_fields=["name", "is_sponsor"])
    at_desk.save(update_fields=["last_login"])
    at_desk.refresh_from_db()
    assert not at_desk.is_sponsor
    assert User.objects.get(pk=sponsor.pk).is_sponsor


@pytest.mark.parametrize(
    "name", ["profile", "own_pin", "account_change_password", "usersessions_list", "account_logout", "mailbox"]
)
def test_ones_own_account_is_closed_there(staff, come_in, name):
    device = come_in(staff)
    assert device.get(reverse(name)).status_code == 403
    assert device.post(reverse(name)).status_code == 403
    assert is_in(device, staff)


def test_no_prefix_that_a_browser_makes_up_opens_it(staff, come_in):
    assert come_in(staff).get(reverse("profile"), SCRIPT_NAME="/x").status_code == 403


def test_a_pin_opens_no_door_but_the_desk(staff, come_in):
    come_in(staff)
    client = Client()
    client.post(reverse("account_login"), {"login": staff.email, "password": PIN})
    assert not is_in(client, staff)


# --- Nobody's name until somebody taps --------------------------------------------------------------------------


def test_the_first_page_shows_how_many_wait_and_no_customer(staff, manager, come_in, make_customer, team):
    from surveys.followups.models import FollowUp

    customer = make_customer("Olena Koval", owner=staff, team=team)
    FollowUp.objects.create(customer=customer, owner=staff, asked="unhappy", due_at=timezone.now())
    device = come_in(staff)
    first = device.get("/").content.decode()
    assert "Olena" not in first
    assert "1 conversation" in first
    assert "Olena" in device.get(reverse("follow_ups")).content.decode()
