"""What we remember of a customer, and what we want to ask next time. `delight.customers.models` offers both."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from delight.customers.visit_models import Visit, bounds_of

MOST_PINNED = 5
LONGEST_FACT, LONGEST_QUESTION, LONGEST_ANSWER = 400, 140, 250  # a question and its answer make one fact


class FactQuerySet(models.QuerySet):
    def valid(self, day: date) -> Self:
        """Those that still hold: not taken back, not expired. One for a visit holds to the end of the visit's day."""
        begins, _ends = bounds_of(day)
        lasting = Q(visit=None) & (Q(expires_on=None) | Q(expires_on__gt=day))
        for_visit = Q(visit__starts_at__gte=begins) | Q(visit__ends_at__gte=begins)
        return self.filter(lasting | for_visit, removed_at=None)

    def over(self, day: date) -> Self:
        """Those whose day, or whose visit, is over."""
        begins, _ends = bounds_of(day)
        visit_over = Q(visit__starts_at__lt=begins) & (Q(visit__ends_at=None) | Q(visit__ends_at__lt=begins))
        return self.filter(Q(visit=None, expires_on__lte=day) | visit_over, removed_at=None)

    def plain(self) -> Self:
        """Those that are not sensitive."""
        return self.filter(sensitive="")

    def with_names(self) -> Self:
        """With all that a line of a list shows."""
        return self.select_related("by", "confirmed_by", "changed_by", "visit")


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
    text = models.CharField(_("what to remember"), max_length=LONGEST_FACT)
    visit = models.ForeignKey(
        Visit, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", help_text="set: for this visit only"
    )
    source = models.CharField(_("where from"), max_length=10, choices=Source, default=Source.TOLD)
    sensitive = models.CharField(_("sensitive"), max_length=10, choices=Sensitive, blank=True)
    consent_on = models.DateField(_("agreed to on"), null=True, blank=True)
    never_say = models.BooleanField(_("never say aloud"), default=False)
    pin_place = models.PositiveSmallIntegerField(null=True, editable=False, help_text="1 to 5: stands on top")
    expires_on = models.DateField(_("forget on"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    confirmed = models.PositiveIntegerField(default=0, help_text="times")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, help_text="can be brought back for an hour, then the row goes")

    objects = FactQuerySet.as_manager()

    class Meta:
        ordering = ["pin_place", "-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(source__in=["told", "noticed"]), name="fact_source"),
            models.CheckConstraint(condition=Q(sensitive__in=["", "health", "diet", "belief"]), name="fact_sensitive"),
            models.CheckConstraint(
                condition=Q(sensitive="") | Q(consent_on__isnull=False) | Q(text=""),
                name="fact_sensitive_with_consent",
                violation_error_message=_("Health, diet and belief are kept only with consent: give its day."),
            ),
            models.CheckConstraint(condition=Q(visit=None) | Q(expires_on__isnull=False), name="fact_for_a_visit_ends"),
            models.CheckConstraint(
                condition=Q(pin_place=None) | Q(pin_place__range=(1, MOST_PINNED)), name="fact_pin_one_to_five"
            ),
            models.UniqueConstraint(
                fields=["customer", "pin_place"],
                condition=Q(pin_place__isnull=False, removed_at=None),
                name="fact_pin_once",
            ),
        ]
        indexes = [models.Index(fields=["customer", "-at"], name="fact_by_customer")]

    @property
    def stands_on_top(self) -> bool:
        """Whether nobody should have to look for it."""
        return bool(self.pin_place or self.sensitive or self.never_say)

    @classmethod
    def follow_merge(cls, *, by: Any, keep: Any, away: Any) -> None:
        """All go to the entry that stays; what is pinned there stays pinned, and the others take the free places."""
        pinned = cls.objects.exclude(pin_place=None).filter(removed_at=None)
        taken = set(pinned.filter(customer=keep).values_list("pin_place", flat=True))
        free = [place for place in range(1, MOST_PINNED + 1) if place not in taken]
        for fact in pinned.filter(customer=away).order_by("pin_place"):
            place = free.pop(0) if free else None
            cls.objects.filter(pk=fact.pk).update(customer=keep, pin_place=place)
        cls.objects.filter(customer=away).update(customer=keep)


class FactConfirmation(models.Model):
    """Somebody found on a day that a fact is still true; the same person on the same day counts once."""

    fact = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="confirmations")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fact", "by", "on"], name="fact_confirmed_once_a_day")]


class NextTime(models.Model):
    """A question kept for a customer's next visit, ticked with the answer."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="to_ask")
    question = models.CharField(_("ask next time"), max_length=LONGEST_QUESTION)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    answer = models.CharField(_("what they said"), max_length=LONGEST_ANSWER, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(null=True)
    fact = models.OneToOneField(Fact, null=True, on_delete=models.SET_NULL, related_name="+", help_text="made of it")

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(asked_at=None, answer="") | (Q(asked_at__isnull=False) & ~Q(answer="")),
                name="next_time_ticked_with_the_answer",
            )
        ]
        indexes = [
            models.Index(fields=["customer"], condition=Q(asked_at__isnull=True), name="next_time_open"),
        ]
