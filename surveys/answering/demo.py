"""What the demo company's customers said: most were happy, some were not, and one was a machine."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta

from staff.people.demo import LOGINS
from staff.people.models import User
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
    """Answers to the past sendings, dated within four days of their mail."""
    asked = Invitation.objects.filter(sent_at__isnull=False).select_related("sending__version").order_by("pk")
    answered = [(each, _when(rng, each, now)) for each in asked if rng.random() < ANSWERED]
    responses = [_response(rng, invitation, at) for invitation, at in answered if at]
    voices = Voices(rng)
    _disappoint_somebody(responses[:-1], asked, now)
    _let_a_machine_in(responses[-1])
    Response.objects.bulk_create(responses)
    Answer.objects.bulk_create(answer for response in responses for answer in _answers(rng, voices, response))
    _note_answered(responses)
    _show_the_evidence(responses[-1])


def _when(rng: random.Random, invitation: Invitation, now: datetime) -> datetime | None:
    """Within four days of the mail, most soon, and while people are awake; None where that is still to come."""
    sent_at = invitation.sent_at or now
    at = sent_at + timedelta(minutes=rng.choice((3, 9, 25, 70, 200, 400, 1500, 1900, 3000, 4500, 5300)))
    if not 6 <= at.hour < 20:
        at += timedelta(hours=11)
    return at if at < now - timedelta(minutes=20) else None


def _response(rng: random.Random, invitation: Invitation, at: datetime) -> Response:
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


class Voices:
    """Hands out comments like cards: none twice before all were heard."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.decks: dict[tuple[str, int], list[str]] = {}

    def say(self, language: str, score: int) -> str:
        level = 3 if score >= 9 else 2 if score >= 7 else 1 if score >= 4 else 0
        language = language if language in VOICES else "en"
        if not self.decks.get((language, level)):
            cards = list(VOICES[language][level])
            self.rng.shuffle(cards)
            self.decks[language, level] = cards
        return self.decks[language, level].pop()


def _answers(rng: random.Random, voices: Voices, response: Response) -> Iterable[Answer]:
    words = words_of(response.version, response.language)
    speaks = response.score <= 3 or rng.random() < WITH_WORDS
    text = voices.say(response.language, response.score) if response.counts and speaks else ""
    yield Answer(response=response, question_id=words.score_question_id, number=response.score)
    yield Answer(response=response, question_id=words.why_question_id, text=text)


def _disappoint_somebody(responses: list[Response], asked: Iterable[Invitation], now: datetime) -> None:
    """A customer of the stylist with the demo login was not happy yesterday, so that there is somebody to call."""
    stylist = User.objects.filter(email=dict(LOGINS)["stylist"]).first()
    latest = max(invitation.sending_id for invitation in asked)
    for response in responses:
        invitation = response.invitation
        if stylist and invitation and invitation.sending_id == latest and response.owner_id == stylist.pk:
            response.score, response.submitted_at = 3, now - timedelta(hours=20)
            return


def _let_a_machine_in(response: Response) -> None:
    response.score = 0
    if response.invitation and response.invitation.sent_at:
        response.submitted_at = response.invitation.sent_at + timedelta(seconds=6)
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
