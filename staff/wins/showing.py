"""What the pages of a meeting show, in a constant number of queries."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from delight.organisation.models import Organisation
from delight.programme.models import Issue
from staff.moments.models import Moment
from staff.people.access import teams_visible_to
from staff.people.models import Team, User
from staff.recognition.models import Recognition
from staff.wins.access import meetings_visible_to, members_of
from staff.wins.actions import default_due
from staff.wins.agenda import agenda_for, may_be_read
from staff.wins.forms import IN_THE_WAY
from staff.wins.models import ActionItem, AgendaItem, MeetingPlan, Turn, WinsMeeting
from staff.wins.times import ENDED, next_start

State = WinsMeeting.State


def items_of(meeting: WinsMeeting) -> list[AgendaItem]:
    found = AgendaItem.objects.filter(meeting=meeting).select_related(
        "moment__user", "moment__customer", "moment__idea", "recognition__by", "recognition__team", "action__owner",
        "issue__owner", "issue__answered_by", "added_by", "became_idea", "became_action__owner", "became_issue__owner",
    )  # fmt: skip
    return list(found.prefetch_related("recognition__recipients__user"))


def turns_of(meeting: WinsMeeting) -> list[Turn]:
    found = Turn.objects.filter(meeting=meeting)
    return list(found.select_related("user", "moment__customer", "moment__idea"))


def live_context(user: User, meeting: WinsMeeting) -> dict[str, Any]:
    """The part of the page that all phones share, before and while the meeting runs."""
    turns, items = turns_of(meeting), items_of(meeting)
    by_moment = {item.moment_id: item for item in items if item.moment_id}
    for turn in turns:
        turn.item = by_moment.get(turn.moment_id or 0)  # type: ignore[attr-defined]
    queue = [turn for turn in turns if _comes(turn)]
    picked = {turn.moment_id for turn in queue if turn.moment_id}
    waiting = [item for item in items if item.state == "waiting" and item.moment_id not in picked]
    plan = MeetingPlan.objects.filter(team=meeting.team).first()
    runs = meeting.state == State.RUNNING
    return {
        "meeting": meeting,
        "runs": runs,
        "turn": queue[0] if queue and runs else None,
        "queue": queue[1:] if runs else queue,
        "over": [turn for turn in turns if turn not in queue],
        "mine": next((turn for turn in turns if turn.user_id == user.pk), None),
        "waiting": waiting,
        "marked": [item for item in items if item.state in ("told", "skipped", "left")],
        "more": [] if runs else agenda_for(meeting),
        "minutes": plan.minutes if plan else 10,
        "people": list(members_of(meeting.team)),
        "due_on": default_due(meeting),
        "kinds": IN_THE_WAY,
        "add_key": uuid.uuid4(),
        "now": timezone.now(),
    }


def _comes(turn: Turn) -> bool:
    """Whether it is still to be heard: somebody is here, or has left a story to read out."""
    left = turn.story or (turn.moment is not None and turn.moment.state == Moment.State.LOGGED)
    return turn.state == Turn.State.WAITING or (turn.state == Turn.State.ABSENT and bool(left))


def minutes_of(meeting: WinsMeeting) -> dict[str, Any]:
    """What is kept of a meeting that was held."""
    turns, items = turns_of(meeting), items_of(meeting)
    told = [turn for turn in turns if turn.state == Turn.State.TOLD]
    in_turns = {turn.moment_id for turn in told if turn.moment_id}
    heard = [item for item in items if item.state == "told" and may_be_read(item)]
    notes = {item.moment_id: item.notes for item in items if item.moment_id}
    for turn in told:
        turn.item_notes = notes.get(turn.moment_id or 0, "")  # type: ignore[attr-defined]
    actions = ActionItem.objects.filter(meeting=meeting).select_related("owner")
    return {
        "meeting": meeting,
        "told": told,
        "absent": [turn for turn in turns if turn.state == Turn.State.ABSENT],
        "stories": [item for item in heard if item.moment_id and item.moment_id not in in_turns],
        "thanks": [item for item in heard if item.recognition_id],
        "talked": [item for item in heard if item.kind == "own" or item.action_id],
        "answered": [item for item in heard if item.issue_id and not item.added_by_id],
        "raised": [item.issue for item in heard if item.issue_id and item.added_by_id]
        + [item.became_issue for item in items if item.became_issue and item.became_issue.text],
        "ideas": [item.became_idea for item in items if item.became_idea_id],
        "actions": list(actions),
        "next_time": [item for item in items if item.state in ("waiting", "skipped")],
    }


# --- The first page ---------------------------------------------------------------------------------------------


def teams_of(user: User) -> list[dict[str, Any]]:
    """The reader's teams, each with when it meets and its meeting that is made already."""
    teams = list(teams_visible_to(user))
    plans = {plan.team_id: plan for plan in MeetingPlan.objects.filter(team__in=teams, stopped_at=None)}
    for plan in plans.values():
        plan.team = next(team for team in teams if team.pk == plan.team_id)
    made = {meeting.team_id: meeting for meeting in _open(teams)}
    ended = dict(
        WinsMeeting.objects.filter(team__in=teams, state__in=ENDED)
        .order_by("starts_at")
        .values_list("team", "starts_at")
    )
    company = Organisation.get()
    return [
        {
            "team": team,
            "plan": plans.get(team.pk),
            "meeting": made.get(team.pk),
            "starts_at": made[team.pk].starts_at
            if team.pk in made
            else next_start(plans[team.pk], ended=ended.get(team.pk), company=company)
            if team.pk in plans
            else None,
        }
        for team in teams
    ]


def _open(teams: Iterable[Team]) -> QuerySet[WinsMeeting]:
    return WinsMeeting.objects.filter(team__in=teams, state__in=["planned", "running"]).select_related("facilitator")


def history_for(user: User, words: str) -> QuerySet[WinsMeeting]:
    """Meetings that were held, the latest first; with `words`, those in which something with them was told or noted."""
    held = meetings_visible_to(user).filter(state=State.HELD)
    if not words:
        return held
    said = Recognition.objects.public().filter(text__icontains=words).values("pk")
    in_items = _any_of(words, *ITEM_WORDS) | Q(recognition__in=said)
    items = AgendaItem.objects.filter(meeting=OuterRef("pk")).filter(in_items)
    turns = Turn.objects.filter(meeting=OuterRef("pk"), state=Turn.State.TOLD).filter(_any_of(words, *TURN_WORDS))
    actions = ActionItem.objects.filter(meeting=OuterRef("pk")).filter(_any_of(words, "text", "owner__name"))
    return held.filter(Exists(items) | Exists(turns) | Exists(actions))


ITEM_WORDS = ("text", "notes", "action__text", "issue__text", "issue__done", "became_issue__text")
TURN_WORDS = ("story", "notes", "user__name")


def _any_of(words: str, *fields: str) -> Q:
    """Each field on its own; moments only where they stand, not withdrawn."""
    found = Q()
    for field in fields:
        found |= Q(**{f"{field}__icontains": words})
    told = Q(moment__state=Moment.State.LOGGED, moment__what__icontains=words)
    return found | told if "notes" in fields else found


def waiting_issues(team: Team) -> QuerySet[Issue]:
    """What got in the way and has no answer yet."""
    return Issue.objects.open().filter(team=team).with_names().order_by("raised_at")


def team_actions(user: User) -> QuerySet[ActionItem]:
    """All open ones of the reader's teams, the most urgent first."""
    open_ones = ActionItem.objects.open().filter(meeting__team__in=teams_visible_to(user))
    return open_ones.select_related("owner", "meeting__team").order_by("due_on", "pk")
