"""Writing many customers at once: new ones by COPY, changed ones by an upsert of locked rows."""

import io
from typing import Any

from django.db import connection
from django.utils import timezone

from delight.customers.importing.matching import Matcher, Outcome
from delight.customers.importing.rows import Draft
from delight.customers.models import Customer
from delight.customers.searching import search_texts
from delight.lib.sortkey import fold, sort_key

LONGEST_KEY = 200
_NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def write(matcher: Matcher, outcomes: list[Outcome]) -> None:
    """Write what a batch of rows comes to."""
    matcher.save_names([outcome.draft for outcome in outcomes if outcome.is_new or outcome.changed])
    _write_new(matcher, [outcome.draft for outcome in outcomes if outcome.is_new])
    _write_changed(matcher, {one.customer.pk: one for one in outcomes if one.customer is not None and one.changed})


def _write_new(matcher: Matcher, drafts: list[Draft]) -> None:
    """In PostgreSQL's own format: ten times as quick as an INSERT that the ORM writes for each thousand rows."""
    if not drafts:
        return
    fields = [field for field in Customer._meta.concrete_fields if not field.primary_key]
    empty = {field.attname: field.get_default() for field in fields} | {"created_at": timezone.now()}
    lines = io.StringIO()
    for draft in drafts:
        values = empty | _columns_of(draft, matcher)
        lines.write("\t".join([_text(value) for value in values.values()]))
        lines.write("\n")
    lines.seek(0)
    names = ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {Customer._meta.db_table} ({names}) FROM STDIN", lines)


def _columns_of(draft: Draft, matcher: Matcher) -> dict[str, Any]:
    values = dict(draft.values)
    team, owner = values.pop("team", None) or matcher.team, values.pop("owner", None)
    key = draft.name_key or sort_key(values["name"])
    search_text, contact_text = search_texts(_whole(key, values["name"]), draft.account, draft.email, draft.phone_key)
    return values | {
        "email": draft.email or None,
        "phone_key": draft.phone_key,
        "sort_key": key,
        "search_text": search_text,
        "contact_text": contact_text,
        "outside_id": draft.outside_id,
        "account_id": matcher.accounts[fold(draft.account)] if draft.account else None,
        "segment_id": matcher.segments[fold(draft.segment)] if draft.segment else None,
        "team_id": team.pk if team else None,
        "owner_id": owner.pk if owner else None,
        "address_source": str(draft.source),
        "consent_on": draft.consent_on,
    }


def _whole(key: str, name: str) -> str:
    """The folded name, which folding once more leaves as it is, unless it was cut off."""
    return key if len(key) < LONGEST_KEY else name


def _text(value: Any) -> str:
    if value is None:
        return _NULL
    return value.translate(_ESCAPES) if isinstance(value, str) else str(value)


def _write_changed(matcher: Matcher, changed: dict[int, Outcome]) -> None:
    """Lock, in the order of their keys, the customers that change, and apply the rows to what they are now."""
    if not changed:
        return
    locked = Customer.objects.filter(pk__in=changed, erased_at__isnull=True).select_related(
        "account", "segment", "team"
    )
    fields = {"sort_key", "search_text", "contact_text", "phone_key"}
    customers = list(locked.select_for_update(of=("self",)).order_by("pk"))
    for customer in customers:
        again = Outcome(changed[customer.pk].draft, customer)
        matcher.apply(again)
        customer.fill_keys()
        fields |= again.changed
    # An upsert of rows that are there and locked: ten times as quick as bulk_update's CASE for every field and row.
    Customer.objects.bulk_create(customers, update_conflicts=True, unique_fields=["id"], update_fields=sorted(fields))
