"""Whether a person may be asked: the same rules when a sending is prepared and at the last moment."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from delight.customers.models import Customer, Suppression, address_hashes
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


TAKE_TURN = """
UPDATE customers_customer AS c SET last_asked_at = clock_timestamp(), last_asked_for = %(key)s
FROM sending_invitation AS i JOIN sending_sending AS s ON s.id = i.sending_id
WHERE i.id = %(invitation)s AND c.id = i.customer_id
  AND s.state <> 'stopped'
  AND i.answered_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > clock_timestamp()
  AND c.erased_at IS NULL AND c.email = %(email)s AND c.address_source <> 'other'
  AND (c.last_asked_at IS NULL OR c.last_asked_for = %(key)s
       OR c.last_asked_at <= clock_timestamp() - make_interval(days => %(days)s))
  AND NOT EXISTS (
    SELECT FROM customers_suppression AS h
    WHERE h.address_hash = ANY(%(hashes)s) AND h.scope IN ('all', %(scope)s)
      AND (h.until IS NULL OR h.until > clock_timestamp())
  )
"""


def take_turn(*, invitation_id: int, email: str, key: str, ask_again_after_days: int) -> bool:
    """Note that this person is being asked now, if they may be; False if anything at all speaks against it.

    The write carries the condition, so two sendings at once cannot both ask, and nothing can happen between the
    look and the note. A second try at the same invitation (the same `key`) is not another survey.
    `why_not_ask` and the kind say which rule it was.
    """
    values: dict[str, Any] = {
        "invitation": invitation_id,
        "email": email,
        "hashes": address_hashes(email),
        "key": key,
        "days": ask_again_after_days,
        "scope": SCOPE.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(TAKE_TURN, values)
        return cursor.rowcount == 1


def give_turn_back(key: str) -> None:
    """The mail that took this turn did not go out. Whatever was before it was long enough ago to ask again."""
    Customer.objects.filter(last_asked_for=key).update(last_asked_at=None, last_asked_for="")
