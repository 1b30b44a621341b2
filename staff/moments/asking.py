"""What somebody still owes a moment: a stub to finish, a receipt, and what came of an introduction."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from staff.budget.models import Spend
from staff.moments.models import ASK_AFTER_DAYS, Moment
from staff.people.models import User

SHOWN = 5
ASKED_FOR = timedelta(days=60)


def stubs_of(user: User) -> QuerySet[Moment]:
    """Begun, to be finished."""
    return Moment.objects.filter(user=user, state=Moment.State.STUB).with_names().order_by("-created_at")


def lacking_receipts(user: User) -> QuerySet[Moment]:
    """Paid ones above the settable sum without their receipt. It is asked for; nothing waits for it."""
    paid = Moment.objects.filter(
        user=user, spend__receipt_wanted=True, spend__receipt=None, spend__state=Spend.State.SPENT
    )
    return paid.exclude(state=Moment.State.WITHDRAWN).with_names().order_by("-happened_at")


def to_tell(user: User) -> QuerySet[Moment]:
    """Introductions of two weeks ago and more of which nobody has said what came of them; after a while it rests."""
    now = timezone.now()
    told = Moment.objects.told().filter(user=user, told_at=None)
    since = told.filter(created_at__lte=now - timedelta(days=ASK_AFTER_DAYS), created_at__gt=now - ASKED_FOR)
    found = since.exclude(introduced_to=None, introduced_whom="")
    return found.with_names().select_related("introduced_to").order_by("created_at")


def asked_of(user: User) -> dict[str, Any] | None:
    """All of it, for the page "Today"; None where nothing is asked."""
    asked = {
        "stubs": list(stubs_of(user)[:SHOWN]),
        "receipts": list(lacking_receipts(user)[:SHOWN]),
        "introduced": list(to_tell(user)[:SHOWN]),
    }
    return asked if any(asked.values()) else None
