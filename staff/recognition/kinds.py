"""The mails and the round of this room, as the outbox knows them."""

from datetime import timedelta

from delight.outbox.models import Message
from delight.outbox.registry import Mail, MailKind, Skip, register_mail
from delight.outbox.rounds import register_round
from staff.recognition import digest, emails, notices
from staff.recognition.models import Recipient

ROOM = "recognition"


def told_still_wanted(message: Message) -> Recipient | Skip:
    found = Recipient.objects.select_related("user", "recognition__by", "recognition__team", "recognition__value")
    recipient = found.filter(pk=message.object_id).first()
    skip = notices.still_wanted(recipient)
    if skip is not None or recipient is None:
        return skip or Skip("gone")
    return recipient


def build_told(recipient: Recipient, message: Message) -> Mail:
    return emails.told(recipient)


def build_digest(wanted: digest.Digest, message: Message) -> Mail:
    return emails.digest(wanted)


# Whom thanks reach that nobody else reads is no line of the outbox page: the first kind tells nothing of whom.
register_mail(MailKind(notices.TOLD, told_still_wanted, build_told, grace=timedelta(days=2), room=ROOM))
register_mail(
    MailKind(digest.DIGEST, digest.still_wanted, build_digest, grace=digest.GRACE, about=digest.about, room=ROOM)
)
register_round("recognition-digest", timedelta(hours=1), digest.plan_digests)
