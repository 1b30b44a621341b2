"""The mails of this room, as the outbox knows them. Each is decided once more when it is about to leave."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from delight.organisation.models import Organisation
from delight.outbox.models import Message
from delight.outbox.registry import Mail, MailKind, Skip, register_mail
from delight.programme import emails
from delight.programme.models import Issue
from delight.programme.services import ANSWERED, OVERDUE, OWNED, answered_key, overdue_key, owned_key
from staff.people.models import User

ROOM = "issues"
Found = tuple[Issue, User]


def _found(message: Message) -> Issue | None:
    """With an erased customer its words are gone, and there is nothing to tell."""
    issue = Issue.objects.with_names().select_related("answered_by").filter(pk=message.object_id).first()
    return issue if issue is not None and issue.text else None


def _to(issue: Issue, person: User | None) -> Found | Skip:
    if person is None or not person.is_active:
        return Skip("left")
    return (issue, person) if person.email else Skip("no_address")


def owned_still_wanted(message: Message) -> Any:
    """Unless it has ended, or somebody else has got it meanwhile."""
    issue = _found(message)
    if issue is None:
        return Skip("gone")
    if not issue.is_open or message.key != owned_key(issue):
        return Skip("done")
    return _to(issue, issue.owner)


def overdue_still_wanted(message: Message) -> Any:
    """Unless it has ended, or has another day."""
    issue = _found(message)
    if issue is None:
        return Skip("gone")
    today = timezone.localdate(timezone=Organisation.get().zone)
    late = issue.due_on is not None and issue.due_on < today
    if not issue.is_open or not late or message.key != overdue_key(issue):
        return Skip("done")
    return _to(issue, issue.owner)


def answered_still_wanted(message: Message) -> Any:
    """Unless it has been opened again meanwhile."""
    issue = _found(message)
    if issue is None:
        return Skip("gone")
    if issue.is_open or message.key != answered_key(issue):
        return Skip("done")
    return _to(issue, issue.raised_by)


def build_owned(found: Found, message: Message) -> Mail:
    return emails.issue_owned(*found)


def build_overdue(found: Found, message: Message) -> Mail:
    return emails.issue_overdue(*found)


def build_answered(found: Found, message: Message) -> Mail:
    return emails.issue_answered(*found)


GRACE = timedelta(days=7)
register_mail(MailKind(name=OWNED, still_wanted=owned_still_wanted, build=build_owned, grace=GRACE, room=ROOM))
register_mail(MailKind(name=OVERDUE, still_wanted=overdue_still_wanted, build=build_overdue, grace=GRACE, room=ROOM))
register_mail(MailKind(name=ANSWERED, still_wanted=answered_still_wanted, build=build_answered, grace=GRACE, room=ROOM))
