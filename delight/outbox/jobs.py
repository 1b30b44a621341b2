"""Running long work that a row describes, under a lease that progress extends."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from delight.outbox.models import Job
from delight.outbox.registry import JOB_KINDS, JobKind

log = logging.getLogger(__name__)

RETRY_AFTER = 15  # seconds, times the attempts so far

# MATERIALIZED for the same reason as in the pump: taken once, whatever the plan.
CLAIM = """
WITH due AS MATERIALIZED (
    SELECT id FROM outbox_job
    WHERE state IN ('waiting', 'running') AND due_at <= clock_timestamp()
      AND (lease_until IS NULL OR lease_until < clock_timestamp())
    ORDER BY due_at, id LIMIT 1
    FOR UPDATE SKIP LOCKED
)
UPDATE outbox_job AS job SET state = 'running', fence = job.fence + 1, attempts = job.attempts + 1,
    lease_until = clock_timestamp() + make_interval(secs => %(lease)s)
FROM due
WHERE job.id = due.id
RETURNING job.id
"""


PROGRESS = """
UPDATE outbox_job SET done = %s, total = %s, lease_until = clock_timestamp() + make_interval(secs => %s)
WHERE id = %s AND fence = %s
"""


class LostLease(Exception):
    """Another worker has taken this job over; this one stops."""


def run_one() -> int:
    """Claim and run one due job; returns 1 if there was one."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM, {"lease": settings.OUTBOX_LEASE_SECONDS})
        row = cursor.fetchone()
    if row is None:
        return 0
    job = Job.objects.get(pk=row[0])
    kind = JOB_KINDS.get(job.kind)
    if kind is None:
        _finish(job, Job.State.FAILED, f"No room knows jobs of kind {job.kind}.")
        return 1
    if job.attempts > kind.attempts:
        _fail(job, "The worker stopped several times while doing this.")
        return 1
    try:
        with _progress_of(job) as progress:
            kind.run(job.object_id, progress)
    except LostLease:
        log.warning("Job %s was taken over by another worker", job.pk)
    except OperationalError as error:
        # A deadlock, a lock that was not given in time, a line that broke: nothing is wrong with the job itself.
        log.warning("Job %s (%s) was cut off: %s", job.pk, job.kind, error)
        _try_later(job, kind, error)
    except Exception as error:
        log.exception("Job %s (%s) failed", job.pk, job.kind)
        _fail(job, error.__class__.__name__)
    else:
        _finish(job, Job.State.DONE)
    return 1


@contextmanager
def _progress_of(job: Job) -> Iterator[Callable[[int, int], None]]:
    """A function that shows how far the job is and extends its lease.

    It writes over a connection of its own: the work may be one long transaction, whose rows nobody else sees
    before its end. Inside a transaction already (a test's), that other connection would not see the job.
    """
    line = connection if connection.in_atomic_block else connection.copy()

    def progress(done: int, total: int) -> None:
        with line.cursor() as cursor:
            cursor.execute(PROGRESS, [done, total, settings.OUTBOX_LEASE_SECONDS, job.pk, job.fence])
            if not cursor.rowcount:
                raise LostLease
            cursor.execute("UPDATE outbox_progress SET at = clock_timestamp() WHERE name = 'pump'")

    try:
        yield progress
    finally:
        if line is not connection:
            line.close()


def _finish(job: Job, state: str, error: str = "") -> bool:
    return bool(
        Job.objects.filter(pk=job.pk, fence=job.fence).update(
            state=state,
            error=error[:300],
            ended_at=timezone.now(),
            lease_until=None,
            done=F("total") if state == Job.State.DONE else F("done"),
        )
    )


def _try_later(job: Job, kind: JobKind, error: OperationalError) -> None:
    if job.attempts >= kind.attempts:
        _fail(job, error.__class__.__name__)
        return
    Job.objects.filter(pk=job.pk, fence=job.fence).update(
        state=Job.State.WAITING, due_at=Now() + timedelta(seconds=RETRY_AFTER * job.attempts), lease_until=None
    )


@transaction.atomic
def _fail(job: Job, error: str) -> None:
    """In one transaction: a job that has failed without its room knowing would stand "in progress" for ever."""
    kind = JOB_KINDS[job.kind]
    if _finish(job, Job.State.FAILED, error) and kind.on_failed is not None:
        kind.on_failed(job.object_id, error)
