"""Writing rows for what has to leave or run later, in the transaction of the fact that caused it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from delight.outbox.bell import ring
from delight.outbox.models import OPEN, Job, Message, State

INSERT = """
INSERT INTO outbox_message
    (kind, object_id, key, promised_at, due_at, state, reason, attempts, fence, maybe_twice, created_at)
VALUES (%s, %s, %s, %s, %s, 'waiting', '', 0, 0, false, clock_timestamp())
ON CONFLICT (key) DO NOTHING
"""

INSERT_JOB = """
INSERT INTO outbox_job (kind, object_id, key, due_at, state, done, total, attempts, fence, error, created_at)
VALUES (%s, %s, %s, %s, 'waiting', 0, 0, 0, 0, '', clock_timestamp())
ON CONFLICT (key) DO NOTHING
"""


def enqueue(
    *, kind: str, object_id: int, key: str, due_at: datetime | None = None, after: tuple[str, list[Any]] = ("", [])
) -> None:
    """Have one mail sent. The same key again changes nothing: the first one counts.

    `after` is a statement with its values, run before in the same trip to the database; it ends with a semicolon.
    """
    now = timezone.now()
    statement, values = after
    with connection.cursor() as cursor:
        cursor.execute(statement + INSERT, [*values, kind, object_id, key, due_at or now, due_at or now])
    if due_at is None or due_at <= now:
        ring()


def new_message(*, kind: str, object_id: int, key: str, due_at: datetime | None = None) -> Message:
    """An unsaved row, for `enqueue_many`."""
    when = due_at or timezone.now()
    return Message(kind=kind, object_id=object_id, key=key, due_at=when, promised_at=when)


def enqueue_many(messages: list[Message]) -> None:
    """Have many mails sent; rows whose key exists already are left as they are."""
    Message.objects.bulk_create(messages, ignore_conflicts=True, batch_size=1000)
    ring()


def cancel(*, kinds: list[str], object_ids: Iterable[int]) -> int:
    """End the waiting messages about some objects; returns how many. One that is being handed over goes its way."""
    waiting = Message.objects.filter(kind__in=kinds, object_id__in=object_ids, state=State.WAITING)
    return waiting.update(state=State.CANCELLED, reason="cancelled", ended_at=timezone.now())


def plan_job(*, kind: str, object_id: int, key: str, due_at: datetime) -> None:
    """Have work done later. The same key again changes nothing: the first one counts."""
    with connection.cursor() as cursor:
        cursor.execute(INSERT_JOB, [kind, object_id, key, due_at])


def start_job(*, kind: str, object_id: int, key: str) -> Job:
    """Have long work done by a worker now. The same key again gives the job that is there."""
    plan_job(kind=kind, object_id=object_id, key=key, due_at=timezone.now())
    ring()
    return Job.objects.get(key=key)


def waiting_messages() -> int:
    """How many rows have not ended."""
    return Message.objects.filter(state__in=OPEN).count()
