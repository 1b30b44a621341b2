"""What was pressed too soon: a meeting that was begun or ended by mistake."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from delight.outbox.models import Message
from delight.outbox.models import State as MailState
from delight.outbox.services import cancel
from staff.people.models import User
from staff.wins.meetings import MINUTES, OPEN
from staff.wins.models import AgendaItem, Turn, WinsMeeting
from staff.wins.running import changing

State = WinsMeeting.State
REOPENED_UNTIL = timedelta(minutes=5)


def is_untouched(meeting: WinsMeeting, turns: Iterable[Turn], items: Iterable[AgendaItem]) -> bool:
    """Nothing was told, written or made since it began, so that it may as well not have begun."""
    return not any(map(_is_told, turns)) and not any(_is_touched(meeting, item) for item in items)


def _is_told(turn: Turn) -> bool:
    return turn.state in (Turn.State.TOLD, Turn.State.SKIPPED) or bool(turn.notes)


def _is_touched(meeting: WinsMeeting, item: AgendaItem) -> bool:
    """Notes that came from the last meeting, and what got in the way before it began, are not of this one."""
    if item.became_action_id or item.became_idea_id or item.became_issue_id:
        return True
    if item.issue is not None and item.added_by_id:
        return meeting.began_at is not None and item.issue.raised_at >= meeting.began_at
    carried = item.carried_from.notes if item.carried_from else ""
    told = item.state in (AgendaItem.State.TOLD, AgendaItem.State.SKIPPED) and not item.turn_id
    return told or item.notes != carried


def unbegin_meeting(*, by: User, meeting: WinsMeeting) -> bool:
    """It has not begun after all; False when something was told or written in it."""

    def change(row: WinsMeeting) -> bool:
        items = AgendaItem.objects.filter(meeting=row).select_related("issue", "carried_from")
        if not is_untouched(row, Turn.objects.filter(meeting=row), items):
            return False
        AgendaItem.objects.filter(meeting=row, turn__isnull=False).delete()
        row.state, row.began_at = State.PLANNED, None
        row.save(update_fields=["state", "began_at"])
        return True

    return bool(changing(meeting, change, State.RUNNING))


def may_reopen(meeting: WinsMeeting) -> bool:
    """Whether it may be said that it is not over: as long as all of its minutes wait, and no other one is made."""
    if meeting.state != State.HELD or not meeting.ended_at or meeting.ended_at < timezone.now() - REOPENED_UNTIL:
        return False
    if WinsMeeting.objects.filter(team=meeting.team_id, state__in=OPEN).exists():
        return False
    mails = Message.objects.filter(kind=MINUTES, object_id=meeting.pk).exclude(state=MailState.CANCELLED)
    return not mails.exclude(state=MailState.WAITING).exists()


@transaction.atomic
def reopen_meeting(*, by: User, meeting: WinsMeeting) -> bool:
    """Not over yet: the minutes are held back, and it goes on. False once a mail is on its way."""
    row = WinsMeeting.objects.select_for_update(of=["self"]).get(pk=meeting.pk)
    # Held, so that no mail is claimed between the look and the holding back.
    list(Message.objects.select_for_update().filter(kind=MINUTES, object_id=row.pk).order_by("pk"))
    if not may_reopen(row):
        return False
    cancel(kinds=[MINUTES], object_ids=[row.pk])
    row.state, row.ended_at, row.version = State.RUNNING, None, row.version + 1
    row.save(update_fields=["state", "ended_at", "version"])
    return True
