"""Planning a team's meetings, making the next one, and who leads it."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Least
from django.utils import timezone

from delight.lib.tokens import make_token, new_public_id
from delight.organisation.models import AuditEntry, Organisation
from delight.outbox.services import enqueue
from staff.people.models import Team, User
from staff.wins.access import CALENDAR, members_of, plan_of
from staff.wins.agenda import agenda_for, places_of, stories_left
from staff.wins.models import AgendaItem, MeetingPlan, Turn, WinsMeeting
from staff.wins.times import HELD_LATE, coming, last_ended

State = WinsMeeting.State
BEFORE, MINUTES = "wins-before", "wins-minutes"
MAIL_AHEAD = timedelta(hours=24)
MADE_AHEAD = timedelta(hours=25)
LONGEST_RUN = timedelta(hours=4)
NEVER = datetime.min.replace(tzinfo=UTC)
OPEN = (State.PLANNED, State.RUNNING)


class NotPlanned(Exception):
    """Nobody has set when the team meets."""


# --- The plan ---------------------------------------------------------------------------------------------------


@transaction.atomic
def set_plan(*, by: User, team: Team, weekday: int, at: time, time_zone: str = "", minutes: int = 10) -> MeetingPlan:
    """Set when the team meets; a meeting that is made already moves there, with its agenda."""
    _lock(team)
    values = {"weekday": weekday, "at": at, "time_zone": time_zone, "minutes": minutes}
    plan = MeetingPlan.objects.filter(team=team).first()
    if plan and not plan.stopped_at and all(getattr(plan, name) == value for name, value in values.items()):
        return plan
    facts: dict[str, Any] = {**values, "set_by": by, "set_at": timezone.now(), "stopped_at": None}
    plan, _made = MeetingPlan.objects.update_or_create(team=team, defaults=facts)
    AuditEntry.record(by=by, verb="plan_meetings", obj=plan, fields=list(values))
    _move_planned(plan)
    return plan


def _move_planned(plan: MeetingPlan) -> None:
    meeting = WinsMeeting.objects.select_for_update().filter(team=plan.team, state=State.PLANNED).first()
    starts_at = coming(plan)
    if meeting is not None and meeting.starts_at != starts_at:
        meeting.starts_at = starts_at
        meeting.version += 1
        meeting.save(update_fields=["starts_at", "version"])
        plan_mails(meeting)


@transaction.atomic
def stop_plan(*, by: User, team: Team) -> bool:
    """No more meetings until somebody sets a time again. What is on the agenda waits. Tells whether there was one.

    A meeting to come ends now: set again, the same hour is free for it.
    """
    _lock(team)
    plan = MeetingPlan.objects.filter(team=team, stopped_at=None).first()
    if plan is None:
        return False
    now = timezone.now()
    MeetingPlan.objects.filter(pk=plan.pk).update(stopped_at=now)
    planned = WinsMeeting.objects.filter(team=team, state=State.PLANNED)
    planned.update(state=State.NOT_HELD, starts_at=Least("starts_at", now))
    AuditEntry.record(by=by, verb="stop_meetings", obj=plan)
    return True


@transaction.atomic
def new_calendar_link(*, by: User, plan: MeetingPlan) -> MeetingPlan:
    """Another link for the calendar; the old one leads nowhere from now on."""
    plan.public_id = new_public_id()
    plan.save(update_fields=["public_id"])
    AuditEntry.record(by=by, verb="new_calendar_link", obj=plan)
    return plan


def calendar_token(plan: MeetingPlan) -> str:
    return make_token(CALENDAR, plan.public_id)


# --- Making the next meeting ------------------------------------------------------------------------------------


def open_meeting(team: Team) -> WinsMeeting | None:
    """The one that is made and not over."""
    found = WinsMeeting.objects.filter(team=team, state__in=OPEN)
    return found.select_related("team", "facilitator").first()


def unwritten(team: Team, plan: MeetingPlan) -> WinsMeeting:
    """The next meeting as it would be made now, for pages."""
    people = rota(team)
    return WinsMeeting(team=team, starts_at=coming(plan), facilitator=people[0] if people else None)


def _lock(team: Team) -> None:
    """First the team, then its meeting; who writes something of the team meanwhile does not wait for it."""
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)


@transaction.atomic
def prepare_meeting(team: Team) -> WinsMeeting:
    """The team's next meeting with its agenda and everybody's turn; what is there already stays as it is.

    Safe to call at any time and by several at once, also while it begins. Raises NotPlanned.
    """
    _lock(team)
    meeting = WinsMeeting.objects.select_for_update(of=["self"]).filter(team=team, state__in=OPEN).first()
    if meeting is None:
        plan = plan_of(team)
        if plan is None:
            raise NotPlanned
        people = rota(team)
        meeting = WinsMeeting.objects.create(
            team=team, starts_at=coming(plan), facilitator=people[0] if people else None
        )
        plan_mails(meeting)
    if meeting.state == State.PLANNED:
        write_agenda(meeting)
    return meeting


def prepare_if_near(plan: MeetingPlan) -> WinsMeeting:
    """The next meeting of a plan that was set; one of the next day is made at once, so that its mails go out."""
    made = open_meeting(plan.team)
    if made is None and coming(plan) - MAIL_AHEAD <= timezone.now():
        made = prepare_meeting(plan.team)
    return made or WinsMeeting(team=plan.team, starts_at=coming(plan))


def write_agenda(meeting: WinsMeeting) -> None:
    """Write what belongs on the agenda and does not stand there yet, and turns for those who have none."""
    lines, first = agenda_for(meeting), places_of(meeting)
    AgendaItem.objects.bulk_create(
        AgendaItem(
            meeting=meeting, kind=line.kind, text=line.text, notes=line.notes, carried_from=line.carried,
            added_by_id=line.carried.added_by_id if line.carried else None, position=first + number, **line.source,
        )
        for number, line in enumerate(lines)
    )  # fmt: skip
    turns = _missing_turns(meeting)
    Turn.objects.bulk_create(turns)
    gone = Turn.objects.filter(meeting=meeting, state=Turn.State.WAITING).exclude(user__in=members_of(meeting.team))
    left, _rows = gone.filter(story="", moment=None).delete()
    if lines or turns or left:
        meeting.version += 1
        meeting.save(update_fields=["version"])


def _missing_turns(meeting: WinsMeeting) -> list[Turn]:
    """Whoever leads is last, so that everybody else is heard first."""
    there = set(Turn.objects.filter(meeting=meeting).values_list("user_id", flat=True))
    people = [person for person in members_of(meeting.team) if person.pk not in there]
    people.sort(key=lambda person: person.pk == meeting.facilitator_id)
    left, first = stories_left(last_ended(meeting.team)), len(there)
    return [
        Turn(
            meeting=meeting, user=person, position=first + number,
            story=left[person.pk].story if person.pk in left else "",
            moment_id=left[person.pk].moment_id if person.pk in left else None,
        )
        for number, person in enumerate(people)
    ]  # fmt: skip


def plan_mails(meeting: WinsMeeting) -> None:
    """A mail for everybody who has an address, a day ahead. What is too late for that says so by coming now."""
    due_at = meeting.starts_at - MAIL_AHEAD
    for user in members_of(meeting.team).filter(email__isnull=False):
        key = f"{BEFORE}:{meeting.pk}:{user.pk}:{meeting.starts_at:%Y%m%d%H%M}"
        enqueue(kind=BEFORE, object_id=meeting.pk, key=key, due_at=due_at)


# --- Who leads --------------------------------------------------------------------------------------------------


def rota(team: Team) -> list[User]:
    """The team's people in the order in which they lead: who has led least lately comes first."""
    held = WinsMeeting.objects.filter(team=team, state=State.HELD).order_by()
    led = dict(held.values_list("facilitator").annotate(latest=Max("began_at")))
    return sorted(members_of(team), key=lambda person: (led.get(person.pk) or NEVER, person.sort_key, person.pk))


@transaction.atomic
def pass_lead(*, by: User, meeting: WinsMeeting, current: int, to: int) -> bool:
    """Somebody else leads. Of two who press at once the first one counts; False also for who is away."""
    away = Turn.objects.filter(meeting=meeting, is_away=True)
    if not members_of(meeting.team).filter(pk=to).exclude(pk__in=away.values("user")).exists():
        return False
    stands = WinsMeeting.objects.filter(pk=meeting.pk, state__in=OPEN)
    same = stands.filter(facilitator=current) if current else stands.filter(facilitator=None)
    row = same.select_for_update().first()
    if row is None:
        return False
    row.facilitator_id = to
    row.version += 1
    row.save(update_fields=["facilitator", "version"])
    return True


# --- The hourly round -------------------------------------------------------------------------------------------


def hourly() -> None:
    """Make tomorrow's meetings, end what was left running, and let go of what was not held."""
    company = Organisation.objects.first()
    if company is None or "wins" in company.hidden_rooms:
        return
    now = timezone.now()
    release_not_held(now)
    end_forgotten(now)
    for plan in MeetingPlan.objects.filter(stopped_at=None).select_related("team").order_by("pk"):
        if coming(plan) - MADE_AHEAD <= now:
            prepare_meeting(plan.team)


def release_not_held(now: datetime) -> int:
    """What is on their agenda comes to the next one."""
    late = WinsMeeting.objects.filter(state=State.PLANNED, starts_at__lt=now - HELD_LATE)
    return late.update(state=State.NOT_HELD)


def end_forgotten(now: datetime) -> None:
    from staff.wins.running import end_meeting

    for meeting in WinsMeeting.objects.filter(state=State.RUNNING, began_at__lt=now - LONGEST_RUN):
        end_meeting(by=None, meeting=meeting)
