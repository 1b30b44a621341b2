"""Is this a person? The one place that judges, softly: two signs make "needs checking", nothing is deleted.

Mail scanners open links, run scripts and post forms. A machine that acts exactly like a person and comes first
cannot be told apart; the visit log keeps the evidence, and a later answer by a person wins.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection

from surveys.answering.models import Hit, Sign

CLOSE = timedelta(seconds=30)
SAME_VISITOR = timedelta(hours=1)
TOO_SOON = timedelta(seconds=10)
SCORES_OF_A_MACHINE = 3
ALL_SCORES = 11
SIGNS_TO_CHECK = 2
VISITS = "SELECT at, kind, score, client, browser_name FROM answering_hit WHERE invitation_id = %s ORDER BY at"


class Visit(NamedTuple):
    """A line of the visit log, as far as it says who came."""

    at: datetime
    kind: str
    score: int | None
    client: str
    browser_name: str


def visits_to(invitation_id: int) -> list[Visit]:
    """The whole visit log of one invitation."""
    with connection.cursor() as cursor:
        cursor.execute(VISITS, [invitation_id])
        return [Visit(*row) for row in cursor.fetchall()]


def signs(*, at: datetime, client: str, had_nonce: bool, sent_at: datetime | None, visits: list[Visit]) -> list[str]:
    """What speaks for a machine behind a write at `at`, in the order of Sign.

    Looked at are the visits of the same client within an hour either way, and those within 30 seconds of anybody
    before, and of the same browser name after: a scanner changes its address between two links, and a person's
    answer must not suffer from a scanner that comes after it.
    """
    name = next((visit.browser_name for visit in visits if visit.client == client), None)
    near = [
        each
        for each in visits
        if _belongs(each, at, client) or (each.browser_name == name and abs(each.at - at) <= CLOSE)
    ]
    found = []
    if any(visit.kind == Hit.Kind.HIDDEN for visit in near):
        found.append(Sign.HIDDEN)
    if _many_scores_at_once(near):
        found.append(Sign.SCORES)
    if len({visit.score for visit in near if visit.score is not None}) == ALL_SCORES:
        found.append(Sign.ALL_LINKS)
    sent = {visit.score for visit in near if visit.kind == Hit.Kind.ANSWER and visit.client == client}
    if len(sent) >= SCORES_OF_A_MACHINE:
        found.append(Sign.ANSWERS)
    if sent_at is not None and at - sent_at < TOO_SOON:
        found.append(Sign.TOO_SOON)
    if not had_nonce:
        found.append(Sign.NO_PAGE)
    return [sign.value for sign in found]


def needs_checking(found: list[str]) -> bool:
    return len(found) >= SIGNS_TO_CHECK


def _belongs(visit: Visit, at: datetime, client: str) -> bool:
    if visit.client == client:
        return abs(visit.at - at) <= SAME_VISITOR
    return timedelta(0) <= at - visit.at <= CLOSE


def _many_scores_at_once(visits: list[Visit]) -> bool:
    scored = sorted((visit.at, visit.score) for visit in visits if visit.score is not None)
    for start, (first, _score) in enumerate(scored):
        within = {score for at, score in scored[start:] if at - first <= CLOSE}
        if len(within) >= SCORES_OF_A_MACHINE:
            return True
    return False
