"""One customer, as all rooms know them."""

from typing import Any

from delight.customers.access import can_change, can_see_address
from delight.customers.models import Customer
from delight.front.home import described
from delight.outbox.registry import REASONS
from staff.people.models import User
from surveys.answering.access import responses_visible_to
from surveys.followups.access import follow_ups_visible_to
from surveys.sending.models import Invitation

MOST = 20


def customer_page(user: User, customer: Customer) -> dict[str, Any]:
    """What this person may see of the customer: facts for all, answers and follow-ups by their rooms' rules."""
    answers = responses_visible_to(user).filter(customer=customer).select_related("customer__account")
    answers = answers.prefetch_related("answers").order_by("-submitted_at", "-id")
    follow_ups = follow_ups_visible_to(user).filter(customer=customer).with_words().order_by("-opened_at", "-id")
    sees_mails = can_see_address(user, customer)
    return {
        "customer": customer,
        "can_change": can_change(user, customer),
        "can_see_address": sees_mails,
        "answers": [described(response) for response in answers[:MOST]],
        "follow_ups": follow_ups[:MOST],
        "invitations": invitations_of(customer) if sees_mails else [],
        "sees_mails": sees_mails,
    }


def invitations_of(customer: Customer) -> list[dict[str, Any]]:
    """What was sent to the customer, and what was not, with the reason in words."""
    found = Invitation.objects.filter(customer=customer).select_related("sending__version__survey", "sending__sender")
    return [
        {
            "survey": invitation.sending.version.survey.name,
            "sender": invitation.sending.sender.name,
            "at": invitation.sent_at or invitation.created_at,
            "invitation": invitation,
            "reason": REASONS.get(invitation.not_sent_reason, invitation.not_sent_reason),
        }
        for invitation in found.order_by("-created_at", "-id")[:MOST]
    ]
