"""Who reads, changes and manages ideas. Everybody who works here reads all of them."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from staff.moments.access import moments_visible_to
from staff.moments.models import Idea, Moment
from staff.moments.starters import BY_KEY, Starter
from staff.people.access import is_manager
from staff.people.models import User


def get_idea_for(user: User, pk: int) -> Idea:
    """An idea, also when it is retired: its stories stay."""
    return get_object_or_404(Idea.objects.select_related("credited", "customer", "kit_by", "born_of"), pk=pk)


def may_change_idea(user: User, idea: Idea) -> bool:
    """Who put it into the bank, and managers."""
    return idea.created_by_id == user.pk or is_manager(user)


def get_idea_to_change_for(user: User, pk: int) -> Idea:
    idea = get_idea_for(user, pk)
    if not may_change_idea(user, idea):
        raise PermissionDenied
    return idea


def get_idea_to_manage_for(user: User, pk: int) -> Idea:
    """Making it a kit, retiring it: managers."""
    idea = get_idea_for(user, pk)
    if not is_manager(user):
        raise PermissionDenied
    return idea


def get_moment_to_take_for(user: User, pk: int) -> Moment:
    """A story; nobody takes an idea from what is not told."""
    return get_object_or_404(moments_visible_to(user).told(), pk=pk)


def get_starter_for(user: User, key: str) -> Starter:
    """One that ships with Delight, of whatever trade."""
    if key not in BY_KEY:
        raise Http404
    return BY_KEY[key]
