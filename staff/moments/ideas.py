"""The idea bank: what can be done with an idea."""

import re
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.text import Truncator

from delight.customers.models import Customer
from delight.organisation.models import AuditEntry, Organisation
from staff.budget.models import NOTHING
from staff.moments.models import Idea, IdeaPin, Moment
from staff.moments.starters import BY_KEY
from staff.people.models import User

LONGEST = 300
TWICE = timedelta(minutes=10)
LEFT_OUT = "…"
SHORTEST_NAME = 3


class NothingToTake(Exception):
    """The moment has no words of its own to make an idea of."""


@transaction.atomic
def add_idea(*, by: User, **fields: Any) -> Idea:
    """Put something to do or say into the bank. The same words again from the same person are the first ones."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # pressed twice at once
    recent = Idea.objects.filter(created_by=by, created_at__gt=timezone.now() - TWICE)
    twin = recent.filter(kind=fields["kind"], text=fields["text"]).first()
    return twin or Idea.objects.create(created_by=by, trade=Organisation.get().trade, **fields)


@transaction.atomic
def change_idea(*, by: User, idea: Idea, **fields: Any) -> Idea:
    """Change what is given. A starter that says again what ships with Delight follows the reader's language again."""
    stored = Idea.objects.select_for_update().get(pk=idea.pk)
    if stored.starter and fields.get("text") == BY_KEY[stored.starter].text:
        fields["text"] = ""
    changed = [name for name, value in fields.items() if getattr(stored, name) != value]
    for name in changed:
        setattr(stored, name, fields[name])
    if changed:
        stored.save(update_fields=changed)
        AuditEntry.record(by=by, verb="change", obj=stored, fields=changed)
    return stored


@transaction.atomic
def make_kit(*, by: User, idea: Idea, kit: str) -> Idea:
    """What to keep in the drawer for it; no words: it is no kit any more."""
    stored = Idea.objects.select_for_update().get(pk=idea.pk)
    if stored.kit == kit:
        return stored
    stored.kit, stored.kit_by, stored.kit_at = kit, by if kit else None, timezone.now() if kit else None
    stored.save(update_fields=["kit", "kit_by", "kit_at"])
    AuditEntry.record(by=by, verb="make_kit", obj=stored, fields=["kit"])
    return stored


@transaction.atomic
def retire_idea(*, by: User, idea: Idea) -> bool:
    """Take it out of the bank; its stories and its page stay. Tells whether it was in use."""
    if not Idea.objects.in_use().filter(pk=idea.pk).update(retired_at=timezone.now()):
        return False
    AuditEntry.record(by=by, verb="retire_idea", obj=idea)
    return True


@transaction.atomic
def bring_back(*, by: User, idea: Idea) -> bool:
    """Put a retired idea into the bank again; tells whether it was out."""
    if not Idea.objects.filter(pk=idea.pk, retired_at__isnull=False).update(retired_at=None):
        return False
    AuditEntry.record(by=by, verb="bring_back_idea", obj=idea)
    return True


# --- At hand ----------------------------------------------------------------------------------------------------


def pin_idea(*, by: User, idea: Idea) -> bool:
    """Have it at hand when a moment is logged; tells whether it was not pinned yet."""
    _pin, made = IdeaPin.objects.get_or_create(user=by, idea=idea)
    return made


def unpin_idea(*, by: User, idea: Idea) -> bool:
    """Tells whether it was pinned."""
    gone, _rows = IdeaPin.objects.filter(user=by, idea=idea).delete()
    return bool(gone)


def starter_idea(key: str) -> Idea:
    """The row of an idea that ships with Delight, made by its first use. Raises KeyError for an unknown key."""
    starter = BY_KEY[key]
    facts = {"kind": starter.kind, "trade": starter.trade, "source": Idea.Source.STARTER, "usual_cost": NOTHING}
    return Idea.objects.get_or_create(starter=key, defaults=facts)[0]


@transaction.atomic
def steal_idea(*, by: User, moment: Moment) -> tuple[Idea, bool]:
    """Make a moment an idea, credited to its author, and pin it; returns it, and whether it was made now.

    A moment that has an idea already gives that one. Whom it was done for is left out of the words.
    Raises NothingToTake when there are none.
    """
    told = Moment.objects.select_for_update(of=["self"]).select_related("idea", "customer", "introduced_to")
    moment = told.get(pk=moment.pk)
    idea = moment.idea or Idea.objects.filter(born_of=moment).first()
    made = idea is None
    if idea is None:
        idea = _made_of(moment, by)
    pin_idea(by=by, idea=idea)
    return idea, made


def _made_of(moment: Moment, by: User) -> Idea:
    text = " ".join(moment.what.split())
    for customer in (moment.customer, moment.introduced_to):
        text = without_name(text, customer) if customer else text
    if not text:
        raise NothingToTake
    return Idea.objects.create(
        text=Truncator(text).chars(LONGEST), credited_id=moment.user_id, born_of=moment, created_by=by,
        trade=Organisation.get().trade, usual_cost=NOTHING if moment.spend_id is None else None,
    )  # fmt: skip


# --- Whose names do not belong into a bank of ideas ---------------------------------------------------------------


def without_name(text: str, customer: Customer) -> str:
    """The text with an ellipsis where the customer's name stands, also with another ending (Olena's, Анны)."""
    words = {word for said in (customer.name, customer.address_as) for word in said.split()}
    names = sorted((word for word in words if len(word) >= SHORTEST_NAME and word[0].isupper()), key=len, reverse=True)
    for name in names:
        stem = name[:-1] if len(name) > SHORTEST_NAME else name
        text = re.sub(rf"\b{re.escape(stem)}\w{{0,3}}\b(?:[’']\w+)?", LEFT_OUT, text)
    return re.sub(rf"{LEFT_OUT}(?: {LEFT_OUT})+", LEFT_OUT, text)


def forget_name(customer: Customer) -> None:
    """A customer is erased. Ideas made of a story with them keep their words only where somebody has said them anew,
    for anybody: else they are as much the customer's as the story. The name goes in any case.
    """
    born = Idea.objects.filter(Q(born_of__customer=customer) | Q(born_of__introduced_to=customer))
    said_anew = AuditEntry.objects.filter(
        verb="change", object_type=Idea._meta.label_lower, object_id=OuterRef("pk"), fields__contains=["text"]
    )
    born.filter(~Exists(said_anew)).update(text=LEFT_OUT, retired_at=Coalesce("retired_at", timezone.now()))
    for idea in (born | Idea.objects.filter(customer=customer)).order_by("pk"):
        idea.text, idea.kit = without_name(idea.text, customer), without_name(idea.kit, customer)
        idea.save(update_fields=["text", "kit"])
