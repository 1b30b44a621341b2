"""When something that people have to do is due."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from delight.organisation.models import Holiday, Organisation
from delight.organisation.worktime import end_of_working_day

pytestmark = pytest.mark.django_db
ZONES = ["Europe/Brussels", "Europe/Istanbul", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
FEW_AND_SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def company(**fields) -> Organisation:
    return Organisation(**{"name": "B", "postal_address": "x", "time_zone": "Europe/Brussels", **fields})


def brussels(*when: int) -> datetime:
    return datetime(*when, tzinfo=ZoneInfo("Europe/Brussels"))  # type: ignore[misc]


def test_what_comes_in_on_a_friday_is_due_on_monday_at_closing_time():
    assert end_of_working_day(brussels(2025, 9, 5, 16), 1, company()) == brussels(2025, 9, 8, 18)


def test_what_comes_in_on_a_sunday_is_due_on_the_next_open_day():
    assert end_of_working_day(brussels(2025, 9, 7, 11), 1, company()) == brussels(2025, 9, 8, 18)


def test_five_working_days_are_a_week():
    assert end_of_working_day(brussels(2025, 9, 3, 9), 5, company()) == brussels(2025, 9, 10, 18)


def test_a_holiday_is_jumped_over_and_without_it_would_not_be():
    christmas_eve = brussels(2025, 12, 24, 10)
    assert end_of_working_day(christmas_eve, 1, company()) == brussels(2025, 12, 25, 18)
    Holiday.objects.create(day=date(2025, 12, 25), name="Christmas")
    assert end_of_working_day(christmas_eve, 1, company()) == brussels(2025, 12, 26, 18)


def test_closing_time_is_by_the_clock_on_the_wall_after_the_clocks_change():
    before = end_of_working_day(brussels(2025, 10, 23, 12), 1, company())
    after = end_of_working_day(brussels(2025, 10, 24, 12), 1, company())
    assert (before.hour, after.hour) == (16, 17)  # 18 o'clock in summer and in winter, told in UTC


def test_the_day_is_the_companys_and_not_utcs():
    late_evening_in_new_york = datetime(2025, 9, 3, 2, tzinfo=UTC)  # there it is still the second
    due = end_of_working_day(late_evening_in_new_york, 1, company(time_zone="America/New_York"))
    assert due == datetime(2025, 9, 3, 18, tzinfo=ZoneInfo("America/New_York"))


def test_a_company_without_working_days_counts_all_of_them():
    assert end_of_working_day(brussels(2025, 9, 5, 16), 1, company(working_days=[])) == brussels(2025, 9, 6, 18)


def test_a_company_that_is_always_closed_gets_a_date_all_the_same():
    Holiday.objects.bulk_create(Holiday(day=date(2025, 1, 1) + timedelta(days=n), name="x") for n in range(800))
    assert end_of_working_day(brussels(2025, 1, 1, 12), 1, company()) > brussels(2026, 12, 1, 12)


@FEW_AND_SLOW
@given(
    after=st.integers(0, 3 * 365 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes)),
    days=st.integers(1, 15),
    zone=st.sampled_from(ZONES),
    open_days=st.sets(st.integers(1, 7), min_size=1),
    closing=st.times(time(12), time(22)).map(lambda t: t.replace(second=0, microsecond=0)),
    off=st.lists(st.integers(0, 30), max_size=5, unique=True),
)
def test_due_is_closing_time_of_exactly_the_wanted_working_day(after, days, zone, open_days, closing, off):
    organisation = company(time_zone=zone, working_days=sorted(open_days), closes_at=closing)
    first = after.astimezone(organisation.zone).date()
    closed = {first + timedelta(days=n) for n in off}
    Holiday.objects.all().delete()
    Holiday.objects.bulk_create(Holiday(day=day, name="x") for day in closed)

    due = end_of_working_day(after, days, organisation)

    local = due.astimezone(organisation.zone)
    assert due > after
    assert local.time() == closing
    between = [first + timedelta(days=n + 1) for n in range((local.date() - first).days)]
    worked = [day for day in between if day.isoweekday() in open_days and day not in closed]
    assert len(worked) == days
    assert worked[-1] == local.date()
