"""The two mails of a sending, decided at the last moment: the invitation and one reminder."""

from datetime import timedelta

from django.utils import timezone

from delight.organisation.models import Organisation
from delight.outbox.models import Message
from delight.outbox.registry import JobKind, MailKind, Skip, register_job, register_mail
from delight.outbox.services import enqueue_many, new_message
from surveys.sending import emails
from surveys.sending.models import Invitation, Sending
from surveys.sending.rules import take_turn, why_not_ask
from surveys.sending.services import prepare_sending


def _still_open(message: Message) -> Invitation | Skip:
    invitation = (
        Invitation.objects.select_related("sending__version", "sending__sender", "customer")
        .filter(pk=message.object_id)
        .first()
    )
    if invitation is None:
        return Skip("gone")
    if invitation.sending.state == Sending.State.STOPPED:
        return Skip("stopped")
    if invitation.answered_at:
        return Skip("answered")
    if not invitation.is_open:
        return Skip("expired")
    reason = why_not_ask(invitation.customer)
    return Skip(reason) if reason else invitation


def invitation_wanted(message: Message) -> Invitation | Skip:
    """The invitation, if its person may be asked now; takes that person's turn."""
    invitation = _still_open(message)
    if isinstance(invitation, Invitation) and not take_turn(invitation.customer, message.key, Organisation.get()):
        return Skip("asked_recently")
    return invitation


def invitation_sent(invitation: Invitation, message: Message) -> None:
    """Note it, and look again in some days whether a reminder is wanted."""
    now = timezone.now()
    Invitation.objects.filter(pk=invitation.pk).update(sent_at=now)
    days = invitation.sending.remind_after_days
    if days:
        when = now + timedelta(days=days)
        enqueue_many(
            [new_message(kind="remind", object_id=invitation.pk, key=f"remind:{invitation.pk}:1", due_at=when)]
        )


def invitation_skipped(message: Message) -> None:
    Invitation.objects.filter(pk=message.object_id, sent_at=None).update(not_sent_reason=message.reason)


def reminder_sent(invitation: Invitation, message: Message) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(reminded_at=timezone.now())


register_mail(
    MailKind(
        name="invite",
        still_wanted=invitation_wanted,
        build=emails.invitation,
        after_sent=invitation_sent,
        after_skipped=invitation_skipped,
        grace=timedelta(days=3),
        to_customers=True,
    )
)
register_mail(
    MailKind(
        name="remind",
        still_wanted=_still_open,
        build=emails.reminder,
        after_sent=reminder_sent,
        grace=timedelta(days=3),
        to_customers=True,
    )
)
register_job(JobKind(name="prepare-sending", run=prepare_sending))
