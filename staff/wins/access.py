"""Who sees and runs which meetings: the people of the team, and sponsors. Managers of the team plan them."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from delight.lib.tokens import read_token
from staff.people.access import get_managed_team_for, get_team_for, managed_team_ids, teams_visible_to
from staff.people.models import Membership, Team, User
from staff.wins.models import ActionItem, AgendaItem, MeetingPlan, Turn, WinsMeeting

CALENDAR = "wins-calendar"


def members_of(team: Team) -> QuerySet[User]:
    """Whoever is expected: the team's people of today, by name."""
    places = Membership.objects.now().filter(team=team)
    return User.objects.filter(pk__in=places.values("user_id"), is_active=True).order_by("sort_key", "pk")


def is_member(user: User, team: Team) -> bool:
    return members_of(team).filter(pk=user.pk).exists()


def meetings_visible_to(user: User) -> QuerySet[WinsMeeting]:
    return WinsMeeting.objects.filter(team__in=teams_visible_to(user)).select_related("team", "facilitator")


def get_meeting_for(user: User, pk: int) -> WinsMeeting:
    """A meeting to read and to take part in; 404 for strangers to the team."""
    return get_object_or_404(meetings_visible_to(user), pk=pk)


def get_item_for(user: User, pk: int) -> AgendaItem:
    items = AgendaItem.objects.select_related("meeting__team", "moment", "recognition", "action", "issue")
    return get_object_or_404(items, pk=pk, meeting__team__in=teams_visible_to(user))


def get_turn_for(user: User, pk: int) -> Turn:
    turns = Turn.objects.select_related("meeting__team", "user", "moment")
    return get_object_or_404(turns, pk=pk, meeting__team__in=teams_visible_to(user))


def get_action_for(user: User, pk: int) -> ActionItem:
    actions = ActionItem.objects.select_related("meeting__team", "owner")
    return get_object_or_404(actions, pk=pk, meeting__team__in=teams_visible_to(user))


def teams_led_by(user: User) -> set[int]:
    """Teams whose actions the user may close whoever has them: those managed, and those whose meeting is led now."""
    leads = WinsMeeting.objects.filter(facilitator=user, state__in=["planned", "running"])
    return managed_team_ids(user) | set(leads.values_list("team_id", flat=True))


def may_close(user: User, action: ActionItem, teams: set[int]) -> bool:
    """Who has it, who led the meeting in which it was agreed, and those of `teams_led_by`."""
    return user.pk in (action.owner_id, action.meeting.facilitator_id) or action.meeting.team_id in teams


def get_action_to_close_for(user: User, pk: int) -> ActionItem:
    """An action to say of that it is done or no longer needed; 403 for other people of the team."""
    action = get_action_for(user, pk)
    if not may_close(user, action, teams_led_by(user)):
        raise PermissionDenied
    return action


def get_team_with_plan_for(user: User, pk: int) -> tuple[Team, MeetingPlan | None]:
    """A team whose next meeting may be looked at, and when it meets; None while nobody has set that."""
    team = get_team_for(user, pk)
    return team, plan_of(team)


def plan_of(team: Team) -> MeetingPlan | None:
    """The plan that is in force."""
    return MeetingPlan.objects.filter(team=team, stopped_at=None).select_related("team").first()


def get_planned_team_for(user: User, pk: int) -> Team:
    """A team that meets; 404 also where nobody has set when."""
    team, plan = get_team_with_plan_for(user, pk)
    if plan is None:
        raise Http404
    return team


def get_own_team_for(user: User, pk: int) -> Team:
    """A team that meets and in which the user has a turn; 403 for sponsors who look in from outside."""
    team = get_planned_team_for(user, pk)
    if not is_member(user, team):
        raise PermissionDenied
    return team


def get_team_to_plan_for(user: User, pk: int) -> Team:
    return get_managed_team_for(user, pk)


def may_plan(user: User, team: Team) -> bool:
    return team.pk in managed_team_ids(user)


def get_plan_by_token(token: str) -> MeetingPlan:
    """By the calendar's link; 404 when it is forged, or a newer one has taken its place."""
    public_id = read_token(CALENDAR, token)
    if public_id is None:
        raise Http404
    return get_object_or_404(MeetingPlan.objects.select_related("team"), public_id=public_id)
