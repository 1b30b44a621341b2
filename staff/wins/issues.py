"""What got in somebody's way becomes an issue of the programme, with an owner."""

from typing import Any

from delight.programme.models import Issue
from staff.people.models import User


def raise_issue(*, by: User, kind: str, text: str, key: Any = None, **facts: Any) -> Issue:
    """The same key again gives the first one. (Until delight.programme.services has it.)"""
    if key is None:
        return Issue.objects.create(raised_by=by, kind=kind, text=text, **facts)
    facts |= {"raised_by": by, "kind": kind, "text": text}
    return Issue.objects.get_or_create(key=key, defaults=facts)[0]
