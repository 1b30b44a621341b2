"""Visits from a calendar's address: added by a manager, read by a worker over a real connection."""

import http.server
import threading
import time as clock
from datetime import UTC, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from delight.customers.models import Customer, ForgottenBooking, Visit, VisitCalendar
from delight.customers.visits import calendars, events
from delight.customers.visits.events import BadCalendarError, Window, read_events
from delight.outbox.models import Job
from delight.outbox.pump import run_due
from delight.outbox.registry import JOB_KINDS, JobKind

pytestmark = pytest.mark.slow

BRUSSELS = ZoneInfo("Europe/Brussels")


@pytest.fixture
def tomorrow():
    """Tomorrow at ten of the shop's clock."""
    return datetime.combine(timezone.localdate(timezone=BRUSSELS) + timedelta(days=1), time(10), tzinfo=BRUSSELS)


def event(uid="1@booking", start=None, summary="Haircut", *more: str) -> str:
    begin = f"{start.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    end = f"{(start + timedelta(minutes=30)).astimezone(UTC):%Y%m%dT%H%M%SZ}"
    lines = [f"UID:{uid}", f"DTSTART:{begin}", f"DTEND:{end}", f"SUMMARY:{summary}", *more]
    return "\r\n".join(["BEGIN:VEVENT", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT"])


def ics(*events: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//t//t//EN", *events, "END:VCALENDAR", ""]).encode()


@pytest.fixture
def booking_site():
    """A real web server on loopback; set `.content` and `.status`."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.server.asked += 1
            self.send_response(self.server.status)
            self.send_header("Content-Type", "text/calendar")
            self.end_headers()
            self.wfile.write(self.server.content)

        def log_message(self, *args):
            pass

    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.content, site.status, site.asked = ics(), 200, 0
    site.url = f"http://127.0.0.1:{site.server_address[1]}/secret.ics"
    thread = threading.Thread(target=site.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield site
    site.shutdown()
    site.server_close()
    thread.join(5)


@pytest.fixture
def loopback_allowed(settings, monkeypatch):
    """The tests' allow-list: the worker's job with another judge of addresses."""
    settings.LOCAL = True
    job = JobKind(name=calendars.KIND, run=partial(calendars.read_calendar, allowed=lambda address: True))
    monkeypatch.setitem(JOB_KINDS, calendars.KIND, job)


@pytest.fixture
def read(booking_site, loopback_allowed, manager, team, signed_in):
    """`read(event, …)`: the calendar as the booking site gives it now, read by pressing the button."""
    browser = signed_in(manager)

    def do(*events: str, content: bytes | None = None) -> VisitCalendar:
        booking_site.content = ics(*events) if content is None else content
        found = VisitCalendar.objects.first()
        if found is None:
            response = browser.post("/visits/calendars/", {"team": team.pk, "name": "Chairs", "url": booking_site.url})
            assert response.status_code == 302, response.content.decode()
        else:
            Job.objects.filter(state="done").delete()  # the key names the second
            browser.post(f"/visits/calendars/{found.pk}/read/")
        run_due()
        return VisitCalendar.objects.get()

    return do


# --- From booking to visit ----------------------------------------------------------------------------------------


def test_a_booking_becomes_a_planned_visit(read, tomorrow, team):
    calendar = read(event(start=tomorrow, summary="Beard trim"))
    visit = Visit.objects.get()
    assert (visit.team, visit.state, visit.starts_at, visit.guest) == (team, "planned", tomorrow, "Beard trim")
    assert visit.ends_at == tomorrow + timedelta(minutes=30)
    assert (calendar.error, calendar.read_at is not None) == ("", True)


def test_reading_again_changes_nothing(read, tomorrow):
    for _time in range(3):
        read(event(start=tomorrow), event("2@booking", tomorrow))
    assert Visit.objects.count() == 2


def test_a_moved_booking_moves_its_visit(read, tomorrow):
    read(event(start=tomorrow))
    first = Visit.objects.get()
    read(event(start=tomorrow + timedelta(hours=3), summary="Beard"))
    moved = Visit.objects.get()
    assert (moved.pk, moved.starts_at, moved.guest) == (first.pk, tomorrow + timedelta(hours=3), "Beard")


@pytest.mark.parametrize("how", ["gone", "cancelled"])
@pytest.mark.parametrize(("state", "stays"), [("planned", False), ("came", True), ("missed", True)])
def test_what_left_the_calendar_goes_unless_something_came_of_it(read, tomorrow, how, state, stays):
    read(event(start=tomorrow))
    Visit.objects.update(state=state)
    read(*([] if how == "gone" else [event("1@booking", tomorrow, "Haircut", "STATUS:CANCELLED")]))
    assert Visit.objects.exists() == stays


def test_what_came_of_a_visit_and_who_it_was_is_not_the_calendars(read, tomorrow, make_customer):
    read(event(start=tomorrow), event("2@booking", tomorrow))
    named, customer = Visit.objects.get(source_id="2@booking"), make_customer("Emma Peeters")
    Visit.objects.filter(pk=named.pk).update(customer=customer, guest="")
    Visit.objects.exclude(pk=named.pk).update(state="came")
    read(event(start=tomorrow + timedelta(hours=1)), event("2@booking", tomorrow, "Somebody else"))
    named.refresh_from_db()
    assert (named.customer, named.guest) == (customer, "")
    assert Visit.objects.get(state="came").starts_at == tomorrow


def test_visits_of_other_sources_stay(read, tomorrow, team, make_customer):
    Visit.objects.create(team=team, customer=make_customer(), starts_at=tomorrow)
    read()
    assert Visit.objects.count() == 1


# --- Whose booking ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("summary", "more"),
    [("Haircut", ["ATTENDEE;CN=Emma:mailto:Emma@Mail.example"]),
     ("Haircut", ["DESCRIPTION:Booked by emma@mail.example\\nsee you"]),
     ("Haircut", ["DESCRIPTION:Tel. +32 478 11 22 33"]),
     ("Haircut", ["DESCRIPTION:0478/11 22 33 please call"]),
     ("Haircut", ["DESCRIPTION:Customer K-20417"]),
     ("Emma Peeters", []), ("Haircut Emma PEETERS (new)", []), ("EMMA  Peeters - beard", []),
     ("Cut: Emma Peeters", [])],
)  # fmt: skip
def test_the_customer_is_found(read, tomorrow, make_customer, summary, more):
    emma = make_customer("Emma Peeters", email="emma@mail.example", phone="0478 11 22 33", outside_id="K-20417")
    make_customer("Emma Claes")
    read(event("1@booking", tomorrow, summary, *more))
    visit = Visit.objects.get()
    assert (visit.customer, visit.guest) == (emma, "")


@pytest.mark.parametrize("summary", ["Emma", "Peeters", "Haircut", "Emma Peetersen", ""])
def test_a_part_of_a_name_is_nobody(read, tomorrow, make_customer, summary):
    make_customer("Emma Peeters")
    read(event("1@booking", tomorrow, summary))
    visit = Visit.objects.get()
    assert (visit.customer, visit.guest) == (None, summary)


def test_of_two_people_with_one_name_nobody_is_taken(read, tomorrow, make_customer):
    make_customer("Emma Peeters")
    make_customer("Emma Peeters")
    read(event("1@booking", tomorrow, "Emma Peeters"))
    assert Visit.objects.get().customer is None


def test_who_is_added_later_is_found_at_the_next_reading(read, tomorrow, make_customer):
    read(event("1@booking", tomorrow, "Emma Peeters"))
    emma = make_customer("Emma Peeters")
    read(event("1@booking", tomorrow, "Emma Peeters"))
    assert Visit.objects.get().customer == emma


def test_erased_customers_are_not_found(read, tomorrow, make_customer):
    make_customer("Emma Peeters", erased_at=timezone.now())
    read(event("1@booking", tomorrow, "Emma Peeters"))
    assert Visit.objects.get().customer is None


@pytest.fixture
def erase(manager, signed_in):
    """`erase(customer)`: on the page, by the manager; returns the page that asks first."""

    def do(customer) -> str:
        address, browser = reverse("customer_erase", args=[customer.pk]), signed_in(manager)
        page = browser.get(address).content.decode()
        assert browser.post(address, {"never_write": "on"}).status_code == 302
        return page

    return do


@pytest.mark.parametrize("state", ["planned", "came"])
def test_no_reading_brings_an_erased_customer_back(read, tomorrow, make_customer, erase, state):
    emma = make_customer("Emma Peeters")
    other = event("other", tomorrow, "Somebody Else")
    booked = [event("emmas", tomorrow, "Haircut Emma Peeters", f"DESCRIPTION:{emma.email}"), other]
    read(*booked)
    Visit.objects.filter(customer=emma).update(state=state)
    page = erase(emma)
    assert "remove it in the calendar" in page
    read(*booked)
    assert [visit.guest for visit in Visit.objects.filter(state="planned")] == ["Somebody Else"]
    assert not Visit.objects.filter(guest__icontains="peeters").exists()
    assert "peeters" not in str(list(ForgottenBooking.objects.values())).lower()


def test_a_guest_with_the_erased_customers_whole_name_goes_too(read, tomorrow, make_customer, erase):
    one, other = make_customer("Emma Peeters"), make_customer("Emma Peeters")
    booked = event(start=tomorrow, summary="Beard trim EMMA PEETERS")
    read(booked)
    assert Visit.objects.get().customer is None  # two of that name
    erase(one)
    read(booked)
    assert not Visit.objects.exists()
    assert Customer.objects.get(erased_at=None) == other


def test_a_whole_series_is_forgotten_also_what_is_to_come(read, tomorrow, make_customer, erase):
    emma = make_customer("Emma Peeters")
    weekly = event("weekly", tomorrow, "Emma Peeters", "RRULE:FREQ=WEEKLY")
    calendar = read(weekly)
    assert Visit.objects.filter(customer=emma).count() == 2
    erase(emma)
    read(weekly)
    with time_machine.travel(timezone.now() + timedelta(days=21)):
        calendars.read_calendar(calendar.pk, lambda done, total: None, allowed=lambda address: True)
    assert not Visit.objects.exists()


def test_others_in_the_same_series_stay(read, tomorrow, make_customer, erase):
    emma, mark = make_customer("Emma Peeters"), make_customer("Mark Oduya")
    later = tomorrow + timedelta(days=7)
    slots = event("slots", tomorrow, "Emma Peeters", "RRULE:FREQ=WEEKLY;COUNT=2")
    his = event("slots", later, "Mark Oduya", f"RECURRENCE-ID:{later.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    read(slots, his)
    assert {visit.customer for visit in Visit.objects.all()} == {emma, mark}
    erase(emma)
    read(slots, his)
    assert [visit.customer for visit in Visit.objects.all()] == [mark]


def test_a_short_place_is_the_reference(read, tomorrow):
    read(event("1@b", tomorrow, "A", "LOCATION:214"), event("2@b", tomorrow, "B", "LOCATION:1 Mill Lane\\, 9000 Ghent"))
    assert dict(Visit.objects.values_list("source_id", "reference")) == {"1@b": "214", "2@b": ""}


# --- When something is wrong --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "content", "words"),
    [(404, b"", "There is nothing at this address"), (403, b"", "does not let us in"), (500, b"", "error 500"),
     (302, b"", "leads on to another"), (200, b"<html>Log in</html>", "is not a calendar"),
     (200, b"", "is not a calendar"),
     (200, b"BEGIN:VCALENDAR\r\n", "is not a calendar"), (200, b"\x00\xff" * 99, "is not a calendar"),
     (200, b"BEGIN:VCARD\r\nEND:VCARD\r\n", "is not a calendar"), (200, b"x" * 4_000_000, "too large")],
)  # fmt: skip
def test_a_bad_calendar_says_so_and_its_visits_stay(
    read, booking_site, tomorrow, manager, signed_in, status, content, words
):
    read(event(start=tomorrow))
    booking_site.status = status
    calendar = read(content=content)
    page = signed_in(manager).get(f"/visits/calendars/{calendar.pk}/").content.decode()
    assert words in page
    assert "cannot be read" in page
    assert Visit.objects.count() == 1
    booking_site.status = 200
    assert read(event(start=tomorrow)).error == ""


def test_an_inner_address_is_not_read(booking_site, settings, manager, team, signed_in):
    settings.LOCAL = True
    signed_in(manager).post("/visits/calendars/", {"team": team.pk, "name": "Chairs", "url": booking_site.url})
    run_due()
    assert "internal network" in VisitCalendar.objects.get().error
    assert booking_site.asked == 0


@pytest.mark.parametrize(
    "url", ["http://calendar.example/1.ics", "file:///etc/passwd", "calendar.example", "https://u:p@c.example/"]
)
def test_only_addresses_on_the_web_are_taken(manager, team, signed_in, settings, url):
    settings.LOCAL = False
    browser = signed_in(manager)
    assert browser.post("/visits/calendars/", {"team": team.pk, "name": "Chairs", "url": url}).status_code == 200
    assert not VisitCalendar.objects.exists()


def test_webcal_is_https(manager, team, signed_in):
    url = "webcal://calendar.example/1.ics"
    signed_in(manager).post("/visits/calendars/", {"team": team.pk, "name": "Chairs", "url": url})
    assert VisitCalendar.objects.get().url == "https://calendar.example/1.ics"


# --- By itself, and no more ---------------------------------------------------------------------------------------


def test_each_calendar_is_read_every_quarter_of_an_hour(read, booking_site, tomorrow, organisation):
    read()
    Job.objects.filter(state="done").delete()
    booking_site.content = ics(event(start=tomorrow))
    calendars.read_all()
    run_due()
    assert Visit.objects.count() == 1


def test_a_stopped_calendar_is_not_read_and_plans_nothing(read, booking_site, tomorrow, manager, signed_in):
    calendar = read(event(start=tomorrow))
    asked = booking_site.asked
    signed_in(manager).post(f"/visits/calendars/{calendar.pk}/stop/")
    assert not Visit.objects.exists()
    Job.objects.all().delete()
    calendars.read_all()
    run_due()
    assert booking_site.asked == asked
    assert "stopped" in signed_in(manager).get("/visits/calendars/").content.decode()


def test_the_demo_companys_calendar_is_not_read(read, booking_site, organisation):
    read()
    organisation.is_demo = True
    organisation.save()
    Job.objects.all().delete()
    calendars.read_all()
    assert not Job.objects.exists()


# --- Reading the file ---------------------------------------------------------------------------------------------

WINDOW = Window(
    datetime(2026, 3, 23, tzinfo=BRUSSELS), datetime(2026, 4, 6, tzinfo=BRUSSELS), BRUSSELS, time(9)
)  # over the night in which summer time begins, 29 March


def times(*lines: str, extra: tuple[str, ...] = ()) -> list[str]:
    block = "\r\n".join(["BEGIN:VEVENT", "UID:1", "SUMMARY:X", *lines, "END:VEVENT"])
    found = read_events(ics(block, *extra), WINDOW)
    return sorted(f"{each.starts_at.astimezone(BRUSSELS):%d.%m. %H:%M}" for each in found)


def test_a_weekly_booking_keeps_its_hour_over_summer_time():
    assert times("DTSTART;TZID=Europe/Brussels:20260106T100000", "RRULE:FREQ=WEEKLY;BYDAY=TU") == [
        "24.03. 10:00", "31.03. 10:00",
    ]  # fmt: skip


def test_exceptions_moved_and_cancelled_occurrences():
    moved = "\r\n".join(
        ["BEGIN:VEVENT", "UID:1", "SUMMARY:X", "RECURRENCE-ID;TZID=Europe/Brussels:20260325T100000",
         "DTSTART;TZID=Europe/Brussels:20260325T153000", "END:VEVENT"]
    )  # fmt: skip
    cancelled = "\r\n".join(
        ["BEGIN:VEVENT", "UID:1", "SUMMARY:X", "STATUS:CANCELLED",
         "RECURRENCE-ID;TZID=Europe/Brussels:20260326T100000", "DTSTART;TZID=Europe/Brussels:20260326T100000",
         "END:VEVENT"]
    )  # fmt: skip
    found = times(
        "DTSTART;TZID=Europe/Brussels:20260323T100000", "RRULE:FREQ=DAILY;COUNT=5",
        "EXDATE;TZID=Europe/Brussels:20260324T100000", extra=(moved, cancelled),
    )  # fmt: skip
    assert found == ["23.03. 10:00", "25.03. 15:30", "27.03. 10:00"]


def test_until_is_the_end_in_the_events_own_clock():
    assert times("DTSTART;TZID=Europe/Brussels:20260323T233000", "RRULE:FREQ=DAILY;UNTIL=20260324T223000Z") == [
        "23.03. 23:30", "24.03. 23:30",
    ]  # fmt: skip


def test_days_and_times_without_a_zone_are_the_shops():
    assert times("DTSTART;VALUE=DATE:20260401", "DTEND;VALUE=DATE:20260403") == ["01.04. 09:00"]
    assert times("DTSTART:20260401T140000") == ["01.04. 14:00"]


def test_nothing_outside_the_window_is_planned():
    assert times("DTSTART:20260322T235900Z") == ["23.03. 00:59"]
    assert times("DTSTART:20260406T000000") == []
    assert times("DTSTART:20200101T100000") == []


@pytest.mark.parametrize(
    "rule", ["FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=HOURLY", "FREQ=DAILY;BYHOUR=1,2,3", "FREQ=DAILY;BYSECOND=1,2,3"]
)
def test_a_rule_that_would_never_end_costs_nothing(rule):
    assert len(times("DTSTART:20260323T100000", f"RRULE:{rule}")) <= 1


@pytest.mark.parametrize("freq", ["DAILY", "MONTHLY", "YEARLY"])
def test_a_rule_that_stands_still_ends(freq):
    assert times("DTSTART:20260101T100000", f"RRULE:FREQ={freq};INTERVAL=0") == []


def test_many_costly_rules_are_refused(monkeypatch):
    monkeypatch.setattr(events, "MOST_SECONDS", 0.2)
    costly = "\r\n".join(  # looked for until the year 9999
        ["BEGIN:VEVENT", "UID:2", "SUMMARY:Y", "DTSTART:20260101T100000",
         "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1", "END:VEVENT"]
    )  # fmt: skip
    with pytest.raises(BadCalendarError, match="too many"):
        times("DTSTART:20260401T100000", extra=(costly,) * 20)


def test_a_title_without_end_is_cut_off():
    began = clock.monotonic()
    block = "\r\n".join(["BEGIN:VEVENT", "UID:1", f"SUMMARY:{'a' * 100_000}", "DTSTART:20260401T100000", "END:VEVENT"])
    described = block.replace("UID:1", f"UID:2\r\nDESCRIPTION:{'a' * 4_000}")
    found = read_events(ics(block, *[described.replace("UID:2", f"UID:{n}") for n in range(2, 12)]), WINDOW)
    assert clock.monotonic() - began < 1
    assert len(found[0].title) == 500


def test_one_odd_event_does_not_spoil_the_others():
    good = "\r\n".join(["BEGIN:VEVENT", "UID:2", "DTSTART:20260401T140000", "SUMMARY:Y", "END:VEVENT"])
    for odd in (["DTSTART:nonsense"], ["SUMMARY:no time"], ["DTSTART:20260401T100000", "DURATION:nonsense"],
                ["DTSTART:20260401T100000", "RRULE:FREQ=NEVER"]):  # fmt: skip
        assert "01.04. 14:00" in times(*odd, extra=(good,))


def test_too_many_events_are_refused():
    with pytest.raises(BadCalendarError, match="too many"):
        read_events(ics(*["BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT"] * 5_001), WINDOW)
