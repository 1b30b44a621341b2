"""What came in over the public pages: every visit, and the answers that count or need checking."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from delight.customers.models import Customer
from delight.lib.tokens import new_public_id
from staff.people.models import Team
from surveys.design.models import Question, SurveyVersion
from surveys.sending.models import Invitation


class Hit(models.Model):
    """One visit to a public page. Rows are only ever added: they are the evidence."""

    class Kind(models.TextChoices):
        OPEN = "open", _("opened the page")
        HIDDEN = "hidden", _("followed the hidden link")
        ANSWER = "answer", _("sent an answer")
        LEAVE_PAGE = "leave_page", _("opened the unsubscribe page")
        LEAVE = "leave", _("pressed unsubscribe")
        ONE_CLICK = "one_click", _("unsubscribed from the mail program")
        UNDO = "undo", _("took unsubscribing back")

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="hits", db_index=False)
    at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=12, choices=Kind)
    method = models.CharField(max_length=8)
    score = models.PositiveSmallIntegerField(null=True)
    client = models.CharField(max_length=32, help_text="keyed hash of address and browser name")
    browser_name = models.CharField(max_length=120, blank=True)
    had_nonce = models.BooleanField(null=True)

    class Meta:
        indexes = [models.Index(fields=["invitation", "at"], name="hit_by_invitation")]
        constraints = [
            models.CheckConstraint(condition=Q(score__isnull=True) | Q(score__lte=10), name="hit_score_range")
        ]


class Sign(models.TextChoices):
    """What speaks for a machine. Two of them make an answer "needs checking"."""

    HIDDEN = "hidden", _("a link was followed that people cannot see")
    SCORES = "scores", _("several scores were opened within 30 seconds")
    ALL_LINKS = "all_links", _("every link of the mail was opened")
    ANSWERS = "answers", _("several different answers were sent within an hour")
    TOO_SOON = "too_soon", _("it came within 10 seconds of the mail")
    NO_PAGE = "no_page", _("it was sent without opening the page")


class Response(models.Model):
    """One answer to a survey. At most one per invitation is active: the first by a person."""

    class Source(models.TextChoices):
        INVITED = "invited", _("invited by mail")

    class Verdict(models.TextChoices):
        CLEAN = "clean", _("a person")
        CHECK = "check", _("needs checking")
        PERSON = "person", _("a person, says a manager")
        MACHINE = "machine", _("a machine, says a manager")

    source = models.CharField(max_length=10, choices=Source, default=Source.INVITED)
    version = models.ForeignKey(SurveyVersion, on_delete=models.PROTECT, related_name="responses")
    customer = models.ForeignKey(
        Customer, null=True, on_delete=models.PROTECT, related_name="responses", db_index=False
    )
    invitation = models.ForeignKey(Invitation, null=True, on_delete=models.PROTECT, related_name="responses")
    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    language = models.CharField(max_length=10)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField()
    submitted_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    client = models.CharField(max_length=32)
    browser = models.CharField(max_length=64, blank=True, help_text="hash of the cookie set by the first write")
    signs = ArrayField(models.CharField(max_length=10, choices=Sign), default=list)
    verdict = models.CharField(max_length=8, choices=Verdict, default=Verdict.CLEAN)
    is_active = models.BooleanField(default=False, help_text="the invitation's answer; a second one is only shown")
    is_preferred = models.BooleanField(default=False, db_default=False, help_text="the one that counts, says a manager")
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    checked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-submitted_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(score__lte=10), name="response_score_range"),
            models.CheckConstraint(
                condition=Q(verdict__in=["clean", "check", "person", "machine"]), name="response_verdict"
            ),
            models.CheckConstraint(condition=Q(source__in=["invited"]), name="response_source"),
            models.UniqueConstraint(fields=["invitation"], condition=Q(is_active=True), name="response_active_once"),
            models.UniqueConstraint(
                fields=["invitation"], condition=Q(is_preferred=True), name="response_preferred_once"
            ),
            models.CheckConstraint(
                condition=Q(edited_at__isnull=True) | Q(edited_at__gte=F("submitted_at")), name="response_edited_later"
            ),
        ]
        indexes = [
            models.Index(fields=["-submitted_at", "-id"], name="response_latest"),
            models.Index(fields=["customer", "-submitted_at"], name="response_by_customer"),
        ]

    @property
    def sign_words(self) -> list[str]:
        """What spoke for a machine, in words."""
        return [str(Sign(sign).label) for sign in self.signs]

    @property
    def counts(self) -> bool:
        """Whether it goes into the numbers."""
        return self.is_active and self.verdict in (self.Verdict.CLEAN, self.Verdict.PERSON)


class Answer(models.Model):
    """What was said to one question, typed: a number or words."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answers", db_index=False)
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(null=True)
    text = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "question"], name="answer_once")]


class Unsubscription(models.Model):
    """Somebody pressed "Don't ask me again", with what spoke for a machine. The suppression itself is the
    customers room's."""

    class Verdict(models.TextChoices):
        CLEAN = "clean", _("a person")
        CHECK = "check", _("needs checking")
        PERSON = "person", _("a person, says a manager")
        MACHINE = "machine", _("a machine, says a manager")

    invitation = models.ForeignKey(Invitation, on_delete=models.PROTECT, related_name="unsubscriptions")
    at = models.DateTimeField()
    one_click = models.BooleanField(default=False)
    client = models.CharField(max_length=32)
    signs = ArrayField(models.CharField(max_length=10, choices=Sign), default=list)
    verdict = models.CharField(max_length=8, choices=Verdict, default=Verdict.CLEAN)
    undone_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=["clean", "check", "person", "machine"]), name="unsubscription_verdict"
            ),
            models.UniqueConstraint(
                fields=["invitation"], condition=Q(undone_at__isnull=True), name="unsubscription_open_once"
            ),
        ]

    @property
    def sign_words(self) -> list[str]:
        """What spoke for a machine, in words."""
        return [str(Sign(sign).label) for sign in self.signs]
