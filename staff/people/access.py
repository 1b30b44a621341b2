"""Who may see and manage which people. Other rooms ask here for teams and roles."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from staff.people.models import JoinInvitation, Membership, Team, User


def managed_team_ids(user: User) -> set[int]:
    """Teams that the user manages now (all of them for a sponsor); one query per request and user."""
    known = getattr(user, "_managed_team_ids", None)
    if known is None:
        if user.is_sponsor:
            known = set(Team.objects.values_list("pk", flat=True))
        else:
            own = Membership.objects.now().filter(user=user, role=Membership.Role.MANAGER)
            known = set(own.values_list("team_id", flat=True))
        user._managed_team_ids = known
    return known


def is_manager(user: User) -> bool:
    """A manager of any team, or a sponsor."""
    return user.is_sponsor or bool(managed_team_ids(user))


def require_manager(user: User) -> None:
    if not is_manager(user):
        raise PermissionDenied


def require_sponsor(user: User) -> None:
    if not user.is_sponsor:
        raise PermissionDenied


def get_managed_team_for(user: User, pk: int) -> Team:
    """A team that the user manages; 404 for strangers to it, 403 for its other members."""
    team = get_object_or_404(teams_visible_to(user), pk=pk)
    if team.pk not in managed_team_ids(user):
        raise PermissionDenied
    return team


def teams_visible_to(user: User) -> QuerySet[Team]:
    """Everybody sees the teams they belong to; a sponsor sees all."""
    if user.is_sponsor:
        return Team.objects.all()
    return Team.objects.filter(pk__in=Membership.objects.now().filter(user=user).values("team_id"))


def managers_of(team: Team | None) -> QuerySet[User]:
    """The active managers of a team, longest in office first."""
    return User.objects.filter(
        pk__in=Membership.objects.now().filter(team=team, role=Membership.Role.MANAGER).values("user_id"),
        is_active=True,
    ).order_by("joined_at", "id")


def get_join_invitation_for(user: User, pk: int) -> JoinInvitation:
    """An invitation to a team that the user manages; those without a team are the sponsors'."""
    invitation = get_object_or_404(JoinInvitation, pk=pk)
    if not (user.is_sponsor or invitation.team_id in managed_team_ids(user)):
        raise PermissionDenied
    return invitation
