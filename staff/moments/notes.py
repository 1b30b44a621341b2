"""Personal notes: a short mail to a customer in an employee's own words. Who may write one, when, and to whom.

The rules are asked when the page is opened, when it is sent, and once more in the transaction that hands the mail over.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delight.customers.access import can_change, get_customer_for, looks_after, serves_today
from delight.customers.models import Customer, Suppression, Visit, address_hashes
from delight.customers.services import is_suppressed, lift_hashed, suppress_hashed
from delight.customers.visits.access import own_teams
from delight.organisation.models import AuditEntry, Organisation
from delight.outbox.services import enqueue
from staff.moments.models import Moment, PersonalNote
from staff.people.models import User

KIND = "note"
SCOPE = Suppression.Scope.NOTES
AFTER_A_VISIT = timedelta(days=30)
BETWEEN_TWO = timedelta(days=7)
MOST_A_DAY = 20

# Why not, in a sentence for whoever wants to write; the keys are reasons of the outbox.
SENTENCES: dict[str, str | Promise] = {
    "gone": gettext_lazy("This customer is not there any more."),
    "no_address": gettext_lazy("We have no e-mail address of this customer."),
    "not_allowed": gettext_lazy("The way we got the address does not allow personal notes."),
    "no_consent": gettext_lazy(
        "Here personal notes need the customer’s consent, and none is written down. Ask next time; whoever looks after"
        " the customer enters the day."
    ),
    "unsubscribed": gettext_lazy("This customer has asked us not to write."),
    "paused": gettext_lazy("Nothing is sent to this address for now: it was unsubscribed, perhaps by a machine."),
    "note_sent_recently": gettext_lazy(
        "One personal note a week is enough, and this customer has one from us. A word in person is always fine."
    ),
    "no_own_address": gettext_lazy(
        "Answers come to your own e-mail address, and we have none of you. Enter it in your profile first."
    ),
    "enough_notes_today": gettext_lazy("These are many notes for one day. The next one can go out tomorrow."),
}


class NotWritten(Exception):
    """A note that is not sent; the message says why."""


# --- Who, and to whom -------------------------------------------------------------------------------------------


def may_write(user: User, customer: Customer) -> bool:
    """Who looks after the customer, serves them today or served them lately, or did something for them."""
    if customer.erased_at is not None:
        return False
    return (
        looks_after(user, customer)
        or serves_today(user, customer)
        or _served_lately(user, customer)
        or Moment.objects.told().filter(user=user, customer=customer).exists()
    )


def _served_lately(user: User, customer: Customer) -> bool:
    own = Q(served_by=user) | Q(team__in=own_teams(user).values("pk"))
    since, now = timezone.now() - AFTER_A_VISIT, timezone.now()
    came = Visit.objects.filter(own, customer=customer, state=Visit.State.CAME)
    return came.filter(starts_at__range=(since, now)).exists()


def get_customer_to_write_to_for(user: User, pk: int) -> Customer:
    """A customer to whom the user may write; 404 when unknown or erased, 403 for who has nothing to do with them."""
    customer = get_customer_for(user, pk)
    if not may_write(user, customer):
        raise PermissionDenied
    return customer


def notes_seen_by(user: User, customer: Customer) -> QuerySet[PersonalNote]:
    """All, for those who look after the customer; one's own for everybody else."""
    notes = customer.notes.select_related("by")
    return notes if looks_after(user, customer) else notes.filter(by=user)


def why_no_note(customer: Customer, company: Organisation) -> str:
    """Why this customer gets no personal note at all, as things stand now; one of SENTENCES, or empty."""
    if customer.erased_at:
        return "gone"
    if not customer.email:
        return "no_address"
    if customer.address_source == Customer.AddressSource.OTHER:
        return "not_allowed"
    if company.asks_only_with_consent and customer.notes_consent_on is None:
        return "no_consent"
    entry = is_suppressed(customer.email, SCOPE)
    if entry is None:
        return ""
    return "paused" if entry.reason == Suppression.Reason.PAUSED else "unsubscribed"


def why_not_write(user: User, customer: Customer, company: Organisation) -> str:
    """The same, and what holds for this writer and for now."""
    if reason := why_no_note(customer, company):
        return reason
    if not user.email:
        return "no_own_address"
    if another_note_lately(customer):
        return "note_sent_recently"
    return "enough_notes_today" if _written_today(user, company) >= MOST_A_DAY else ""


def another_note_lately(customer: Customer, but: PersonalNote | None = None) -> bool:
    """Whether a note to the customer went out, or is on its way, within the week; of two, the first counts."""
    lately = customer.notes.filter(created_at__gt=timezone.now() - BETWEEN_TWO, not_sent="")
    return (lately.filter(pk__lt=but.pk) if but else lately).exists()


def _written_today(user: User, company: Organisation) -> int:
    midnight: datetime = timezone.now().astimezone(company.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return PersonalNote.objects.filter(by=user, created_at__gte=midnight).count()


# --- Writing ----------------------------------------------------------------------------------------------------


@transaction.atomic
def write_note(*, by: User, customer: Customer, text: str, key: UUID, moment: Moment | None = None) -> PersonalNote:
    """Send a customer some words of one's own. The same key with the same words is the same note.

    Raises NotWritten with a sentence that says why not.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    known = PersonalNote.objects.filter(by=by, key=key).first()
    if known is not None:
        if (known.customer_id, known.text) == (customer.pk, text):
            return known
        raise NotWritten(_("This page was sent before, with other words. Open it again."))
    if reason := why_not_write(by, customer, Organisation.get()):
        raise NotWritten(str(SENTENCES[reason]))
    note = PersonalNote.objects.create(by=by, customer=customer, text=text, key=key, moment=moment)
    enqueue(kind=KIND, object_id=note.pk, key=f"note:{note.pk}")
    AuditEntry.record(by=by, verb="write_note", obj=note)
    return note


# --- No more notes ----------------------------------------------------------------------------------------------


def note_behind(public_id: uuid.UUID) -> PersonalNote | None:
    return PersonalNote.objects.select_related("customer").filter(public_id=public_id).first()


def addresses_of(note: PersonalNote) -> list[list[str]]:
    """Whom a wish concerns: the address that was mailed and the customer's present one, as keyed hashes."""
    email = note.customer.email
    present = address_hashes(email) if email else []
    mailed = [note.mailed_to] if note.mailed_to and note.mailed_to not in present else []
    return [hashes for hashes in (mailed, present) if hashes]


def is_unwanted(note: PersonalNote) -> bool:
    """Whether no notes go to where this one went."""
    concerned = [one for hashes in addresses_of(note) for one in hashes]
    return Suppression.objects.in_force(SCOPE).filter(address_hash__in=concerned).exists()


@transaction.atomic
def stop_notes(*, note: PersonalNote, one_click: bool) -> bool:
    """No personal notes to this address any more, at once; tells whether that is new."""
    note = PersonalNote.objects.select_for_update(of=["self"]).select_related("customer").get(pk=note.pk)
    was_unwanted = is_unwanted(note)
    for hashes in addresses_of(note):
        suppress_hashed(hashes, SCOPE, Suppression.Reason.UNSUBSCRIBED)
    how = "one_click" if one_click else "page"
    AuditEntry.record(by=None, verb="unsubscribe_notes", obj=note, fields=[how])
    return not was_unwanted


@transaction.atomic
def want_notes_again(*, note: PersonalNote) -> bool:
    """Take the press back. False, and nothing changes, when it was pressed by others as well: whoever came first may
    have been a machine, which does not undo what the person did after it.
    """
    note = PersonalNote.objects.select_for_update(of=["self"]).select_related("customer").get(pk=note.pk)
    theirs = PersonalNote.objects.filter(customer=note.customer_id).values("pk")
    about = AuditEntry.objects.filter(object_type=note._meta.label_lower, object_id__in=theirs).order_by("-pk")
    since = about.filter(verb="undo_unsubscribe_notes").values_list("pk", flat=True).first() or 0
    if about.filter(verb="unsubscribe_notes", pk__gt=since).count() != 1:
        return False
    for hashes in addresses_of(note):
        lift_hashed(hashes, SCOPE)
    AuditEntry.record(by=None, verb="undo_unsubscribe_notes", obj=note)
    return True


@transaction.atomic
def told_us(*, by: User, customer: Customer) -> bool:
    """What the customer has told a colleague: no personal notes. False when there is no address."""
    if not customer.email:
        return False
    suppress_hashed(address_hashes(customer.email), SCOPE, Suppression.Reason.ASKED, by=by)
    return True


@transaction.atomic
def told_us_again(*, by: User, customer: Customer) -> bool:
    """Take back `told_us`, and never what the customer did themselves; tells whether there was anything."""
    hashes = address_hashes(customer.email or "")
    entries = Suppression.objects.select_for_update().filter(address_hash__in=hashes, scope=SCOPE)
    if not customer.email or any(entry.reason != Suppression.Reason.ASKED for entry in entries):
        return False
    return lift_hashed(hashes, SCOPE, by=by)


# --- The customer's page ----------------------------------------------------------------------------------------


def notes_part(user: User, customer: Customer) -> dict[str, Any]:
    """What the customer's page shows of notes: those that the reader may see, whether they may write, and why not."""
    writes = may_write(user, customer)
    reason = why_not_write(user, customer, Organisation.get()) if writes else ""
    entry = is_suppressed(customer.email, SCOPE) if customer.email else None
    changes = can_change(user, customer)
    told = entry is not None and entry.scope == SCOPE and entry.reason == Suppression.Reason.ASKED
    return {
        "notes": list(notes_seen_by(user, customer)[:20]),
        "may_write": writes,
        "why_not": SENTENCES[reason] if reason else "",
        "may_stop": changes and bool(customer.email) and entry is None,
        "may_resume": changes and told,
    }
