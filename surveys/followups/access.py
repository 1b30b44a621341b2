"""Who may see and close which follow-ups, and who may be given one."""

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from staff.people.access import managed_team_ids, managers_of
from staff.people.models import Membership, User
from surveys.followups.models import FollowUp, FollowUpQuerySet


def follow_ups_visible_to(user: User) -> FollowUpQuerySet:
    """Staff: their own. Managers: also their teams', and those of customers whom nobody looks after."""
    if user.is_sponsor:
        return FollowUp.objects.all()
    return FollowUp.objects.filter(Q(owner=user) | _managed_by(user))


def _managed_by(user: User) -> Q:
    """The condition for what the user answers for as a manager of teams."""
    teams = managed_team_ids(user)
    if not teams:
        return Q(pk__in=[])
    of_our_people = Q(owner__in=Membership.objects.now().filter(team__in=teams).values("user_id"))
    of_nobody = Q(customer__owner=None, customer__team=None)
    return Q(team__in=teams) | (Q(team=None) & (of_our_people | of_nobody))


def get_follow_up_for(user: User, pk: int) -> FollowUp:
    """A follow-up that the user may read; 404 for strangers to it."""
    return get_object_or_404(follow_ups_visible_to(user).with_words(), pk=pk)


def get_follow_up_to_close_for(user: User, pk: int) -> FollowUp:
    """One that the user may close or hand on: its owner, managers of its team, sponsors.

    Today these are the people who may read it, so there is nobody to refuse but strangers.
    """
    return get_follow_up_for(user, pk)


def possible_owners(follow_up: FollowUp, by: User) -> QuerySet[User]:
    """To whom `by` may give it: people of the team that serves the customer, and managers.

    Where no team serves the customer: managers also to the people of their teams, sponsors to anybody.
    """
    active = User.objects.filter(is_active=True)
    teams = {pk for pk in (follow_up.team_id, follow_up.customer.team_id) if pk}
    if not teams and by.is_sponsor:
        return active
    serving = Q(team__in=teams or managed_team_ids(by)) | Q(role=Membership.Role.MANAGER)
    return active.filter(Q(pk__in=Membership.objects.now().filter(serving).values("user_id")) | Q(is_sponsor=True))


def manager_over(follow_up: FollowUp) -> User | None:
    """Whom to tell when it is overdue: a manager of its team, else of its owner's teams, else a sponsor.

    Never the owner, and only people with an address.
    """
    others = User.objects.filter(is_active=True, email__isnull=False).exclude(pk=follow_up.owner_id or 0)
    others = others.order_by("joined_at", "id")
    now = Membership.objects.now()
    managers = now.filter(role=Membership.Role.MANAGER)
    of_owner = now.filter(user=follow_up.owner_id).values("team_id")
    return (
        (follow_up.team_id and others.filter(pk__in=managers_of(follow_up.team).values("pk")).first())
        or others.filter(pk__in=managers.filter(team__in=of_owner).values("user_id")).first()
        or others.filter(is_sponsor=True).first()
    )
