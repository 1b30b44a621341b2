"""What we remember of a customer, and what we want to ask next time. `delight.customers.models` offers both."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from delight.customers.visit_models import Visit

MOST_PINNED = 5


class FactQuerySet(models.QuerySet):
    def valid(self, day: date) -> Self:
        """Those that still hold: not taken back, not expired."""
        return self.filter(Q(expires_on=None) | Q(expires_on__gt=day), removed_at=None)

    def plain(self) -> Self:
        """Those that are not sensitive."""
        return self.filter(sensitive="")


class Fact(models.Model):
    """Something we remember of a customer, and from whom we have it."""

    class Source(models.TextChoices):
        TOLD = "told", _("told us")
        NOTICED = "noticed", _("noticed by us")

    class Sensitive(models.TextChoices):
        HEALTH = "health", _("health")
        DIET = "diet", _("diet")
        BELIEF = "belief", _("belief")

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="facts")
    text = models.CharField(_("what to remember"), max_length=300)
    visit = models.ForeignKey(
        Visit, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", help_text="set: for this visit only"
    )
    source = models.CharField(_("where from"), max_length=10, choices=Source, default=Source.TOLD)
    sensitive = models.CharField(_("sensitive"), max_length=10, choices=Sensitive, blank=True)
    consent_on = models.DateField(_("agreed to on"), null=True, blank=True)
    never_say = models.BooleanField(_("never say aloud"), default=False)
    pin = models.PositiveSmallIntegerField(null=True, editable=False, help_text="1 to 5: stands on top")
    expires_on = models.DateField(_("forget on"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    confirmed = models.PositiveIntegerField(default=0, help_text="times")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        ordering = ["pin", "-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(source__in=["told", "noticed"]), name="fact_source"),
            models.CheckConstraint(condition=Q(sensitive__in=["", "health", "diet", "belief"]), name="fact_sensitive"),
            models.CheckConstraint(
                condition=Q(sensitive="") | Q(consent_on__isnull=False) | Q(text=""),
                name="fact_sensitive_with_consent",
                violation_error_message=_("Health, diet and belief are kept only with consent: give its day."),
            ),
            models.CheckConstraint(
                condition=Q(pin=None) | Q(pin__range=(1, MOST_PINNED), removed_at=None), name="fact_pin_one_to_five"
            ),
            models.UniqueConstraint(fields=["customer", "pin"], condition=Q(pin__isnull=False), name="fact_pin_once"),
        ]
        indexes = [models.Index(fields=["customer", "-at"], name="fact_by_customer")]


class NextTime(models.Model):
    """A question kept for a customer's next visit, ticked with the answer."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="to_ask")
    question = models.CharField(_("ask next time"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    answer = models.CharField(_("what they said"), max_length=300, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["customer"], condition=Q(asked_at__isnull=True), name="next_time_open"),
        ]
