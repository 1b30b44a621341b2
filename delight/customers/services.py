"""Verbs on customers, accounts, segments, and on addresses that must not be written to."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from delight.customers.models import (
    Account,
    Customer,
    Segment,
    Suppression,
    address_hashes,
)
from delight.lib.addresses import normal_email
from delight.organisation.models import AuditEntry
from staff.people.models import User

# --- Customers, accounts, segments --------------------------------------------------------------------------------


@transaction.atomic
def create_customer(*, by: User | None, **fields: Any) -> Customer:
    """Add a customer. Raises IntegrityError when somebody has the e-mail address or phone number already."""
    customer = Customer.objects.create(**fields)
    AuditEntry.record(by=by, verb="create", obj=customer)
    return customer


@transaction.atomic
def change_customer(*, by: User | None, customer: Customer, **fields: Any) -> Customer:
    """Change what is given; writes history only for what is different. Raises IntegrityError as create_customer.

    Somebody who does not want to be written to does not want it at a new address either.
    """
    if "email" in fields:
        fields["email"] = normal_email(fields["email"])
    stored = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk, erased_at__isnull=True)
    former = stored.email
    _change(by=by, stored=stored, fields=fields)
    if former and stored.email and former != stored.email:
        carry_wishes(former, stored.email, by=by)
    return stored


def carry_wishes(former: str, email: str, *, by: User | None) -> None:
    """What the person said holds for the new address; what a server said of the old one ("bounced") does not."""
    said = Suppression.objects.filter(address_hash__in=address_hashes(former))
    for entry in said.exclude(reason=Suppression.Reason.BOUNCED).order_by("pk"):
        suppress(email, entry.scope, entry.reason, entry.until, by=by)


CARE_DAYS = 180


def take_care_of(customer: Customer, until: date) -> None:
    """After a complaint, a low answer or a promise no hint about this customer is left out by a trial."""
    late = Q(care_until__lt=until) | Q(care_until=None)
    Customer.objects.filter(late, pk=customer.pk).update(care_until=until)


@transaction.atomic
def create_account(*, by: User | None, **fields: Any) -> Account:
    """Add a company."""
    account = Account.objects.create(**fields)
    AuditEntry.record(by=by, verb="create", obj=account)
    return account


@transaction.atomic
def change_account(*, by: User | None, account: Account, **fields: Any) -> Account:
    """Change a company. A new name is found in the search for its people, too."""
    stored = Account.objects.select_for_update().get(pk=account.pk)
    former = stored.name
    _change(by=by, stored=stored, fields=fields)
    if stored.name != former:
        _refresh_search(stored)
    return stored


def _refresh_search(account: Account) -> None:
    contacts = list(account.contacts.select_for_update().order_by("pk"))
    for contact in contacts:
        contact.account = account
        contact.fill_keys()
    Customer.objects.bulk_update(contacts, ["search_text"], batch_size=500)


@transaction.atomic
def hand_over(*, by: User | None, person: User, to: User) -> None:
    """All customers and companies that somebody looks after go to a colleague."""
    for model in (Account, Customer):
        theirs = model.objects.filter(owner=person)
        ids = list(theirs.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
        if ids:
            model.objects.filter(pk__in=ids).update(owner=to)
            AuditEntry.record(by=by, verb="hand_over", obj=person, fields=[model._meta.model_name or ""])


@transaction.atomic
def create_segment(*, by: User | None, name: str) -> Segment:
    """Add a group of customers."""
    segment = Segment.objects.create(name=name)
    AuditEntry.record(by=by, verb="create", obj=segment)
    return segment


@transaction.atomic
def rename_segment(*, by: User | None, segment: Segment, name: str) -> Segment:
    """Give a group another name; its customers stay in it."""
    return _change(by=by, stored=Segment.objects.select_for_update().get(pk=segment.pk), fields={"name": name})


def _change(*, by: User | None, stored: Any, fields: dict[str, Any]) -> Any:
    """Set what differs on a locked row and write down the names of those fields."""
    changed = [name for name, value in fields.items() if _plain(getattr(stored, name)) != _plain(value)]
    for name in changed:
        setattr(stored, name, fields[name])
    if changed:
        stored.save()
        AuditEntry.record(by=by, verb="change", obj=stored, fields=changed)
    return stored


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


# --- Addresses that must not be written to ------------------------------------------------------------------------

# What a person said outweighs what a server said, and that outweighs a guess.
_WEIGHT = {
    Suppression.Reason.PAUSED: 0,
    Suppression.Reason.BOUNCED: 1,
    Suppression.Reason.ASKED: 2,
    Suppression.Reason.UNSUBSCRIBED: 3,
}


@transaction.atomic
def suppress(
    email: str, scope: str, reason: str, until: datetime | None = None, *, by: User | None = None
) -> Suppression:
    """Have no mail of this scope sent to the address, for ever or until a time.

    The same again changes nothing. A weightier reason replaces a lighter one together with its end; of two
    equally weighty ones the longer holds. A lighter one never shortens what stands.
    """
    if not normal_email(email):
        raise ValueError("There is no address to suppress.")
    return suppress_hashed(address_hashes(email), scope, reason, until, by=by)


@transaction.atomic
def suppress_hashed(
    hashes: list[str], scope: str, reason: str, until: datetime | None = None, *, by: User | None = None
) -> Suppression:
    """`suppress` for an address of which we keep only its keyed hashes, the one to store first."""
    entry = _lock_entry(hashes, scope)
    if entry is None:
        Suppression.objects.bulk_create(
            [Suppression(address_hash=hashes[0], scope=scope, reason=reason, until=until)],
            ignore_conflicts=True,
        )
        entry = _lock_entry(hashes, scope)
        assert entry is not None  # noqa: S101 (just written, and locked)
        AuditEntry.record(by=by, verb="suppress", obj=entry, fields=[scope])
    if _outweighs(entry, reason, until):
        entry.reason, entry.until = reason, until
        entry.save(update_fields=["reason", "until"])
    return entry


def _lock_entry(hashes: list[str], scope: str) -> Suppression | None:
    found = Suppression.objects.select_for_update().filter(address_hash__in=hashes, scope=scope)
    return found.order_by("pk").first()


def _outweighs(entry: Suppression, reason: str, until: datetime | None) -> bool:
    """Whether the new reason and end replace the entry's."""
    if entry.until is not None and entry.until <= timezone.now():
        return True
    new, old = _WEIGHT[Suppression.Reason(reason)], _WEIGHT[Suppression.Reason(entry.reason)]
    if new != old:
        return new > old
    return entry.until is not None and (until is None or until > entry.until)


@transaction.atomic
def lift_suppression(email: str, scope: str, *, by: User | None = None) -> bool:
    """Take back `suppress` for exactly this scope; tells whether there was anything to take back."""
    return lift_hashed(address_hashes(email), scope, by=by)


@transaction.atomic
def lift_hashed(hashes: list[str], scope: str, *, by: User | None = None) -> bool:
    """`lift_suppression` for one or more addresses of which we keep only their keyed hashes."""
    entries = list(Suppression.objects.select_for_update().filter(address_hash__in=hashes, scope=scope).order_by("pk"))
    for entry in entries:
        AuditEntry.record(by=by, verb="lift_suppression", obj=entry, fields=[scope])
        entry.delete()
    return bool(entries)


def is_suppressed(email: str, scope: str) -> Suppression | None:
    """The weightiest entry that forbids mail of this scope to the address now, or None."""
    entries = Suppression.objects.holding(email, scope)
    return max(entries, key=lambda entry: _WEIGHT[Suppression.Reason(entry.reason)], default=None)


def suppressed_among(*, emails: Iterable[str], scope: str) -> set[str]:
    """Those of many addresses that must not be written to now; one query."""
    by_hash = {one: email for email in emails for one in address_hashes(email)}
    held = Suppression.objects.filter(
        Q(until__isnull=True) | Q(until__gt=timezone.now()),
        address_hash__in=by_hash,
        scope__in=[Suppression.Scope.ALL, scope],
    )
    return {by_hash[one] for one in held.values_list("address_hash", flat=True)}
