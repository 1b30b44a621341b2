"""The mails about follow-ups, all to people who work here."""

import zoneinfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from delight.organisation.models import Organisation
from delight.outbox.mail import render
from delight.outbox.registry import Mail
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
    organisation = Organisation.get()
    language = recipient.language or organisation.default_language
    zone = zoneinfo.ZoneInfo(recipient.time_zone or organisation.time_zone)
    with translation.override(language), timezone.override(zone):
        subject, text, html = render(
            name,
            {
                "organisation": organisation,
                "recipient": recipient,
                "follow_up": follow_up,
                "customer": follow_up.customer,
                "account": follow_up.customer.account,
                "owner": follow_up.owner,
                "score": follow_up.score,
                "said": follow_up.said,
                "happy": follow_up.asked == FollowUp.Asked.HAPPY,
                "url": settings.BASE_URL + reverse("follow_up", args=[follow_up.pk]),
            },
        )
    return Mail(
        to=recipient.email or "", to_name=recipient.name, subject=subject, text=text, html=html, language=language
    )
