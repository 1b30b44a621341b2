"""The mails and rounds of this room, as the outbox knows them. Each is decided when it is about to leave."""

from collections.abc import Callable, Collection
from datetime import timedelta

from django.urls import reverse

from delight.outbox.models import Message
from delight.outbox.registry import Mail, MailKind, Skip, register_mail
from delight.outbox.rounds import register_round
from staff.people.models import User
from staff.wins import emails, meetings, pulse
from staff.wins.access import members_of, plan_of
from staff.wins.actions import ACTION
from staff.wins.agenda import own_moments
from staff.wins.meetings import BEFORE, MINUTES
from staff.wins.models import ActionItem, PulseRound, WinsMeeting
from staff.wins.times import last_ended

ROOM = "wins"
Build = Callable[[], Mail]


def build(wanted: Build, message: Message) -> Mail:
    """What `still_wanted` has found says how its mail is made."""
    return wanted()


def _member(meeting: WinsMeeting, pk: str) -> User | Skip:
    """Somebody who is still in the team, and can be reached."""
    user = members_of(meeting.team).filter(pk=pk).first()
    if user is None:
        return Skip("gone")
    return user if user.email else Skip("no_address")


def before_wanted(message: Message) -> Build | Skip:
    """The meeting stands as it stood: not moved, not begun, not stopped; and the reader is of the team."""
    _kind, _pk, person, starts_at = message.key.split(":")
    meeting = WinsMeeting.objects.filter(pk=message.object_id).select_related("team").first()
    if meeting is None:
        return Skip("gone")
    if f"{meeting.starts_at:%Y%m%d%H%M}" != starts_at or plan_of(meeting.team) is None:
        return Skip("cancelled")
    if meeting.state != WinsMeeting.State.PLANNED:
        return Skip("done")
    user = _member(meeting, person)
    if isinstance(user, Skip):
        return user
    moments = list(own_moments(meeting.team, user, last_ended(meeting.team)))
    earlier = Message.objects.filter(kind=BEFORE, key__startswith=f"{BEFORE}:{meeting.pk}:{user.pk}:", state="sent")
    was_moved = earlier.exists()
    return lambda: emails.before(meeting, user, moments, was_moved=was_moved)


def minutes_wanted(message: Message) -> Build | Skip:
    meeting = WinsMeeting.objects.filter(pk=message.object_id, state="held").select_related("team").first()
    if meeting is None:
        return Skip("gone")
    user = _member(meeting, message.key.split(":")[2])
    return user if isinstance(user, Skip) else lambda: emails.minutes(meeting, user)


def action_wanted(message: Message) -> Build | Skip:
    """Only while it is open, to whoever has it."""
    action = ActionItem.objects.open().filter(pk=message.object_id).select_related("owner", "meeting__team").first()
    if action is None:
        return Skip("done")
    if not action.owner.is_active:
        return Skip("left")
    if not action.owner.email:
        return Skip("no_address")
    is_over = message.key.endswith(":over")
    return lambda: emails.action_due(action, action.owner, is_over=is_over)


def pulse_wanted(message: Message) -> Build | Skip:
    """Only while the round is open and the person has not answered."""
    user = User.objects.filter(pk=message.key.split(":")[2], is_active=True).first()
    if user is None:
        return Skip("left")
    asked = PulseRound.objects.filter(pk=message.object_id).first()
    if asked is None or not pulse.is_open(asked):
        return Skip("too_late")
    if pulse.has_answered(user, asked):
        return Skip("answered")
    return (lambda: emails.pulse(asked, user)) if user.email else Skip("no_address")


def about_meetings(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Whose meeting it is, for the outbox page."""
    rows = WinsMeeting.objects.filter(pk__in=ids).values_list("pk", "team__name")
    return {pk: (name, reverse("wins_meeting", args=[pk])) for pk, name in rows}


def about_actions(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    rows = ActionItem.objects.filter(pk__in=ids).values_list("pk", "owner__name", "meeting")
    return {pk: (name, reverse("wins_meeting", args=[meeting])) for pk, name, meeting in rows}


HOUR, DAY = timedelta(hours=1), timedelta(days=1)
for kind in (
    MailKind(BEFORE, before_wanted, build, grace=meetings.MAIL_AHEAD, about=about_meetings, room=ROOM),
    MailKind(MINUTES, minutes_wanted, build, grace=3 * DAY, about=about_meetings, room=ROOM),
    MailKind(ACTION, action_wanted, build, grace=DAY, about=about_actions, room=ROOM),
    MailKind(pulse.PULSE, pulse_wanted, build, grace=9 * DAY, room=ROOM),
):
    register_mail(kind)
register_round("wins-hourly", HOUR, meetings.hourly)
register_round("pulse-hourly", HOUR, pulse.hourly)
