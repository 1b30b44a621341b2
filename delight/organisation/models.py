"""The one organisation that this installation belongs to, its holidays, and the audit trail."""

import zoneinfo
from datetime import date, time
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


def check_time_zone(value: str) -> None:
    if value and value not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(zone)s” is not a time zone; write one like Europe/Istanbul."), params={"zone": value}
        )


def five_days() -> list[int]:
    return [1, 2, 3, 4, 5]


class Trade(models.TextChoices):
    """What the company does; decides with which ideas it begins."""

    SALON = "salon", _("barber, salon, spa")
    RESTAURANT = "restaurant", _("restaurant, café")
    HOTEL = "hotel", _("hotel, guest house")
    SERVICES = "services", _("services for companies")


class Organisation(models.Model):
    """One row. What every other room asks about the company."""

    class Weekday(models.IntegerChoices):
        MONDAY = 1, _("Monday")
        TUESDAY = 2, _("Tuesday")
        WEDNESDAY = 3, _("Wednesday")
        THURSDAY = 4, _("Thursday")
        FRIDAY = 5, _("Friday")
        SATURDAY = 6, _("Saturday")
        SUNDAY = 7, _("Sunday")

    class ConsentRule(models.TextChoices):
        EXISTING = "existing", _("existing customers, and others who gave consent")
        RECORDED = "recorded", _("only people whose consent is recorded")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(_("company name"), max_length=120)
    country = models.CharField(_("country"), max_length=2, blank=True, help_text="ISO 3166-1, two letters")
    postal_address = models.CharField(
        _("postal address"), max_length=300, help_text=_("Stands at the foot of every mail to customers.")
    )
    reply_to = models.EmailField(
        _("answers to mails go to"), blank=True, help_text=_("Empty: to the person who signs the mail.")
    )
    trade = models.CharField(_("trade"), max_length=10, choices=Trade, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    currency_fixed_at = models.DateTimeField(null=True, editable=False, help_text="sums have been written in it")
    default_language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    time_zone = models.CharField(_("time zone"), max_length=60, default="Europe/Berlin", validators=[check_time_zone])
    first_weekday = models.PositiveSmallIntegerField(_("the week begins on"), choices=Weekday, default=Weekday.MONDAY)
    working_days = ArrayField(
        models.PositiveSmallIntegerField(choices=Weekday), default=five_days, verbose_name=_("working days")
    )
    opens_at = models.TimeField(_("working day begins"), default=time(9))
    closes_at = models.TimeField(_("working day ends"), default=time(18))
    ask_again_after_days = models.PositiveSmallIntegerField(
        _("days between two surveys to one person"),
        default=90,
        validators=[MinValueValidator(1), MaxValueValidator(730)],
        help_text=_("Nobody is asked again sooner, whatever is sent."),
    )
    consent_rule = models.CharField(
        _("who may get a survey by mail"), max_length=10, choices=ConsentRule, default=ConsentRule.EXISTING
    )
    keep_log_days = models.PositiveSmallIntegerField(
        _("days that logs are kept"),
        default=400,
        validators=[MinValueValidator(30), MaxValueValidator(3650)],
        help_text=_("Visits to survey pages, the list of mails sent, who looked up a phone number."),
    )
    forget_after_months = models.PositiveSmallIntegerField(
        _("months after which a silent customer is erased"),
        null=True,
        blank=True,
        validators=[MinValueValidator(6), MaxValueValidator(240)],
        help_text=_("Empty: nobody is erased without being asked for."),
    )
    approve_over = models.DecimalField(
        _("a manager approves sums over"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Empty: nobody has to be asked."),
    )
    receipt_over = models.DecimalField(
        _("a receipt is asked for over"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Empty: never."),
    )
    gifts_noticed_over = models.DecimalField(
        _("a warning when one customer gets more in a year than"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Empty: no warning."),
    )
    hidden_rooms = ArrayField(models.CharField(max_length=20), default=list, blank=True, editable=False)
    set_up_at = models.DateTimeField(null=True, editable=False)
    programme_began_on = models.DateField(null=True, editable=False)
    mail_tested_at = models.DateTimeField(null=True, editable=False)
    mail_arrived_at = models.DateTimeField(null=True, editable=False)
    backed_up_at = models.DateTimeField(null=True, editable=False)
    sending_on = models.BooleanField(default=True, editable=False)
    released_copy = models.CharField(max_length=60, blank=True, editable=False)
    released_base_url = models.CharField(max_length=300, blank=True, editable=False)
    key_fingerprints = ArrayField(models.CharField(max_length=64), default=list, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="organisation_is_one_row"),
            models.CheckConstraint(
                condition=Q(opens_at__lt=models.F("closes_at")), name="organisation_opens_before_closing"
            ),
            models.CheckConstraint(
                condition=Q(ask_again_after_days__gte=1), name="organisation_asks_again_after_a_day"
            ),
            models.CheckConstraint(
                condition=Q(consent_rule__in=["existing", "recorded"]), name="organisation_consent_rule"
            ),
            models.CheckConstraint(
                condition=(Q(approve_over__gte=0) | Q(approve_over=None))
                & (Q(receipt_over__gte=0) | Q(receipt_over=None))
                & (Q(gifts_noticed_over__gte=0) | Q(gifts_noticed_over=None)),
                name="organisation_thresholds_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(trade__in=["", "salon", "restaurant", "hotel", "services"]), name="organisation_trade"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def asks_only_with_consent(self) -> bool:
        """Whether existing customers are asked by mail only if their consent is recorded."""
        return self.consent_rule == self.ConsentRule.RECORDED

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    @classmethod
    def get(cls) -> "Organisation":
        """The row; raises DoesNotExist before set-up."""
        return cls.objects.get(pk=1)


class Holiday(models.Model):
    """A day on which nobody is expected to call back."""

    day = models.DateField(_("day"), unique=True)
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=80)

    class Meta:
        ordering = ["day"]

    @classmethod
    def coming_first(cls, today: date) -> models.QuerySet["Holiday"]:
        """Those to come, the next one first; then those that are over, the latest first."""
        coming = Case(When(day__gte=today, then=F("day")))
        return cls.objects.order_by(coming.asc(nulls_last=True), "-day")

    @classmethod
    def days_between(cls, first: date, last: date) -> set[date]:
        return set(cls.objects.filter(day__range=(first, last)).values_list("day", flat=True))


class AuditEntry(models.Model):
    """Who did what to which row. Never a personal value: verbs, ids and field names only."""

    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.BigIntegerField(null=True)
    fields = ArrayField(models.CharField(max_length=60), default=list)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="audit_by_object"),
            models.Index(fields=["-at", "-id"], name="audit_latest"),
        ]

    @classmethod
    def record(cls, *, by: Any, verb: str, obj: models.Model, fields: list[str] | None = None) -> "AuditEntry":
        """Write one line. `by` is a user, or None for the machine."""
        return cls.objects.create(
            actor=by, verb=verb, object_type=obj._meta.label_lower, object_id=obj.pk, fields=sorted(fields or [])
        )


class CleanUp(models.Model):
    """What the retention clock has removed on one day: numbers of rows by table."""

    day = models.DateField(unique=True)
    counts = models.JSONField(default=dict)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-day"]
