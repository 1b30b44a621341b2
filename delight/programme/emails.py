"""The mails about issues, all to people who work here."""

from django.urls import reverse

from delight.outbox.registry import Mail
from delight.programme.models import Issue
from staff.people.mailing import mail_to
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
    return mail_to(recipient, name, reverse("issue", args=[issue.pk]), issue=issue)
