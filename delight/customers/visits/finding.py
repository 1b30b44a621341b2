"""Which customer a booking means, from what its source says of them. In doubt nobody: people say it then."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from delight.customers.models import Customer
from delight.lib.addresses import normal_email, normal_phone
from delight.lib.sortkey import sort_key


@dataclass(frozen=True)
class Traces:
    """All that may tell who somebody is, in the order of its weight."""

    emails: Collection[str] = field(default=())
    phones: Collection[str] = field(default=())
    outside_ids: Collection[str] = field(default=())
    names: Collection[str] = field(default=())


class Finder:
    """Finds the customers of many bookings with one query."""

    def __init__(self, all_traces: Iterable[Traces]) -> None:
        self.by_email: dict[str, set[int]] = {}
        self.by_phone: dict[str, set[int]] = {}
        self.by_outside_id: dict[str, set[int]] = {}
        self.by_name: dict[str, set[int]] = {}
        self.customers: dict[int, Customer] = {}
        for customer in _mentioned(list(all_traces)):
            self.customers[customer.pk] = customer
            for known, key in (
                (self.by_email, customer.email),
                (self.by_phone, customer.phone_key),
                (self.by_outside_id, customer.outside_id),
                (self.by_name, customer.sort_key),
            ):
                if key:
                    known.setdefault(key, set()).add(customer.pk)

    def find(self, traces: Traces) -> Customer | None:
        """The only customer that the weightiest trace leads to; None where it leads to none or to several."""
        for known, keys in (
            (self.by_email, map(normal_email, traces.emails)),
            (self.by_phone, [key for phone in traces.phones for key in _spellings(phone)]),
            (self.by_outside_id, traces.outside_ids),
            (self.by_name, map(sort_key, traces.names)),
        ):
            found = set().union(*(known.get(key or "", set()) for key in keys))
            if found:
                return self.customers[found.pop()] if len(found) == 1 else None
        return None


def _mentioned(all_traces: list[Traces]) -> Iterable[Customer]:
    emails = {normal_email(email) for traces in all_traces for email in traces.emails} - {None}
    phones = {key for traces in all_traces for phone in traces.phones for key in _spellings(phone)}
    outside_ids = {one for traces in all_traces for one in traces.outside_ids if one}
    names = {sort_key(name) for traces in all_traces for name in traces.names} - {""}
    return Customer.objects.filter(
        Q(email__in=emails) | Q(phone_key__in=phones) | Q(outside_id__in=outside_ids) | Q(sort_key__in=names),
        erased_at__isnull=True,
        merged_into__isnull=True,
    ).only("pk", "name", "email", "phone_key", "outside_id", "sort_key")


def _spellings(phone: str) -> list[str]:
    """The number, and as it is dialled at home: the country's code has one to three digits."""
    key = normal_phone(phone)
    if len(key) < 6:
        return []
    return [key, *(f"0{key[1 + length :]}" for length in (1, 2, 3))] if key.startswith("+") else [key]
