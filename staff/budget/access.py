"""Who may see and decide which budgets. Everybody sees their own; nobody decides about their own.

Managers: those of the people whom they manage. Sponsors: all, but they do not close their own either.
"""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from delight.customers.access import accounts_visible_to, customers_listed_for
from staff.budget.models import BudgetEntry, Spend, SpendQuerySet, Suspension
from staff.people.access import get_managed_person_for, managed_team_ids, may_manage, require_manager, require_sponsor
from staff.people.models import Membership, User


def people_managed_by(user: User) -> QuerySet[User]:
    """The same rule as `may_manage`, for all who work here: whose budgets the user looks after."""
    active = User.objects.filter(is_active=True)
    if user.is_sponsor:
        return active
    teams = managed_team_ids(user)
    now = Membership.objects.now()
    inside, outside = now.filter(team__in=teams).values("user_id"), now.exclude(team__in=teams).values("user_id")
    return active.filter(pk__in=inside, is_sponsor=False).exclude(pk=user.pk).exclude(pk__in=outside)


def require_budget_manager(user: User) -> None:
    """The lists of others' budgets are the managers'."""
    require_manager(user)


def require_budget_sponsor(user: User) -> None:
    require_sponsor(user)


def get_person_with_budget_for(user: User, pk: int) -> User:
    """Whose budget the user looks after; 404 for strangers, 403 for colleagues."""
    return get_managed_person_for(user, pk)


def may_close(user: User, person: User) -> bool:
    """Nobody closes, renews or lifts their own."""
    return person.pk != user.pk and may_manage(user, person)


def get_person_to_close_for(user: User, pk: int) -> User:
    person = get_person_with_budget_for(user, pk)
    if not may_close(user, person):
        raise PermissionDenied
    return person


def get_suspension_for(user: User, pk: int) -> Suspension:
    """One that the user may renew or lift; 403 for the person it is about, 404 for strangers."""
    suspension = get_object_or_404(Suspension.objects.select_related("user", "by"), pk=pk)
    get_person_to_close_for(user, suspension.user_id)
    return suspension


def get_own_suspension_for(user: User, pk: int) -> Suspension:
    """One's own, to reply to; 404 for everybody else."""
    return get_object_or_404(Suspension.objects.filter(user=user), pk=pk)


def spends_to_decide(user: User) -> SpendQuerySet:
    """What waits for the user's word; never their own."""
    waiting = Spend.objects.waiting().exclude(period__user=user)
    if user.is_sponsor:
        return waiting
    if not managed_team_ids(user):
        return waiting.none()
    return waiting.filter(period__user__in=people_managed_by(user))


def waiting_for(user: User) -> int:
    """How many approvals wait for the user, for the navigation and the page "Today"."""
    return spends_to_decide(user).count()


def get_spend_to_decide_for(user: User, pk: int) -> Spend:
    """Decided ones, too: the page says so. 403 for whose wish it is, 404 for strangers."""
    spend = get_object_or_404(Spend.objects.with_names(), pk=pk)
    person = spend.period.user
    if person.pk == user.pk:
        raise PermissionDenied
    get_managed_person_for(user, person.pk)
    return spend


def entries_visible_to(user: User) -> QuerySet[BudgetEntry]:
    """The ledger of all for sponsors, of their people for managers; of people who have left, for sponsors only."""
    require_budget_manager(user)
    found = BudgetEntry.objects.all()
    return found if user.is_sponsor else found.filter(period__user__in=people_managed_by(user))


def gifts_visible_to(user: User) -> Q:
    """Which gifts a manager reads about: to customers and companies in their care, and their people's."""
    if not managed_team_ids(user) and not user.is_sponsor:
        raise Http404
    if user.is_sponsor:
        return Q()
    return (
        Q(customer__in=customers_listed_for(user).values("pk"))
        | Q(account__in=accounts_visible_to(user).values("pk"))
        | Q(period__user__in=people_managed_by(user).values("pk"))
    )
