"""What money was for, told by the room that spends it: this room knows sums, not moments."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

# Given ids of spends: a few words for each that it knows, and where they lead.
WhatFor = Callable[[Collection[int]], dict[int, tuple[str, str]]]

_TELLERS: list[WhatFor] = []


def tell_what_for(teller: WhatFor) -> WhatFor:
    """Join; once, in the room's `kinds.py`."""
    if teller not in _TELLERS:
        _TELLERS.append(teller)
    return teller


def what_for(spend_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Words and address by the spend's id; nothing for those that nobody knows."""
    found: dict[int, tuple[str, str]] = {}
    for teller in _TELLERS:
        found |= teller(spend_ids)
    return found


def with_what_for(rows: Iterable[Any], spend_of: str) -> list[tuple[Any, tuple[str, str] | None]]:
    """Each row beside what its money was for; `spend_of` names the row's own attribute with the spend's id."""
    found = list(rows)
    told = what_for({pk for row in found if (pk := getattr(row, spend_of)) is not None})
    return [(row, told.get(getattr(row, spend_of))) for row in found]
