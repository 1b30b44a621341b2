"""The mails about issues, all to people who work here."""

import zoneinfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from delight.organisation.models import Organisation
from delight.outbox.mail import render
from delight.outbox.registry import Mail
from delight.programme.models import Issue
from staff.people.models import User


def issue_owned(issue: Issue, recipient: User) -> Mail:
    """To whoever looks after it now."""
    return _mail("issue", issue, recipient)


def issue_overdue(issue: Issue, recipient: User) -> Mail:
    """To the owner, once: its day is over."""
    return _mail("issue_overdue", issue, recipient)


def issue_answered(issue: Issue, recipient: User) -> Mail:
    """To whoever raised it: what was done, or why it stays as it is."""
    return _mail("issue_answered", issue, recipient)


def _mail(name: str, issue: Issue, recipient: User) -> Mail:
    organisation = Organisation.get()
    language = recipient.language or organisation.default_language
    zone = zoneinfo.ZoneInfo(recipient.time_zone or organisation.time_zone)
    with translation.override(language), timezone.override(zone):
        context = {
            "organisation": organisation,
            "recipient": recipient,
            "issue": issue,
            "url": settings.BASE_URL + reverse("issue", args=[issue.pk]),
        }
        subject, text, html = render(name, context)
    return Mail(
        to=recipient.email or "", to_name=recipient.name, subject=subject, text=text, html=html, language=language
    )
