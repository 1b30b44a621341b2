"""Visits, the calendars and files that they come from. `delight.customers.models` offers them all."""

from datetime import date, datetime, time, timedelta
from typing import Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from delight.files.models import StoredFile
from delight.outbox.models import Job
from staff.people.models import Team


def today() -> tuple[datetime, datetime]:
    """When the reader's day begins and ends."""
    return bounds_of(timezone.localdate())


def bounds_of(day: date) -> tuple[datetime, datetime]:
    """When a day begins and ends, in the zone in which the page is read."""
    midnight = [datetime.combine(each, time.min) for each in (day, day + timedelta(days=1))]
    return timezone.make_aware(midnight[0]), timezone.make_aware(midnight[1])


class VisitCalendar(models.Model):
    """A calendar of bookings, read from its address: each event becomes a planned visit of a team."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="calendars", verbose_name=_("team"))
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=80)
    url = models.URLField(
        _("calendar address"), max_length=500, help_text=_("The secret .ics address of the calendar.")
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, editable=False)
    error = models.CharField(max_length=300, blank=True, editable=False)
    stopped_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class VisitQuerySet(models.QuerySet):
    def between(self, start: datetime, end: datetime) -> Self:
        """Those that begin in this time, and stays that began before and go on; who is missed is missed once."""
        stays = Q(starts_at__lt=start, ends_at__gt=start) & ~Q(state=Visit.State.MISSED)
        return self.filter(Q(starts_at__gte=start, starts_at__lt=end) | stays)

    def known_as(self, reference: str) -> Self:
        """Those with this room, table or invoice, in the spelling of the one who types."""
        typed = reference.strip()
        return self.filter(reference__in={typed, typed.upper(), typed.lower()} - {""})

    def past(self) -> Self:
        """Those that took place, the latest first."""
        return self.filter(state=Visit.State.CAME).order_by("-starts_at", "-id")

    def coming(self) -> Self:
        """Those to come, the next one first."""
        return self.filter(state=Visit.State.PLANNED, starts_at__gte=timezone.now()).order_by("starts_at", "id")

    def with_names(self) -> Self:
        """With all that a line of a list shows."""
        return self.select_related("customer__account", "team", "served_by")


class Visit(models.Model):
    """A visit, stay or project: planned, then came or missed."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        CAME = "came", _("came")
        MISSED = "missed", _("missed")

    class Source(models.TextChoices):
        HAND = "hand", _("by hand")
        FILE = "file", _("from a file")
        CALENDAR = "calendar", _("from a calendar")

    customer = models.ForeignKey(
        "customers.Customer", null=True, blank=True, on_delete=models.PROTECT, related_name="visits"
    )
    guest = models.CharField(
        _("name in the booking"), max_length=160, blank=True, help_text="as the source wrote it; no customer found yet"
    )
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="visits", verbose_name=_("team"))
    served_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("served by"),
    )  # fmt: skip
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    reference = models.CharField(
        _("reference"), max_length=60, blank=True, help_text=_("Room, table or invoice, such as 214.")
    )
    value = models.DecimalField(
        _("value"), max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    source = models.CharField(max_length=10, choices=Source, default=Source.HAND)
    calendar = models.ForeignKey(VisitCalendar, null=True, on_delete=models.PROTECT, related_name="visits")
    source_id = models.CharField(max_length=200, blank=True, help_text="the row's or event's own id in its source")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "calendar", "source_id"], condition=~Q(source_id=""), nulls_distinct=False,
                name="visit_once_per_source",
            ),
            models.CheckConstraint(condition=Q(state__in=["planned", "came", "missed"]), name="visit_state"),
            models.CheckConstraint(condition=Q(source__in=["hand", "file", "calendar"]), name="visit_source"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=models.F("starts_at")), name="visit_ends_later"
            ),
            models.CheckConstraint(condition=Q(value__isnull=True) | Q(value__gte=0), name="visit_value_not_negative"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["team", "starts_at"], name="visit_by_team"),
            models.Index(fields=["customer", "-starts_at"], name="visit_by_customer"),
            models.Index(fields=["reference"], condition=~Q(reference=""), name="visit_by_reference"),
        ]

    def __str__(self) -> str:
        return str(self.customer) if self.customer else self.guest

    @property
    def questions(self) -> list:
        """What the customer is to be asked, where `memory.showing.with_questions` has fetched it."""
        return getattr(self.customer, "open_questions", [])

    @property
    def is_walk_in(self) -> bool:
        """Noted by hand when it had begun: there is no plan to go back to."""
        return self.source == self.Source.HAND and self.created_at is not None and self.starts_at <= self.created_at


class ForgottenBooking(models.Model):
    """A calendar's booking of somebody who has been erased, by a keyed hash of its id: it is read no more."""

    mark = models.CharField(max_length=64, unique=True, editable=False)


class VisitFile(models.Model):
    """A file of visits on its way in: checked, then taken whole or not at all. Its content goes when it is taken."""

    class State(models.TextChoices):
        CHECKING = "checking", _("being checked")
        CHECKED = "checked", _("checked")
        TAKING = "taking", _("being taken over")
        DONE = "done", _("taken over")
        FAILED = "failed", _("failed")

    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", verbose_name=_("team"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=State, default=State.CHECKING)
    encoding = models.CharField(max_length=20)
    delimiter = models.CharField(max_length=1)
    job = models.ForeignKey(Job, null=True, on_delete=models.PROTECT, related_name="+")
    rows = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    guests = models.PositiveIntegerField(default=0, help_text="rows whose customer was not found")
    bad = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list, help_text="[line, code, values] of the first bad rows")

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["checking", "checked", "taking", "done", "failed"]), name="visit_file_state"
            )
        ]
