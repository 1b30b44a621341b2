"""Verbs on what we remember of a customer, and on what we want to ask them. Each locks the customer's row first: two
at once come one after the other, and nothing is written about somebody who is being erased.
"""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from delight.customers.memory.access import UNDO_FOR
from delight.customers.memory_models import MOST_PINNED, FactQuerySet
from delight.customers.models import Customer, Fact, FactConfirmation, NextTime, Visit
from delight.customers.visit_models import today
from delight.customers.visits.access import visits_visible_to
from delight.organisation.models import AuditEntry
from staff.people.models import User


class PinsFull(Exception):
    """Five are pinned already; `pinned` says which."""

    def __init__(self, pinned: list[Fact]) -> None:
        super().__init__("Five are pinned already.")
        self.pinned = pinned


# --- Facts --------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_fact(
    *, by: User, customer: Customer, text: str, source: str = Fact.Source.TOLD, for_visit: bool = False,
    sensitive: str = "", consent_on: date | None = None, never_say: bool = False, expires_on: date | None = None,
) -> Fact:  # fmt: skip
    """Write down a fact. With `for_visit` it is gone after today's visit, or after the next one that is planned.

    The same person's same sentence twice is one fact. Raises IntegrityError for a sensitive one without consent.
    """
    _lock(customer)
    values = _values(by, customer, for_visit=for_visit, expires_on=expires_on, sensitive=sensitive,
                     consent_on=consent_on, text=text, source=source, never_say=never_say)  # fmt: skip
    same = Fact.objects.valid(timezone.localdate()).filter(customer=customer, by=by, **values).first()
    return same or Fact.objects.create(customer=customer, by=by, **values)


@transaction.atomic
def change_fact(*, by: User, fact: Fact, **fields: Any) -> Fact:
    """Put a fact right. Who wrote it stays; another sentence has been confirmed by nobody yet.

    One that is sensitive from now on is all that is left of the question and the answer it was made of: those are
    read by everybody who opens the customer.
    """
    _lock(fact.customer)
    stored = Fact.objects.get(pk=fact.pk)
    was_for_visit = stored.visit_id is not None and bool(fields.get("for_visit"))
    values = _values(by, fact.customer, **fields)
    if was_for_visit:  # the visit for which it was written, also when another one is nearer now
        values |= {"visit": stored.visit, "expires_on": stored.expires_on}
    changed = [name for name, value in values.items() if getattr(stored, name) != value]
    if not changed:
        return stored
    if "text" in changed:
        stored.confirmations.all().delete()
        stored.confirmed, stored.confirmed_by, stored.confirmed_at = 0, None, None
    for name in changed:
        setattr(stored, name, values[name])
    stored.changed_by, stored.changed_at = by, timezone.now()
    stored.save()
    if stored.sensitive:
        NextTime.objects.filter(fact=stored).delete()
    AuditEntry.record(by=by, verb="change", obj=stored, fields=changed)
    return stored


def _values(
    by: User, customer: Customer, *, for_visit: bool = False, expires_on: date | None = None, sensitive: str = "",
    consent_on: date | None = None, **plain: Any,
) -> dict[str, Any]:  # fmt: skip
    """The columns of a fact: whose consent and which visit it needs."""
    visit = visit_meant(by, customer) if for_visit else None
    if for_visit:
        last = timezone.localdate(visit.ends_at or visit.starts_at) if visit else timezone.localdate()
        expires_on = last + timedelta(days=1)
    consent_on = consent_on if sensitive else None
    return {**plain, "visit": visit, "expires_on": expires_on, "sensitive": sensitive, "consent_on": consent_on}


def visit_meant(user: User, customer: Customer) -> Visit | None:
    """Of which visit "for this visit" speaks: today's, else the next one that is planned."""
    seen = visits_visible_to(user).filter(customer=customer)
    here = seen.between(*today()).exclude(state=Visit.State.MISSED)
    now = timezone.now()
    return min(here, key=lambda one: abs(one.starts_at - now), default=None) or seen.coming().first()


@transaction.atomic
def confirm_fact(*, by: User, fact: Fact) -> bool:
    """Still true. The same person on the same day counts once, and so does whoever wrote it that day; tells whether
    it counted.
    """
    _lock(fact.customer)
    day, stored = timezone.localdate(), Fact.objects.get(pk=fact.pk)
    if wrote_on(stored, by, day):
        return False
    if not FactConfirmation.objects.get_or_create(fact=stored, by=by, on=day)[1]:
        return False
    Fact.objects.filter(pk=fact.pk).update(confirmed=F("confirmed") + 1, confirmed_by=by, confirmed_at=timezone.now())
    return True


def wrote_on(fact: Fact, user: User, day: date) -> bool:
    """Whether the words are this person's, of this day."""
    writer, at = (fact.changed_by_id, fact.changed_at) if fact.changed_at else (fact.by_id, fact.at)
    return writer == user.pk and timezone.localdate(at) == day


@transaction.atomic
def remove_fact(*, by: User, fact: Fact) -> bool:
    """Take a fact out. It can be brought back for an hour; then the row goes."""
    _lock(fact.customer)
    gone = Fact.objects.filter(pk=fact.pk, removed_at=None).update(removed_by=by, removed_at=timezone.now())
    if gone:
        AuditEntry.record(by=by, verb="remove", obj=fact)
    return bool(gone)


@transaction.atomic
def bring_back_fact(*, by: User, fact: Fact) -> bool:
    """Undo the removing: the fact is as it was, with all that is known of whom we have it from. Pinned only where a
    place is left.
    """
    _lock(fact.customer)
    since = timezone.now() - UNDO_FOR
    stored = Fact.objects.filter(pk=fact.pk, removed_at__gte=since).first()
    if stored is None:
        return False
    if stored.pin_place:
        free = _free_places(stored.customer)
        stored.pin_place = stored.pin_place if stored.pin_place in free else next(iter(free), None)
    stored.removed_by = stored.removed_at = None
    stored.save(update_fields=["pin_place", "removed_by", "removed_at"])
    AuditEntry.record(by=by, verb="bring_back", obj=stored)
    return True


# --- Pins -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def pin_fact(*, by: User, fact: Fact, instead: Fact | None = None) -> Fact:
    """Put a fact on top, in the place of another one if that is said. Raises PinsFull for a sixth."""
    _lock(fact.customer)
    if instead is not None:
        Fact.objects.filter(pk=instead.pk, customer=fact.customer).exclude(pk=fact.pk).update(pin_place=None)
    stored = Fact.objects.get(pk=fact.pk)
    if stored.pin_place is None and stored.removed_at is None:
        free = _free_places(fact.customer)
        if not free:
            raise PinsFull(list(_pinned(fact.customer).with_names()))
        stored.pin_place = free[0]
        stored.save(update_fields=["pin_place"])
    return stored


@transaction.atomic
def unpin_fact(*, by: User, fact: Fact) -> None:
    Fact.objects.filter(pk=fact.pk).update(pin_place=None)


def _pinned(customer: Customer) -> FactQuerySet:
    return Fact.objects.filter(customer=customer, removed_at=None).exclude(pin_place=None)


def _free_places(customer: Customer) -> list[int]:
    """What is over holds no place any more."""
    pinned = _pinned(customer)
    pinned.over(timezone.localdate()).update(pin_place=None)
    taken = set(pinned.values_list("pin_place", flat=True))
    return [place for place in range(1, MOST_PINNED + 1) if place not in taken]


# --- Ask next time --------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_next_time(*, by: User, customer: Customer, question: str) -> NextTime:
    """Keep a question for the next visit; the same one twice is one."""
    _lock(customer)
    same = NextTime.objects.filter(customer=customer, question__iexact=question, asked_at=None).first()
    return same or NextTime.objects.create(customer=customer, question=question, by=by)


@transaction.atomic
def answer_question(*, by: User, question: NextTime, answer: str) -> bool:
    """Tick a question with its answer; the first answer stays. Tells whether this was it."""
    _lock(question.customer)
    waiting = NextTime.objects.filter(pk=question.pk, asked_at=None)
    return bool(waiting.update(answer=answer, asked_by=by, asked_at=timezone.now()))


@transaction.atomic
def drop_question(*, by: User, question: NextTime) -> bool:
    """A question that nobody needs to ask any more goes; one with an answer stays."""
    _lock(question.customer)
    found = NextTime.objects.filter(pk=question.pk, asked_at=None).first()
    if found is None:
        return False
    AuditEntry.record(by=by, verb="remove", obj=found)
    found.delete()
    return True


@transaction.atomic
def keep_answer(*, by: User, question: NextTime) -> Fact | None:
    """Make a fact of a question and its answer, once; None as long as there is no answer."""
    _lock(question.customer)
    stored = NextTime.objects.select_related("fact").get(pk=question.pk)
    if stored.fact is not None or stored.asked_at is None:
        return stored.fact
    stored.fact = add_fact(by=by, customer=question.customer, text=f"{stored.question} {stored.answer}")
    stored.save(update_fields=["fact"])
    return stored.fact


def _lock(customer: Customer) -> None:
    Customer.objects.select_for_update(of=("self",)).only("pk").get(pk=customer.pk, erased_at__isnull=True)
