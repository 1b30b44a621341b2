"""Sums of money as people type them."""

import re

SPACES = re.compile(r"[\s\u00a0\u202f’']")
CENTS = re.compile(r"^(.*?)[.,](\d{1,2})$")


def plain_sum(text: str) -> str:
    """The sum with a point before its cents, and nothing between its thousands: "1 234,50" becomes "1234.50".

    One or two figures behind the last point or comma are cents, three are thousands, in whatever language. What is
    no sum comes back as something that is none.
    """
    bare = SPACES.sub("", text)
    cents = CENTS.match(bare)
    whole, rest = cents.groups() if cents else (bare, "")
    if re.fullmatch(r"\d{1,3}([.,])\d{3}(\1\d{3})*", whole):
        whole = re.sub(r"[.,]", "", whole)
    return f"{whole}.{rest}" if rest else whole
