"""Conversations after an answer: who talks to whom until when, and what came of it."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from delight.customers.models import Customer
from delight.lib.statistics import band
from staff.people.models import Team
from surveys.answering.models import Response


class FollowUpQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)

    def overdue(self) -> Self:
        return self.open().filter(due_at__lt=timezone.now())

    def closed(self) -> Self:
        return self.filter(closed_at__isnull=False)

    def with_words(self) -> Self:
        """With all that a line of a list shows, in a constant number of queries."""
        return self.select_related("customer__account", "owner", "response", "outcome__by").prefetch_related(
            "response__answers"
        )


class FollowUp(models.Model):
    """One conversation that somebody owes a customer. One open per customer."""

    class Reason(models.TextChoices):
        ANSWER = "answer", _("an answer")

    class Asked(models.TextChoices):
        UNHAPPY = "unhappy", _("Put it right")
        HAPPY = "happy", _("Say thank you, and ask on")

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="follow_ups")
    response = models.ForeignKey(Response, null=True, on_delete=models.PROTECT, related_name="follow_ups")
    reason = models.CharField(max_length=10, choices=Reason, default=Reason.ANSWER)
    asked = models.CharField(max_length=10, choices=Asked)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="follow_ups",
        verbose_name=_("owner"),
    )
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    # What made `due_at`, so that it can be counted once more when a holiday comes or goes.
    counted_from = models.DateTimeField(default=timezone.now)
    counted_days = models.PositiveSmallIntegerField(default=1, help_text="working days")
    closed_at = models.DateTimeField(null=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(closed_at__isnull=True), name="follow_up_open_once"
            ),
            models.CheckConstraint(condition=Q(reason__in=["answer"]), name="follow_up_reason"),
            models.CheckConstraint(condition=Q(asked__in=["unhappy", "happy"]), name="follow_up_asked"),
        ]
        indexes = [models.Index(fields=["due_at", "id"], condition=Q(closed_at__isnull=True), name="follow_up_due")]

    @classmethod
    def follow_merge(cls, *, by: Any, keep: Customer, away: Customer) -> None:
        """Two customers are one: one open conversation is left."""
        from surveys.followups.services import join_follow_ups

        join_follow_ups(by=by, keep=keep, away=away)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_overdue(self) -> bool:
        return self.closed_at is None and self.due_at < timezone.now()

    @property
    def due_state(self) -> str:
        """ "late", "today" or "later", in the reader's time zone: what the due pill shows."""
        if self.is_overdue:
            return "late"
        return "today" if timezone.localdate(self.due_at) <= timezone.localdate() else "later"

    @property
    def days_late(self) -> int:
        return max(0, (timezone.localdate() - timezone.localdate(self.due_at)).days)

    @property
    def score(self) -> int | None:
        return self.response.score if self.response else None

    @property
    def band(self) -> str:
        return band(self.response.score) if self.response else ""

    @property
    def said(self) -> str:
        """The customer's own words; empty when there are none."""
        if self.response is None:
            return ""
        return "\n".join(answer.text for answer in self.response.answers.all() if answer.text)


class Outcome(models.Model):
    """What came of a conversation, in the words of the person who had it."""

    class Result(models.TextChoices):
        SOLVED = "solved", _("We talked, and it is put right")
        TALKED = "talked", _("We talked")
        NOT_REACHED = "not_reached", _("Could not be reached")
        NOT_WANTED = "not_wanted", _("Does not want to talk")
        WITHDRAWN = "withdrawn", _("Withdrawn: the answer no longer counts")  # by the machine, never in a form

    follow_up = models.OneToOneField(FollowUp, on_delete=models.CASCADE, related_name="outcome")
    result = models.CharField(_("how it ended"), max_length=12, choices=Result)
    happened = models.TextField(_("What happened?"), max_length=4000)
    what_else = models.TextField(_("What else?"), max_length=2000, blank=True)
    who_else = models.TextField(_("Who else?"), max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(result__in=["solved", "talked", "not_reached", "not_wanted", "withdrawn"]),
                name="outcome_result",
            )
        ]

    @property
    def result_words(self) -> str:
        """How it ended; a conversation with somebody who was erased ended by that."""
        if self.result == self.Result.WITHDRAWN and self.follow_up.customer.erased_at:
            return gettext("Withdrawn: the customer is erased")
        return self.get_result_display()
