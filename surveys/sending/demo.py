"""Three past rounds of the demo company's survey, the last one some days old, and nothing left to send."""

import random
from datetime import datetime, timedelta

from delight.customers.models import Customer
from delight.organisation.models import Organisation
from staff.people.models import User
from surveys.design.services import create_survey, freeze
from surveys.sending.models import LINK_LASTS, Invitation, Sending
from surveys.sending.services import why_not_asked

ROUNDS = ((212, 0.45), (104, 0.55), (4, 0.35))  # days ago, share of the customers asked
SKIPPED = ("no_address", "not_allowed", "unsubscribed")


def make(*, rng: random.Random, now: datetime) -> None:
    """The survey "How are we doing?" and its sendings, with one invitation per customer in each."""
    organisation = Organisation.get()
    owner = User.objects.filter(is_sponsor=True).order_by("pk")[0]
    survey = create_survey(by=owner, name="How are we doing?")
    version = survey.current
    freeze(version)
    version.refresh_from_db()
    customers = list(Customer.objects.select_related("account").order_by("pk"))
    for days, share in ROUNDS:
        at = (now - timedelta(days=days)).replace(hour=rng.randint(8, 10), minute=rng.randint(0, 59))
        sending = Sending.objects.create(version=version, sender=owner, created_by=owner, state="sending")
        Sending.objects.filter(pk=sending.pk).update(created_at=at)
        chosen = [customer for customer in customers if rng.random() < share]
        _invite(rng, organisation, sending, chosen, at)


def _invite(
    rng: random.Random, organisation: Organisation, sending: Sending, chosen: list[Customer], at: datetime
) -> None:
    reasons = why_not_asked(chosen, organisation)
    edge = at - timedelta(days=organisation.ask_again_after_days)
    rows = []
    for customer in chosen:
        reason = reasons[customer.pk] if reasons[customer.pk] in SKIPPED else ""
        if not reason and customer.last_asked_at and customer.last_asked_at > edge:
            reason = "asked_recently"
        sent_at = None if reason else at + timedelta(seconds=rng.randint(5, 300))
        if sent_at:
            customer.last_asked_at, customer.last_asked_for = sent_at, f"demo:{sending.pk}"
        rows.append(_invitation(organisation, sending, customer, reason, sent_at, at))
    Invitation.objects.bulk_create(rows)
    Customer.objects.bulk_update(chosen, ["last_asked_at", "last_asked_for"], batch_size=500)


def _invitation(
    organisation: Organisation,
    sending: Sending,
    customer: Customer,
    reason: str,
    sent_at: datetime | None,
    at: datetime,
) -> Invitation:
    account = customer.account
    return Invitation(
        sending=sending,
        customer=customer,
        language=customer.language or organisation.default_language,
        owner_id=customer.owner_id or (account.owner_id if account else None),
        team_id=customer.team_id,
        segment_id=customer.segment_id,
        account=account,
        account_value=account.value_per_year if account else None,
        not_sent_reason=reason,
        sent_at=sent_at,
        expires_at=at + LINK_LASTS,
    )
