"""Taking answers: log the visit, judge it, let the first person's answer stand."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from delight.organisation.models import AuditEntry
from delight.outbox.services import plan_job
from staff.people.models import User
from surveys.answering import hooks
from surveys.answering.door import Door
from surveys.answering.judge import needs_checking, signs, visits_to
from surveys.answering.models import Answer, Hit, Response
from surveys.design.services import Words
from surveys.sending.models import Invitation

COUNTING = (Response.Verdict.CLEAN, Response.Verdict.PERSON)
MOST_ANSWERS = 10  # to one invitation; a flood of further ones is only logged
SECOND_LOOK = timedelta(seconds=60)
SENT_TWICE = timedelta(seconds=60)
LONGEST_COMMENT = 4000


HIT = """
INSERT INTO answering_hit (invitation_id, at, kind, method, score, client, browser_name, had_nonce)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING id
"""
ANSWERS = """
INSERT INTO answering_answer (response_id, question_id, number, text) VALUES (%s, %s, %s, ''), (%s, %s, NULL, %s)
"""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Visitor:
    """What is known of whoever is at the door."""

    client: str
    browser_name: str
    browser: str = ""
    edit: uuid.UUID | None = None
    had_nonce: bool = False


def log_hit(invitation_id: int, kind: str, visitor: Visitor, *, method: str, score: int | None = None) -> Hit:
    """Write one line of the visit log, in plain SQL: everybody who answers passes here twice."""
    hit = Hit(
        invitation_id=invitation_id, at=timezone.now(), kind=kind, method=method[:8], score=score,
        client=visitor.client, browser_name=visitor.browser_name.replace("\0", "")[:120],
        had_nonce=visitor.had_nonce if method == "POST" else None,
    )  # fmt: skip
    values = [
        hit.invitation_id, hit.at, hit.kind, hit.method, hit.score, hit.client, hit.browser_name, hit.had_nonce,
    ]  # fmt: skip
    hit.pk = _execute(HIT, values)[0]
    return hit


def _execute(sql: str, values: list[Any]) -> Any:
    """The first row that comes back, if any."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone() if cursor.description else None


@transaction.atomic(savepoint=False)
def record_response(*, door: Door, visitor: Visitor, words: Words, score: int, comment: str) -> Response | None:
    """Take an answer. The same browser changes its own; another one's is kept beside it and replaces nothing.

    The door must be locked. Returns the visitor's response, or None when there are too many answers to this
    invitation already.
    """
    hit = log_hit(door.invitation_id, Hit.Kind.ANSWER, visitor, method="POST", score=score)
    responses = _earlier(door.invitation_id)
    own = next((each for each in responses if _is_own(each, visitor)), None)
    if own is not None:
        _change(own, hit.at, score, comment)
        _look_later(own, f"{own.pk}:{hit.pk}", hit.at)
    elif (own := _sent_twice(responses, visitor, hit.at, score, comment)) is not None:
        own.browser = visitor.browser  # the cookie of the first time may never have come home
        own.save(update_fields=["browser"])
        return own
    else:
        own = _new_response(door, visitor, words, hit, score)
        if _is_flood(own, responses):
            return None
        own.is_active = not responses
        _write_answers(own, words, score, comment)
        responses.append(own)
        _look_later(own, str(own.pk), hit.at)
    settle(door.invitation_id, responses, changed=own)
    return own


def _earlier(invitation_id: int) -> list[Response]:
    """Most people answer once: only where there is something to read, the ORM reads it."""
    if not _execute("SELECT 1 FROM answering_response WHERE invitation_id = %s LIMIT 1", [invitation_id]):
        return []
    return list(Response.objects.filter(invitation_id=invitation_id).order_by("submitted_at", "id"))


def _look_later(response: Response, name: str, at: datetime) -> None:
    plan_job(kind="second-look", object_id=response.pk, key=f"second-look:{name}", due_at=at + SECOND_LOOK)


def _is_flood(fresh: Response, responses: list[Response]) -> bool:
    """Too many answers already; but a machine's never keep out somebody new of whom nothing speaks for a machine."""
    if len(responses) < MOST_ANSWERS:
        return False
    known = any(each.client == fresh.client for each in responses)
    return known or bool(fresh.signs) or len(responses) >= 20 * MOST_ANSWERS


def _is_own(response: Response, visitor: Visitor) -> bool:
    if visitor.edit is not None:
        return response.public_id == visitor.edit
    return bool(visitor.browser) and response.browser == visitor.browser


def _sent_twice(responses: list[Response], visitor: Visitor, at: datetime, score: int, comment: str) -> Response | None:
    """The answer that this is word for word: Send pressed twice, or sent once more when a machine of ours ended."""
    for each in responses:
        same = (each.client, each.score) == (visitor.client, score) and at - each.submitted_at < SENT_TWICE
        if same and visitor.had_nonce and each.answers.filter(question__kind="comment", text=comment).exists():
            return each
    return None


def _new_response(door: Door, visitor: Visitor, words: Words, hit: Hit, score: int) -> Response:
    found = signs(
        at=hit.at, client=visitor.client, had_nonce=visitor.had_nonce, sent_at=door.sent_at,
        visits=visits_to(door.invitation_id),
    )  # fmt: skip
    return Response(
        version_id=words.version_id, customer=door.customer, invitation_id=door.invitation_id,
        language=words.language, owner_id=door.owner_id, team_id=door.team_id, score=score,
        submitted_at=hit.at, client=visitor.client, browser=visitor.browser, signs=found,
        verdict=Response.Verdict.CHECK if needs_checking(found) else Response.Verdict.CLEAN,
    )  # fmt: skip


def _write_answers(response: Response, words: Words, score: int, comment: str) -> None:
    response.save()
    _execute(ANSWERS, [response.pk, words.score_question_id, score, response.pk, words.why_question_id, comment])


def _change(response: Response, at: datetime, score: int, comment: str) -> None:
    response.score, response.edited_at = score, at
    response.save(update_fields=["score", "edited_at"])
    Answer.objects.filter(response=response, question__kind="score").update(number=score)
    Answer.objects.filter(response=response, question__kind="comment").update(text=comment)


def settle(invitation_id: int, responses: list[Response], *, changed: Response | None = None) -> None:
    """Choose which response stands: the one a manager prefers, else the earliest, by a person; else the earliest that
    needs checking.

    Tells the listeners about each response that begins or stops to count, and about a changed one that counts.
    """
    ordered = sorted(responses, key=lambda each: (each.submitted_at, each.pk))
    people = [each for each in ordered if each.verdict in COUNTING]
    people.sort(key=lambda each: not each.is_preferred)
    doubtful = [each for each in ordered if each.verdict == Response.Verdict.CHECK]
    chosen = next(iter(people or doubtful), None)
    fallen = [each for each in ordered if each.is_active and each is not chosen]
    for each in fallen:
        each.is_active = False
        each.save(update_fields=["is_active"])
    risen = chosen is not None and not chosen.is_active
    if chosen is not None and risen:
        chosen.is_active = True
        chosen.save(update_fields=["is_active"])
    counting = chosen if chosen is not None and chosen.counts else None
    answered_at = counting.submitted_at if counting else None
    _execute("UPDATE sending_invitation SET answered_at = %s WHERE id = %s", [answered_at, invitation_id])
    for each in fallen:
        hooks.tell(each)
    if chosen is not None and (risen or chosen is changed):
        hooks.tell(chosen)


@transaction.atomic
def look_again(response_id: int, progress: Progress | None = None) -> None:
    """The job a minute after an answer or its change: what its sender did next may show a machine.

    It is done for all that this sender sent. An answer that a manager has judged is left alone.
    """
    response = Response.objects.select_related("invitation").get(pk=response_id)
    if response.invitation_id is None:
        return
    invitation = lock(response.invitation_id)
    responses = list(Response.objects.filter(invitation=invitation))
    for each in responses:
        if each.client == response.client and each.verdict == Response.Verdict.CLEAN:
            _judge_again(invitation, each, responses)


def _judge_again(invitation: Invitation, response: Response, responses: list[Response]) -> None:
    first = Hit.objects.filter(invitation=invitation, kind=Hit.Kind.ANSWER, at=response.submitted_at).first()
    found = signs(
        at=response.submitted_at, client=response.client, had_nonce=bool(first is None or first.had_nonce),
        sent_at=invitation.sent_at, visits=visits_to(invitation.pk),
    )  # fmt: skip
    if found == response.signs or not needs_checking(found):
        return
    response.signs, response.verdict = found, Response.Verdict.CHECK
    response.save(update_fields=["signs", "verdict"])
    settle(invitation.pk, responses, changed=response)


@transaction.atomic
def check_response(*, by: User, response: Response, is_person: bool) -> Response:
    """A manager says who it was; the evidence stays."""
    invitation = lock(response.invitation_id) if response.invitation_id else None
    response.verdict = Response.Verdict.PERSON if is_person else Response.Verdict.MACHINE
    response.checked_by, response.checked_at = by, timezone.now()
    response.save(update_fields=["verdict", "checked_by", "checked_at"])
    if invitation is not None:
        responses = [
            response if each.pk == response.pk else each for each in Response.objects.filter(invitation=invitation)
        ]
        settle(invitation.pk, responses, changed=response)
    AuditEntry.record(by=by, verb="check", obj=response, fields=["verdict"])
    return response


def lock(invitation_id: int) -> Invitation:
    """The invitation's row, locked until the transaction ends: one writer per invitation."""
    return Invitation.objects.select_for_update(of=("self",), no_key=True).get(pk=invitation_id)
