"""Who reads, answers and hands on which issues."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from delight.customers.visits.access import own_teams
from delight.programme.models import Issue, IssueQuerySet
from staff.people.access import managed_team_ids
from staff.people.models import Membership, Team, User


def issues_visible_to(user: User) -> IssueQuerySet:
    """Those of one's teams, those one has raised, and those one looks after; a sponsor sees all."""
    if user.is_sponsor:
        return Issue.objects.all()
    return Issue.objects.filter(Q(team__in=own_teams(user).values("pk")) | Q(raised_by=user) | Q(owner=user))


def get_issue_for(user: User, pk: int) -> Issue:
    """An issue to read; 404 for strangers to it."""
    return get_object_or_404(issues_visible_to(user).with_names().select_related("answered_by"), pk=pk)


def may_answer(user: User, issue: Issue) -> bool:
    """Its owner, the managers of its team, and sponsors."""
    return user.is_sponsor or issue.owner_id == user.pk or issue.team_id in managed_team_ids(user)


def get_issue_to_answer_for(user: User, pk: int) -> Issue:
    """404 for strangers to it, 403 for those who may only read it."""
    issue = get_issue_for(user, pk)
    if not may_answer(user, issue):
        raise PermissionDenied
    return issue


def owners_for(team: Team | None) -> QuerySet[User]:
    """Who may look after an issue: the people of the team, and sponsors."""
    here = Membership.objects.now().filter(team=team).values("user_id")
    return User.objects.filter(Q(pk__in=here) | Q(is_sponsor=True), is_active=True).order_by("name", "pk")


def teams_to_raise_in(user: User) -> QuerySet[Team]:
    """The teams in which one works; a sponsor raises for any."""
    return Team.objects.all() if user.is_sponsor else own_teams(user)
