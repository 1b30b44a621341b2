"""Which customer a row is about, and what it would change.

**Who is it?** The e-mail address decides. A row without one is matched by phone number with a customer without one.
Where only one of the two has an e-mail address, phone number and name together decide, so that a customer known by
phone gains the address. Two rows never mean one customer.

**What changes?** Only what the row says: an empty cell erases nothing. The team that was answered for the whole file
is given to new customers and to those without a team; it moves nobody.

**Consent.** How an address was obtained may only grow stronger: another way → existing customer → consent → consent
of a later day. A weaker claim leaves what stands and is counted ("kept"), so that the preview can say so. To weaken it
is a decision about one person, made on that person's form. Nothing here touches the suppression list.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from delight.customers.access import members_of
from delight.customers.importing.rows import Draft, Problem
from delight.customers.models import Account, Customer, CustomerImport, Segment, normal_phone
from delight.lib.sortkey import fold
from staff.people.access import managed_team_ids

_STRENGTH: dict[str, int] = {
    Customer.AddressSource.OTHER: 0,
    Customer.AddressSource.EXISTING: 1,
    Customer.AddressSource.CONSENT: 2,
}


@dataclass
class Found:
    """The customers that a batch of rows may be about."""

    by_email: dict[str, Customer] = field(default_factory=dict)
    by_phone: dict[str, Customer] = field(default_factory=dict)  # those without an e-mail address
    by_phone_and_name: dict[tuple[str, str], list[Customer]] = field(default_factory=lambda: defaultdict(list))


def find(drafts: list[Draft]) -> Found:
    """Two rows or five hundred: one query."""
    emails = {draft.email for draft in drafts if draft.email}
    phones = {draft.phone_key for draft in drafts if draft.phone_key}
    wanted = Customer.objects.filter(Q(email__in=emails) | (Q(phone_key__in=phones) & ~Q(phone_key="")))
    found = Found()
    for customer in wanted.filter(erased_at__isnull=True).select_related("account", "segment", "team").order_by("pk"):
        if customer.email:
            found.by_email[customer.email] = customer
        else:
            found.by_phone[customer.phone_key] = customer
        if customer.phone_key:
            found.by_phone_and_name[customer.phone_key, customer.sort_key].append(customer)
    return found


@dataclass
class Outcome:
    """What one row comes to: a customer, new or with the names of the fields that change."""

    draft: Draft
    customer: Customer
    changed: set[str] = field(default_factory=set)
    kept: bool = False

    @property
    def is_new(self) -> bool:
        return self.customer.pk is None


class Matcher:
    """Turns drafts into outcomes. Companies and segments that are not there yet stay unsaved until `save_names`."""

    def __init__(self, customer_import: CustomerImport) -> None:
        self.team = customer_import.team
        user = customer_import.created_by
        self.teams = None if user.is_sponsor else managed_team_ids(user)
        self.people = set() if self.teams is None else set(members_of(self.teams).values_list("user_id", flat=True))
        self.accounts = {fold(account.name): account for account in Account.objects.all()}
        self.segments = {fold(segment.name): segment for segment in Segment.objects.all()}
        self.taken: dict[int, int] = {}

    def decide(self, drafts: list[Draft]) -> list[Outcome | Problem]:
        """One outcome or problem per draft, in their order."""
        found = find(drafts)
        return [self._decide(draft, found) for draft in drafts]

    def _decide(self, draft: Draft, found: Found) -> Outcome | Problem:
        customer = self._match(draft, found)
        if isinstance(customer, Problem):
            return customer
        if customer is None:
            return self._new(draft)
        self.taken[customer.pk] = draft.line
        outcome, team, may_change = Outcome(draft, customer), customer.team, self._may_change(customer)
        self.apply(outcome)
        if not outcome.changed or may_change:
            return outcome
        if team is None:
            return Problem(draft.line, "", _("Somebody in another team looks after this customer. Ask a sponsor."))
        message = _("This customer is served by “%(team)s”. Ask its manager.")
        return Problem(draft.line, "", message % {"team": team})

    def _may_change(self, customer: Customer) -> bool:
        """The rule of `customers_listed_for`, for what is at hand."""
        if self.teams is None:
            return True
        if customer.team_id is not None:
            return customer.team_id in self.teams
        return customer.owner_id is None or customer.owner_id in self.people

    def _match(self, draft: Draft, found: Found) -> Customer | Problem | None:
        key = draft.phone_key
        customer = found.by_email.get(draft.email) if draft.email else found.by_phone.get(key)
        if customer is not None:
            first = self.taken.get(customer.pk)
            if first is None:
                return customer
            message = _("The same customer stands in line %(line)d already.") % {"line": first}
            return Problem(draft.line, "email" if draft.email else "phone", message)
        loosely = found.by_phone_and_name.get((key, draft.name_key), []) if key else []
        for customer in loosely:
            # Either may have an e-mail address, not both: two addresses are two people.
            if not (draft.email and customer.email) and customer.pk not in self.taken:
                return customer
        return None

    def _new(self, draft: Draft) -> Outcome | Problem:
        if "name" not in draft.values:
            return Problem(draft.line, "name", _("The name is missing."))
        customer = Customer(email=draft.email or None, address_source=draft.source, consent_on=draft.consent_on)
        for name, value in self._wanted(draft).items():
            setattr(customer, name, value)
        customer.team = customer.team or self.team
        customer.fill_keys()
        return Outcome(draft, customer)

    def apply(self, outcome: Outcome) -> None:
        """Set on the customer what the row says otherwise, and note the names of those fields."""
        draft, customer = outcome.draft, outcome.customer
        wanted = self._wanted(draft)
        if draft.email and not customer.email:
            wanted["email"] = draft.email
        if customer.phone_key and customer.phone_key == normal_phone(draft.phone):
            wanted.pop("phone", None)  # the same number, written another way
        if customer.team_id is None and self.team is not None:
            wanted.setdefault("team", self.team)
        wanted.update(self._stronger_source(outcome))
        for name, value in wanted.items():
            if _differs(getattr(customer, name), value):
                setattr(customer, name, value)
                outcome.changed.add(name)

    def _wanted(self, draft: Draft) -> dict[str, Any]:
        wanted = dict(draft.values)
        if draft.account:
            wanted["account"] = self.accounts.setdefault(fold(draft.account), Account(name=draft.account))
        if draft.segment:
            wanted["segment"] = self.segments.setdefault(fold(draft.segment), Segment(name=draft.segment))
        return wanted

    @staticmethod
    def _stronger_source(outcome: Outcome) -> dict[str, Any]:
        draft, customer = outcome.draft, outcome.customer
        new, old = _STRENGTH[draft.source], _STRENGTH[customer.address_source]
        if new > old:
            return {"address_source": draft.source} | ({"consent_on": draft.consent_on} if draft.consent_on else {})
        if new == old and draft.consent_on and (customer.consent_on is None or draft.consent_on > customer.consent_on):
            return {"consent_on": draft.consent_on}
        outcome.kept = new < old
        return {}

    def save_names(self, outcomes: list[Outcome]) -> None:
        """Write the companies and segments that these rows are the first to name."""
        for outcome in outcomes:
            for part in (outcome.customer.account, outcome.customer.segment):
                if part is not None and part.pk is None:
                    part.save()


def _differs(old: Any, new: Any) -> bool:
    if isinstance(new, (Account, Segment)):
        return old is None or fold(old.name) != fold(new.name)
    return bool(old != new)
