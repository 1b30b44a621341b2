"""Whether a person may be asked: the same rules when a sending is prepared and at the last moment."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from delight.customers.models import Customer, Suppression
from delight.organisation.models import Organisation

SCOPE = Suppression.Scope.RELATIONSHIP


def why_not_ask(customer: Customer) -> str:
    """One of the outbox's reasons, or empty. What only the last moment can know is decided there."""
    if customer.erased_at:
        return "gone"
    if not customer.email:
        return "no_address"
    if not customer.may_be_mailed:
        return "not_allowed"
    held = Suppression.objects.holding(customer.email, SCOPE).values_list("reason", flat=True).first()
    if held:
        return "paused" if held == Suppression.Reason.PAUSED else "unsubscribed"
    return ""


def asked_recently(customer: Customer, organisation: Organisation) -> bool:
    """Within the organisation's days between two surveys to one person."""
    if customer.last_asked_at is None:
        return False
    return customer.last_asked_at > timezone.now() - timedelta(days=organisation.ask_again_after_days)


def take_turn(customer: Customer, invitation_key: str, organisation: Organisation) -> bool:
    """Note that this person is being asked now, unless another survey asked them recently.

    The write carries the condition, so that two sendings at once cannot both ask. A second try at the same
    invitation is not another survey.
    """
    edge = timezone.now() - timedelta(days=organisation.ask_again_after_days)
    free = Q(last_asked_at__isnull=True) | Q(last_asked_at__lte=edge) | Q(last_asked_for=invitation_key)
    taken = Customer.objects.filter(free, pk=customer.pk).update(
        last_asked_at=timezone.now(), last_asked_for=invitation_key
    )
    return bool(taken)
