"""The two mails of a sending, decided at the last moment: the invitation and one reminder."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone

from delight.organisation.models import Organisation
from delight.outbox.models import Message
from delight.outbox.registry import JobKind, MailKind, Skip, register_job, register_mail
from delight.outbox.services import enqueue
from surveys.sending import emails
from surveys.sending.models import Invitation, Sending
from surveys.sending.rules import give_turn_back, take_turn, why_not_ask
from surveys.sending.services import prepare_sending

SENT = "UPDATE sending_invitation SET sent_at = %s, mailed_to = %s WHERE id = %s;"


def load(messages: list[Message]) -> dict[int, Invitation]:
    """The invitations of a batch with all that their mails need, in three queries; a sending is made once for all."""
    organisation = Organisation.get()
    ids = [message.object_id for message in messages]
    sendings = Prefetch("sending", Sending.objects.select_related("version", "sender"))
    found = Invitation.objects.select_related("customer").prefetch_related(sendings).in_bulk(ids)
    for invitation in found.values():
        invitation.organisation = organisation
    return found


def invitation_wanted(message: Message) -> Invitation | Skip:
    """The loaded invitation, if its person may be asked at this moment; takes that person's turn."""
    invitation: Invitation | None = message.loaded
    if invitation is None:
        return Skip("gone")
    email = invitation.customer.email or ""
    if take_turn(invitation=invitation, email=email, key=message.key, organisation=invitation.organisation):
        return invitation
    return Skip(_why_not(invitation) or "asked_recently")


def reminder_wanted(message: Message) -> Invitation | Skip:
    """The invitation, if it still waits for an answer and its person may still be written to."""
    invitation: Invitation | None = message.loaded
    if invitation is None:
        return Skip("gone")
    reason = _why_not(invitation)
    return Skip(reason) if reason else invitation


def _why_not(loaded: Invitation) -> str:
    """The reason, as things stand now, or empty."""
    invitation = Invitation.objects.select_related("sending", "customer").get(pk=loaded.pk)
    if invitation.sending.state == Sending.State.STOPPED:
        return "stopped"
    if invitation.answered_at:
        return "answered"
    if not invitation.is_open:
        return "expired"
    if invitation.customer.email != loaded.customer.email:
        return "gone"
    return why_not_ask(invitation.customer, loaded.organisation)


def invitation_sent(invitation: Invitation, message: Message) -> None:
    """Note it, and look again in some days whether a reminder is wanted."""
    now = timezone.now()
    noted: tuple[str, list[Any]] = (SENT, [now, invitation.mailed_to_now(), invitation.pk])
    days = invitation.sending.remind_after_days
    if days:
        key = f"remind:{invitation.pk}:1"
        enqueue(kind="remind", object_id=invitation.pk, key=key, due_at=now + timedelta(days=days), after=noted)
        return
    with connection.cursor() as cursor:
        cursor.execute(*noted)


def invitation_unsent(message: Message) -> None:
    """Note why, and give the turn back: who was not asked may be asked by the next sending."""
    Invitation.objects.filter(pk=message.object_id, sent_at=None).update(not_sent_reason=message.reason)
    if not message.maybe_twice:  # else it may have arrived
        give_turn_back(message.key)


def reminder_sent(invitation: Invitation, message: Message) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(reminded_at=timezone.now(), mailed_to=invitation.mailed_to_now())


def about(invitation_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """The customers who are asked, for the outbox page."""
    found = Invitation.objects.filter(pk__in=invitation_ids, customer__erased_at__isnull=True)
    rows = found.values_list("pk", "customer_id", "customer__name")
    return {pk: (name, reverse("customer", args=[customer])) for pk, customer, name in rows}


register_mail(
    MailKind(
        name="invite",
        about=about,
        load=load,
        still_wanted=invitation_wanted,
        build=emails.invitation,
        after_sent=invitation_sent,
        after_unsent=invitation_unsent,
        grace=timedelta(days=3),
        to_customers=True,
        room="surveys",
    )
)
register_mail(
    MailKind(
        name="remind",
        about=about,
        load=load,
        still_wanted=reminder_wanted,
        build=emails.reminder,
        after_sent=reminder_sent,
        grace=timedelta(days=3),
        to_customers=True,
        room="surveys",
    )
)
register_job(JobKind(name="prepare-sending", run=prepare_sending))
