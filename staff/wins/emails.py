"""The mails of this room, all to people who work here."""

import zoneinfo
from typing import Any

from django.urls import reverse

from delight.organisation.models import Organisation
from delight.outbox.registry import Mail
from staff.moments.models import Moment
from staff.people.mailing import mail_to
from staff.people.models import User
from staff.wins.models import ActionItem, PulseRound, WinsMeeting
from staff.wins.showing import minutes_of
from staff.wins.times import zone_of_team


def before(meeting: WinsMeeting, recipient: User, moments: list[Moment], *, was_moved: bool = False) -> Mail:
    """The day before: which of your moments will you tell? Whoever has been asked for another time is told so."""
    facts = {"meeting": meeting, "moments": moments, "was_moved": was_moved}
    return _mail("wins_before", recipient, "wins_mine", meeting.team_id, zone_of_team(meeting.team), **facts)


def minutes(meeting: WinsMeeting, recipient: User) -> Mail:
    """What was told, thanked for, and agreed."""
    facts: dict[str, Any] = minutes_of(meeting)
    facts["mine"] = [action for action in facts["actions"] if action.owner_id == recipient.pk]
    return _mail("wins_minutes", recipient, "wins_meeting", meeting.pk, zone_of_team(meeting.team), **facts)


def action_due(action: ActionItem, recipient: User, *, is_over: bool) -> Mail:
    """The day before it is due, and once when it is late."""
    zone = zone_of_team(action.meeting.team)
    return _mail("wins_action", recipient, "wins", None, zone, action=action, is_over=is_over)


def pulse(asked: PulseRound, recipient: User) -> Mail:
    """Two questions."""
    return _mail("wins_pulse", recipient, "pulse", None, Organisation.get().zone, asked=asked)


def _mail(name: str, recipient: User, url_name: str, pk: int | None, zone: zoneinfo.ZoneInfo, **context: Any) -> Mail:
    return mail_to(recipient, name, reverse(url_name, args=[pk] if pk else None), zone=zone, **context)
