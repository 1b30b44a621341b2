"""The mail that tells somebody at once: of a spotlight, of a customer's praise, and of thanks nobody else reads.

Everything else waits for the mail of the week. Key: `recognition:<recipient's row>`.
"""

from delight.outbox.registry import Skip
from delight.outbox.services import enqueue_many, new_message
from staff.recognition.models import Recipient, Recognition, Taste

TOLD = "recognition"
AT_ONCE = (Recognition.Kind.SPOTLIGHT, Recognition.Kind.PRAISE)


def is_told_at_once(recognition: Recognition) -> bool:
    is_private = recognition.is_private and recognition.kind == Recognition.Kind.THANKS
    return is_private or recognition.kind in AT_ONCE


def tell(recognition: Recognition) -> None:
    """A row for each recipient with an address; whether it still goes out is decided when it is about to leave."""
    if not is_told_at_once(recognition):
        return
    told = Recipient.objects.filter(recognition=recognition, user__email__isnull=False)
    enqueue_many([new_message(kind=TOLD, object_id=each.pk, key=f"{TOLD}:{each.pk}") for each in told])


def still_wanted(recipient: Recipient | None) -> Skip | None:
    """Why it is not sent; None when it is."""
    if recipient is None or recipient.recognition.state != Recognition.State.TOLD or not recipient.recognition.text:
        return Skip("gone")
    if not is_told_at_once(recipient.recognition):
        return Skip("done")
    if not recipient.user.is_active:
        return Skip("left")
    if not recipient.user.email:
        return Skip("no_address")
    if Taste.objects.filter(user=recipient.user_id, digest=False).exists():
        return Skip("unsubscribed")
    return None
