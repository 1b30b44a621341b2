"""Making one customer of two rows that mean the same person.

Rows of all rooms that point to the one that goes follow to the one that stays: the relations are walked, so no room
above needs to be known. A model whose rows may clash (one open follow-up for a customer, one invitation to a sending)
says in a class method `follow_merge(by=, keep=, away=)` how they follow; a test finds models that forget it.
"""

from typing import Any

from django.db import models, transaction
from django.utils import timezone

from delight.customers.models import Customer, TwoPeople, address_hashes
from delight.customers.services import carry_wishes
from delight.organisation.models import AuditEntry
from staff.people.models import User

# What may be chosen from either. How the address was obtained follows the address.
FIELDS = [
    *("name", "address_as", "email", "phone", "account", "account_role", "segment", "team", "owner", "language"),
    *("time_zone", "preferred_channel", "preferred_time", "outside_id"),
]
_STRENGTH = [Customer.AddressSource.OTHER, Customer.AddressSource.EXISTING, Customer.AddressSource.CONSENT]


class AlreadyMergedError(Exception):
    """One of the two is gone already: merged or erased."""


def differing(one: Customer, other: Customer) -> list[str]:
    """The fields between which there is a choice."""
    return [name for name in FIELDS if (getattr(one, name) or None) != (getattr(other, name) or None)]


@transaction.atomic
def merge_customers(*, by: User, keep: Customer, away: Customer, values: dict[str, Any]) -> Customer:
    """Make one of two; `values` has the chosen value of each field that differs. Cannot be undone.

    Raises AlreadyMergedError when one of them is gone, ValueError for a value that neither has, and IntegrityError
    when the outcome would clash with a third customer. The right to mail never widens: it belongs to the address that
    stays, and what was said against mail to the other address holds for this one.
    """
    rows = Customer.objects.select_for_update(of=("self",)).filter(pk__in=[keep.pk, away.pk], erased_at=None)
    locked = {row.pk: row for row in rows.select_related("account", "segment", "team", "owner").order_by("pk")}
    if keep.pk == away.pk or len(locked) < 2:
        raise AlreadyMergedError
    keep, away = locked[keep.pk], locked[away.pk]
    for name, value in values.items():
        if name not in FIELDS or value not in (getattr(keep, name), getattr(away, name)):
            raise ValueError(f"Neither customer has this {name}.")
    wanted = values | _facts(keep, away, values.get("email", keep.email))
    addresses = [address for address in (keep.email, away.email) if address]
    changed = [name for name, value in wanted.items() if getattr(keep, name) != value]
    _move_rows(by=by, keep=keep, away=away)
    for name, value in wanted.items():
        setattr(keep, name, value)
    given_up = next((address for address in addresses if address != keep.email), "")
    _empty(away, into=keep, given_up=given_up)
    keep.save()
    for address in addresses:
        if keep.email and address != keep.email:
            carry_wishes(address, keep.email, by=by)
    AuditEntry.record(by=by, verb="merge_customers", obj=keep, fields=changed)
    AuditEntry.record(by=by, verb="merged_away", obj=away)
    return keep


@transaction.atomic
def keep_apart(*, by: User, one: Customer, other: Customer) -> None:
    """Remember that the two are two people, so that the pair is shown no more."""
    first, second = sorted((one, other), key=lambda each: each.pk)
    if TwoPeople.objects.get_or_create(one=first, other=second)[1]:
        AuditEntry.record(by=by, verb="keep_apart", obj=first)


def _facts(keep: Customer, away: Customer, email: str | None) -> dict[str, Any]:
    """The right to mail and when the person was asked: what nobody chooses."""
    if email:
        source = keep if email == keep.email else away
    else:
        source = min(keep, away, key=lambda one: _STRENGTH.index(one.address_source))  # type: ignore[arg-type]
    asked = max(keep, away, key=lambda one: one.last_asked_at.timestamp() if one.last_asked_at else 0)
    return {
        "address_source": source.address_source,
        "consent_on": source.consent_on,
        "last_asked_at": asked.last_asked_at,
        "last_asked_for": asked.last_asked_for,
        "care_until": max((day for day in (keep.care_until, away.care_until) if day), default=None),
        "notes_consent_on": source.notes_consent_on,
        "birth_day": keep.birth_day or away.birth_day,
        "birth_month": keep.birth_month or away.birth_month,
    }


def _empty(away: Customer, *, into: Customer, given_up: str) -> None:
    """The row stays, for the sake of old links: it says only into whom it went, and by a code which address is not
    used any more, so that "never write again" can hold for that one, too.
    """
    kept = {"id", "created_at", "erased_at", "merged_into"}
    for field in Customer._meta.concrete_fields:
        if field.name not in kept:
            setattr(away, field.attname, field.get_default())
    away.name = ""
    away.erased_at, away.merged_into = timezone.now(), into
    away.given_up_hash = address_hashes(given_up)[0] if given_up else ""
    away.save()


def pointing_here() -> list[tuple[type[models.Model], str]]:
    """Every model with a foreign key to a customer, in all rooms, with that key's name."""
    relations = Customer._meta.get_fields(include_hidden=True)
    return [
        (relation.related_model, relation.field.name)  # type: ignore[misc, union-attr]
        for relation in relations
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
    ]


def _move_rows(*, by: User, keep: Customer, away: Customer) -> None:
    for model, name in pointing_here():
        own = getattr(model, "follow_merge", None)
        if own is not None:
            own(by=by, keep=keep, away=away)
            continue
        rows = model._base_manager.filter(**{name: away})
        if model._meta.auto_created:  # the rows between two sides of a many-to-many field: each pair stands once
            other = next(field.name for field in model._meta.fields if field.is_relation and field.name != name)
            there = model._base_manager.filter(**{name: keep}).values(other)
            rows.filter(**{f"{other}__in": there}).delete()
        rows.update(**{name: keep})
