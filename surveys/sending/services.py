"""Sending a survey: freeze the words, make one invitation per person with its reason, and queue the mails."""

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from delight.customers.models import Customer, Segment, Suppression, address_hashes
from delight.organisation.models import AuditEntry, Organisation
from delight.outbox.services import cancel, enqueue_many, new_message, start_job
from staff.people.models import User
from surveys.design.models import Survey
from surveys.design.services import freeze
from surveys.sending.access import audience_of
from surveys.sending.models import Invitation, Sending
from surveys.sending.rules import SCOPE, asked_recently

BATCH = 500


class AlreadySent(Exception):
    """This form has been sent already, with other choices."""


def _is_same(before: Sending, survey: Survey, picked: list[Customer], **chosen: Any) -> bool:
    same = all(getattr(before, name) == value for name, value in chosen.items())
    return same and before.version.survey == survey and set(before.picked.all()) == set(picked)


@transaction.atomic
def send_survey(
    *,
    by: User,
    survey: Survey,
    sender: User,
    audience: str = Sending.Audience.ALL,
    segment: Segment | None = None,
    picked: Iterable[Customer] = (),
    remind_after_days: int = 4,
    idempotency_key: uuid.UUID | None = None,
) -> Sending:
    """Send a survey. A worker makes the invitations.

    The same idempotency key gives the same sending; raises AlreadySent if it was used for something else.
    """
    picked = list(picked)
    chosen = {
        "audience": audience, "segment": segment, "sender": sender, "created_by": by,
        "remind_after_days": remind_after_days,
    }  # fmt: skip
    version = survey.current
    try:
        with transaction.atomic():
            sending = Sending.objects.create(version=version, idempotency_key=idempotency_key, **chosen)
    except IntegrityError:  # the same page, pressed before or at the same moment
        before = Sending.objects.filter(idempotency_key=idempotency_key).first()
        if before is None or not _is_same(before, survey, picked, **chosen):
            raise AlreadySent from None
        return before
    freeze(version)
    sending.picked.set(picked)
    sending.job = start_job(kind="prepare-sending", object_id=sending.pk, key=f"prepare-sending:{sending.pk}")
    sending.save(update_fields=["job"])
    AuditEntry.record(by=by, verb="send", obj=sending)
    return sending


def customers_of(sending: Sending, picked: Iterable[Customer] | None = None) -> QuerySet[Customer]:
    """Everybody whom the sender asked for, whether or not they will get a mail.

    `picked` stands in for the rows of a sending that is not saved yet.
    """
    customers = audience_of(sending.created_by) if sending.created_by else Customer.objects.filter(erased_at=None)
    if sending.audience == Sending.Audience.SEGMENT:
        customers = customers.filter(segment=sending.segment)
    elif sending.audience == Sending.Audience.PICKED:
        chosen = sending.picked.all() if picked is None else picked
        customers = customers.filter(pk__in=[customer.pk for customer in chosen])
    return customers


def prepare_sending(sending_id: int, progress: Callable[[int, int], None]) -> None:
    """The job: one invitation per person, batch by batch. Running it again adds only what is missing."""
    sending = Sending.objects.select_related("created_by").get(pk=sending_id)
    organisation = Organisation.get()
    everybody = customers_of(sending)
    total, done, last = everybody.count(), 0, 0
    while batch := list(everybody.filter(pk__gt=last).select_related("account").order_by("pk")[:BATCH]):
        _invite_batch(sending, organisation, batch)
        last, done = batch[-1].pk, done + len(batch)
        progress(done, max(total, done))
    Sending.objects.filter(pk=sending.pk, state=Sending.State.PREPARING).update(state=Sending.State.SENDING)


@transaction.atomic
def _invite_batch(sending: Sending, organisation: Organisation, batch: list[Customer]) -> None:
    reasons = why_not_asked(batch, organisation)
    fresh = [_invitation(sending, organisation, customer, reasons[customer.pk]) for customer in batch]
    Invitation.objects.bulk_create(fresh, ignore_conflicts=True)
    wanted = Invitation.objects.filter(sending=sending, customer__in=batch, not_sent_reason="", sent_at=None)
    enqueue_many(
        [new_message(kind="invite", object_id=pk, key=f"invite:{pk}") for pk in wanted.values_list("pk", flat=True)]
    )


def _invitation(sending: Sending, organisation: Organisation, customer: Customer, reason: str) -> Invitation:
    account = customer.account
    return Invitation(
        sending=sending, customer=customer, not_sent_reason=reason,
        language=customer.language or organisation.default_language,
        owner_id=customer.owner_id or (account.owner_id if account else None),
        team_id=customer.team_id, segment_id=customer.segment_id, account=account,
        account_value=account.value_per_year if account else None,
    )  # fmt: skip


def why_not_asked(batch: list[Customer], organisation: Organisation) -> dict[int, str]:
    """Why each of them is not asked (empty: is asked), with one query for the whole batch."""
    hashes = {customer.pk: address_hashes(customer.email) for customer in batch if customer.email}
    held = dict(
        Suppression.objects.in_force(SCOPE)
        .filter(address_hash__in=[each for many in hashes.values() for each in many])
        .values_list("address_hash", "reason")
    )
    return {customer.pk: _reason(customer, hashes.get(customer.pk, []), held, organisation) for customer in batch}


def _reason(customer: Customer, hashes: list[str], held: dict[str, str], organisation: Organisation) -> str:
    if not customer.email:
        return "no_address"
    if not customer.may_be_mailed(organisation):
        return "not_allowed"
    for each in hashes:
        if each in held:
            return "paused" if held[each] == Suppression.Reason.PAUSED else "unsubscribed"
    return "asked_recently" if asked_recently(customer, organisation) else ""


@transaction.atomic
def stop_sending(*, by: User, sending: Sending) -> Sending:
    """Nothing more of this sending goes out; what is due ends with that reason. Links keep working."""
    Sending.objects.filter(pk=sending.pk).update(state=Sending.State.STOPPED)
    everybody = Invitation.objects.filter(sending=sending)
    cancel(kinds=["invite", "remind"], object_ids=everybody.values_list("pk", flat=True))
    everybody.filter(sent_at=None, not_sent_reason="").update(not_sent_reason="stopped")
    AuditEntry.record(by=by, verb="stop", obj=sending)
    sending.refresh_from_db(fields=["state"])
    return sending
