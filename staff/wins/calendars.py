"""The calendar feed of a team's meetings: a weekly event with its time zone, and nothing about anybody."""

from datetime import timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from delight.lib.tokens import fingerprints
from delight.organisation.models import Organisation
from staff.wins.models import MeetingPlan
from staff.wins.times import first_after, zone_of

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def calendar_of(plan: MeetingPlan) -> bytes:
    """The feed. A plan that was stopped says so, or calendars would show its meetings for ever."""
    company = Organisation.get()
    with translation.override(company.default_language):
        event = _event(plan, company)
        feed = Calendar()
        feed.add("prodid", "-//Delight//wins meeting//EN")
        feed.add("version", "2.0")
        feed.add("method", "PUBLISH")
        feed.add("x-wr-calname", str(event["summary"]))
    feed.add_component(event)
    feed.add_missing_timezones()
    return feed.to_ical()


def _event(plan: MeetingPlan, company: Organisation) -> Event:
    zone = zone_of(plan, company)
    begins = first_after(plan, plan.set_at, zone).astimezone(zone)
    event = Event()
    mark = fingerprints("wins-calendar-event", str(plan.pk))[0][:32]
    event.add("uid", f"{mark}@{settings.BASE_HOST}")
    event.add("dtstamp", plan.stopped_at or plan.set_at)
    event.add("summary", _("Wins meeting: %(team)s") % {"team": plan.team.name})
    event.add("dtstart", begins)
    event.add("duration", timedelta(minutes=plan.minutes))
    event.add("rrule", {"freq": "weekly", "byday": DAYS[plan.weekday - 1]})
    event.add("status", "CANCELLED" if plan.stopped_at else "CONFIRMED")
    return event
