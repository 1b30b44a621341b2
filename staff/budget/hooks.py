"""What money was for, told by the room that spends it: this room knows sums, not moments."""

from collections.abc import Callable, Collection

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
