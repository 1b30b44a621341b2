"""The audit trail in words: what was done, to what, and which of its fields.

All rooms record; the words stand here in one table, so that one page can show them. No word stands beside a person's
name as a verb in the past: in some languages it would have to know whether that is a woman or a man.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delight.lib.csvfile import neutral
from delight.organisation.audit_words import FIELDS, OBJECTS, REMOVED, VERBS, Thing
from delight.organisation.models import AuditEntry, CleanUp

NOBODY = "0"
HEADER = (
    gettext_lazy("Time"), gettext_lazy("Who"), gettext_lazy("What"), gettext_lazy("Of what"),
    gettext_lazy("Number"), gettext_lazy("Fields"),
)  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """One entry as the page prints it. `url` is empty when the object is gone, or has no page."""

    at: datetime
    who: str
    what: str
    thing: str
    name: str
    url: str
    fields: list[str]


def entries(
    person: str = "", kind: str = "", first: date | None = None, last: date | None = None
) -> QuerySet[AuditEntry]:
    """The trail, the latest first; `person` is a user's id or NOBODY, `kind` an object type."""
    found = AuditEntry.objects.select_related("actor")
    if person:
        found = found.filter(actor=None) if person == NOBODY else found.filter(actor=int(person))
    if kind:
        found = found.filter(object_type=kind)
    if first:
        found = found.filter(at__gte=_midnight(first))
    if last:
        found = found.filter(at__lt=_midnight(last + timedelta(days=1)))
    return found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def in_words(found: Iterable[AuditEntry]) -> list[Shown]:
    """Entries for the page, with one question for each kind of object that is on it."""
    shown = list(found)
    objects = _still_there(shown)
    return [_shown(entry, objects.get((entry.object_type, entry.object_id))) for entry in shown]


def _still_there(shown: list[AuditEntry]) -> dict[tuple[str, int | None], Any]:
    ids = defaultdict(set)
    for entry in shown:
        ids[entry.object_type].add(entry.object_id)
    found = {}
    for kind, pks in ids.items():
        try:
            model = apps.get_model(kind)
        except LookupError:  # a room that is no more
            continue
        found.update({(kind, pk): each for pk, each in model._default_manager.in_bulk(pks - {None}).items()})
    return found


def _shown(entry: AuditEntry, found: Any) -> Shown:
    thing = OBJECTS.get(entry.object_type)
    there = found is not None and getattr(found, "erased_at", None) is None
    return Shown(
        at=entry.at,
        who=_who(entry),
        what=what(entry.verb),
        thing=what_of(entry.object_type),
        name=_name(entry, thing, found if there else None),
        url=_url(thing, entry.object_id) if there and thing else "",
        fields=[field_name(entry.object_type, name) for name in entry.fields],
    )


def _name(entry: AuditEntry, thing: Thing | None, found: Any) -> str:
    """What tells one object from others of its kind; nothing where there is one only."""
    if thing and not thing.has_pk:
        return ""
    return str(found) if thing and thing.named and found else str(entry.object_id or "")


def _who(entry: AuditEntry) -> str:
    return entry.actor.get_full_name() if entry.actor else _("the program itself")


def what(verb: str) -> str:
    return str(VERBS.get(verb) or verb.replace("_", " ").capitalize())


def what_of(object_type: str) -> str:
    """What an object is called; where nobody has named it, its model's name."""
    if object_type in OBJECTS:
        return str(OBJECTS[object_type].word)
    return object_type.rpartition(".")[2].capitalize()


def field_name(object_type: str, name: str) -> str:
    if name in FIELDS:
        return str(FIELDS[name])
    try:
        return str(apps.get_model(object_type)._meta.get_field(name).verbose_name)
    except (LookupError, FieldDoesNotExist, AttributeError):
        return name.replace("_", " ")


def _url(thing: Thing, pk: int | None) -> str:
    try:
        return reverse(thing.url_name, args=[pk] if thing.has_pk else []) if thing.url_name else ""
    except NoReverseMatch:
        return ""


# --- As a file, and what the clock has removed --------------------------------------------------------------------


class _Line:
    """What csv writes a row into; hands the line back."""

    def write(self, text: str) -> str:
        return text


def as_csv(found: QuerySet[AuditEntry]) -> Iterator[str]:
    """Numbers instead of names of objects, and no cell that a spreadsheet would run."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow([str(title) for title in HEADER])
    for entry in found.iterator(chunk_size=2_000):
        names = ", ".join(field_name(entry.object_type, name) for name in entry.fields)
        row = [_who(entry), what(entry.verb), what_of(entry.object_type), str(entry.object_id or ""), names]
        yield writer.writerow([timezone.localtime(entry.at).isoformat(" ", "seconds"), *map(neutral, row)])


def removed(days: int = 14) -> list[dict[str, Any]]:
    """What the retention clock took away on the latest days on which there was anything."""
    found = CleanUp.objects.exclude(counts={})[:days]
    return [
        {"day": each.day, "lines": [(removed_words(name), count) for name, count in each.counts.items()]}
        for each in found
    ]


def removed_words(model: str) -> str | Promise:
    return REMOVED.get(model, model)
