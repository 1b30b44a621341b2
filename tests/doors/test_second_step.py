"""A second step: code app, recovery codes; sponsors need one; what is stored of it."""

import base64
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from delight.organisation.models import AuditEntry
from staff.people.models import User
from tests.doors.steps import SECRET, code, is_in, log_in, say_who_one_is, with_code_app, with_passkey
from tests.test_no_get_writes import written_by


def set_up_code_app(client: Client):
    """All pages of it, by the password and what the page shows."""
    say_who_one_is(client)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    return client.post(reverse("mfa_activate_totp"), {"code": code(secret)}, follow=True)


def codes_on(page) -> list[str]:
    return re.findall(r"<code>(\d{8})</code>", page.content.decode())


def second_step(client: Client, typed: str):
    return client.post(reverse("mfa_authenticate"), {"code": typed})


# --- Setting up -------------------------------------------------------------------------------------------------


def test_a_code_app_is_set_up_and_recovery_codes_are_shown(staff):
    page = set_up_code_app(log_in(staff))
    assert len(codes_on(page)) == 10
    assert "no-store" in page.headers["Cache-Control"]
    assert AuditEntry.objects.filter(actor=staff, verb="add_code_app", object_id=staff.pk).exists()


def test_setting_up_asks_for_the_password_once_more(staff):
    page = log_in(staff).get(reverse("mfa_activate_totp"))
    assert page.headers["Location"].startswith(reverse("account_reauthenticate"))


def test_the_picture_for_the_app_is_one_that_browsers_show(staff):
    page = say_who_one_is(log_in(staff)).get(reverse("mfa_activate_totp"))
    picture = base64.b64decode(page.context["totp_svg_data_uri"].partition(",")[2])
    assert ElementTree.fromstring(picture).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 - our own
    assert f"secret={page.context['form'].secret}" in page.context["totp_url"]
    assert "Barber" in page.context["totp_url"]


def test_a_wrong_code_sets_up_nothing(staff):
    client = say_who_one_is(log_in(staff))
    client.get(reverse("mfa_activate_totp"))
    page = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert "That did not fit" in page.content.decode()
    assert not staff.has_second_step


def test_recovery_codes_come_as_a_text_file_and_only_just_after_they_are_made(staff):
    client = log_in(staff)
    codes = codes_on(set_up_code_app(client))
    file = client.get(reverse("mfa_download_recovery_codes"))
    assert "attachment" in file.headers["Content-Disposition"]
    assert file.headers["Content-Type"].startswith("text/plain")
    assert set(codes) <= set(file.content.decode().split())
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert codes_on(client.get(reverse("mfa_view_recovery_codes"))) == []
        assert client.get(reverse("mfa_download_recovery_codes")).status_code == 404


def test_another_device_never_sees_the_codes(staff):
    set_up_code_app(log_in(staff))
    other = log_in(staff)
    second_step(other, code(_secret(staff), steps=1))
    assert is_in(other)
    assert codes_on(other.get(reverse("mfa_view_recovery_codes"))) == []
    assert other.get(reverse("mfa_download_recovery_codes")).status_code == 404


def test_new_recovery_codes_replace_the_former_ones(staff):
    client = log_in(staff)
    former = codes_on(set_up_code_app(client))
    new = codes_on(client.post(reverse("mfa_generate_recovery_codes"), follow=True))
    assert len(new) == 10
    assert not set(new) & set(former)
    second_step(log_in(staff), former[0])
    other = log_in(staff)
    second_step(other, former[0])
    assert not is_in(other)


def test_the_code_apps_secret_and_the_codes_seed_stand_encrypted(staff, settings):
    set_up_code_app(log_in(staff))
    app = Authenticator.objects.get(user=staff, type="totp")
    stored = app.data["secret"]
    assert _secret(staff) not in str(app.data)
    assert stored.startswith("gAAAA")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key " * 4
    assert len(_secret(staff)) == 32
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(InvalidToken):
        _secret(staff)


def _secret(user) -> str:
    from staff.people.second_step import decrypt

    return decrypt(Authenticator.objects.get(user=user, type="totp").data["secret"])


# --- Logging in -------------------------------------------------------------------------------------------------


def test_the_password_alone_opens_nothing(staff):
    client = log_in(with_code_app(staff))
    assert not is_in(client)
    second_step(client, "000000")
    assert not is_in(client)
    second_step(client, code())
    assert is_in(client)


def test_after_the_second_step_one_is_where_one_wanted_to_be(staff):
    client = Client()
    asked = client.get(reverse("customers")).headers["Location"]
    client.post(asked, {"login": with_code_app(staff).email, "password": "a long enough password"})
    assert second_step(client, code()).headers["Location"] == reverse("customers")


def test_a_code_opens_once(staff):
    with_code_app(staff)
    with time_machine.travel(timezone.now(), tick=False) as now:
        typed = code()
        second_step(log_in(staff), typed)
        for seconds in (0, 29, 15):
            now.shift(seconds)
            again = log_in(staff)
            page = second_step(again, f"{typed[:3]} {typed[3:]}")
            assert not is_in(again)
            assert page.status_code == 200


@pytest.mark.parametrize(("steps", "opens"), [(-1, True), (1, True), (-2, False), (2, False)])
def test_a_phones_clock_may_be_half_a_minute_off(staff, steps, opens):
    with time_machine.travel(timezone.now(), tick=False):
        client = log_in(with_code_app(staff))
        second_step(client, code(steps=steps))
        assert is_in(client) is opens


def test_a_recovery_code_opens_once(staff):
    typed = codes_on(set_up_code_app(log_in(staff)))[3]
    first, second = log_in(staff), log_in(staff)
    second_step(first, typed)
    second_step(second, typed)
    assert (is_in(first), is_in(second)) == (True, False)


def test_codes_are_guessed_five_times_and_then_not_for_a_while(staff):
    client = log_in(with_code_app(staff))
    for number in range(5):
        second_step(client, f"00000{number}")
    page = second_step(client, code())
    assert "Too many wrong codes" in page.content.decode()
    assert not is_in(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        client = log_in(staff)
        second_step(client, code())
        assert is_in(client)


def test_who_has_no_password_right_is_not_asked_for_a_code(staff):
    client = log_in(with_code_app(staff), password="guess")
    assert client.get(reverse("mfa_authenticate")).headers["Location"] == reverse("account_login")


# --- Sponsors need one ------------------------------------------------------------------------------------------


@pytest.fixture
def needed(settings):
    settings.SPONSORS_NEED_SECOND_STEP = True


@pytest.fixture
def long_here(sponsor):
    User.objects.filter(pk=sponsor.pk).update(joined_at=timezone.now() - timedelta(days=3))
    return sponsor


def leads_to_set_up(client: Client, name: str = "home") -> bool:
    return client.get(reverse(name)).headers.get("Location") == reverse("mfa_index")


@pytest.mark.usefixtures("needed")
def test_a_sponsor_without_a_second_step_is_led_to_set_one_up(long_here):
    client = log_in(long_here)
    for name in ("home", "organisation", "customers", "profile", "team_list", "account_change_password"):
        assert leads_to_set_up(client, name), name
    assert client.post(reverse("team_new"), {"name": "Harbour"}).headers["Location"] == reverse("mfa_index")
    assert "Please add a passkey or a code app" in client.get(reverse("mfa_index")).content.decode()
    set_up_code_app(client)
    assert client.get(reverse("home")).status_code == 200


@pytest.mark.usefixtures("needed")
def test_passkey_is_a_second_step_and_recovery_codes_are_none(long_here, signed_in):
    client = signed_in(long_here)
    Authenticator.objects.create(user=long_here, type="recovery_codes", data={"seed": "x", "used_mask": 0})
    assert leads_to_set_up(client)
    with_passkey(long_here)
    assert not leads_to_set_up(client)


@pytest.mark.usefixtures("needed")
def test_a_sponsor_without_one_can_still_log_out_and_open_public_pages(long_here, signed_in):
    client = signed_in(long_here)
    assert client.get(reverse("healthz")).status_code == 200
    assert client.get("/u/x/").status_code == 404
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


@pytest.mark.usefixtures("needed")
def test_the_first_hour_is_free_so_that_setting_up_can_be_finished(sponsor, signed_in):
    assert not leads_to_set_up(signed_in(sponsor))
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert leads_to_set_up(signed_in(sponsor))


@pytest.mark.usefixtures("needed")
def test_who_becomes_a_sponsor_later_needs_one_at_once(long_here, staff, signed_in):
    from staff.people.services import set_sponsor

    User.objects.filter(pk=staff.pk).update(joined_at=timezone.now() - timedelta(days=3))
    client = signed_in(staff)
    assert not leads_to_set_up(client)
    set_sponsor(by=long_here, user=staff, on=True)
    assert leads_to_set_up(client)


@pytest.mark.usefixtures("needed")
@pytest.mark.parametrize("who", ["staff", "manager"])
def test_others_are_offered_one_and_not_led(who, request, signed_in):
    user = request.getfixturevalue(who)
    User.objects.filter(pk=user.pk).update(joined_at=timezone.now() - timedelta(days=3))
    client = signed_in(user)
    assert client.get(reverse("home")).status_code == 200
    assert reverse("mfa_index") in client.get(reverse("profile")).content.decode()


def test_a_trial_only_offers_it(settings, long_here, signed_in):
    assert settings.LOCAL
    assert settings.SPONSORS_NEED_SECOND_STEP is False
    client = signed_in(long_here)
    assert not leads_to_set_up(client)
    assert "Add a second step" in client.get(reverse("profile")).content.decode()
    with_passkey(long_here)
    assert "Add a second step" not in client.get(reverse("profile")).content.decode()


# --- Phone and codes are lost -----------------------------------------------------------------------------------


def test_a_sponsor_lets_somebody_in_again_who_has_lost_phone_and_codes(sponsor, staff, signed_in):
    with_code_app(staff)
    owner, here = signed_in(sponsor), signed_in(staff)
    assert "Remove the second step" in owner.get(reverse("person", args=[staff.pk])).content.decode()
    owner.post(reverse("second_step_remove", args=[staff.pk]))
    assert not is_in(here)
    assert is_in(log_in(staff))
    assert AuditEntry.objects.filter(actor=sponsor, verb="remove_second_step", object_id=staff.pk).count() == 1
    assert "Remove the second step" not in owner.get(reverse("person", args=[staff.pk])).content.decode()


def test_nobody_else_can_and_a_sponsor_not_for_themselves(sponsor, manager, staff, signed_in):
    for user in (sponsor, staff):
        with_code_app(user)
    for who, whose in ((manager, staff), (staff, staff), (sponsor, sponsor)):
        signed_in(who).post(reverse("second_step_remove", args=[whose.pk]))
    assert sponsor.has_second_step
    assert staff.has_second_step


def test_the_only_sponsor_gets_in_again_by_a_command_on_the_server(sponsor, capsys):
    with_code_app(sponsor)
    call_command("remove_second_step", sponsor.email)
    assert not sponsor.has_second_step
    assert "password alone" in capsys.readouterr().out


def test_page_of_the_second_step_shows_what_there_is(staff, signed_in):
    with_passkey(with_code_app(staff))
    page = signed_in(staff).get(reverse("mfa_index")).content.decode()
    assert "Phone" in page
    assert reverse("mfa_deactivate_totp") in page
    assert SECRET not in page


def test_nobody_removes_another_ones_passkey(staff, colleague):
    with_passkey(colleague)
    key = Authenticator.objects.get(user=colleague)
    client = say_who_one_is(log_in(staff))
    assert client.post(reverse("mfa_remove_webauthn", args=[key.pk])).status_code == 404
    own = say_who_one_is(log_in(with_code_app(staff)))
    assert own.get(reverse("mfa_remove_webauthn", args=[key.pk])).status_code in (302, 404)
    assert colleague.has_second_step


@pytest.mark.parametrize(
    "name",
    [
        "mfa_index", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes",
        "mfa_download_recovery_codes", "mfa_generate_recovery_codes", "mfa_reauthenticate",
    ],
)  # fmt: skip
def test_looking_writes_nothing_with_everything_set_up_and_the_codes_just_made(name, staff):
    client = log_in(staff)
    set_up_code_app(client)
    assert written_by(client, "GET", reverse(name)) == []
