"""Who may find, list and change customers, accounts and imports."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from delight.customers.models import Account, Customer, CustomerImport, CustomerQuerySet, Visit
from delight.customers.visit_models import today
from delight.customers.visits.access import visits_visible_to
from staff.people.access import is_manager, managed_team_ids, require_manager
from staff.people.models import Membership, Team, User


def customers_visible_to(user: User) -> CustomerQuerySet:
    """Those whom the user may look for and open: every member of staff, any customer who is not erased."""
    return Customer.objects.filter(erased_at__isnull=True)


def customers_listed_for(user: User) -> CustomerQuerySet:
    """Those whom the user may browse and change.

    Sponsors: all. Managers: customers of their teams; of those without a team, the ones without an owner or whose
    owner is in their teams. Staff: none.
    """
    found = customers_visible_to(user)
    return found if user.is_sponsor else found.filter(_in_care_of(user))


def _in_care_of(user: User) -> Q:
    teams = managed_team_ids(user)
    if not teams:
        return Q(pk__in=[])
    theirs = Q(owner__isnull=True) | Q(owner__in=members_of(teams))
    return Q(team__in=teams) | (Q(team__isnull=True) & theirs)


def addresses_seen_by(user: User) -> Q:
    """Among whose e-mail addresses and phone numbers the user may search by parts: the rule of `looks_after`."""
    return Q() if user.is_sponsor else Q(owner=user) | _in_care_of(user)


def search_for(user: User, customers: CustomerQuerySet, words: str) -> CustomerQuerySet:
    """Those of the customers who match the words, by what the user may see of them."""
    return customers.search(words, addresses_seen_by(user), visits_visible_to(user))


def can_list(user: User) -> bool:
    """Whether the user may browse customers without searching, and add some."""
    return is_manager(user)


def can_change(user: User, customer: Customer) -> bool:
    """The same rule as `customers_listed_for`, for one customer."""
    if customer.erased_at is not None:
        return False
    if user.is_sponsor:
        return True
    teams = managed_team_ids(user)
    if not teams or customer.team_id is not None:
        return customer.team_id in teams
    return customer.owner_id is None or members_of(teams).filter(user_id=customer.owner_id).exists()


def looks_after(user: User, customer: Customer) -> bool:
    """Those who may change the customer, and the customer's owner."""
    return customer.owner_id == user.pk or can_change(user, customer)


def can_see_address(user: User, customer: Customer) -> bool:
    """E-mail and phone, on a tap: those who look after the customer, and those who serve them today."""
    return looks_after(user, customer) or serves_today(user, customer)


def serves_today(user: User, customer: Customer) -> bool:
    """Whether the customer visits the user or one of the user's teams today."""
    own = Membership.objects.now().filter(user=user).values("team_id")
    mine = Q(team__in=own) | Q(served_by=user)
    return Visit.objects.between(*today()).filter(mine, customer=customer).exists()


def get_customer_for(user: User, pk: int) -> Customer:
    """A customer to look at; 404 when unknown or erased."""
    found = customers_visible_to(user).select_related("account", "segment", "team", "owner")
    return get_object_or_404(found, pk=pk)


def survivor_of(pk: int) -> int | None:
    """The customer into whom this one was merged."""
    return Customer.objects.filter(pk=pk).values_list("merged_into", flat=True).first()


def get_customer_to_change_for(user: User, pk: int) -> Customer:
    """A customer to change; 404 when unknown or erased, 403 for those who may only look."""
    customer = get_customer_for(user, pk)
    if not can_change(user, customer):
        raise PermissionDenied
    return customer


def teams_to_give(user: User) -> QuerySet[Team]:
    """The teams into which the user may put customers."""
    return Team.objects.filter(pk__in=managed_team_ids(user))


def people_to_give(user: User, *, also: int | None = None) -> QuerySet[User]:
    """The people whom the user may name as owners; `also` is the one who is it already."""
    active = User.objects.filter(is_active=True)
    if not user.is_sponsor:
        active = active.filter(Q(pk__in=members_of(managed_team_ids(user))) | Q(pk=user.pk))
    return active | User.objects.filter(pk=also) if also else active


def members_of(teams: set[int]) -> QuerySet:
    """The ids of the people who are in these teams today."""
    return Membership.objects.now().filter(team__in=teams).values("user_id")


def get_account_for(user: User, pk: int) -> Account:
    """A company to read about: for those who may change it, and for those who look after it or one of its people."""
    account = get_object_or_404(Account.objects.select_related("owner"), pk=pk)
    if not can_see_account(user, account):
        raise Http404
    return account


def accounts_visible_to(user: User) -> QuerySet[Account]:
    """The same rule as `can_see_account`, for all."""
    if user.is_sponsor:
        return Account.objects.all()
    mine = Customer.objects.filter(owner=user, erased_at__isnull=True, account__isnull=False)
    seen = Q(owner=user) | Q(pk__in=mine.values("account_id"))
    teams = managed_team_ids(user)
    if teams:
        seen |= Q(owner__isnull=True) | Q(owner__in=members_of(teams))
    return Account.objects.filter(seen)


def accounts_to_give(user: User, *, also: int | None = None) -> QuerySet[Account]:
    """The companies to which the user may add a customer: those they may read about, and those of their customers.

    `also` is the one to which the customer belongs already.
    """
    if user.is_sponsor:
        return Account.objects.all()
    theirs = customers_listed_for(user).filter(account__isnull=False).values("account_id")
    return Account.objects.filter(Q(pk__in=accounts_visible_to(user).values("pk")) | Q(pk__in=theirs) | Q(pk=also))


def can_see_account(user: User, account: Account) -> bool:
    if account.owner_id == user.pk or can_change_account(user, account):
        return True
    return account.contacts.filter(owner=user, erased_at__isnull=True).exists()


def get_account_to_change_for(user: User, pk: int) -> Account:
    """An account: sponsors any, managers those that nobody or somebody in their teams looks after."""
    require_manager(user)
    account = get_object_or_404(Account.objects.select_related("owner"), pk=pk)
    if not can_change_account(user, account):
        raise PermissionDenied
    return account


def can_change_account(user: User, account: Account) -> bool:
    if user.is_sponsor or account.owner_id in (None, user.pk):
        return is_manager(user)
    return account.owner_id in _own_people(user)


def _own_people(user: User) -> set[int]:
    known = getattr(user, "_own_people", None)
    if known is None:
        known = set(members_of(managed_team_ids(user)).values_list("user_id", flat=True))
        user._own_people = known  # type: ignore[attr-defined]  # one query per request, as managed_team_ids does
    return known


def imports_visible_to(user: User) -> QuerySet[CustomerImport]:
    """A manager's own imports; a sponsor's view of all."""
    require_manager(user)
    found = CustomerImport.objects.select_related("file", "created_by", "team", "job")
    return found if user.is_sponsor else found.filter(created_by=user)


def get_import_for(user: User, pk: int) -> CustomerImport:
    """An import; 403 for staff, 404 for managers who have not uploaded it."""
    return get_object_or_404(imports_visible_to(user), pk=pk)
