"""Reading a calendar file: which bookings there are in the coming days. Knows nothing of customers or the database."""

import hashlib
import re
import time as clock
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from dateutil.rrule import rrulestr
from django.utils.translation import gettext as _
from icalendar import Calendar

from delight.customers.visits.finding import Traces

Component = Any  # the library's own types allow thirty kinds of value for each property

MOST_EVENTS = 5_000
MOST_SECONDS = 10  # of reckoning: rules can be written that repeat for ages and never take place
LONGEST_REFERENCE = 20
LONGEST_TITLE = 500
LONGEST_UID = 170
_RARE_ENOUGH = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"\+?\d[\d ()/.-]{5,20}\d")
_NUMBER = re.compile(r"[\w-]{4,80}")
_BETWEEN = re.compile(r"\s[-–—]\s|[:,;|/()\[\]\n]")
_BREAKS = re.compile(r"[^\w'’.-]+")


class BadCalendarError(Exception):
    """This is no calendar that can be read; the text says so in words."""


@dataclass(frozen=True)
class Window:
    """Which days are looked at, and by which clock times without a zone are meant."""

    start: datetime
    end: datetime
    zone: tzinfo
    opens_at: time


@dataclass(frozen=True)
class Event:
    """One booking at one time."""

    source_id: str
    starts_at: datetime
    ends_at: datetime | None
    title: str
    reference: str
    traces: Traces


def read_events(content: bytes, window: Window) -> list[Event]:
    """The bookings that begin within the window, each occurrence of a repeated one by itself, cancelled ones left out.

    Raises BadCalendarError for what is no calendar, or too much of one.
    """
    try:
        calendars = Calendar.from_ical(content, multiple=True)
        components = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise BadCalendarError(_("What stands at this address is not a calendar.")) from error
    if not calendars or any(calendar.name != "VCALENDAR" for calendar in calendars):
        raise BadCalendarError(_("What stands at this address is not a calendar."))
    if len(components) > MOST_EVENTS:
        raise BadCalendarError(_("The calendar has too many events to be read every few minutes."))
    moved = {_occurrence_key(event, window) for event in components if "RECURRENCE-ID" in event}
    found: dict[str, Event] = {}
    end = clock.monotonic() + MOST_SECONDS
    for event in components:
        if clock.monotonic() > end:
            raise BadCalendarError(_("The calendar has too many events to be read every few minutes."))
        for booking in _bookings(event, window, moved):
            found[booking.source_id] = booking
    return list(found.values())


def _bookings(event: Component, window: Window, moved: set[tuple[str, datetime]]) -> Iterator[Event]:
    """The occurrences of one event. One that cannot be understood is left out: the others are still bookings."""
    if str(event.get("STATUS", "")).upper() == "CANCELLED" or "DTSTART" not in event or not event.get("UID"):
        return
    try:
        start, uid = _moment(event["DTSTART"].dt, window), str(event["UID"])
        length = _length(event, window, start)
        if "RECURRENCE-ID" in event:
            key = _occurrence_key(event, window)[1]
            times = {_source_id(uid, key): start}
        elif "RRULE" in event or "RDATE" in event:
            times = {_source_id(uid, at): at for at in _repeated(event, window, start) if (uid, at) not in moved}
        else:
            times = {_source_id(uid): start}
    except (ValueError, TypeError, AttributeError, OverflowError):
        return
    for source_id, at in times.items():
        if window.start <= at < window.end:
            yield _event(event, source_id, at, at + length if length else None)


def _event(event: Component, source_id: str, at: datetime, ends_at: datetime | None) -> Event:
    title = " ".join(str(event.get("SUMMARY", ""))[:LONGEST_TITLE].split())
    place = " ".join(str(event.get("LOCATION", "")).split())
    return Event(source_id, at, ends_at, title, place if len(place) <= LONGEST_REFERENCE else "", _traces(event, title))


def _source_id(uid: str, occurrence: datetime | None = None) -> str:
    uid = uid if len(uid) <= LONGEST_UID else hashlib.sha256(uid.encode()).hexdigest()
    return uid if occurrence is None else f"{uid}|{occurrence:%Y%m%dT%H%M%S%z}"


# --- Times --------------------------------------------------------------------------------------------------------


def _moment(value: date | datetime, window: Window) -> datetime:
    """A point in time. A whole day begins when the shop opens; a time without a zone is the shop's."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, window.opens_at)
    if value.tzinfo is None:
        value = value.replace(tzinfo=window.zone)
    return value.astimezone(window.zone)


def _length(event: Component, window: Window, start: datetime) -> timedelta | None:
    if "DTEND" in event:
        end = event["DTEND"].dt
        if not isinstance(end, datetime):  # the first day that does not belong to it any more
            end = datetime.combine(end, time.min)
        length = _moment(end, window) - start
    elif "DURATION" in event:
        length = event["DURATION"].dt
    else:
        return None
    return length if length > timedelta() else None


def _occurrence_key(event: Component, window: Window) -> tuple[str, datetime]:
    """Which occurrence of a repeated event this one takes the place of."""
    try:
        return str(event.get("UID", "")), _moment(event["RECURRENCE-ID"].dt, window)
    except (TypeError, AttributeError, OverflowError):
        return str(event.get("UID", "")), window.start


def _repeated(event: Component, window: Window, start: datetime) -> set[datetime]:
    """When a repeated event takes place within the window. Counted by the event's own clock, over changes to summer
    time, and never more often than daily.
    """
    own = event["DTSTART"].dt
    zone = own.tzinfo if isinstance(own, datetime) and own.tzinfo else window.zone
    first = start.astimezone(zone).replace(tzinfo=None)
    last = window.end.astimezone(zone).replace(tzinfo=None)
    since = window.start.astimezone(zone).replace(tzinfo=None)
    times = {first}
    for rule in _as_list(event.get("RRULE")):
        if text := _rule_text(rule, zone, last):
            times.update(rrulestr(text, dtstart=first).between(since, last, inc=True))
    times.update(_listed(event, "RDATE", window, zone))
    times -= _listed(event, "EXDATE", window, zone)
    return {each.replace(tzinfo=zone).astimezone(window.zone) for each in times}


def _rule_text(rule: Any, zone: tzinfo, last: datetime) -> str:
    """The rule in the event's own clock, ending with the window; empty for one that is odd or too frequent."""
    parts = {name.upper(): list(values) for name, values in rule.items()}
    if str(parts.get("FREQ", [""])[0]).upper() not in _RARE_ENOUGH or parts.keys() & {"BYHOUR", "BYMINUTE", "BYSECOND"}:
        return ""
    until = parts.pop("UNTIL", [None])[0]
    if isinstance(until, datetime):
        until = until.astimezone(zone).replace(tzinfo=None) if until.tzinfo else until
    elif until is not None:
        until = datetime.combine(until, time.max)
    if any(int(every) < 1 for every in parts.get("INTERVAL", [])):  # it would stand still for ever
        return ""
    shown = ";".join(f"{name}={','.join(map(str, values))}" for name, values in parts.items())
    if "COUNT" in parts:
        return shown
    return f"{shown};UNTIL={min(until or last, last):%Y%m%dT%H%M%S}"


def _listed(event: Component, name: str, window: Window, zone: tzinfo) -> set[datetime]:
    return {
        _moment(one.dt[0] if isinstance(one.dt, tuple) else one.dt, window).astimezone(zone).replace(tzinfo=None)
        for dates in _as_list(event.get(name))
        for one in dates.dts
    }


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


# --- Whose booking it may be --------------------------------------------------------------------------------------


def _traces(event: Component, title: str) -> Traces:
    text = str(event.get("DESCRIPTION", ""))[:4000]
    guests = [str(one).removeprefix("mailto:").removeprefix("MAILTO:") for one in _as_list(event.get("ATTENDEE"))]
    written = f"{title} {text}"
    return Traces(
        emails=[*guests, *_EMAIL.findall(written)],
        phones=_PHONE.findall(written),
        outside_ids=_NUMBER.findall(text),
        names=list(_possible_names(title)),
    )


def _possible_names(title: str) -> Iterator[str]:
    """The whole title, its parts, and each two to four words that stand together: "Haircut Emma Peeters"."""
    yield title
    for part in _BETWEEN.split(title[:200]):
        words = [word for word in _BREAKS.split(part.strip()) if word]
        yield part.strip()
        for length in (2, 3, 4):
            for begin in range(len(words) - length + 1):
                yield " ".join(words[begin : begin + length])
