"""Whether a person may be asked: the same rules when a sending is prepared and at the last moment."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from delight.customers.models import Customer, Suppression, address_hashes
from delight.organisation.models import Organisation
from surveys.sending.models import Invitation

SCOPE = Suppression.Scope.RELATIONSHIP


def why_not_ask(customer: Customer, organisation: Organisation) -> str:
    """One of the outbox's reasons, or empty. What only the last moment can know is decided there."""
    if customer.erased_at:
        return "gone"
    if not customer.email:
        return "no_address"
    if not customer.may_be_mailed(organisation):
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


# Sub-selects with OFFSET 0 stay what they are: planned as a join of the same tables it took twice as long.
TAKE_TURN = """
UPDATE customers_customer SET last_asked_at = clock_timestamp(), last_asked_for = %(key)s
WHERE id = %(customer)s
  AND erased_at IS NULL AND email = %(email)s
  AND (address_source = 'consent' OR (address_source = 'existing' AND NOT %(consent_only)s))
  AND (last_asked_at IS NULL OR last_asked_for = %(key)s
       OR last_asked_at <= clock_timestamp() - make_interval(days => %(days)s))
  AND EXISTS (
    SELECT FROM sending_invitation
    WHERE id = %(invitation)s AND answered_at IS NULL AND revoked_at IS NULL AND expires_at > clock_timestamp()
    OFFSET 0
  )
  AND EXISTS (SELECT FROM sending_sending WHERE id = %(sending)s AND state <> 'stopped' OFFSET 0)
  AND NOT EXISTS (
    SELECT FROM customers_suppression
    WHERE address_hash = ANY(%(hashes)s) AND scope IN ('all', %(scope)s)
      AND (until IS NULL OR until > clock_timestamp())
    OFFSET 0
  )
"""


def take_turn(*, invitation: Invitation, email: str, key: str, organisation: Organisation) -> bool:
    """Note that this person is being asked now, if they may be; False if anything at all speaks against it.

    The write carries the condition, so two sendings at once cannot both ask, and nothing can happen between the
    look and the note. A second try at the same invitation (the same `key`) is not another survey.
    `why_not_ask` and the kind say which rule it was.
    """
    values: dict[str, Any] = {
        "invitation": invitation.pk,
        "sending": invitation.sending_id,
        "customer": invitation.customer_id,
        "email": email,
        "hashes": address_hashes(email),
        "key": key,
        "days": organisation.ask_again_after_days,
        "consent_only": organisation.asks_only_with_consent,
        "scope": SCOPE.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(TAKE_TURN, values)
        return cursor.rowcount == 1


def give_turn_back(key: str) -> None:
    """The mail that took this turn did not go out. Whatever was before it was long enough ago to ask again."""
    Customer.objects.filter(last_asked_for=key).update(last_asked_at=None, last_asked_for="")
