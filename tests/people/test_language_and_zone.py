"""Every reader gets their own language and clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils.formats import date_format

from delight.organisation.fields import time_zone_choices
from delight.organisation.models import AuditEntry, Organisation
from staff.people.models import Team, User
from staff.people.services import invite_person


def language_of(client, url: str | None = None, **headers) -> str:
    return client.get(url or reverse("profile"), **headers).headers["Content-Language"]


def test_a_person_gets_their_own_language_whatever_the_browser_asks_for(staff, signed_in):
    User.objects.update(language="tr")
    page = signed_in(staff).get(reverse("profile"), headers={"accept-language": "en"})
    assert page.headers["Content-Language"] == "tr"
    assert '<html lang="tr"' in page.content.decode()


def test_without_an_own_language_it_is_the_companys(staff, signed_in):
    Organisation.objects.update(default_language="tr")
    assert language_of(signed_in(staff), headers={"accept-language": "en"}) == "tr"


@pytest.mark.parametrize(("asked", "given"), [("tr-TR,tr;q=0.9", "tr"), ("en", "en"), ("xx", "en")])
def test_a_stranger_gets_the_browsers_language(client, organisation, asked, given):
    Organisation.objects.update(default_language="tr")
    assert language_of(client, reverse("account_login"), headers={"accept-language": asked}) == given


def test_one_persons_language_does_not_stay_for_the_next(staff, colleague, signed_in):
    User.objects.filter(pk=staff.pk).update(language="tr")
    assert language_of(signed_in(staff)) == "tr"
    assert language_of(signed_in(colleague)) == "en"


@pytest.mark.parametrize(("own", "day"), [("Asia/Tokyo", 13), ("", 12)], ids=["own zone", "the company's zone"])
def test_times_are_shown_by_the_readers_clock(manager, team, signed_in, own, day):
    with time_machine.travel(datetime(2026, 6, 5, 21, 0, tzinfo=UTC)):  # 23 o'clock in Brussels, the 6th in Tokyo
        invite_person(by=manager, email="ada@barber.example", team=team)
        User.objects.update(time_zone=own)
        page = signed_in(manager).get(reverse("team", args=[team.pk])).content.decode()
    assert date_format(date(2026, 6, day), "SHORT_DATE_FORMAT") in page


def test_people_set_their_own_name_language_and_zone(staff, signed_in):
    client = signed_in(staff)
    client.post(reverse("profile"), {"name": "Samuel", "language": "tr", "time_zone": "Europe/Istanbul"})
    saved = User.objects.get(pk=staff.pk)
    assert (saved.name, saved.sort_key) == ("Samuel", "samuel")
    assert (saved.language, saved.time_zone) == ("tr", "Europe/Istanbul")
    assert language_of(client) == "tr"
    assert AuditEntry.objects.get(verb="update_profile").fields == ["language", "name", "time_zone"]


@pytest.mark.parametrize(("field", "value"), [("language", "xx"), ("time_zone", "Mars/Base"), ("name", " ")])
def test_an_odd_profile_is_refused(staff, signed_in, field, value):
    form = {"name": "Samuel", "language": "", "time_zone": "", field: value}
    assert field in signed_in(staff).post(reverse("profile"), form).context["form"].errors
    assert User.objects.get(pk=staff.pk).name == "Sam"


def test_nobody_becomes_a_sponsor_by_their_own_form(staff, signed_in):
    signed_in(staff).post(reverse("profile"), {"name": "Sam", "is_sponsor": "on", "is_active": "", "email": "x@y.zz"})
    saved = User.objects.get(pk=staff.pk)
    assert (saved.is_sponsor, saved.is_active, saved.email) == (False, True, "sam@barber.example")


def test_an_invitation_lasts_seven_days(manager, team):
    invitation = invite_person(by=manager, email="ada@barber.example", team=team)
    assert timedelta(days=6, hours=23) < invitation.expires_at - invitation.created_at <= timedelta(days=7, minutes=1)


def test_each_time_zone_is_offered_once_by_its_name_of_today():
    offered = {value for _region, cities in time_zone_choices() for value, _name in cities}
    assert {"Europe/Kyiv", "Europe/Amsterdam", "Europe/Istanbul", "Asia/Ho_Chi_Minh", "UTC"} <= offered
    assert not {"Europe/Kiev", "Asia/Saigon", "Asia/Calcutta", "Asia/Istanbul", "America/Buenos_Aires"} & offered


def test_a_former_name_stays_for_whoever_has_it(staff, sponsor, team, signed_in):
    User.objects.filter(pk=staff.pk).update(time_zone="Europe/Kiev")
    Team.objects.filter(pk=team.pk).update(time_zone="Europe/Kiev")
    for user, url in ((staff, reverse("profile")), (sponsor, reverse("team_edit", args=[team.pk]))):
        assert '<option value="Europe/Kiev" selected>' in signed_in(user).get(url).content.decode()
