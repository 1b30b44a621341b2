"""From a row of the file to a draft of a customer, without looking at the customers there are."""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from delight.customers.access import people_to_give, teams_to_give
from delight.customers.importing import cells
from delight.customers.importing.cells import BadCellError
from delight.customers.importing.columns import FIELDS, SLOTS
from delight.customers.models import Customer, CustomerImport, normal_phone
from delight.customers.wrong import Wrong, wrong
from delight.lib.csvfile import Row
from delight.lib.sortkey import fold, sort_key
from staff.people.models import Team


@dataclass(slots=True)
class Problem:
    line: int
    field: str
    what: Wrong
    double_of: int | None = None  # the line in which the same customer stands first
    draft: "Draft | None" = None  # of a double: what it says, should it fill the first one's gaps


@dataclass(slots=True)
class Draft:
    """What one row says. `values` holds only what it does say: an empty cell erases nothing."""

    line: int
    email: str = ""
    phone: str = ""
    phone_key: str = ""
    name_key: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    account: str = ""
    segment: str = ""
    outside_id: str = ""
    source: str = Customer.AddressSource.OTHER
    consent_on: date | None = None
    other_language: bool = False  # one that we do not write in


class DoubleError(BadCellError):
    """An earlier row is about the same customer."""

    def __init__(self, field: str, first: int) -> None:
        super().__init__(field, wrong("double", line=first))
        self.first = first


_READERS = {
    "email": cells.email,
    "phone": cells.phone,
    "language": cells.language,
    "consent_on": cells.consent_on,
    "address_source": cells.address_source,
    "account_role": cells.account_role,
    "preferred_channel": cells.preferred_channel,
}
_NAME_PARTS = ("first_name", "middle_name", "last_name")
_AS_THEY_ARE = ("address_as", "language", "account_role", "preferred_channel", "preferred_time")


class RowReader:
    """Reads rows as one import has them: its columns, its answers, the teams and people its uploader may name."""

    def __init__(self, customer_import: CustomerImport, width: int) -> None:
        by = customer_import.created_by
        self.columns: dict[str, int] = customer_import.columns
        slots = {slot: name for name, slots in SLOTS.items() for slot in slots}
        # In the order of FIELDS: what is in the first of several columns for one field comes first.
        self.fields = [(slots.get(name, name), self.columns[name]) for name in FIELDS if name in self.columns]
        self.width = width
        self.default_source = customer_import.address_source or Customer.AddressSource.OTHER
        self.default_consent = customer_import.consent_on
        self.all_teams = {fold(team.name): team for team in Team.objects.all()}
        self.own_teams = set(teams_to_give(by).values_list("pk", flat=True))
        self.owners = {user.email: user for user in people_to_give(by) if user.email}
        self.seen = _Seen()

    def read(self, rows: Iterable[Row]) -> Iterator[Draft | Problem]:
        """A draft or the first problem of each row."""
        for row in rows:
            draft = None
            try:
                draft = self._draft(row)
                self.seen.note(draft)
            except DoubleError as error:
                yield Problem(row.line, error.field, error.what, error.first, draft)
            except BadCellError as error:
                yield Problem(row.line, error.field, error.what)
            else:
                yield draft

    def _draft(self, row: Row) -> Draft:
        self._check_form(row)
        said = self._said(row)
        draft = Draft(row.line, said.pop("email", ""), said.pop("phone", ""), outside_id=said.pop("outside_id", ""))
        draft.phone_key = normal_phone(draft.phone)
        draft.other_language = said.get("language") == ""
        draft.account, draft.segment = said.pop("account", ""), said.pop("segment", "")
        self._take_source(draft, said)
        if name := self._name(said):
            draft.values["name"], draft.name_key = name, sort_key(name)
        if draft.phone:
            draft.values["phone"] = draft.phone
        if "team" in said:
            draft.values["team"] = self._team(said["team"])
        if "owner" in said:
            draft.values["owner"] = self._owner(said["owner"])
        draft.values.update({key: said[key] for key in _AS_THEY_ARE if said.get(key)})
        if not draft.email and not draft.phone_key:
            raise BadCellError("email", wrong("no_reach"))
        return draft

    def _check_form(self, row: Row) -> None:
        if row.broken == "long":
            raise BadCellError("", wrong("far_too_long"))
        if row.broken:
            raise BadCellError("", wrong("quotes", first=row.line, last=max(row.line, row.last_line)))
        # Spreadsheets leave out empty cells at the end, or add some: only what is said or wanted counts.
        too_many = any(cell.strip() for cell in row.cells[self.width :])
        too_few = len(row.cells) <= max(self.columns.values()) and len(row.cells) < self.width
        if too_many or too_few:
            raise BadCellError("", wrong("cells", cells=len(row.cells), width=self.width))

    def _said(self, row: Row) -> dict[str, Any]:
        said: dict[str, Any] = {}
        there = len(row.cells)
        for name, number in self.fields:
            if name in said or number >= there:
                continue
            text = cells.clean(name, row.cells[number])
            if text and name in SLOTS:
                text = cells.first_of(text)
            if text:
                said[name] = _READERS[name](text) if name in _READERS else text
        return said

    def _name(self, said: dict[str, Any]) -> str:
        whole = said.get("name") or " ".join(said[key] for key in _NAME_PARTS if key in said)
        if len(whole) > cells.LONGEST["name"]:
            raise BadCellError("name", wrong("too_long", limit=cells.LONGEST["name"]))
        return whole

    def _take_source(self, draft: Draft, said: dict[str, Any]) -> None:
        """A day of consent means consent unless the row says otherwise; without either, the import's answer holds.

        Who has unsubscribed elsewhere is not mailed from here either.
        """
        if "left_on" in said:
            return
        day = said.get("consent_on")
        draft.source = said.get("address_source") or (Customer.AddressSource.CONSENT if day else self.default_source)
        if draft.source != Customer.AddressSource.CONSENT:
            return
        draft.consent_on = day or self.default_consent
        if draft.consent_on is None:
            raise BadCellError("consent_on", wrong("consent_day"))

    def _team(self, text: str) -> Team:
        team = self.all_teams.get(fold(text))
        if team is None:
            raise BadCellError("team", wrong("no_team", team=text[:80]))
        if team.pk not in self.own_teams:
            raise BadCellError("team", wrong("other_team", team=team.name))
        return team

    def _owner(self, text: str) -> Any:
        owner = self.owners.get(text.lower())
        if owner is None:
            raise BadCellError("owner", wrong("no_owner"))
        return owner


class _Seen:
    """Which customers the rows so far were about, to tell a second row about the same one.

    The same e-mail address is the same customer, and the same number in another system; without an address, the same
    phone number; and where only one of two rows has an e-mail address, the same phone number and name.
    """

    def __init__(self) -> None:
        self.lines = _Lines()

    def note(self, draft: Draft) -> None:
        key, name = draft.phone_key, draft.name_key
        asked: list[tuple[str, ...]] = []
        kept: list[tuple[str, ...]] = []
        if draft.outside_id:
            asked, kept = [("outside_id", draft.outside_id)], [("outside_id", draft.outside_id)]
        if draft.email:
            asked.append(("email", draft.email))
            kept.append(("email", draft.email))
        if key:
            asked += [("plain", key, name)] if draft.email else [("phone", key), ("mailed", key, name)]
            kept += [("mailed", key, name)] if draft.email else [("phone", key), ("plain", key, name)]
        for known in asked:
            first = self.lines.get(hash(known))
            if first:
                raise DoubleError(known[0] if known[0] in ("email", "outside_id") else "phone", first)
        for known in kept:
            self.lines.keep(hash(known), draft.line)


class _Lines:
    """Hashes and the lines on which they came first, in two flat arrays: twelve bytes each, where a dict takes ten
    times that. A hundred thousand rows are twelve megabytes.
    """

    def __init__(self, size: int = 1 << 12) -> None:
        self._mask, self._kept = size - 1, 0
        self._hashes, self._lines = array("q", bytes(8 * size)), array("I", bytes(4 * size))

    def _place(self, key: int) -> int:
        place = key & self._mask
        while self._lines[place] and self._hashes[place] != key:
            place = (place + 1) & self._mask
        return place

    def get(self, key: int) -> int:
        """The line; 0 for a hash that has not come."""
        return self._lines[self._place(key)]

    def keep(self, key: int, line: int) -> None:
        """Note the line of a hash that comes first."""
        place = self._place(key)
        if not self._lines[place]:
            self._hashes[place], self._lines[place] = key, line
            self._kept += 1
            if 2 * self._kept > self._mask:
                self._grow()

    def _grow(self) -> None:
        """Twice the room, so that looking for a place stays short."""
        larger = _Lines(2 * len(self._lines))
        for key, line in zip(self._hashes, self._lines, strict=True):
            if line:
                larger.keep(key, line)
        self._mask, self._hashes, self._lines = larger._mask, larger._hashes, larger._lines
