"""Who sees which occasions. Whoever sees one may use it or put it aside."""

from django.db.models import Case, Q, Value, When
from django.shortcuts import get_object_or_404

from delight.customers.visits.access import own_teams
from delight.organisation.models import Organisation
from staff.budget.models import today
from staff.moments.models import Occasion, OccasionQuerySet, OccasionTrial
from staff.people.access import is_manager, require_sponsor
from staff.people.models import User


def occasions_visible_to(user: User) -> OccasionQuerySet:
    """Staff: of customers whom they serve or look after, and their teams'. Managers: also those of nobody.
    Sponsors: all. What a trial leaves out nobody sees.
    """
    shown = Occasion.objects.shown(today(Organisation.get()))
    return shown if user.is_sponsor else shown.filter(_seen_by(user))


def _seen_by(user: User) -> Q:
    seen = serves(user) | Q(team__in=own_teams(user).values("pk"))
    return seen | Q(team=None, user=None) if is_manager(user) else seen


def serves(user: User) -> Q:
    """Of occasions: the user looks after the customer, or was the last to serve them."""
    return Q(user=user) | Q(customer__owner=user)


def open_occasions_for(user: User) -> OccasionQuerySet:
    """Those that may be used today: one's own, then nobody's, then the colleagues'; what ends first before the rest."""
    whose = Case(When(serves(user), then=Value(0)), When(user=None, then=Value(1)), default=Value(2))
    found = occasions_visible_to(user).open(today(Organisation.get())).with_names()
    return found.annotate(whose=whose).order_by("whose", "until", "id")


def get_occasion_for(user: User, pk: int) -> Occasion:
    """An occasion, used and dismissed ones too; 404 for strangers to it, and where a trial leaves it out."""
    return get_object_or_404(occasions_visible_to(user).with_names(), pk=pk)


def get_trial_for(user: User, pk: int) -> OccasionTrial:
    """Trials are the sponsors'; 403 for everybody else."""
    require_sponsor(user)
    return get_object_or_404(OccasionTrial, pk=pk)
