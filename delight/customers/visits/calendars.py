"""Calendars of bookings: adding and stopping them, and reading them every quarter of an hour.

A round starts the readings, each a job of its own. What is wrong with a calendar is written down on it in words; the
visits that it brought before stay as they are.
"""

import zoneinfo
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone, translation

from delight.customers.models import Customer, Visit, VisitCalendar
from delight.customers.visits.events import BadCalendarError, Event, Window, read_events
from delight.customers.visits.finding import Finder
from delight.customers.visits.forgetting import still_known
from delight.lib.outgoing import Allowed, OutgoingError, fetch, is_public
from delight.organisation.models import AuditEntry, Organisation
from delight.outbox.models import Job
from delight.outbox.services import start_job
from staff.people.models import Team, User

KIND = "read-calendar"
EVERY = timedelta(minutes=15)
AHEAD = timedelta(days=14)
JOBS_KEPT = timedelta(days=1)
MOST_BYTES = 3 * 1024 * 1024

Progress = Callable[[int, int], None]


@transaction.atomic
def add_calendar(*, by: User, team: Team, name: str, url: str) -> VisitCalendar:
    """Keep the address and read it at once."""
    calendar = VisitCalendar.objects.create(team=team, name=name, url=url, created_by=by)
    AuditEntry.record(by=by, verb="create", obj=calendar)
    read_soon(calendar)
    return calendar


@transaction.atomic
def stop_calendar(*, by: User, calendar: VisitCalendar) -> None:
    """Read it no more. What it planned for later goes; what took place, and today's, stay."""
    stopped = VisitCalendar.objects.filter(pk=calendar.pk, stopped_at=None).update(stopped_at=timezone.now(), error="")
    if stopped:
        tomorrow = timezone.localtime(timezone.now() + timedelta(days=1)).replace(hour=0, minute=0, second=0)
        _remove_planned(calendar, {}, tomorrow, tomorrow + timedelta(days=3650))
        AuditEntry.record(by=by, verb="stop", obj=calendar)


@transaction.atomic
def read_now(*, by: User, calendar: VisitCalendar) -> None:
    """Have it read by a worker now, also one that was stopped: reading goes on from there."""
    VisitCalendar.objects.filter(pk=calendar.pk).update(stopped_at=None)
    AuditEntry.record(by=by, verb="read", obj=calendar)
    read_soon(calendar)


def read_soon(calendar: VisitCalendar) -> None:
    """At most one reading a second is begun, however often the button is pressed."""
    start_job(kind=KIND, object_id=calendar.pk, key=f"{KIND}:{calendar.pk}:now:{timezone.now():%Y%m%d%H%M%S}")


def read_all() -> None:
    """The round: a reading for each calendar. The demo company's leads nowhere."""
    if Organisation.objects.filter(is_demo=False).exists():
        for calendar in VisitCalendar.objects.filter(stopped_at=None):
            read_soon(calendar)


# --- The job ------------------------------------------------------------------------------------------------------


def read_calendar(calendar_id: int, progress: Progress, *, allowed: Allowed = is_public) -> None:
    """Fetch the calendar, and make the planned visits of the coming days what it says."""
    calendar = VisitCalendar.objects.select_related("team", "created_by").filter(
        pk=calendar_id, stopped_at=None
    ).first()  # fmt: skip
    if calendar is None:
        return
    organisation = Organisation.get()
    with translation.override(calendar.created_by.language or organisation.default_language):
        try:
            content = fetch(calendar.url, most_bytes=MOST_BYTES, allowed=allowed).body
            progress(0, 0)
            window = _window(calendar, organisation)
            take_events(calendar, read_events(content, window), window)
        except (OutgoingError, BadCalendarError) as error:
            VisitCalendar.objects.filter(pk=calendar_id).update(error=str(error)[:300])
    over = Job.objects.filter(kind=KIND, object_id=calendar_id, ended_at__lt=timezone.now() - JOBS_KEPT)
    over.delete()


def _window(calendar: VisitCalendar, organisation: Organisation) -> Window:
    zone = zoneinfo.ZoneInfo(calendar.team.time_zone or organisation.time_zone)
    today = datetime.combine(timezone.localdate(timezone=zone), time.min, tzinfo=zone)
    return Window(today, today + AHEAD, zone, organisation.opens_at)


@transaction.atomic
def take_events(calendar: VisitCalendar, events: list[Event], window: Window) -> None:
    """New bookings become planned visits, planned ones follow their booking, and those that have left go.

    What came of a visit is never changed by its calendar: every write says "still planned" once the row is locked.
    """
    VisitCalendar.objects.select_for_update().get(pk=calendar.pk)
    ids = [event.source_id for event in events]
    known = {
        visit.source_id: visit
        for visit in Visit.objects.select_for_update().filter(calendar=calendar, source_id__in=ids).order_by("pk")
    }
    # Looked up behind the lock: who is being erased at this moment is so by now.
    events = still_known(calendar.pk, events)
    by_id = {event.source_id: event for event in events}
    finder = Finder(event.traces for event in events)
    for source_id, visit in known.items():
        if visit.state == Visit.State.PLANNED and source_id in by_id:
            _follow(visit, by_id[source_id], finder)
    Visit.objects.bulk_create(
        _visit(calendar, event, finder.find(event.traces)) for event in events if event.source_id not in known
    )
    _remove_planned(calendar, by_id, window.start, window.end)
    VisitCalendar.objects.filter(pk=calendar.pk).update(read_at=timezone.now(), error="")


def _visit(calendar: VisitCalendar, event: Event, customer: Customer | None) -> Visit:
    return Visit(
        customer=customer,
        guest="" if customer else event.title[:160],
        team_id=calendar.team_id,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        reference=event.reference,
        source=Visit.Source.CALENDAR,
        calendar=calendar,
        source_id=event.source_id,
    )


def _follow(visit: Visit, event: Event, finder: Finder) -> None:
    """Other times, another room. Whom people or an earlier reading found stays; a guest may be found by now."""
    wanted: dict[str, Any] = {"starts_at": event.starts_at, "ends_at": event.ends_at}
    if event.reference:
        wanted["reference"] = event.reference
    if visit.customer_id is None:
        customer = finder.find(event.traces)
        wanted |= {"customer_id": customer.pk if customer else None, "guest": "" if customer else event.title[:160]}
    changed = [name for name, value in wanted.items() if getattr(visit, name) != value]
    for name in changed:
        setattr(visit, name, wanted[name])
    if changed:
        visit.save(update_fields=changed)


def _remove_planned(calendar: VisitCalendar, kept: dict[str, Event], start: datetime, end: datetime) -> None:
    """Bookings of these days that the calendar no longer has. Locked first: somebody may be arriving right now."""
    planned = Visit.objects.filter(calendar=calendar, state=Visit.State.PLANNED)
    gone = planned.filter(starts_at__gte=start, starts_at__lt=end).exclude(source_id__in=kept)
    locked = list(gone.select_for_update().order_by("pk").values_list("pk", flat=True))
    Visit.objects.filter(pk__in=locked).delete()
