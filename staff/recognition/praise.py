"""A customer's praise of somebody by name: a draft, until a manager of theirs releases or drops it."""

from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import Truncator

from delight.customers.models import Customer
from delight.organisation.models import AuditEntry
from staff.people.models import Team, User
from staff.recognition import notices
from staff.recognition.models import LONGEST, Recipient, Recognition
from staff.recognition.taste import shy_among

Kind, State = Recognition.Kind, Recognition.State


@transaction.atomic
def draft_praise(
    *, source: str, customer: Customer | None, text: str, people: Collection[User] = (), team: Team | None = None
) -> Recognition:
    """Keep a customer's words for the people whom they name, or else for the whole team, until a manager decides.

    Once per `source`. Called again it brings a draft up to date, and brings back one that was withdrawn by
    `withdraw_draft`; what a manager has decided stays.
    """
    if not people and team is None:
        raise ValueError("nobody is praised")
    words = Truncator(text.strip()).chars(LONGEST)
    draft = _of(source)
    if draft is None:
        try:
            with transaction.atomic():
                draft = Recognition.objects.create(kind=Kind.PRAISE, state=State.DRAFT, by=None, source=source)
        except IntegrityError:  # twice at once: the other one was first
            draft = _of(source)
    if draft is None or draft.released_by_id is not None:
        return draft or Recognition.objects.get(source=source)
    draft.state, draft.withdrawn_at = State.DRAFT, None
    draft.text, draft.customer, draft.team = words, customer, None if people else team
    draft.save()
    Recipient.objects.filter(recognition=draft).exclude(user__in=[each.pk for each in people]).delete()
    named = (Recipient(recognition=draft, user=each, by=None) for each in people)
    Recipient.objects.bulk_create(named, ignore_conflicts=True)
    return draft


def _of(source: str) -> Recognition | None:
    return Recognition.objects.select_for_update(of=("self",)).filter(source=source).first()


@transaction.atomic
def withdraw_draft(*, source: str) -> bool:
    """The words do not stand any more: end the draft, unless a manager has decided about it already."""
    draft = Recognition.objects.filter(source=source, state=State.DRAFT, released_by=None)
    return bool(draft.update(state=State.WITHDRAWN, withdrawn_at=timezone.now()))


def withdraw_drafts_of(customer: Customer) -> None:
    """Of a customer who is being erased."""
    drafts = Recognition.objects.filter(customer=customer, state=State.DRAFT)
    drafts.update(state=State.WITHDRAWN, withdrawn_at=timezone.now())


@transaction.atomic
def release_praise(*, by: User, recognition: Recognition, is_private: bool = False) -> Recognition | None:
    """Tell it, to everybody or to whom it praises. None when somebody else has decided meanwhile."""
    draft = Recognition.objects.select_for_update(of=("self",)).filter(pk=recognition.pk, state=State.DRAFT).first()
    if draft is None:
        return None
    people = [each.user for each in draft.recipients.select_related("user")]
    shy = len(people) == 1 and bool(shy_among(people))
    draft.is_private = bool(people) and (is_private or shy)
    draft.state, draft.released_by, draft.told_at = State.TOLD, by, timezone.now()
    draft.save()
    AuditEntry.record(by=by, verb="release_praise", obj=draft)
    notices.tell(draft)
    return draft


@transaction.atomic
def drop_praise(*, by: User, recognition: Recognition) -> bool:
    """Do not share it; it does not come back by itself. Tells whether it was still to be decided."""
    draft = Recognition.objects.filter(pk=recognition.pk, state=State.DRAFT)
    if not draft.update(state=State.WITHDRAWN, released_by=by, withdrawn_at=timezone.now()):
        return False
    AuditEntry.record(by=by, verb="drop_praise", obj=recognition)
    return True
