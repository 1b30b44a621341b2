"""Who reads, writes and changes what we remember of a customer."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from delight.customers.access import looks_after, serves_today
from delight.customers.memory_models import FactQuerySet
from delight.customers.models import Customer, Fact, NextTime, Visit
from staff.people.models import Membership, User

SERVED_FOR = timedelta(days=30)
UNDO_FOR = timedelta(hours=1)


def serves(user: User, customer: Customer) -> bool:
    """Those who look after the customer, who serve them today, and who or whose team did in the last 30 days."""
    return looks_after(user, customer) or serves_today(user, customer) or _served_lately(user, customer)


def _served_lately(user: User, customer: Customer) -> bool:
    own = Membership.objects.now().filter(user=user).values("team_id")
    since = timezone.now() - SERVED_FOR
    lately = Q(starts_at__gte=since) | Q(ends_at__gte=since)
    came = Visit.objects.filter(lately, customer=customer, state=Visit.State.CAME, starts_at__lte=timezone.now())
    return came.filter(Q(team__in=own) | Q(served_by=user)).exists()


def facts_visible_to(user: User, customer: Customer) -> FactQuerySet:
    """What holds today. Sensitive facts exist only for those who serve the customer."""
    return _seen(user, customer, Fact.objects.valid(timezone.localdate()))


def _seen(user: User, customer: Customer, facts: FactQuerySet) -> FactQuerySet:
    theirs = facts.filter(customer=customer)
    return theirs if serves(user, customer) else theirs.plain()


def may_change(user: User, fact: Fact, serving: bool) -> bool:
    """Who wrote it, and those who serve the customer."""
    return serving or fact.by_id == user.pk


def get_fact_for(user: User, customer: Customer, pk: int) -> Fact:
    """A fact to read and confirm; 404 for those from whom it is kept."""
    return get_object_or_404(facts_visible_to(user, customer).with_names(), pk=pk)


def get_fact_to_change_for(user: User, customer: Customer, pk: int) -> Fact:
    """404 for those from whom it is kept, 403 for readers."""
    fact = get_fact_for(user, customer, pk)
    if not may_change(user, fact, serves(user, customer)):
        raise PermissionDenied
    return fact


def get_fact_to_pin_for(user: User, customer: Customer, pk: int) -> Fact:
    """For those who serve the customer: they see all that is pinned, so a full board tells nobody too much."""
    fact = get_fact_for(user, customer, pk)
    if not serves(user, customer):
        raise PermissionDenied
    return fact


def removed_lately(user: User, customer: Customer) -> FactQuerySet:
    """What the user has removed within the hour, and may bring back."""
    since = timezone.now() - UNDO_FOR
    return _seen(user, customer, Fact.objects.filter(removed_by=user, removed_at__gte=since))


def get_removed_fact_for(user: User, customer: Customer, pk: int) -> Fact:
    """What the user may bring back, or has brought back already; 404 otherwise."""
    found = _seen(user, customer, Fact.objects.filter(removed_by=user) | Fact.objects.filter(removed_at=None))
    return get_object_or_404(found, pk=pk)


def questions_of(customer: Customer) -> QuerySet[NextTime]:
    """Whoever may open the customer may ask, and note the answer."""
    return NextTime.objects.filter(customer=customer).select_related("by", "asked_by")


def get_question_for(user: User, customer: Customer, pk: int) -> NextTime:
    return get_object_or_404(questions_of(customer), pk=pk)
