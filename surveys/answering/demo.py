"""What the demo company's customers said: most were happy, some were not, and one was a machine."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta

from surveys.answering.judge import ALL_SCORES
from surveys.answering.models import Answer, Hit, Response, Sign
from surveys.answering.voices import VOICES
from surveys.design.services import words_of
from surveys.sending.models import Invitation

ANSWERED = 0.4
WITH_WORDS = 0.62
SCORES = (10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
WEIGHTS = (30, 24, 17, 10, 6, 4, 2, 3, 1, 1, 1)


def make(*, rng: random.Random, now: datetime) -> None:
    """Answers to the past sendings, dated within two days of their mail."""
    asked = Invitation.objects.filter(sent_at__isnull=False).select_related("sending__version").order_by("pk")
    answered = [invitation for invitation in asked if rng.random() < ANSWERED]
    responses = [_response(rng, invitation, now) for invitation in answered]
    _let_a_machine_in(responses[-1])
    Response.objects.bulk_create(responses)
    Answer.objects.bulk_create(answer for response in responses for answer in _answers(rng, response))
    _note_answered(responses)
    _show_the_evidence(responses[-1])


def _response(rng: random.Random, invitation: Invitation, now: datetime) -> Response:
    sent_at = invitation.sent_at or now
    at = min(sent_at + timedelta(minutes=rng.choice((3, 9, 25, 70, 200, 700, 1500, 2600))), now - timedelta(minutes=9))
    return Response(
        version=invitation.sending.version,
        customer_id=invitation.customer_id,
        invitation=invitation,
        language=invitation.language,
        owner_id=invitation.owner_id,
        team_id=invitation.team_id,
        score=rng.choices(SCORES, WEIGHTS)[0],
        submitted_at=at,
        client="demo",
        is_active=True,
    )


def _answers(rng: random.Random, response: Response) -> Iterable[Answer]:
    words = words_of(response.version, response.language)
    voices = VOICES.get(response.language, VOICES["en"])
    text = rng.choice(voices[response.score // 3 if response.score < 9 else 3]) if rng.random() < WITH_WORDS else ""
    yield Answer(response=response, question_id=words.score_question_id, number=response.score)
    yield Answer(response=response, question_id=words.why_question_id, text=text)


def _let_a_machine_in(response: Response) -> None:
    response.score = 0
    response.signs = [Sign.SCORES, Sign.ALL_LINKS, Sign.TOO_SOON]
    response.verdict = Response.Verdict.CHECK


def _note_answered(responses: list[Response]) -> None:
    invitations = []
    for response in responses:
        if response.counts and response.invitation:
            response.invitation.answered_at = response.submitted_at
            invitations.append(response.invitation)
    Invitation.objects.bulk_update(invitations, ["answered_at"], batch_size=500)


def _show_the_evidence(response: Response) -> None:
    """The visits of a mail scanner: every score in two seconds."""
    for score in range(ALL_SCORES):
        hit = Hit.objects.create(
            invitation_id=response.invitation_id, kind=Hit.Kind.OPEN, method="GET", score=score, client="demo",
            browser_name="Mozilla/5.0 (compatible; MailGate)",
        )  # fmt: skip
        at = response.submitted_at - timedelta(milliseconds=180 * (ALL_SCORES - score))
        Hit.objects.filter(pk=hit.pk).update(at=at)
