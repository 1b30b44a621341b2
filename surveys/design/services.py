"""Making surveys and changing their words; a version that was sent stays as it was."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.utils import timezone

from delight.organisation.models import AuditEntry
from surveys.design.models import Question, QuestionText, Survey, SurveyVersion, VersionText
from surveys.design.wording import languages, starting_words


@dataclass(frozen=True)
class Words:
    """Everything a person reads of one survey version in one language, placeholders not yet filled."""

    version_id: int
    language: str
    subject: str
    message: str
    thanks: str
    question: str
    low_label: str
    high_label: str
    why: str
    score_question_id: int
    why_question_id: int


@transaction.atomic
def create_survey(*, by: Any, name: str) -> Survey:
    """A relationship survey with its two questions and good words in every language."""
    survey = Survey.objects.create(name=name, created_by=by)
    version = SurveyVersion.objects.create(survey=survey)
    score = Question.objects.create(version=version, position=1, kind=Question.Kind.SCORE)
    why = Question.objects.create(version=version, position=2, kind=Question.Kind.COMMENT)
    for language in languages():
        words = starting_words(language)
        _write(version, score, why, language, words)
    AuditEntry.record(by=by, verb="create", obj=survey)
    return survey


@transaction.atomic
def change_words(*, by: Any, survey: Survey, language: str, words: dict[str, str]) -> SurveyVersion:
    """Change the words in one language. Once a version was sent, the change makes the next version."""
    version = SurveyVersion.objects.select_for_update().filter(survey=survey).order_by("-number")[0]
    if version.frozen_at:
        version = _copy(version)
    score, why = version.questions.all()
    VersionText.objects.filter(version=version, language=language).delete()
    QuestionText.objects.filter(question__version=version, language=language).delete()
    _write(version, score, why, language, words)
    AuditEntry.record(by=by, verb="change_words", obj=survey, fields=[language])
    return version


def freeze(version: SurveyVersion) -> None:
    """From the first sending on, the words of this version stay as they are."""
    SurveyVersion.objects.filter(pk=version.pk, frozen_at__isnull=True).update(frozen_at=timezone.now())


def words_of(version: SurveyVersion, language: str) -> Words:
    """The words in this language; a language without words falls back to English."""
    return sent_words(version.pk, language) if version.frozen_at else _read_words(version.pk, language)


@lru_cache(maxsize=256)
def sent_words(version_id: int, language: str) -> Words:
    """The words of a version that was sent: they never change, so each process reads them once."""
    return _read_words(version_id, language)


def _read_words(version_id: int, language: str) -> Words:
    texts = {text.language: text for text in VersionText.objects.filter(version_id=version_id)}
    language = language if language in texts else "en"
    text = texts[language]
    spoken = {
        item.question.kind: item
        for item in QuestionText.objects.filter(question__version_id=version_id, language=language).select_related(
            "question"
        )
    }
    score, why = spoken[Question.Kind.SCORE], spoken[Question.Kind.COMMENT]
    return Words(
        version_id,
        language,
        text.subject,
        text.message,
        text.thanks,
        score.text,
        score.low_label,
        score.high_label,
        why.text,
        score.question_id,
        why.question_id,
    )


def _write(version: SurveyVersion, score: Question, why: Question, language: str, words: dict[str, str]) -> None:
    VersionText.objects.create(
        version=version, language=language, subject=words["subject"], message=words["message"], thanks=words["thanks"]
    )
    QuestionText.objects.create(
        question=score,
        language=language,
        text=words["question"],
        low_label=words["low_label"],
        high_label=words["high_label"],
    )
    QuestionText.objects.create(question=why, language=language, text=words["why"])


def _copy(version: SurveyVersion) -> SurveyVersion:
    copy = SurveyVersion.objects.create(survey=version.survey, number=version.number + 1)
    score, why = (
        Question.objects.create(version=copy, position=question.position, kind=question.kind)
        for question in version.questions.all()
    )
    for language in version.texts.values_list("language", flat=True):
        words = _read_words(version.pk, language)
        _write(copy, score, why, language, vars(words))
    return copy
