"""Who may send surveys, and to whom."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from delight.customers.access import customers_listed_for
from delight.customers.models import Customer
from staff.people.access import require_manager
from staff.people.models import User
from surveys.sending.models import Sending


def audience_of(user: User) -> QuerySet[Customer]:
    """The customers that this person may have asked: those whom they may browse and change."""
    return customers_listed_for(user)


def sendings_visible_to(user: User) -> QuerySet[Sending]:
    """A sponsor sees all sendings, a manager those they sent or signed."""
    sendings = Sending.objects.select_related("version__survey", "sender", "segment")
    if user.is_sponsor:
        return sendings
    return sendings.filter(Q(created_by=user) | Q(sender=user))


def get_sending_for(user: User, pk: int) -> Sending:
    require_manager(user)
    return get_object_or_404(sendings_visible_to(user), pk=pk)


def get_sending_to_stop_for(user: User, pk: int) -> Sending:
    """Stopping is for whoever sent it, and for sponsors."""
    sending = get_sending_for(user, pk)
    if not (user.is_sponsor or sending.created_by_id == user.pk):
        raise PermissionDenied
    return sending
