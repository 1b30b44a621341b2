"""Who may see and manage which people. Other rooms ask here for teams and roles."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from staff.people.models import Desk, JoinInvitation, Membership, Team, User


def managed_team_ids(user: User) -> set[int]:
    """Teams that the user manages now (all of them for a sponsor); one query per request and user."""
    known = user.managed_team_ids
    if known is None:
        if user.is_sponsor:
            known = set(Team.objects.values_list("pk", flat=True))
        else:
            own = Membership.objects.now().filter(user=user, role=Membership.Role.MANAGER)
            known = set(own.values_list("team_id", flat=True))
        user.managed_team_ids = known
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
    team = get_team_for(user, pk)
    if team.pk not in managed_team_ids(user):
        raise PermissionDenied
    return team


def teams_visible_to(user: User) -> QuerySet[Team]:
    """Everybody sees the teams they belong to; a sponsor sees all."""
    if user.is_sponsor:
        return Team.objects.all()
    return Team.objects.filter(pk__in=Membership.objects.now().filter(user=user).values("team_id"))


def get_team_for(user: User, pk: int) -> Team:
    """A team that the user belongs to; 404 for strangers."""
    return get_object_or_404(teams_visible_to(user), pk=pk)


def people_visible_to(user: User) -> QuerySet[User]:
    """A sponsor sees everybody, also who has left; others see those with whom they share a team now."""
    if user.is_sponsor:
        return User.objects.all()
    shared = Membership.objects.now().filter(team__in=teams_visible_to(user))
    return User.objects.filter(Q(pk=user.pk) | Q(pk__in=shared.values("user_id"), is_active=True))


def get_person_for(user: User, pk: int) -> User:
    """A colleague of an own team; 404 for strangers."""
    return get_object_or_404(people_visible_to(user), pk=pk)


def may_manage(user: User, person: User) -> bool:
    """Whether all of the person's teams are the user's to manage. Themselves and sponsors only sponsors manage."""
    if user.is_sponsor:
        return True
    if person.is_sponsor or person.pk == user.pk:
        return False
    teams = set(Membership.objects.now().filter(user=person).values_list("team_id", flat=True))
    return bool(teams) and teams <= managed_team_ids(user)


def get_managed_person_for(user: User, pk: int) -> User:
    """A person whom the user manages; 404 for strangers, 403 for colleagues."""
    person = get_person_for(user, pk)
    if not may_manage(user, person):
        raise PermissionDenied
    return person


def get_person_to_deactivate_for(user: User, pk: int) -> User:
    """As above, and not oneself: nobody locks themselves out by a slip."""
    person = get_managed_person_for(user, pk)
    if person.pk == user.pk:
        raise PermissionDenied
    return person


def get_person_for_sponsor(user: User, pk: int) -> User:
    """Anybody, for a sponsor."""
    person = get_person_for(user, pk)
    require_sponsor(user)
    return person


def may_change(user: User, membership: Membership) -> bool:
    """Whether the user decides about this place in a team."""
    if user.is_sponsor:
        return True
    own_or_sponsors = membership.user_id == user.pk or membership.user.is_sponsor
    return membership.team_id in managed_team_ids(user) and not own_or_sponsors


def get_membership_for(user: User, pk: int) -> Membership:
    """A place that holds today and that the user decides about; 404 for strangers, 403 for colleagues."""
    places = Membership.objects.now().filter(team__in=teams_visible_to(user)).select_related("user", "team")
    membership = get_object_or_404(places, pk=pk)
    if not may_change(user, membership):
        raise PermissionDenied
    return membership


def managers_of(team: Team | None) -> QuerySet[User]:
    """The active managers of a team, longest in office first."""
    return User.objects.filter(
        pk__in=Membership.objects.now().filter(team=team, role=Membership.Role.MANAGER).values("user_id"),
        is_active=True,
    ).order_by("joined_at", "id")


def get_join_invitation_for(user: User, pk: int) -> JoinInvitation:
    """An invitation to a team that the user manages; 404 for strangers to the team, 403 for its members.

    A link for a new password belongs to those who manage its person.
    """
    invitation = get_object_or_404(JoinInvitation.objects.select_related("team", "person", "accepted_by"), pk=pk)
    if invitation.person_id is not None:
        get_person_for_link(user, invitation.person_id)
        return invitation
    if not invitations_seen_by(user).filter(pk=pk).exists():
        raise Http404
    if not (user.is_sponsor or invitation.team_id in managed_team_ids(user)):
        raise PermissionDenied
    return invitation


def invitations_seen_by(user: User) -> QuerySet[JoinInvitation]:
    """Of somebody new, also when over: a sponsor sees all but the first link, others those to their teams."""
    made = JoinInvitation.objects.filter(person=None).exclude(email="", invited_by=None)
    if user.is_sponsor:
        return made
    return made.filter(team__in=teams_visible_to(user), is_sponsor=False)


def invitations_visible_to(user: User) -> QuerySet[JoinInvitation]:
    """Those that wait, also when the link is too old; without a team, or for a sponsor, they are the sponsors'."""
    return invitations_seen_by(user).filter(accepted_at=None, revoked_at=None)


def may_show_link(user: User, person: User) -> bool:
    """Whether the user may let the person choose a new password by a link: only where no mail can bring one."""
    return person.is_active and not person.email and person.pk != user.pk and may_manage(user, person)


def get_person_for_link(user: User, pk: int) -> User:
    """404 for strangers, 403 for colleagues, and for people who get such a link by mail."""
    person = get_person_for(user, pk)
    if not may_show_link(user, person):
        raise PermissionDenied
    return person


def may_still_let_in(invitation: JoinInvitation) -> bool:
    """Whether a link is good still: who invites has to answer for its person or team on the day it is used."""
    by = invitation.invited_by
    if by is None:
        return True
    if invitation.person is not None:
        return may_show_link(by, invitation.person)
    return by.is_sponsor or (not invitation.is_sponsor and invitation.team_id in managed_team_ids(by))


# --- Shared devices ---------------------------------------------------------------------------------------------


def get_desk_for(user: User, pk: int) -> Desk:
    """A shared device of a team that the user manages; 404 for strangers to the team, 403 for its members."""
    desk = get_object_or_404(Desk.objects.filter(revoked_at=None).select_related("team"), pk=pk)
    get_managed_team_for(user, desk.team_id)
    return desk


def invited_by_others(user: User, email: str) -> bool:
    """Whether an invitation waits for this address that is not the user's to replace."""
    waiting = JoinInvitation.objects.open().filter(email=email)
    if user.is_sponsor:
        return False
    return waiting.exclude(team__in=managed_team_ids(user), is_sponsor=False).exists()
