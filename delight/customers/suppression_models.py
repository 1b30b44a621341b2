"""Whom we must not write to. `delight.customers.models` offers it."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from delight.lib.addresses import normal_email
from delight.lib.tokens import fingerprints


class SuppressionQuerySet(models.QuerySet):
    def in_force(self, scope: str) -> Self:
        """Entries that forbid mail of this scope now."""
        now = timezone.now()
        return self.filter(Q(until__isnull=True) | Q(until__gt=now), scope__in=[Suppression.Scope.ALL, scope])

    def holding(self, email: str, scope: str) -> Self:
        """Those that stand against this address, made under any of our keys."""
        return self.in_force(scope).filter(address_hash__in=address_hashes(email))


def address_hashes(email: str) -> list[str]:
    """Keyed hashes of an address, the one to store first."""
    return fingerprints("suppression", normal_email(email) or "")


class Suppression(models.Model):
    """An address that must not be written to. It outlives the customer: only a keyed hash is kept."""

    class Scope(models.TextChoices):
        ALL = "all", _("all surveys")
        RELATIONSHIP = "relationship", _("surveys about the whole relationship")
        TRANSACTIONAL = "transactional", _("surveys after a purchase or visit")
        NOTES = "notes", _("personal notes")

    class Reason(models.TextChoices):
        UNSUBSCRIBED = "unsubscribed", _("unsubscribed")
        PAUSED = "paused", _("unsubscribed, perhaps by a machine")
        BOUNCED = "bounced", _("the address does not exist")
        ASKED = "asked", _("asked a member of staff")

    address_hash = models.CharField(max_length=64)
    scope = models.CharField(max_length=15, choices=Scope, default=Scope.ALL)
    reason = models.CharField(max_length=15, choices=Reason)
    until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address_hash", "scope"], name="suppression_once"),
            models.CheckConstraint(
                condition=Q(scope__in=["all", "relationship", "transactional", "notes"]), name="suppression_scope"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["unsubscribed", "paused", "bounced", "asked"]), name="suppression_reason"
            ),
        ]
