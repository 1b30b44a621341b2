"""Bookings of people who have been erased. Their calendar still has them: a reading must not bring the name back.

What is kept is a keyed hash of the booking's own id in its calendar, from which nobody can tell whose it was.
"""

import re
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from delight.customers.models import Customer, ForgottenBooking, Visit
from delight.customers.visits.events import Event
from delight.lib.tokens import fingerprints

BOOKING = "booking"  # what the keyed hashes are for
_OCCURRENCE = re.compile(r"\|\d{8}T\d{6}(?:[+-]\d{4,6})?\Z")


def visits_naming(customer: Customer) -> QuerySet[Visit]:
    """Theirs, and bookings that nobody was matched to whose words hold the whole name."""
    found = Q(customer=customer)
    if customer.name:
        found |= Q(customer=None, guest__iexact=customer.name)
    if len(customer.name.split()) > 1:  # a first name alone stands in many others' words
        found |= Q(customer=None, guest__icontains=customer.name)
    return Visit.objects.filter(found)


def forget_bookings(customer: Customer) -> None:
    """Have the calendars' bookings of this person read no more, also those of a series that are still to come."""
    theirs = visits_naming(customer).exclude(calendar=None).exclude(source_id="")
    marks = {mark for visit in theirs.order_by("pk") for mark in _marks_to_keep(visit)}
    rows = [ForgottenBooking(mark=mark) for mark in sorted(marks)]
    ForgottenBooking.objects.bulk_create(rows, ignore_conflicts=True)


def _marks_to_keep(visit: Visit) -> list[str]:
    """Of the one booking; of the whole series, too, unless other customers come by it."""
    series = _series(visit.source_id)
    same = Visit.objects.filter(calendar=visit.calendar_id, source_id__startswith=f"{series}|")
    shared = same.exclude(customer=None).exclude(customer=visit.customer_id).exists()
    ids = {visit.source_id} if shared else {visit.source_id, series}
    return [_prints(visit.calendar_id, each)[0] for each in ids]


def _series(source_id: str) -> str:
    return _OCCURRENCE.sub("", source_id)


def _prints(calendar_id: int | None, source_id: str) -> list[str]:
    return fingerprints(BOOKING, f"{calendar_id} {source_id}")


def still_known(calendar_id: int, events: Iterable[Event]) -> list[Event]:
    """The events without those that are forgotten."""
    events = list(events)
    prints = {
        event.source_id: {
            mark for each in (event.source_id, _series(event.source_id)) for mark in _prints(calendar_id, each)
        }
        for event in events
    }
    all_of_them = set().union(*prints.values())
    gone = set(ForgottenBooking.objects.filter(mark__in=all_of_them).values_list("mark", flat=True))
    return [event for event in events if not prints[event.source_id] & gone]
