"""The mails about follow-ups, all to people who work here."""

from django.urls import reverse

from delight.outbox.registry import Mail
from staff.people.mailing import mail_to
from staff.people.models import User
from surveys.followups.models import FollowUp


def follow_up_opened(follow_up: FollowUp, recipient: User) -> Mail:
    """To the owner: a customer waits for a call."""
    return _mail("follow_up_opened", follow_up, recipient)


def follow_up_due(follow_up: FollowUp, recipient: User) -> Mail:
    """To the owner, when the time is up."""
    return _mail("follow_up_due", follow_up, recipient)


def follow_up_overdue(follow_up: FollowUp, recipient: User) -> Mail:
    """To the owner's manager, once."""
    return _mail("follow_up_overdue", follow_up, recipient)


def _mail(name: str, follow_up: FollowUp, recipient: User) -> Mail:
    return mail_to(
        recipient,
        name,
        reverse("follow_up", args=[follow_up.pk]),
        follow_up=follow_up,
        customer=follow_up.customer,
        account=follow_up.customer.account,
        owner=follow_up.owner,
        score=follow_up.score,
        said=follow_up.said,
        happy=follow_up.asked == FollowUp.Asked.HAPPY,
    )
