"""What somebody will do until when, and the two reminders of it."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from delight.organisation.models import AuditEntry, Organisation
from delight.outbox.services import enqueue
from staff.people.models import User
from staff.wins.models import ActionItem, MeetingPlan, WinsMeeting
from staff.wins.times import first_after, zone_of, zone_of_team

ACTION = "wins-action"
DAY = timedelta(days=1)


@transaction.atomic
def make_action(*, by: User, meeting: WinsMeeting, text: str, owner: User, due_on: date, key: Any = None) -> ActionItem:
    """Note what was agreed. The same key again is the first one. Reminders are decided when they are about to leave."""
    if key and (there := ActionItem.objects.filter(key=key).first()):
        return there
    action = ActionItem.objects.create(meeting=meeting, text=text, owner=owner, due_on=due_on, key=key)
    company = Organisation.get()
    for what, day in (("soon", due_on - DAY), ("over", due_on + DAY)):
        due_at = datetime.combine(day, company.opens_at, tzinfo=zone_of_team(meeting.team))
        if due_at > timezone.now():
            enqueue(kind=ACTION, object_id=action.pk, key=f"{ACTION}:{action.pk}:{what}", due_at=due_at)
    return action


def finish_action(*, by: User, action: ActionItem) -> bool:
    """Done. Tells whether it was open."""
    return bool(ActionItem.objects.open().filter(pk=action.pk).update(done_at=timezone.now(), done_by=by))


def drop_action(*, by: User, action: ActionItem) -> bool:
    """Not to be done any more; it is on no agenda again."""
    return bool(ActionItem.objects.open().filter(pk=action.pk).update(dropped_at=timezone.now(), done_by=by))


def reopen_action(*, by: User, action: ActionItem) -> bool:
    """It was not done after all."""
    over = ActionItem.objects.filter(pk=action.pk).exclude(done_at=None, dropped_at=None)
    return bool(over.update(done_at=None, dropped_at=None, done_by=None))


@transaction.atomic
def hand_over(*, by: User | None, person: User, to: User) -> int:
    """All that somebody who leaves has agreed to do goes to a colleague, with its reminders; returns how many."""
    theirs = list(ActionItem.objects.open().filter(owner=person).select_for_update().order_by("pk"))
    for action in theirs:
        AuditEntry.record(by=by, verb="assign_action", obj=action, fields=["owner"])
    return ActionItem.objects.filter(pk__in=[action.pk for action in theirs]).update(owner=to)


def open_actions(user: User) -> QuerySet[ActionItem]:
    """What somebody has agreed to do."""
    return ActionItem.objects.open().filter(owner=user).select_related("meeting__team")


def default_due(meeting: WinsMeeting) -> date:
    """The day of the next meeting, where the team is; without a plan in a week."""
    plan = MeetingPlan.objects.filter(team=meeting.team, stopped_at=None).select_related("team").first()
    after = max(meeting.starts_at, timezone.now())
    if plan is None:
        return (after + 7 * DAY).astimezone(zone_of_team(meeting.team)).date()
    zone = zone_of(plan)
    return first_after(plan, after, zone).astimezone(zone).date()
