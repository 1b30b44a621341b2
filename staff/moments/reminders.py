"""Which mails a moment causes. They are rows with a due time; each is decided when it is about to leave.

Keys: `receipt:<spend>` three days after the money was spent, `introduced:<moment>` two weeks after the introduction.
"""

from datetime import timedelta

from delight.outbox.services import enqueue
from staff.budget.models import Spend
from staff.budget.services import HELD_FOR
from staff.moments.models import ASK_AFTER_DAYS, Moment

RECEIPT, INTRODUCED = "receipt", "introduced"
RECEIPT_AFTER = timedelta(days=3)
ASK_AFTER = timedelta(days=ASK_AFTER_DAYS)


def plan(moment: Moment) -> None:
    """Write the rows that a told moment needs; what is planned already stays as it is."""
    if moment.state != Moment.State.LOGGED:
        return
    spend = moment.spend
    if spend is not None and spend.receipt_wanted and spend.receipt_id is None:
        wait = RECEIPT_AFTER + (HELD_FOR if spend.state == Spend.State.HELD else timedelta())
        enqueue(kind=RECEIPT, object_id=spend.pk, key=f"{RECEIPT}:{spend.pk}", due_at=spend.made_at + wait)
    if moment.is_introduction and moment.told_at is None:
        due_at = moment.created_at + ASK_AFTER
        enqueue(kind=INTRODUCED, object_id=moment.pk, key=f"{INTRODUCED}:{moment.pk}", due_at=due_at)
