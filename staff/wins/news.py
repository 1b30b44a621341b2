"""What the page "Today" says about meetings: for those without an e-mail address it is the only place."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from staff.people.models import Membership, User
from staff.wins.actions import open_actions
from staff.wins.models import ActionItem, Turn, WinsMeeting
from staff.wins.showing import teams_of

SHOWN_FOR = timedelta(days=7)
AHEAD = timedelta(days=7)
MOST = 5


@dataclass(frozen=True)
class Next:
    """The reader's next meeting. `meeting`: its number once it is made, and its page; `picked`: a story is ready."""

    team: str
    team_pk: int
    starts_at: datetime
    meeting: int | None
    runs: bool
    leads: bool
    picked: bool


def next_meeting_for(user: User) -> Next | None:
    """The first meeting of the reader's own teams within a week; one that runs comes first, whenever it was planned."""
    own = set(_own_teams(user).values_list("team_id", flat=True))
    coming = [each for each in teams_of(user) if each["starts_at"] and each["team"].pk in own]
    soon = timezone.now() + AHEAD
    coming = [each for each in coming if _runs(each["meeting"]) or each["starts_at"] < soon]
    if not coming:
        return None
    first = min(coming, key=lambda each: (not _runs(each["meeting"]), each["starts_at"]))
    meeting: WinsMeeting | None = first["meeting"]
    turn = Turn.objects.filter(meeting=meeting, user=user).first() if meeting else None
    return Next(
        first["team"].name, first["team"].pk, first["starts_at"], meeting.pk if meeting else None, _runs(meeting),
        bool(meeting and meeting.facilitator_id == user.pk), bool(turn and (turn.story or turn.moment_id)),
    )  # fmt: skip


def _own_teams(user: User) -> QuerySet[Membership]:
    return Membership.objects.now().filter(user=user)


def _runs(meeting: WinsMeeting | None) -> bool:
    return meeting is not None and meeting.state == WinsMeeting.State.RUNNING


def actions_of(user: User, day: date | None = None) -> list[ActionItem]:
    """What the reader has agreed to do, the most urgent first; each with `is_late`."""
    day = day or timezone.localdate()
    found = list(open_actions(user)[:MOST])
    for action in found:
        action.is_late = action.due_on < day  # type: ignore[attr-defined]
    return found


def minutes_news(user: User) -> QuerySet[WinsMeeting]:
    """Meetings of the week whose minutes can be read, of the reader's own teams."""
    own = _own_teams(user).values("team_id")
    held = WinsMeeting.objects.filter(team__in=own, state=WinsMeeting.State.HELD)
    return held.filter(ended_at__gte=timezone.now() - SHOWN_FOR).select_related("team")[:MOST]
