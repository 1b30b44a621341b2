"""What the pages of a meeting show, in a constant number of queries."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from delight.organisation.models import Organisation
from delight.programme.models import Issue
from staff.moments.models import Moment
from staff.people.access import teams_visible_to
from staff.people.models import Team, User
from staff.wins.access import may_close, members_of, teams_led_by
from staff.wins.actions import default_due
from staff.wins.agenda import UNTOLD, agenda_for, may_be_read
from staff.wins.forms import IN_THE_WAY
from staff.wins.models import ActionItem, AgendaItem, MeetingPlan, Turn, WinsMeeting
from staff.wins.times import ENDED, is_its_day, next_start
from staff.wins.turning_back import is_untouched

State = WinsMeeting.State
SHOWN_FIRST = 6  # of the agenda: ten minutes hold no more, the rest is folded


def items_of(meeting: WinsMeeting) -> list[AgendaItem]:
    found = AgendaItem.objects.filter(meeting=meeting).select_related(
        "moment__user", "moment__customer", "moment__idea", "recognition__by", "recognition__team", "action__owner",
        "issue__owner", "issue__answered_by", "added_by", "carried_from",
        "became_idea", "became_action__owner", "became_issue__owner",
    )  # fmt: skip
    return list(found.prefetch_related("recognition__recipients__user"))


def turns_of(meeting: WinsMeeting) -> list[Turn]:
    found = Turn.objects.filter(meeting=meeting)
    return list(found.select_related("user", "moment__customer", "moment__idea"))


def live_context(user: User, meeting: WinsMeeting) -> dict[str, Any]:
    """The part of the page that all phones share, before and while the meeting runs."""
    turns, items = turns_of(meeting), items_of(meeting)
    _with_items(turns, items)
    queue = [turn for turn in turns if _comes(turn)]
    picked = {turn.moment_id for turn in queue if turn.moment_id}
    waiting = [item for item in items if item.state == "waiting" and item.moment_id not in picked]
    plan = MeetingPlan.objects.filter(team=meeting.team).first()
    runs = meeting.state == State.RUNNING
    more = [] if runs else agenda_for(meeting)
    people, away = list(members_of(meeting.team)), {turn.user_id for turn in turns if turn.is_away}
    return {
        "meeting": meeting,
        "runs": runs,
        "leads": user.pk == meeting.facilitator_id,
        "is_its_day": runs or is_its_day(meeting),
        "is_untouched": runs and is_untouched(meeting, turns, items),
        "turn": queue[0] if queue and runs else None,
        "queue": queue[1:] if runs else queue,
        "over": [turn for turn in turns if turn not in queue],
        "later": [turn for turn in turns if turn.state == Turn.State.SKIPPED],
        "absent": [turn for turn in turns if turn.is_away],
        "mine": next((turn for turn in turns if turn.user_id == user.pk), None),
        "waiting": waiting[:SHOWN_FIRST],
        "more": more[: max(0, SHOWN_FIRST - len(waiting))],
        "folded": max(0, len(waiting) + len(more) - SHOWN_FIRST),
        "rest": waiting[SHOWN_FIRST:],
        "more_rest": more[max(0, SHOWN_FIRST - len(waiting)) :],
        "marked": [item for item in items if item.state in ("told", "skipped", "left") and not item.turn_id],
        "minutes": plan.minutes if plan else 10,
        "people": people,
        "could_lead": [each for each in people if each.pk not in {meeting.facilitator_id, *away}],
        "due_on": default_due(meeting),
        "kinds": IN_THE_WAY,
        "add_key": uuid.uuid4(),
        "now": timezone.now(),
    }


def _with_items(turns: list[Turn], items: list[AgendaItem]) -> None:
    """Each turn's `item`: the moment that it tells, as it stands on the agenda, or what stands for its own words.

    `back`: what it is again when it comes back into the round.
    """
    by_moment = {item.moment_id: item for item in items if item.moment_id}
    by_turn = {item.turn_id: item for item in items if item.turn_id}
    for turn in turns:
        turn.item = by_moment.get(turn.moment_id or 0) or by_turn.get(turn.pk)  # type: ignore[attr-defined]
        is_read_out = turn.is_away and turn.state != Turn.State.ABSENT
        turn.back = Turn.State.ABSENT if is_read_out else Turn.State.WAITING  # type: ignore[attr-defined]


def _comes(turn: Turn) -> bool:
    """Whether it is still to be heard: somebody is here, or has left a story to read out."""
    left = turn.story or (turn.moment is not None and turn.moment.state == Moment.State.LOGGED)
    return turn.state == Turn.State.WAITING or (turn.state == Turn.State.ABSENT and bool(left))


def minutes_of(meeting: WinsMeeting) -> dict[str, Any]:
    """What is kept of a meeting that was held."""
    turns, items = turns_of(meeting), items_of(meeting)
    told = [turn for turn in turns if turn.state == Turn.State.TOLD]
    in_turns = {turn.moment_id for turn in told if turn.moment_id}
    heard = [item for item in items if _was_heard(item) and may_be_read(item)]
    notes = {item.moment_id: item.notes for item in items if item.moment_id}
    for turn in told:
        turn.item_notes = notes.get(turn.moment_id or 0, "")  # type: ignore[attr-defined]
    return {
        "meeting": meeting,
        "told": [turn for turn in told if _has_words(turn)],
        "without_words": [turn for turn in told if not _has_words(turn)],
        "absent": [turn for turn in turns if turn.is_away],
        "later": [turn for turn in turns if turn.state != Turn.State.TOLD and not turn.is_away],
        "stories": [item for item in heard if item.moment_id and item.moment_id not in in_turns],
        "thanks": [item for item in heard if item.recognition_id],
        "talked": [item for item in heard if (item.kind == "own" or item.action_id) and not item.turn_id],
        "answered": [item for item in heard if item.issue_id and not item.added_by_id],
        "raised": [item.issue for item in heard if item.issue_id and item.added_by_id]
        + [item.became_issue for item in items if item.became_issue and item.became_issue.text],
        "ideas": [item.became_idea for item in items if _is_new(item.became_idea, meeting)],
        "actions": list(ActionItem.objects.filter(meeting=meeting).select_related("owner", "meeting")),
        "next_time": [item for item in items if item.state in UNTOLD and not _was_heard(item) and may_be_read(item)],
    }


def _was_heard(item: AgendaItem) -> bool:
    """Told, or something has come of it."""
    turned = item.became_action_id or item.became_idea_id or item.became_issue_id
    return item.state == AgendaItem.State.TOLD or (item.state in UNTOLD and bool(turned))


def _has_words(turn: Turn) -> bool:
    moment = turn.moment if turn.moment and turn.moment.state == Moment.State.LOGGED else None
    return bool(moment or turn.story or turn.notes or turn.item_notes)  # type: ignore[attr-defined]


def _is_new(idea: Any, meeting: WinsMeeting) -> bool:
    """One that was in the bank before is no news."""
    return idea is not None and (meeting.began_at is None or idea.created_at >= meeting.began_at)


# --- The first page ---------------------------------------------------------------------------------------------


def teams_of(user: User) -> list[dict[str, Any]]:
    """The reader's teams, each with when it meets and its meeting that is made already."""
    teams = list(teams_visible_to(user))
    every = {plan.team_id: plan for plan in MeetingPlan.objects.filter(team__in=teams)}
    plans = {team: plan for team, plan in every.items() if plan.stopped_at is None}
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
            "is_paused": team.pk in every and team.pk not in plans,
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


def waiting_issues(team: Team) -> QuerySet[Issue]:
    """What got in the way and has no answer yet."""
    return Issue.objects.open().filter(team=team).with_names().order_by("raised_at")


def team_actions(user: User, most: int) -> list[ActionItem]:
    """Open ones of the reader's teams, the most urgent first; each with `may_close`."""
    open_ones = ActionItem.objects.open().filter(meeting__team__in=teams_visible_to(user))
    found = open_ones.select_related("owner", "meeting__team").order_by("due_on", "pk")[:most]
    return with_rights(user, list(found))


def with_rights(user: User, actions: list[ActionItem]) -> list[ActionItem]:
    """Each with `may_close`: whether the reader may say that it is done."""
    teams = teams_led_by(user) if actions else set()
    for action in actions:
        action.may_close = may_close(user, action, teams)  # type: ignore[attr-defined]
    return actions
