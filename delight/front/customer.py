"""One customer, as all rooms know them."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from delight.customers.access import can_change, can_see_account, can_see_address, looks_after
from delight.customers.memory.showing import memory_of
from delight.customers.models import Customer, Suppression, address_hashes
from delight.customers.services import is_suppressed, lift_suppression, suppress
from delight.customers.visits.access import teams_to_visit
from delight.customers.visits.expected import visits_of
from delight.customers.visits.forms import HereForm
from delight.front.home import described
from delight.organisation.models import Organisation
from delight.programme.showing import issues_of
from staff.budget.gifts import given_this_year, is_noticed
from staff.moments.access import moments_visible_to
from staff.moments.notes import notes_part
from staff.moments.occasion_hints import occasions_of
from staff.people.models import User
from surveys.answering.access import responses_visible_to
from surveys.followups.access import follow_ups_visible_to
from surveys.sending.models import Invitation

MOST = 20
SCOPE, ASKED = Suppression.Scope.RELATIONSHIP, Suppression.Reason.ASKED
# What a person said stays; over what a machine may have done a manager's word counts more.
LIGHTER = {Suppression.Reason.PAUSED, Suppression.Reason.BOUNCED}


def customer_page(user: User, customer: Customer) -> dict[str, Any]:
    """What this person may see of the customer: facts for all, answers and follow-ups by their rooms' rules."""
    answers = responses_visible_to(user).filter(customer=customer).select_related("customer__account")
    answers = answers.prefetch_related("answers").order_by("-submitted_at", "-id")
    follow_ups = follow_ups_visible_to(user).filter(customer=customer).with_words().order_by("-opened_at", "-id")[:MOST]
    sees_mails, teams = looks_after(user, customer), list(teams_to_visit(user))
    return {
        "customer": customer,
        "sees_all": user.is_sponsor,
        **_asking(user, customer),
        "sees_account": customer.account is not None and can_see_account(user, customer.account),
        "may_reveal": sees_mails or may_reveal(user, customer),
        "shown": "",
        "too_many": False,
        "visits": visits_of(customer, teams),
        "here": HereForm(teams=teams_to_visit(user), first=customer.team_id) if teams else None,
        "answers": [described(response) for response in answers[:MOST]],
        "follow_ups": follow_ups,
        "invitations": invitations_of(customer) if sees_mails else [],
        "sees_mails": sees_mails,
        "notes_part": notes_part(user, customer),
        "hints": occasions_of(user, customer),
        "memory": memory_of(user, customer),
        "issues": issues_of(user, customer),
        "today": timezone.localdate(),
        "moments": list(moments_visible_to(user).told().filter(customer=customer).with_names()[:MOST]),
        "given": _given(user, customer),
    }


def _given(user: User, customer: Customer) -> dict[str, Any] | None:
    """What the customer, and their company, were given this year: for who looks after them."""
    if not looks_after(user, customer):
        return None
    company, account = Organisation.get(), customer.account
    total = given_this_year(company, customer=customer)
    return {
        "total": total,
        "is_noticed": is_noticed(total, company),
        "account": account,
        "account_total": given_this_year(company, account=account) if account else None,
    }


def may_reveal(user: User, customer: Customer) -> bool:
    """Phone and e-mail are for those who look after the customer, serve them today, or have to call them."""
    return can_see_address(user, customer) or follow_ups_visible_to(user).open().filter(customer=customer).exists()


def _asking(user: User, customer: Customer) -> dict[str, Any]:
    """Whether the customer may be asked, for those who look after them, and what managers may change about it."""
    seen, changes = looks_after(user, customer), can_change(user, customer)
    entry = is_suppressed(customer.email, SCOPE) if customer.email and seen else None
    stands = entry is not None and entry.reason not in LIGHTER
    return {
        "can_change": changes,
        "suppression": entry,
        "can_suppress": changes and bool(customer.email) and not stands,
        "can_lift": changes and entry is not None and entry.reason == ASKED and entry.scope == SCOPE,
    }


def stop_asking(*, by: User, customer: Customer) -> bool:
    """What the customer has told a colleague: no surveys any more. False when there is no address."""
    if not customer.email:
        return False
    suppress(customer.email, SCOPE, ASKED, by=by)
    return True


@transaction.atomic
def ask_again(*, by: User, customer: Customer) -> bool:
    """Take back `stop_asking`, and never what the customer did themselves; tells whether there was anything."""
    entries = Suppression.objects.select_for_update().filter(
        address_hash__in=address_hashes(customer.email or ""), scope=SCOPE
    )
    if not customer.email or any(entry.reason != ASKED for entry in entries):
        return False
    return lift_suppression(customer.email, SCOPE, by=by)


def invitations_of(customer: Customer) -> list[dict[str, Any]]:
    """What was sent to the customer, and what was not, with the reason in words."""
    found = Invitation.objects.filter(customer=customer).select_related("sending__version__survey", "sending__sender")
    return [
        {
            "survey": invitation.sending.version.survey.name,
            "sender": invitation.sending.sender.name,
            "at": invitation.sent_at or invitation.created_at,
            "invitation": invitation,
            "reason": invitation.not_sent_words,
        }
        for invitation in found.order_by("-created_at", "-id")[:MOST]
    ]
