"""Who reads, changes and withdraws which moments, and who sees what they cost."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from delight.files.models import StoredFile
from staff.moments.models import Moment, MomentQuerySet
from staff.people.access import managed_team_ids, may_manage
from staff.people.models import User

State = Moment.State


def moments_visible_to(user: User) -> MomentQuerySet:
    """Told ones: everybody who works here. Withdrawn: the author, who manages their team. Stubs: the author."""
    seen = Q(state=State.LOGGED) | Q(user=user)
    if user.is_sponsor:
        seen |= Q(state=State.WITHDRAWN)
    elif teams := managed_team_ids(user):
        seen |= Q(state=State.WITHDRAWN, team__in=teams)
    return Moment.objects.filter(seen)


def get_moment_for(user: User, pk: int) -> Moment:
    """A moment to read; 404 for those from whom it is kept."""
    found = moments_visible_to(user).with_names().select_related("visit", "introduced_to", "account", "photo")
    return get_object_or_404(found, pk=pk)


def may_change(user: User, moment: Moment) -> bool:
    """Only its author, and nobody once it is withdrawn."""
    return moment.user_id == user.pk and moment.state != State.WITHDRAWN


def get_moment_to_change_for(user: User, pk: int) -> Moment:
    moment = get_moment_for(user, pk)
    if not may_change(user, moment):
        raise PermissionDenied
    return moment


def may_withdraw(user: User, moment: Moment) -> bool:
    """Its author, and of told ones also who manages its team."""
    if moment.state == State.WITHDRAWN:
        return False
    if moment.user_id == user.pk or user.is_sponsor:
        return True
    return moment.team_id in managed_team_ids(user)


def get_moment_to_withdraw_for(user: User, pk: int) -> Moment:
    """403 for readers; one that is withdrawn already comes back as it is, so that a second press finds its way."""
    moment = get_moment_for(user, pk)
    if moment.state != State.WITHDRAWN and not may_withdraw(user, moment):
        raise PermissionDenied
    return moment


def may_see_cost(user: User, moment: Moment) -> bool:
    """What it cost, its receipt and its history: the author, who manages them, and sponsors."""
    return moment.user_id == user.pk or may_manage(user, moment.user)


def get_photo_for(user: User, pk: int) -> StoredFile:
    """Everybody who reads the story."""
    moment = get_moment_for(user, pk)
    if moment.photo is None:
        raise Http404
    return moment.photo


def get_receipt_for(user: User, pk: int) -> StoredFile:
    """404 also for readers of the story: that it cost something is not theirs to know."""
    moment = get_moment_for(user, pk)
    if not may_see_cost(user, moment) or moment.spend is None or moment.spend.receipt is None:
        raise Http404
    return moment.spend.receipt
