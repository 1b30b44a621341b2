"""Surveys and their versions: what is asked, in which words, frozen once it was sent."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Survey(models.Model):
    class Kind(models.TextChoices):
        RELATIONSHIP = "relationship", _("about the whole relationship")

    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=120)
    kind = models.CharField(max_length=15, choices=Kind, default=Kind.RELATIONSHIP)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=["relationship"]), name="survey_kind")]

    def __str__(self) -> str:
        return self.name

    @property
    def current(self) -> "SurveyVersion":
        """The version that the next sending uses."""
        return self.versions.order_by("-number")[0]


class SurveyVersion(models.Model):
    """The words of a survey at one time. Once sent it never changes: answers belong to what was asked."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    frozen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "number"], name="survey_version_once")]


class Question(models.Model):
    class Kind(models.TextChoices):
        SCORE = "score", _("a score from 0 to 10")
        COMMENT = "comment", _("own words")

    version = models.ForeignKey(SurveyVersion, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="question_position_once"),
            models.CheckConstraint(condition=Q(kind__in=["score", "comment"]), name="question_kind"),
        ]


class QuestionText(models.Model):
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    text = models.CharField(_("question"), max_length=300)
    low_label = models.CharField(_("words at 0"), max_length=60, blank=True)
    high_label = models.CharField(_("words at 10"), max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "language"], name="question_text_once")]


class VersionText(models.Model):
    """The mail and the thanks around the questions, in one language. {company}, {name} and {sender} are filled in."""

    version = models.ForeignKey(SurveyVersion, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=150)
    message = models.TextField(_("message"), max_length=2000)
    thanks = models.TextField(_("thank-you"), max_length=1000)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "language"], name="version_text_once")]
