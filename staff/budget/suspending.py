"""Verbs on a budget that is closed: due process, with a reason, a review date, and the person's own word."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from delight.organisation.models import AuditEntry, Organisation
from staff.budget import notices
from staff.budget.models import Suspension, today
from staff.budget.services import Refused
from staff.people.models import User


@transaction.atomic
def suspend(*, by: User, user: User, reason: str, review_on: date) -> Suspension:
    """Close somebody's budget until the review date; they are told why and can reply."""
    before = Suspension.objects.select_for_update().filter(user=user, lifted_at=None).first()
    if before and before.review_on > today(Organisation.get()):
        raise Refused(_("This budget is closed already. Renew it, or lift it."))
    if before:
        _end(before, None)
    try:
        with transaction.atomic():
            made = Suspension.objects.create(user=user, reason=reason, review_on=review_on, by=by)
    except IntegrityError:  # two managers at once
        raise Refused(_("This budget is closed already. Renew it, or lift it.")) from None
    AuditEntry.record(by=by, verb="suspend_budget", obj=made)
    notices.suspended(made)
    return made


@transaction.atomic
def renew(*, by: User, suspension: Suspension, text: str, review_on: date) -> Suspension:
    """A later review date, with the reason for it; the person is told again."""
    suspension = _in_force(suspension)
    suspension.review_on = review_on
    suspension.save(update_fields=["review_on"])
    word = suspension.words.create(kind="renewed", text=text, review_on=review_on, by=by)
    AuditEntry.record(by=by, verb="renew_suspension", obj=suspension, fields=["review_on"])
    notices.renewed(suspension, word)
    return suspension


@transaction.atomic
def lift(*, by: User, suspension: Suspension) -> Suspension:
    """Open the budget again before the review date."""
    suspension = _in_force(suspension)
    _end(suspension, by)
    AuditEntry.record(by=by, verb="lift_suspension", obj=suspension)
    notices.lifted(suspension)
    return suspension


@transaction.atomic
def reply(*, by: User, suspension: Suspension, text: str) -> Suspension:
    """What the person has to say to it; whoever closed the budget hears of it."""
    suspension = _in_force(suspension)
    word = suspension.words.create(kind="reply", text=text, by=by)
    notices.replied(suspension, word)
    return suspension


@transaction.atomic
def end_reviewed() -> int:
    """Write down what has lifted by itself, and tell the person; returns how many. Nothing waits for it."""
    over = Suspension.objects.filter(lifted_at=None, review_on__lte=today(Organisation.get()))
    found = list(over.select_for_update(skip_locked=True).order_by("pk"))
    for suspension in found:
        _end(suspension, None)
        notices.lifted(suspension)
    return len(found)


def _in_force(suspension: Suspension) -> Suspension:
    found = Suspension.objects.select_for_update().get(pk=suspension.pk)
    if found.lifted_at or found.review_on <= today(Organisation.get()):
        raise Refused(_("This is over already."))
    return found


def _end(suspension: Suspension, by: User | None) -> None:
    """Nobody's name: it ended at its review date."""
    suspension.lifted_at, suspension.lifted_by = timezone.now(), by
    suspension.save(update_fields=["lifted_at", "lifted_by"])
