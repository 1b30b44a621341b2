"""Who may read which answers."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from staff.people.access import managed_team_ids, require_manager
from staff.people.models import User
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
    return Q(team__isnull=True, owner__isnull=True)


def get_response_for(user: User, pk: int) -> Response:
    found = responses_visible_to(user).select_related("customer__account", "owner", "team", "invitation", "checked_by")
    return get_object_or_404(found, pk=pk)


def get_response_to_check_for(user: User, pk: int) -> Response:
    """Managers judge; the person who was rated does not."""
    response = get_response_for(user, pk)
    if not (user.is_sponsor or response.team_id in managed_team_ids(user) or may_see_nobodys(user, response)):
        raise PermissionDenied
    return response


def may_see_nobodys(user: User, response: Response) -> bool:
    return bool(managed_team_ids(user)) and response.team_id is None and response.owner_id is None


def unsubscriptions_visible_to(user: User) -> QuerySet[Unsubscription]:
    """A sponsor sees all, a manager those of own teams' customers and of customers without a team."""
    rows = Unsubscription.objects.select_related("invitation__customer")
    if user.is_sponsor:
        return rows
    return rows.filter(
        Q(invitation__team_id__in=managed_team_ids(user))
        | (Q(invitation__team__isnull=True, invitation__owner__isnull=True) if managed_team_ids(user) else Q(pk__in=[]))
    )


def get_unsubscription_to_check_for(user: User, pk: int) -> Unsubscription:
    require_manager(user)
    return get_object_or_404(unsubscriptions_visible_to(user), pk=pk)
