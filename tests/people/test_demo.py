"""The people of the demo company."""

import random
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from delight.organisation import demo as company_demo
from delight.organisation.demo import easter, holidays_of
from delight.outbox.models import Message
from staff.people import demo
from staff.people.access import managers_of
from staff.people.desks import enter, people_at
from staff.people.models import Desk, Membership, Team

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    company_demo.make(now=NOW)
    return demo.make(rng=random.Random(1), now=NOW)


def test_three_shops_with_a_manager_each_and_fourteen_people(people):
    assert (len(people), Team.objects.count()) == (14, 3)
    assert all(managers_of(team).count() == 1 for team in Team.objects.all())
    assert [login for login, user in people.items() if user.is_sponsor] == ["owner"]
    assert Membership.objects.now().count() == 13


@pytest.mark.parametrize("login", ["owner", "manager", "stylist"])
def test_the_printed_logins_work(people, login):
    client = Client()
    form = {"login": f"{login}@barber.example", "password": demo.DEMO_PASSWORD}
    assert client.post(reverse("account_login"), form).status_code == 302
    assert client.session["_auth_user_id"] == str(people[login].pk)


def test_one_has_no_address_and_signs_in_all_the_same(people):
    client = Client()
    client.post(reverse("account_login"), {"login": demo.WITHOUT_MAIL, "password": demo.DEMO_PASSWORD})
    assert client.session["_auth_user_id"] == str(people[demo.WITHOUT_MAIL].pk)
    assert people[demo.WITHOUT_MAIL].email is None


def test_a_team_shares_a_device_and_the_printed_pin_is_a_stylists(people):
    desk = Desk.objects.get()
    assert [person.name for person in people_at(desk)] == ["Daan Peeters", "Oksana Shevchuk"]
    assert enter(desk=desk, user=people["stylist"], pin=demo.DEMO_PIN)


def test_everything_lies_in_the_past_and_no_mail_is_due(people):
    assert all(place.since < NOW.date() for place in Membership.objects.all())
    assert not Message.objects.exists()


def test_the_same_seed_makes_the_same_people(people):
    first = list(Membership.objects.order_by("pk").values_list("user__name", "since"))
    again = random.Random(1)
    Desk.objects.all().delete()
    Membership.objects.all().delete()
    for user in people.values():
        user.delete()
    Team.objects.all().delete()
    demo.make(rng=again, now=NOW)
    assert list(Membership.objects.order_by("pk").values_list("user__name", "since")) == first


@pytest.mark.parametrize(
    "day", [date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28), date(2038, 4, 25)]
)
def test_easter_falls_when_the_calendar_says(day):
    assert easter(day.year) == day


def test_belgium_has_ten_public_holidays():
    assert len(holidays_of(2026)) == 10
    assert (date(2026, 5, 14), "Ascension Day") in holidays_of(2026)
