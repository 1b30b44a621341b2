"""Which customer a row is about, and what it would change.

**Who is it?** The number in another system decides, then the e-mail address. A row without one is matched by phone
number with a customer without one. Where only one of the two has an e-mail address, phone number and name together
decide, so that a customer known by phone gains the address. Two rows never mean one customer.

**What changes?** Only what the row says: an empty cell erases nothing. The team that was answered for the whole file
is given to new customers and to those without a team; it moves nobody. A number in another system stays.

**Consent.** How an address was obtained may only grow stronger: another way → existing customer → consent → consent
of a later day. A weaker claim leaves what stands and is counted ("kept"), so that the preview can say so. To weaken it
is a decision about one person, made on that person's form. Nothing here touches the suppression list.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from delight.customers.access import accounts_to_give, members_of
from delight.customers.importing.rows import Draft, Problem
from delight.customers.models import Account, Customer, CustomerImport, Segment
from delight.customers.wrong import wrong
from delight.lib.sortkey import fold, sort_key
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
    by_outside_id: dict[str, Customer] = field(default_factory=dict)
    by_phone: dict[str, Customer] = field(default_factory=dict)  # those without an e-mail address
    by_phone_and_name: dict[tuple[str, str], list[Customer]] = field(default_factory=lambda: defaultdict(list))
    any_with_phone: dict[str, int] = field(default_factory=dict)


def find(drafts: list[Draft]) -> Found:
    """Two rows or two thousand: one query."""
    emails = {draft.email for draft in drafts if draft.email}
    phones = {draft.phone_key for draft in drafts if draft.phone_key}
    numbers = {draft.outside_id for draft in drafts if draft.outside_id}
    wanted = Q(email__in=emails)
    if phones:
        wanted |= Q(phone_key__in=phones) & ~Q(phone_key="")
    if numbers:
        wanted |= Q(outside_id__in=numbers) & ~Q(outside_id="")
    there = Customer.objects.filter(wanted, erased_at__isnull=True)
    found = Found()
    for customer in there.select_related("account", "segment", "team").order_by("pk"):
        if customer.email:
            found.by_email[customer.email] = customer
        else:
            found.by_phone[customer.phone_key] = customer
        if customer.outside_id:
            found.by_outside_id[customer.outside_id] = customer
        if customer.phone_key:
            found.by_phone_and_name[customer.phone_key, customer.sort_key].append(customer)
            found.any_with_phone.setdefault(customer.phone_key, customer.pk)
    return found


@dataclass(slots=True)
class Outcome:
    """What one row comes to: a new customer (None), or one who is there and the names of the fields that change."""

    draft: Draft
    customer: Customer | None = None
    how: str = ""  # by what the customer was recognised
    changed: set[str] = field(default_factory=set)
    kept: bool = False
    alike: int | None = None  # somebody with the same phone number who is taken for another person

    @property
    def is_new(self) -> bool:
        return self.customer is None


class Matcher:
    """Turns drafts into outcomes. Companies and segments that are not there yet are made by `save_names`."""

    def __init__(self, customer_import: CustomerImport) -> None:
        self.team = customer_import.team
        self.leave_known = customer_import.leave_known
        user = customer_import.created_by
        self.teams = None if user.is_sponsor else managed_team_ids(user)
        self.people = set() if self.teams is None else set(members_of(self.teams).values_list("user_id", flat=True))
        self.accounts: dict[str, int] = {fold(name): pk for pk, name in Account.objects.values_list("pk", "name")}
        self.segments: dict[str, int] = {fold(name): pk for pk, name in Segment.objects.values_list("pk", "name")}
        others = Account.objects.exclude(pk__in=accounts_to_give(user).values("pk"))
        self.others: set[int] = set(others.values_list("pk", flat=True))
        self.taken: dict[int, int] = {}

    def decide(self, drafts: list[Draft]) -> list[Outcome | Problem]:
        """One outcome or problem per draft, in their order."""
        found = find(drafts)
        return [self._decide(draft, found) for draft in drafts]

    def _decide(self, draft: Draft, found: Found) -> Outcome | Problem:
        match = self._match(draft, found)
        if isinstance(match, Problem):
            return match
        if not (match and self.leave_known) and self._is_others(draft.account, match[0] if match else None):
            return Problem(draft.line, "account", wrong("others_company"))
        if match is None:
            return self._new(draft, found)
        customer, how = match
        self.taken[customer.pk] = draft.line
        outcome, team, may_change = Outcome(draft, customer, how), customer.team, self._may_change(customer)
        if self.leave_known:
            return outcome
        self.apply(outcome)
        if not outcome.changed or may_change:
            return outcome
        if team is None:
            return Problem(draft.line, "", wrong("others_customer"))
        return Problem(draft.line, "", wrong("teams_customer", team=team.name))

    def _is_others(self, company: str, customer: Customer | None) -> bool:
        """The rule of `accounts_to_give`: whether the row would add somebody to a company that is not the user's."""
        account = self.accounts.get(fold(company)) if company and self.others else None
        return account in self.others and (customer is None or customer.account_id != account)

    def _may_change(self, customer: Customer) -> bool:
        """The rule of `customers_listed_for`, for what is at hand."""
        if self.teams is None:
            return True
        if customer.team_id is not None:
            return customer.team_id in self.teams
        return customer.owner_id is None or customer.owner_id in self.people

    def _match(self, draft: Draft, found: Found) -> tuple[Customer, str] | Problem | None:
        exact = self._exactly(draft, found)
        if isinstance(exact, Problem):
            return exact
        if exact is not None:
            first = self.taken.get(exact[0].pk)
            if first is None:
                return exact
            return Problem(draft.line, exact[1], wrong("double", line=first), first, draft)
        return self._loosely(draft, found)

    def _exactly(self, draft: Draft, found: Found) -> tuple[Customer, str] | Problem | None:
        """By number in another system, by e-mail address, or by phone where neither side has an address."""
        numbered = found.by_outside_id.get(draft.outside_id) if draft.outside_id else None
        named = found.by_email.get(draft.email) if draft.email else found.by_phone.get(draft.phone_key)
        if named is None or (numbered is not None and named.pk == numbered.pk):
            return (numbered, "outside_id") if numbered else None
        if numbered is None:
            other = not draft.email and draft.outside_id and named.outside_id
            return self._phone_taken(draft) if other else (named, "email" if draft.email else "phone")
        if not draft.email:
            return (numbered, "outside_id") if numbered.email else self._phone_taken(draft)
        return Problem(draft.line, "outside_id", wrong("two_customers"))

    @staticmethod
    def _phone_taken(draft: Draft) -> Problem:
        """Two numbers are two people; of those without an e-mail address only one can have a phone."""
        return Problem(draft.line, "phone", wrong("phone_taken"))

    def _loosely(self, draft: Draft, found: Found) -> tuple[Customer, str] | None:
        for customer in found.by_phone_and_name.get((draft.phone_key, draft.name_key), []) if draft.phone_key else []:
            # Either may have an e-mail address, not both: two addresses are two people, and so are two numbers.
            two = (draft.email and customer.email) or (draft.outside_id and customer.outside_id)
            if not two and customer.pk not in self.taken:
                return customer, "name"
        return None

    def _new(self, draft: Draft, found: Found) -> Outcome | Problem:
        if "name" not in draft.values:
            if not draft.account:
                return Problem(draft.line, "name", wrong("no_name"))
            draft.values["name"] = draft.account  # a company without a person
        return Outcome(draft, alike=found.any_with_phone.get(draft.phone_key))

    def apply(self, outcome: Outcome) -> None:
        """Set on the customer what the row says otherwise, and note the names of those fields."""
        customer = outcome.customer
        assert customer is not None  # noqa: S101 (new ones are written, not changed)
        for name, value in self._wanted(outcome, customer).items():
            if _differs(getattr(customer, name), value):
                setattr(customer, name, value)
                outcome.changed.add(name)

    def _wanted(self, outcome: Outcome, customer: Customer) -> dict[str, Any]:
        draft = outcome.draft
        wanted = dict(draft.values)
        if draft.account and not self._is_others(draft.account, customer):
            wanted["account"] = Account(pk=self.accounts.get(fold(draft.account)), name=draft.account)
        if draft.segment:
            wanted["segment"] = Segment(pk=self.segments.get(fold(draft.segment)), name=draft.segment)
        if draft.email and not customer.email:
            wanted["email"] = draft.email
        if draft.outside_id and not customer.outside_id:
            wanted["outside_id"] = draft.outside_id
        if customer.phone_key and customer.phone_key == draft.phone_key:
            wanted.pop("phone", None)  # the same number, written another way
        if customer.team_id is None and self.team is not None:
            wanted.setdefault("team", self.team)
        return wanted | self._stronger_source(outcome, customer)

    def fill_gaps(self, drafts: list[Draft]) -> None:
        """Of further rows about customers who are written by now, take what is empty there still."""
        found = find(drafts)
        whom = {draft.line: self._again(draft, found) for draft in drafts}
        pks = [pk for pk in whom.values() if pk is not None]
        locked = Customer.objects.filter(pk__in=pks).select_related("account", "segment", "team")
        customers = {one.pk: one for one in locked.select_for_update(of=("self",)).order_by("pk")}
        self.save_names([draft for draft in drafts if whom[draft.line] in customers])
        for draft in drafts:
            if customer := customers.get(whom[draft.line] or 0):
                wanted = self._wanted(Outcome(draft, customer), customer)
                for name in wanted.keys() - {"address_source", "consent_on"}:
                    if getattr(customer, name) in (None, ""):
                        setattr(customer, name, wanted[name])
        for customer in customers.values():
            customer.save()

    def _again(self, draft: Draft, found: Found) -> int | None:
        """Whom a second row about somebody is about; None where nothing may be changed."""
        exact = self._exactly(draft, found)
        if isinstance(exact, tuple):
            customer = exact[0]
        else:
            alike = found.by_phone_and_name.get((draft.phone_key, draft.name_key), []) if draft.phone_key else []
            if not alike:
                return None
            customer = alike[0]
        stays = self.leave_known and customer.pk in self.taken
        return None if stays or not self._may_change(customer) else customer.pk

    @staticmethod
    def _stronger_source(outcome: Outcome, customer: Customer) -> dict[str, Any]:
        draft = outcome.draft
        new, old = _STRENGTH[draft.source], _STRENGTH[customer.address_source]
        if new > old:
            return {"address_source": draft.source} | ({"consent_on": draft.consent_on} if draft.consent_on else {})
        if new == old and draft.consent_on and (customer.consent_on is None or draft.consent_on > customer.consent_on):
            return {"consent_on": draft.consent_on}
        outcome.kept = new < old
        return {}

    def save_names(self, drafts: list[Draft]) -> None:
        """Write the companies and segments that these rows are the first to name."""
        self._save_new(Account, self.accounts, [draft.account for draft in drafts])
        self._save_new(Segment, self.segments, [draft.segment for draft in drafts])

    @staticmethod
    def _save_new(model: type[Account] | type[Segment], known: dict[str, int], names: list[str]) -> None:
        new = {key: name for name in names if name and (key := fold(name)) not in known}
        rows: list[Any] = [model(name=name, sort_key=sort_key(name)) for name in new.values()]
        for made in model.objects.bulk_create(rows):
            known[fold(made.name)] = made.pk


def _differs(old: Any, new: Any) -> bool:
    if isinstance(new, (Account, Segment)):
        return old is None or fold(old.name) != fold(new.name)
    return bool(old != new)
