"""Who may read which answers."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from staff.people.access import managed_team_ids, require_manager
from staff.people.models import Membership, User
from surveys.answering.models import Response, Unsubscription


def responses_visible_to(user: User) -> QuerySet[Response]:
    """A sponsor reads all; a manager those of own teams and of customers whom nobody looks after; everybody those
    of customers they look after, or looked after when they were asked.
    """
    if user.is_sponsor:
        return Response.objects.all()
    mine = Q(owner=user) | Q(customer__owner=user)
    return Response.objects.filter(mine | Q(team_id__in=managed_team_ids(user)) | _nobodys(user))


def _nobodys(user: User) -> Q:
    if not managed_team_ids(user):
        return Q(pk__in=[])
    return Q(team__isnull=True) & (Q(owner__isnull=True) | Q(owner__in=_our_people(user)))


def _our_people(user: User) -> QuerySet:
    """The people of the teams that the user manages, as the follow-ups' room has it."""
    return Membership.objects.now().filter(team__in=managed_team_ids(user)).values("user_id")


def get_response_for(user: User, pk: int) -> Response:
    found = responses_visible_to(user).select_related("customer__account", "owner", "team", "invitation", "checked_by")
    return get_object_or_404(found, pk=pk)


def get_response_to_check_for(user: User, pk: int) -> Response:
    """Managers judge; the person who was rated does not. Nobody judges an answer that nothing speaks against."""
    response = get_response_for(user, pk)
    if response.verdict == Response.Verdict.CLEAN and not response.signs:
        raise PermissionDenied
    if not may_judge(user, response):
        raise PermissionDenied
    return response


def get_response_to_let_count_for(user: User, pk: int) -> Response:
    """Whoever may judge says which of two answers of people counts."""
    response = get_response_for(user, pk)
    if response.verdict not in (Response.Verdict.CLEAN, Response.Verdict.PERSON) or not may_judge(user, response):
        raise PermissionDenied
    return response


def may_judge(user: User, response: Response) -> bool:
    """Sponsors, and managers where they are not rated themselves."""
    if user.is_sponsor:
        return True
    if response.owner_id == user.pk:
        return False
    return response.team_id in managed_team_ids(user) or may_see_nobodys(user, response)


def may_see_nobodys(user: User, response: Response) -> bool:
    if not managed_team_ids(user) or response.team_id is not None:
        return False
    return response.owner_id is None or _our_people(user).filter(user_id=response.owner_id).exists()


def unsubscriptions_visible_to(user: User) -> QuerySet[Unsubscription]:
    """A sponsor sees all, a manager those of own teams' customers and of customers without a team."""
    rows = Unsubscription.objects.select_related("invitation__customer").filter(invitation__customer__erased_at=None)
    if user.is_sponsor:
        return rows
    teams = managed_team_ids(user)
    if not teams:
        return rows.none()
    nobodys = Q(invitation__owner__isnull=True) | Q(invitation__owner__in=_our_people(user))
    return rows.filter(Q(invitation__team_id__in=teams) | (Q(invitation__team__isnull=True) & nobodys))


def get_unsubscription_to_check_for(user: User, pk: int) -> Unsubscription:
    """One that looks like a machine's and still holds: a person's wish is nobody's to take back."""
    require_manager(user)
    return get_object_or_404(unsubscriptions_visible_to(user).filter(verdict="check", undone_at=None), pk=pk)
