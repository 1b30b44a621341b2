"""When a team meets: a plan's weekday and hour in its own zone, whatever the clocks do in between."""

import zoneinfo
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from delight.organisation.models import Organisation
from staff.people.models import Team
from staff.wins.models import MeetingPlan, WinsMeeting

State = WinsMeeting.State
WEEK = timedelta(days=7)
HELD_LATE = timedelta(hours=24)  # so much later a meeting may still begin; then it was not held
ENDED = (State.HELD, State.NOT_HELD)


def zone_of(plan: MeetingPlan, company: Organisation | None = None) -> zoneinfo.ZoneInfo:
    """The plan's own zone, else the team's, else the company's."""
    own = plan.time_zone or plan.team.time_zone
    return zoneinfo.ZoneInfo(own or (company or Organisation.get()).time_zone)


def zone_of_team(team: Team) -> zoneinfo.ZoneInfo:
    plan = MeetingPlan.objects.filter(team=team).select_related("team").first()
    return zone_of(plan) if plan else zoneinfo.ZoneInfo(team.time_zone or Organisation.get().time_zone)


def is_its_day(meeting: WinsMeeting) -> bool:
    """Whether it is the day for which the meeting is planned, where the team is."""
    zone = zone_of_team(meeting.team)
    return meeting.starts_at.astimezone(zone).date() == timezone.now().astimezone(zone).date()


def first_after(plan: MeetingPlan, moment: datetime, zone: zoneinfo.ZoneInfo) -> datetime:
    """The plan's first time that is later than `moment`, in UTC.

    An hour that the clocks leave out is an hour later; one that comes twice is its first.
    """
    day = moment.astimezone(zone).date()
    day += timedelta(days=(plan.weekday - day.isoweekday()) % 7)
    found = _on(day, plan, zone)
    return found if found > moment else _on(day + WEEK, plan, zone)


def _on(day: date, plan: MeetingPlan, zone: zoneinfo.ZoneInfo) -> datetime:
    return datetime.combine(day, plan.at, tzinfo=zone).astimezone(UTC)


def next_start(plan: MeetingPlan, *, ended: datetime | None, company: Organisation | None = None) -> datetime:
    """When the next meeting is or was to begin; `ended`: the time for which the last ended one stood.

    Until a day later it is still that one: meetings begin late.
    """
    after = max(filter(None, [timezone.now() - HELD_LATE, plan.set_at, ended]))
    return first_after(plan, after, zone_of(plan, company))


def last_ended(team: Team) -> WinsMeeting | None:
    """The team's last meeting that was held, or was to be."""
    return WinsMeeting.objects.filter(team=team, state__in=ENDED).first()


def coming(plan: MeetingPlan) -> datetime:
    """As `next_start`, for a team's plan as it stands."""
    last = last_ended(plan.team)
    return next_start(plan, ended=last.starts_at if last else None)
