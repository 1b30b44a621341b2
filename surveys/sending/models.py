"""Sendings of a survey to an audience, and one invitation per person with the reason if none went out."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from delight.customers.models import Account, Customer, Segment, address_hashes
from delight.lib.tokens import new_public_id
from delight.organisation.models import Organisation
from delight.outbox.models import Job
from delight.outbox.registry import REASONS
from delight.outbox.services import cancel
from staff.people.models import Team
from surveys.design.models import SurveyVersion

LINK_LASTS = timedelta(days=30)


class Sending(models.Model):
    class Audience(models.TextChoices):
        ALL = "all", _("all customers")
        SEGMENT = "segment", _("one segment")
        PICKED = "picked", _("picked by hand")

    class State(models.TextChoices):
        PREPARING = "preparing", _("being prepared")
        SENDING = "sending", _("under way")
        STOPPED = "stopped", _("stopped")

    version = models.ForeignKey(SurveyVersion, on_delete=models.PROTECT, related_name="sendings")
    audience = models.CharField(_("who is asked"), max_length=10, choices=Audience, default=Audience.ALL)
    segment = models.ForeignKey(
        Segment, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("segment")
    )
    picked = models.ManyToManyField(Customer, blank=True, related_name="+")
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("who signs"),
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    remind_after_days = models.PositiveSmallIntegerField(
        _("remind once after days"), default=4, help_text=_("0: no reminder.")
    )
    state = models.CharField(max_length=10, choices=State, default=State.PREPARING)
    job = models.ForeignKey(Job, null=True, on_delete=models.PROTECT, related_name="+")
    idempotency_key = models.UUIDField(null=True, unique=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(audience__in=["all", "segment", "picked"]), name="sending_audience"),
            models.CheckConstraint(
                condition=~Q(audience="segment") | Q(segment__isnull=False), name="sending_segment_named"
            ),
            models.CheckConstraint(condition=Q(state__in=["preparing", "sending", "stopped"]), name="sending_state"),
            models.CheckConstraint(condition=Q(remind_after_days__lte=30), name="sending_reminder_in_time"),
        ]


def link_ends():
    return timezone.now() + LINK_LASTS


class Invitation(models.Model):
    """One person in one sending. It freezes what a later report needs: people change teams, the past must not."""

    # Found by the constraint below.
    sending = models.ForeignKey(Sending, on_delete=models.PROTECT, related_name="invitations", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="invitations")
    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    language = models.CharField(max_length=10)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    segment = models.ForeignKey(Segment, null=True, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    account_value = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    not_sent_reason = models.CharField(max_length=30, blank=True, help_text="one of the outbox's reasons")
    sent_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    mailed_to = ArrayField(
        models.CharField(max_length=64),
        default=list,
        db_default=[],
        help_text="keyed hashes of the addresses it went to: the customer may have another one by now",
    )
    answered_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(default=link_ends)
    revoked_at = models.DateTimeField(null=True)
    organisation: Organisation  # set where mails are built, once for a batch

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sending", "customer"], name="invitation_once_per_sending")]

    @classmethod
    def follow_merge(cls, *, by: Any, keep: Customer, away: Customer) -> None:
        """Two customers are one. Where both were invited to one sending, the second invitation stays behind and its
        link is closed; if it was answered by that one, the first one's is, so that nobody is reminded.
        """
        there = cls.objects.filter(customer=keep)
        twice = list(cls.objects.filter(customer=away, sending__in=there.values("sending")))
        cls.objects.filter(customer=away).exclude(pk__in=[each.pk for each in twice]).update(customer=keep)
        answered = [each.sending_id for each in twice if each.answered_at]
        cancel(kinds=["invite", "remind"], object_ids=[each.pk for each in twice])
        cls.objects.filter(pk__in=[each.pk for each in twice], sent_at=None, not_sent_reason="").update(
            not_sent_reason="gone"
        )
        closed = Q(pk__in=[each.pk for each in twice]) | Q(customer=keep, sending__in=answered, answered_at=None)
        cls.objects.filter(closed, revoked_at=None).update(revoked_at=timezone.now())

    def mailed_to_now(self) -> list[str]:
        """`mailed_to` with the address to which a mail has just gone."""
        return list(dict.fromkeys([*self.mailed_to, address_hashes(self.customer.email or "")[0]]))

    @property
    def not_sent_words(self) -> str:
        """Why nothing went out, in words; empty when something did or still may."""
        return str(REASONS.get(self.not_sent_reason, self.not_sent_reason))

    @property
    def is_open(self) -> bool:
        """Whether the link still takes an answer."""
        return self.revoked_at is None and self.expires_at > timezone.now()
