"""The only judge of the fault tests: it reads the database and the mail sink, and nothing else."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from enum import StrEnum

from delight.outbox.mail import message_id
from delight.outbox.models import OPEN, Message, State
from surveys.sending.models import Invitation
from tests.faults.sink import Copy


class Rule(StrEnum):
    """What must hold, however many senders were killed."""

    ONE_ROW = "each invitation that goes out has exactly one row"
    ENDED = "every row ends"
    SENT = "a row ends as sent, or as unknown when it was cut off twice"
    ARRIVED = "each of them has arrived"
    AT_MOST_TWO = "nobody gets more than two copies"
    ONE_PER_KILL = "there are no more extra copies than killed processes"
    MARKED = "whoever got two copies is marked"
    SAME_LINKS = "two copies carry the same links"
    KNOWN = "every mail belongs to a row"


@dataclass
class Findings:
    """What was broken, and the figures of the run."""

    killed: int
    broken: dict[Rule, list[str]] = field(default_factory=lambda: defaultdict(list))
    figures: dict[str, int] = field(default_factory=dict)

    def need(self, rule: Rule, holds: bool, what: str) -> None:
        if not holds:
            self.broken[rule].append(what)

    def __str__(self) -> str:
        lines = [f"{rule}: {len(cases)}, such as {cases[0]}" for rule, cases in self.broken.items()]
        return "\n".join([*lines, ", ".join(f"{value} {name}" for name, value in self.figures.items())])


def examine(copies: list[Copy], *, killed: int) -> Findings:
    """Compare the invitations, their rows and the mails that arrived."""
    found = Findings(killed)
    rows = defaultdict(list)
    for row in Message.objects.filter(kind="invite"):
        rows[row.object_id].append(row)
    arrived = Counter(copy.message_id for copy in copies)
    wanted = list(Invitation.objects.filter(not_sent_reason="").values_list("pk", flat=True))
    for pk in wanted:
        found.need(Rule.ONE_ROW, len(rows[pk]) == 1, f"invitation {pk}: {len(rows[pk])} rows")
        for row in rows[pk]:
            _examine_row(found, row, arrived[message_id(row)])
    extra = sum(count - 1 for count in arrived.values())
    found.need(Rule.ONE_PER_KILL, extra <= killed, f"{extra} extra copies, {killed} killed")
    everything = [row for each in rows.values() for row in each]
    for stray in set(arrived) - {message_id(row) for row in everything}:
        found.need(Rule.KNOWN, False, stray)
    _examine_links(found, copies)
    found.figures = {
        "invitations": len(wanted),
        "arrived": len(arrived),
        "lost": len(found.broken.get(Rule.ARRIVED, [])),
        "extra copies": extra,
        "marked “maybe twice”": sum(row.maybe_twice for row in everything),
        "given up after two cuts": sum(row.reason == "unknown_twice" for row in everything),
        "killed": killed,
    }
    return found


def _examine_row(found: Findings, row: Message, copies: int) -> None:
    name = f"{row.key} ({row.state} {row.reason}, {copies} copies)"
    found.need(Rule.ENDED, row.state not in OPEN and row.ended_at is not None, name)
    sent = row.state == State.SENT or (row.maybe_twice and row.reason == "unknown_twice")
    found.need(Rule.SENT, sent, name)
    found.need(Rule.ARRIVED, copies >= 1, name)
    found.need(Rule.AT_MOST_TWO, copies <= 2, name)
    found.need(Rule.MARKED, copies < 2 or row.maybe_twice, name)


def _examine_links(found: Findings, copies: list[Copy]) -> None:
    links = defaultdict(set)
    for copy in copies:
        links[copy.message_id].add((copy.links, copy.to))
    for mail, versions in links.items():
        found.need(Rule.SAME_LINKS, len(versions) == 1, mail)
