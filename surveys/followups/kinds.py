"""The mails of this room, as the outbox knows them."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.urls import reverse

from delight.outbox.models import Message
from delight.outbox.registry import Mail, MailKind, Skip, register_mail
from staff.people.models import User
from surveys.followups import emails
from surveys.followups.access import manager_over
from surveys.followups.models import FollowUp
from surveys.followups.reminders import KIND, OPENED, OVERDUE, is_latest_opening, step_of

BUILDERS = {0: emails.follow_up_opened, 1: emails.follow_up_due, 2: emails.follow_up_overdue}


def still_wanted(message: Message) -> Any:
    """The follow-up and the person to write to, decided now: owners change, people leave, things get done."""
    follow_up = FollowUp.objects.with_words().select_related("team").filter(pk=message.object_id).first()
    if follow_up is None or follow_up.customer.erased_at is not None:
        return Skip("gone")
    if not follow_up.is_open:
        return Skip("done")
    if step_of(message) == OPENED and not is_latest_opening(message):
        return Skip("done")
    recipient = recipient_of(follow_up, step_of(message))
    if recipient is None or not recipient.email:
        return Skip("no_address")
    return follow_up, recipient


def recipient_of(follow_up: FollowUp, step: int) -> User | None:
    """The owner; when it is overdue, or the owner has left, the manager over it."""
    owner = follow_up.owner
    if step == OVERDUE or owner is None or not owner.is_active:
        return manager_over(follow_up)
    return owner


def build(wanted: tuple[FollowUp, User], message: Message) -> Mail:
    follow_up, recipient = wanted
    return BUILDERS[step_of(message)](follow_up, recipient)


def about(follow_up_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """The customers whom the conversations are with, for the outbox page."""
    found = FollowUp.objects.filter(pk__in=follow_up_ids, customer__erased_at__isnull=True)
    rows = found.values_list("pk", "customer__name")
    return {pk: (name, reverse("follow_up", args=[pk])) for pk, name in rows}


register_mail(
    MailKind(name=KIND, still_wanted=still_wanted, build=build, grace=timedelta(days=7), about=about, room="follow_ups")
)
