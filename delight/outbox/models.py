"""All that must leave or runs long, as rows: PostgreSQL is the only record of work that is due."""

from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """A message waits, is claimed, is handed over, and ends in one of four ways."""

    WAITING = "waiting", _("waiting")
    CLAIMED = "claimed", _("being prepared")
    HANDING = "handing", _("being handed over")
    SENT = "sent", _("sent")
    SKIPPED = "skipped", _("not sent")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


OPEN = [State.WAITING, State.CLAIMED, State.HANDING]


class MessageQuerySet(models.QuerySet):
    def late(self) -> Self:
        """Rows that should have gone out five minutes ago: the alarm."""
        return self.filter(state__in=OPEN, promised_at__lt=timezone.now() - timedelta(minutes=5))


class Message(models.Model):
    """One mail that has to go out: what it is about and when, no address and no text.

    `key` says what it is ("invite:12") and is unique, so that a second one is refused by the database.
    `fence` grows with each claim; every later step names the fence it was claimed with.
    """

    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    key = models.CharField(max_length=120)
    promised_at = models.DateTimeField(help_text="when it was to go out; lateness counts from here")
    due_at = models.DateTimeField(help_text="when it is tried next; a retry moves it")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=60, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    maybe_twice = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()
    loaded: Any = None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="message_key"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="message_state"),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, ended_at__isnull=True) | (~Q(state__in=OPEN) & Q(ended_at__isnull=False)),
                name="message_ended_when_over",
            ),
        ]
        indexes = [
            # By `ended_at`, so that being claimed and handed over touches no index.
            models.Index(fields=["due_at", "id"], condition=Q(ended_at=None), name="message_due"),
            models.Index(fields=["kind", "object_id"], name="message_by_object"),
            models.Index(fields=["-ended_at"], name="message_ended"),
        ]


class Job(models.Model):
    """Long work (an import, preparing a sending) claimed, leased and fenced like a message, with progress."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    key = models.CharField(max_length=120)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="job_key"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running", "done", "failed", "cancelled"]), name="job_state"
            ),
        ]
        indexes = [models.Index(fields=["due_at", "id"], condition=Q(state__in=["waiting", "running"]), name="job_due")]

    @property
    def is_over(self) -> bool:
        return self.state not in (self.State.WAITING, self.State.RUNNING)

    @property
    def percent(self) -> int:
        return min(100, 100 * self.done // self.total) if self.total else 0


class Progress(models.Model):
    """What last went forward, and when: health is progress, not a process."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
