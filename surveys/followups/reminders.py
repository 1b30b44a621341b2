"""Which mails a follow-up causes. They are rows with a due time; each is decided when it is about to leave.

Keys: `follow-up:<id>:0` at opening, `:1` when due, `:2` an hour after that. `follow-up:<id>:0:<n>` tells the owner
again: a new owner, or an open follow-up that has become urgent.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import QuerySet

from delight.outbox.models import Message, State
from delight.outbox.services import enqueue, enqueue_many, new_message
from surveys.followups.models import FollowUp

KIND = "follow-up"
OPENED, DUE, OVERDUE = 0, 1, 2
OVERDUE_AFTER = timedelta(hours=1)


def key(follow_up: FollowUp, step: int) -> str:
    return f"{KIND}:{follow_up.pk}:{step}"


def step_of(message: Message) -> int:
    """Which of the three mails a row stands for."""
    return int(message.key.split(":")[2])


def plan(follow_up: FollowUp) -> None:
    """Write the three rows of a new follow-up."""
    when = {OPENED: None, DUE: follow_up.due_at, OVERDUE: follow_up.due_at + OVERDUE_AFTER}
    enqueue_many(
        [
            new_message(kind=KIND, object_id=follow_up.pk, key=key(follow_up, step), due_at=due_at)
            for step, due_at in when.items()
        ]
    )


def tell_owner(follow_up: FollowUp) -> None:
    """Have the owner told once more; an opening mail that still waits gives way to this one.

    Call it with the follow-up's row locked: the number in the key is counted.
    """
    told = _opening_rows(follow_up.pk).count()
    enqueue(kind=KIND, object_id=follow_up.pk, key=f"{key(follow_up, OPENED)}:{told}")


def move(follow_ups: Iterable[FollowUp]) -> None:
    """Let the waiting reminders move with the due times."""
    times = {}
    for follow_up in follow_ups:
        times[key(follow_up, DUE)] = follow_up.due_at
        times[key(follow_up, OVERDUE)] = follow_up.due_at + OVERDUE_AFTER
    waiting = Message.objects.filter(key__in=times, state=State.WAITING).select_for_update().order_by("pk")
    messages = list(waiting)
    for message in messages:
        message.due_at = message.promised_at = times[message.key]
    Message.objects.bulk_update(messages, ["due_at", "promised_at"], batch_size=500)


def is_latest_opening(message: Message) -> bool:
    """Whether no newer row tells the owner the same."""
    return not _opening_rows(message.object_id).filter(pk__gt=message.pk).exists()


def _opening_rows(pk: int) -> QuerySet[Message]:
    return Message.objects.filter(kind=KIND, object_id=pk, key__startswith=f"{KIND}:{pk}:{OPENED}")
