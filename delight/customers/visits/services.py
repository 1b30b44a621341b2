"""Verbs on visits: noting who comes, who came and who did not, and who it was."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from delight.customers.models import Customer, Visit
from delight.customers.visit_models import today
from delight.organisation.models import AuditEntry
from staff.people.models import Team, User

SAME_VISIT = timedelta(hours=2)  # two taps within this time are one visit, not two

State = Visit.State


@transaction.atomic
def add_visit(
    *,
    by: User,
    customer: Customer,
    team: Team,
    starts_at: datetime | None = None,
    reference: str = "",
    served_by: User | None = None,
) -> Visit:
    """Note by hand that a customer is here now, or (with a time to come) that they will be.

    Whoever was expected today is here by that; a second tap is the same visit. The customer's row is locked, so that
    two people at two doors note one visit.
    """
    Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk, erased_at__isnull=True)
    now = timezone.now()
    if starts_at is None or starts_at <= now:
        known = _known_today(customer, team, now) if starts_at is None else None
        if known is not None:
            return _arrived(by=by, visit=known, reference=reference)
        state = State.CAME
    else:
        state = State.PLANNED
    visit = Visit.objects.create(
        customer=customer, team=team, served_by=by if state == State.CAME else served_by, starts_at=starts_at or now,
        state=state, reference=reference,
    )  # fmt: skip
    AuditEntry.record(by=by, verb="create", obj=visit)
    return visit


def _known_today(customer: Customer, team: Team, now: datetime) -> Visit | None:
    """The visit that "is here now" speaks of: the planned one of today, or the one that has just been noted."""
    theirs = Visit.objects.between(*today()).filter(customer=customer, team=team)
    here = theirs.filter(state=State.CAME, starts_at__gte=now - SAME_VISIT).order_by("-starts_at").first()
    return here or theirs.filter(state=State.PLANNED).order_by("starts_at").first()


def _arrived(*, by: User, visit: Visit, reference: str) -> Visit:
    if visit.state == State.PLANNED:
        settle_visit(by=by, visit=visit, was=State.PLANNED, to=State.CAME)
    if reference:
        Visit.objects.filter(pk=visit.pk).update(reference=reference)
    visit.refresh_from_db()
    return visit


@transaction.atomic
def settle_visit(*, by: User, visit: Visit, was: str, to: str) -> bool:
    """Note that somebody came or did not, or take that back; False when it is no longer as the reader saw it.

    What was never planned is not planned when it is taken back: then the visit goes.
    """
    if to == State.PLANNED and was == State.CAME and visit.is_walk_in:
        return remove_visit(by=by, visit=visit)
    changed = Visit.objects.filter(pk=visit.pk, state=was).update(state=to)
    if changed:
        AuditEntry.record(by=by, verb=to, obj=visit)
    return bool(changed)


@transaction.atomic
def remove_visit(*, by: User, visit: Visit) -> bool:
    """Take out what was noted by mistake: a plan, or a walk-in. What was read from elsewhere and took place stays."""
    found = Visit.objects.select_for_update().filter(pk=visit.pk).first()
    if found is None or not can_be_removed(found):
        return False
    AuditEntry.record(by=by, verb="remove", obj=found)
    found.delete()
    return True


def can_be_removed(visit: Visit) -> bool:
    """A planned one, unless its calendar would bring it back; one that was noted by hand when it took place."""
    if visit.state == State.PLANNED:
        return visit.source != Visit.Source.CALENDAR
    return visit.state == State.CAME and visit.is_walk_in


@transaction.atomic
def change_visit(*, by: User, visit: Visit, **fields: Any) -> Visit:
    """Change what is given: times, reference, value, who serves."""
    stored = Visit.objects.select_for_update().get(pk=visit.pk)
    changed = [name for name, value in fields.items() if getattr(stored, name) != value]
    for name in changed:
        setattr(stored, name, fields[name])
    if changed:
        stored.save(update_fields=changed)
        AuditEntry.record(by=by, verb="change", obj=stored, fields=changed)
    return stored


@transaction.atomic
def name_guest(*, by: User, visit: Visit, customer: Customer) -> bool:
    """Say which customer a booking is of; False when somebody has said so before."""
    changed = Visit.objects.filter(pk=visit.pk, customer=None).update(customer=customer, guest="")
    if changed:
        AuditEntry.record(by=by, verb="change", obj=visit, fields=["customer"])
    return bool(changed)
