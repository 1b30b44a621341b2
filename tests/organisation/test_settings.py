"""The sponsors' pages about the company."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from delight.organisation.models import AuditEntry, Holiday, Organisation

FORM = {
    "name": "Barber & Daughters",
    "postal_address": "2 Quay, Ghent",
    "reply_to": "hello@barber.example",
    "default_language": "tr",
    "time_zone": "Europe/Istanbul",
    "first_weekday": "7",
    "working_days": ["1", "2", "3", "6"],
    "opens_at": "08:30",
    "closes_at": "17:00",
    "ask_again_after_days": "60",
    "country": "TR",
    "consent_rule": "recorded",
    "keep_log_days": "365",
    "forget_after_months": "",
}


def test_a_sponsor_changes_the_settings(sponsor, signed_in):
    response = signed_in(sponsor).post(reverse("organisation"), FORM)
    saved = Organisation.get()
    assert response.status_code == 302
    assert (saved.name, saved.time_zone, saved.working_days) == ("Barber & Daughters", "Europe/Istanbul", [1, 2, 3, 6])
    assert (saved.opens_at, saved.closes_at, saved.ask_again_after_days) == (time(8, 30), time(17), 60)


def test_the_trail_names_the_fields_that_changed_and_no_value(sponsor, signed_in):
    client = signed_in(sponsor)
    client.post(reverse("organisation"), FORM)
    client.post(reverse("organisation"), {**FORM, "ask_again_after_days": "61"})
    latest = AuditEntry.objects.filter(verb="update_organisation").first()
    assert (latest.actor, latest.fields) == (sponsor, ["ask_again_after_days"])


def test_saving_without_a_change_leaves_no_trace(sponsor, signed_in):
    client = signed_in(sponsor)
    client.post(reverse("organisation"), FORM)
    before = AuditEntry.objects.count()
    client.post(reverse("organisation"), FORM)
    assert AuditEntry.objects.count() == before


def test_the_currency_stays_whatever_is_posted(sponsor, signed_in):
    signed_in(sponsor).post(reverse("organisation"), {**FORM, "currency": "USD", "sending_on": ""})
    assert Organisation.get().currency == "EUR"
    assert Organisation.get().sending_on


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("closes_at", "08:00"),
        ("time_zone", "Europe/Atlantis"),
        ("working_days", []),
        ("working_days", ["8"]),
        ("ask_again_after_days", "0"),
        ("reply_to", "nobody"),
        ("name", " "),
    ],
)
def test_odd_settings_are_refused_beside_their_field(sponsor, signed_in, field, value):
    page = signed_in(sponsor).post(reverse("organisation"), {**FORM, field: value})
    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert Organisation.get().name == "Barber & Sons"


@pytest.mark.parametrize("name", ["organisation", "holidays"])
def test_nobody_but_sponsors_gets_in(name, sponsor, manager, staff, signed_in, client):
    url = reverse(name)
    assert signed_in(sponsor).get(url).status_code == 200
    for other in (manager, staff):
        assert signed_in(other).get(url).status_code == 403
        assert signed_in(other).post(url, FORM).status_code == 403
    assert client.get(url).status_code == 302
    assert Organisation.get().name == "Barber & Sons"


def test_a_holiday_comes_and_goes(sponsor, signed_in):
    client = signed_in(sponsor)
    client.post(reverse("holidays"), {"day": "2026-12-25", "name": "Christmas"})
    holiday = Holiday.objects.get()
    assert holiday.day == date(2026, 12, 25)
    assert "Christmas" in client.get(reverse("holidays")).content.decode()
    client.post(reverse("holiday_remove", args=[holiday.pk]))
    assert not Holiday.objects.exists()
    assert {"add_holiday", "remove_holiday"} <= set(AuditEntry.objects.values_list("verb", flat=True))


def test_a_day_is_a_holiday_once(sponsor, signed_in):
    Holiday.objects.create(day=date(2026, 12, 25), name="Christmas")
    page = signed_in(sponsor).post(reverse("holidays"), {"day": "2026-12-25", "name": "Again"})
    assert "day" in page.context["form"].errors
    assert Holiday.objects.get().name == "Christmas"


def test_only_a_sponsor_takes_a_holiday_away_and_only_by_post(sponsor, manager, signed_in):
    holiday = Holiday.objects.create(day=date(2026, 12, 25), name="Christmas")
    url = reverse("holiday_remove", args=[holiday.pk])
    assert signed_in(manager).post(url).status_code == 403
    assert signed_in(sponsor).get(url).status_code == 405
    assert Holiday.objects.exists()


def test_the_list_of_holidays_takes_as_many_queries_for_three_as_for_one(
    sponsor, signed_in, django_assert_num_queries, django_assert_max_num_queries
):
    client = signed_in(sponsor)
    Holiday.objects.create(day=date(2026, 1, 1), name="New Year")
    with django_assert_max_num_queries(12) as one:
        client.get(reverse("holidays"))
    Holiday.objects.bulk_create([Holiday(day=date(2026, 5, 1), name="May"), Holiday(day=date(2026, 8, 15), name="A")])
    with django_assert_num_queries(len(one.captured_queries)):
        client.get(reverse("holidays"))


def test_holidays_to_come_stand_first_and_past_ones_are_folded(sponsor, signed_in):
    today = timezone.localdate()
    for days in (40, -3, 2, -400):
        Holiday.objects.create(day=today + timedelta(days=days), name=f"{days} days")
    page = signed_in(sponsor).get(reverse("holidays"))
    assert [holiday.name for holiday in page.context["coming"]] == ["2 days", "40 days"]
    assert [holiday.name for holiday in page.context["past"]] == ["-3 days", "-400 days"]
    folded = page.content.decode().partition('<details class="disclosure">')[2].partition("</details>")[0]
    assert "<strong>-400 days" in folded
    assert "<strong>40 days" not in folded
