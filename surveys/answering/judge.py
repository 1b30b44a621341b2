"""Is this a person? The one place that judges, softly: two signs make "needs checking", nothing is deleted.

Mail scanners open links, run scripts and post forms. A machine that acts exactly like a person and comes first
cannot be told apart; the visit log keeps the evidence, and a later answer by a person wins.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from surveys.answering.models import Hit, Sign

CLOSE = timedelta(seconds=30)
SAME_VISITOR = timedelta(hours=1)
TOO_SOON = timedelta(seconds=10)
SCORES_OF_A_MACHINE = 3
ALL_SCORES = 11
SIGNS_TO_CHECK = 2


def signs(*, at: datetime, client: str, had_nonce: bool, sent_at: datetime | None, hits: Iterable[Hit]) -> list[str]:
    """What speaks for a machine behind a write at `at`, in the order of Sign.

    Looked at are the visits of the same client within an hour either way, and those within 30 seconds of anybody
    before, and of the same browser name after: a scanner changes its address between two links, and a person's
    answer must not suffer from a scanner that comes after it.
    """
    hits = list(hits)
    name = next((hit.browser_name for hit in hits if hit.client == client), None)
    near = [
        hit for hit in hits if _belongs(hit, at, client) or (hit.browser_name == name and abs(hit.at - at) <= CLOSE)
    ]
    found = []
    if any(hit.kind == Hit.Kind.HIDDEN for hit in near):
        found.append(Sign.HIDDEN)
    if _many_scores_at_once(near):
        found.append(Sign.SCORES)
    if len({hit.score for hit in near if hit.score is not None}) == ALL_SCORES:
        found.append(Sign.ALL_LINKS)
    sent = {hit.score for hit in near if hit.kind == Hit.Kind.ANSWER and hit.client == client}
    if len(sent) >= SCORES_OF_A_MACHINE:
        found.append(Sign.ANSWERS)
    if sent_at is not None and at - sent_at < TOO_SOON:
        found.append(Sign.TOO_SOON)
    if not had_nonce:
        found.append(Sign.NO_PAGE)
    return [sign.value for sign in found]


def needs_checking(found: list[str]) -> bool:
    return len(found) >= SIGNS_TO_CHECK


def _belongs(hit: Hit, at: datetime, client: str) -> bool:
    if hit.client == client:
        return abs(hit.at - at) <= SAME_VISITOR
    return timedelta(0) <= at - hit.at <= CLOSE


def _many_scores_at_once(hits: list[Hit]) -> bool:
    scored = sorted((hit.at, hit.score) for hit in hits if hit.score is not None)
    for start, (first, _score) in enumerate(scored):
        within = {score for at, score in scored[start:] if at - first <= CLOSE}
        if len(within) >= SCORES_OF_A_MACHINE:
            return True
    return False
