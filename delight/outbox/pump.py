"""Doing what is due: claim, check at the last moment, hand over, note the end.

The steps are those of a due-queue in PostgreSQL: rows are claimed with SKIP LOCKED under a lease by the
database's clock, each later step names its fence, and "handing" is committed right before the mail goes to the
server. So a killed worker loses nothing and leaves at most one row of which nobody knows whether it arrived;
that one is tried once more under the same Message-ID.
"""

import logging
import math
import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models.functions import Now
from django.utils import timezone, translation

from delight.organisation.models import Organisation
from delight.organisation.services import why_sending_is_off
from delight.outbox import jobs
from delight.outbox.bell import ring
from delight.outbox.channel import NotSent, Refused, SmtpChannel, Unknown
from delight.outbox.mail import Email, is_invented, to_email
from delight.outbox.models import Message, Progress, State
from delight.outbox.registry import MAIL_KINDS, Mail, MailKind, Skip

log = logging.getLogger(__name__)

BATCH = 50
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def run_due(longest: float = math.inf) -> int:
    """Send all mail and run all jobs that are due; returns how many rows ended or were tried.

    After `longest` seconds it leaves the rest to the next ring.
    """
    handled, began = 0, time.monotonic()
    while True:
        mails = 0 if why_sending_is_off() else send_batch()
        ran = _run_jobs_for_a_moment()
        note_progress()
        handled += mails + ran
        if not mails and not ran:
            return handled
        if time.monotonic() - began > longest:
            ring()
            return handled


def _run_jobs_for_a_moment() -> int:
    """One job, and further short ones within a second: many small sendings then share one mail connection."""
    began, ran = time.monotonic(), 0
    while jobs.run_one():
        ran += 1
        if time.monotonic() - began > 1:
            break
    return ran


def note_progress(name: str = "pump") -> None:
    """Write down that work goes forward, by the clock with which /healthz/worker compares it."""
    Progress.objects.update_or_create(name=name, defaults={"at": Now()})


# --- Claiming ---------------------------------------------------------------------------------------------------

# MATERIALIZED: a sub-select may be planned as the inner side of a loop and run once for each row, and then takes
# more rows than its LIMIT (seen: 60 instead of 50, with the statistics of an empty table).
CLAIM = """
WITH due AS MATERIALIZED (
    SELECT id FROM outbox_message
    WHERE ended_at IS NULL AND due_at <= clock_timestamp()
      AND (lease_until IS NULL OR lease_until < clock_timestamp())
    ORDER BY due_at, id LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
)
UPDATE outbox_message AS m
SET state = 'claimed', fence = m.fence + 1,
    lease_until = clock_timestamp() + make_interval(secs => %(lease)s),
    maybe_twice = m.maybe_twice OR m.state = 'handing'
FROM due
WHERE m.id = due.id
RETURNING m.*
"""


def claim(limit: int = BATCH) -> list[Message]:
    """Take due rows for this process, oldest first."""
    _give_up_on_twice_unknown()
    rows = Message.objects.raw(CLAIM, {"lease": settings.OUTBOX_LEASE_SECONDS, "limit": limit})
    batch = sorted(rows, key=lambda message: (message.due_at, message.pk))
    for name in {message.kind for message in batch}:
        _load(MAIL_KINDS.get(name), [message for message in batch if message.kind == name])
    return batch


def _load(kind: MailKind | None, messages: list[Message]) -> None:
    if kind is None or kind.load is None:
        return
    found = kind.load(messages)
    for message in messages:
        message.loaded = found.get(message.object_id)


def _give_up_on_twice_unknown() -> None:
    """Rows of killed workers that were handed over twice; nobody knows more."""
    unknown = Message.objects.filter(state=State.HANDING, maybe_twice=True, lease_until__lt=Now())
    for message in unknown.order_by("pk"):
        _fail(message, "unknown_twice")


# --- One batch --------------------------------------------------------------------------------------------------


def send_batch() -> int:
    """Claim a batch and send it over one connection; returns how many rows were claimed."""
    batch = claim()
    if not batch:
        return 0
    channel = SmtpChannel()
    try:
        _send_all(batch, channel, Organisation.objects.first())
    finally:
        channel.close()
    return len(batch)


def _send_all(batch: list[Message], channel: SmtpChannel, company: Organisation | None) -> None:
    sent: tuple[Message, Any] | None = None
    for number, message in enumerate(batch):
        try:
            channel.open()
        except NotSent as error:
            log.warning("The mail server could not be reached: %s", error)
            _note_sent(sent)
            for waiting in batch[number:]:
                _try_later(waiting)
            return
        ready = _prepare(message, sent, company)
        sent = None
        if ready is None:
            continue
        email, subject = ready
        if _hand_over(message, email, channel):
            sent = (message, subject)
    _note_sent(sent)


def _prepare(
    message: Message, sent: tuple[Message, Any] | None, company: Organisation | None
) -> tuple[Email, Any] | None:
    """In one transaction: decide about this mail, note the last one as sent and this one as "handing"."""
    try:
        with transaction.atomic():
            ready = _decide(message, company)
            is_ours = _move_on(sent, message if ready else None)
            return ready if is_ours else None
    except (OperationalError, InterfaceError) as error:
        # A lock that was not given in time, a deadlock, a line that broke: nothing is wrong with the mail itself.
        log.warning("Message %s (%s) was cut off: %s", message.pk, message.kind, error)
        _note_sent(sent)
        _try_later(message)
        return None
    except Exception:
        if sent is None:
            log.exception("Message %s (%s) could not be made", message.pk, message.kind)
            _fail(message, "build_failed")
            return None
    # One of the two went wrong: each for itself, so that neither suffers from the other.
    _note_sent(sent)
    return _prepare(message, None, company)


def _decide(message: Message, company: Organisation | None) -> tuple[Email, Any] | None:
    kind = MAIL_KINDS.get(message.kind)
    subject = _wanted(kind, message, company)
    if isinstance(subject, Skip):
        _skip(message, subject.reason)
        return None
    if kind is None:
        return None
    with translation.override(None):
        mail = kind.build(subject, message)
    reason = _why_not_to(kind, mail, company)
    if reason:
        _skip(message, reason)
        return None
    try:
        return to_email(mail, message), subject
    except ValueError:
        _fail(message, "bad_address")
        return None


def _wanted(kind: MailKind | None, message: Message, company: Organisation | None) -> Any:
    if kind is None:
        return Skip("unknown_kind")
    if company and kind.room in company.hidden_rooms:
        return Skip("room_hidden")
    if timezone.now() > message.promised_at + kind.grace:
        return Skip("server_down" if message.attempts else "too_late")
    return kind.still_wanted(message)


def _why_not_to(kind: MailKind, mail: Mail, company: Organisation | None) -> str:
    if not mail.to:
        return "no_address"
    if settings.LOCAL:
        return ""
    if is_invented(mail.to):
        return "demo_address"
    if not kind.to_customers:
        return ""
    if settings.BASE_HOST in LOOPBACK:
        return "unreachable_site"
    return "" if company and company.set_up_at else "not_set_up"


def _hand_over(message: Message, email: Email, channel: SmtpChannel) -> bool:
    """True when the server has it; otherwise the row is already put where it belongs."""
    try:
        channel.send(email)
    except Refused as refusal:
        _fail(message, refusal.reason)
    except NotSent:
        _try_later(message)
    except Unknown:
        _try_once_more(message)
    else:
        return True
    return False


# --- Ends and moves; each names its fence -----------------------------------------------------------------------


HAND = """
UPDATE outbox_message
SET state = 'handing', attempts = attempts + 1, lease_until = clock_timestamp() + make_interval(secs => %s)
WHERE id = %s AND fence = %s
"""
END = """
UPDATE outbox_message SET state = %s, reason = %s, ended_at = clock_timestamp(), lease_until = NULL
WHERE id = %s AND fence = %s
"""
MOVE_ON = """
WITH ended AS ({END} RETURNING id), handed AS ({HAND} RETURNING id)
SELECT EXISTS (SELECT FROM ended), EXISTS (SELECT FROM handed)
"""
WAIT = """
UPDATE outbox_message
SET state = 'waiting', due_at = clock_timestamp() + %s, lease_until = NULL, attempts = %s,
    maybe_twice = maybe_twice OR %s
WHERE id = %s AND fence = %s
"""


def _changed(sql: str, *values: Any) -> bool:
    """Plain SQL: the ORM would take longer to write these than the database to run them."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount == 1


def _move_on(sent: tuple[Message, Any] | None, message: Message | None) -> bool:
    """Mark the last mail sent and this one as being handed over, in one trip; False if this one is no longer ours."""
    if sent is None and message is None:
        return False
    values = [State.SENT.value, "", *_claim_of(sent and sent[0]), settings.OUTBOX_LEASE_SECONDS, *_claim_of(message)]
    with connection.cursor() as cursor:
        cursor.execute(MOVE_ON.format(END=END, HAND=HAND), values)
        has_ended, is_ours = cursor.fetchone()
    if sent and has_ended:
        _after_sent(*sent)
    return is_ours


def _claim_of(message: Message | None) -> tuple[int | None, int | None]:
    return (message.pk, message.fence) if message else (None, None)  # NULL is no row's number


def _after_sent(message: Message, subject: Any) -> None:
    kind = MAIL_KINDS[message.kind]
    if kind.after_sent is not None:
        kind.after_sent(subject, message)


def _end(message: Message, state: State, reason: str = "") -> bool:
    return _changed(END, state.value, reason, message.pk, message.fence)


def _skip(message: Message, reason: str) -> None:
    _end_unsent(message, State.SKIPPED, reason)


def _fail(message: Message, reason: str) -> None:
    _end_unsent(message, State.FAILED, reason)


@transaction.atomic
def _end_unsent(message: Message, state: State, reason: str) -> None:
    """End the row, and tell its room that nothing went out and why."""
    kind = MAIL_KINDS.get(message.kind)
    if _end(message, state, reason) and kind is not None and kind.after_unsent is not None:
        message.reason = reason
        kind.after_unsent(message)


def _note_sent(sent: tuple[Message, Any] | None) -> None:
    """Mark a mail as sent on its own; a failing `after_sent` must not make it go out again."""
    if sent is None:
        return
    try:
        with transaction.atomic():
            _move_on(sent, None)
    except Exception:
        log.exception("What follows message %s failed", sent[0].pk)
        _end(sent[0], State.SENT)


def backoff(attempts: int) -> timedelta:
    """15 s, 30 s, one minute … at most an hour."""
    return timedelta(seconds=min(3600, 15 * 2 ** min(attempts, 10)))


def _try_later(message: Message) -> None:
    """Each claim of this row is one try, whether it came as far as the hand-over or not."""
    _changed(WAIT, backoff(message.attempts), message.attempts + 1, False, message.pk, message.fence)


def _try_once_more(message: Message) -> None:
    if message.maybe_twice:
        _fail(message, "unknown_twice")
    else:
        _changed(WAIT, backoff(message.attempts), message.attempts + 1, True, message.pk, message.fence)
