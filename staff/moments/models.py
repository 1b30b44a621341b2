"""Delight moments, the ideas behind them, the occasions for them, and the notes that follow them."""

import uuid
from datetime import date
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from delight.customers.models import Account, Customer, Visit
from delight.files.models import StoredFile
from delight.lib.tokens import new_public_id
from delight.organisation.models import Trade
from delight.outbox.registry import REASONS
from staff.budget.models import Spend
from staff.moments.starters import words_of
from staff.people.models import Team

LONGEST = 1000
ASK_AFTER_DAYS = 14


class IdeaQuerySet(models.QuerySet):
    def in_use(self) -> Self:
        return self.filter(retired_at__isnull=True)


class Idea(models.Model):
    """Something concrete to do or say. One that ships with Delight has a `starter` and no text of its own."""

    class Kind(models.TextChoices):
        DO = "do", _("something to do")
        SAY = "say", _("something to say")

    class Source(models.TextChoices):
        TEAM = "team", _("from the team")
        CUSTOMER = "customer", _("from a customer")
        ELSEWHERE = "elsewhere", _("seen as a customer elsewhere")
        STARTER = "starter", _("starter idea")

    kind = models.CharField(max_length=5, choices=Kind, default=Kind.DO)
    text = models.CharField(_("idea"), max_length=300, blank=True)
    starter = models.CharField(max_length=40, blank=True, editable=False)
    trade = models.CharField(max_length=10, choices=Trade, blank=True)
    source = models.CharField(_("where it comes from"), max_length=10, choices=Source, default=Source.TEAM)
    usual_cost = models.DecimalField(
        _("usual cost"), max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    credited = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("thanks to"),
    )  # fmt: skip
    customer = models.ForeignKey(
        Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("thanks to")
    )
    born_of = models.ForeignKey("Moment", null=True, on_delete=models.PROTECT, related_name="+")
    kit = models.TextField(_("what to keep in the drawer"), max_length=1000, blank=True)
    kit_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    kit_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True)

    objects = IdeaQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["do", "say"]), name="idea_kind"),
            models.CheckConstraint(
                condition=Q(source__in=["team", "customer", "elsewhere", "starter"]), name="idea_source"
            ),
            models.CheckConstraint(condition=~Q(text="") | ~Q(starter=""), name="idea_has_words"),
            models.CheckConstraint(condition=Q(usual_cost__gte=0) | Q(usual_cost=None), name="idea_cost_not_negative"),
            models.UniqueConstraint(fields=["starter"], condition=~Q(starter=""), name="idea_starter_once"),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """The company's own words for it, else those that ship with Delight, in the reader's language."""
        return self.text or words_of(self.starter)


class IdeaPin(models.Model):
    """An idea that somebody wants to have at hand."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="idea_pins")
    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="pins")
    pinned_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "idea"], name="idea_pin_once")]


class MomentQuerySet(models.QuerySet):
    def told(self) -> Self:
        """Those that stand: neither a stub nor withdrawn."""
        return self.filter(state=Moment.State.LOGGED)

    def with_names(self) -> Self:
        """With all that a line of a list shows."""
        return self.select_related("user", "team", "customer", "idea", "spend")


class Moment(models.Model):
    """Something done for a customer, free or paid from the delight budget. Free ones count as much."""

    class State(models.TextChoices):
        STUB = "stub", _("to finish")
        LOGGED = "logged", _("logged")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Reaction(models.TextChoices):
        DELIGHTED = "delighted", _("delighted")
        PLEASED = "pleased", _("pleased")
        CALM = "calm", _("took it calmly")
        UNSEEN = "unseen", _("could not see it")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="moments")
    key = models.UUIDField(default=uuid.uuid4, editable=False, help_text="made on the device: pressed twice, kept once")
    key_digest = models.CharField(max_length=64, editable=False, blank=True, help_text="of what came with the key")
    state = models.CharField(max_length=10, choices=State, default=State.LOGGED)
    what = models.TextField(_("what happened"), max_length=LONGEST, blank=True)
    idea = models.ForeignKey(Idea, null=True, blank=True, on_delete=models.PROTECT, related_name="moments")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+", help_text="at that time")
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="moments")
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="at that time"
    )
    visit = models.ForeignKey(Visit, null=True, blank=True, on_delete=models.SET_NULL, related_name="moments")
    spend = models.OneToOneField(Spend, null=True, blank=True, on_delete=models.PROTECT, related_name="moment")
    photo = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    people_agreed = models.BooleanField(_("the people in it agreed"), default=False)
    reaction = models.CharField(_("how they took it"), max_length=10, choices=Reaction, blank=True)
    introduced_to = models.ForeignKey(
        Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="introductions",
        verbose_name=_("introduced to"),
    )  # fmt: skip
    introduced_whom = models.CharField(
        _("introduced to"), max_length=160, blank=True, help_text="somebody useful who is no customer"
    )
    came_of_it = models.TextField(_("what came of it"), max_length=LONGEST, blank=True)
    told_at = models.DateTimeField(null=True, help_text="when somebody said what came of it, or that nothing did")
    happened_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = MomentQuerySet.as_manager()

    class Meta:
        ordering = ["-happened_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="moment_key_once"),
            models.CheckConstraint(condition=Q(state__in=["stub", "logged", "withdrawn"]), name="moment_state"),
            models.CheckConstraint(
                condition=Q(reaction__in=["", "delighted", "pleased", "calm", "unseen"]), name="moment_reaction"
            ),
            models.CheckConstraint(
                condition=Q(photo__isnull=True) | Q(people_agreed=True), name="moment_photo_was_agreed_to"
            ),
            models.CheckConstraint(
                condition=Q(introduced_to__isnull=True) | Q(customer__isnull=True) | ~Q(introduced_to=F("customer")),
                name="moment_introduced_to_another",
            ),
        ]
        indexes = [
            models.Index(fields=["-happened_at", "-id"], name="moment_latest"),
            models.Index(fields=["user", "-happened_at"], name="moment_by_person"),
            models.Index(fields=["customer", "-happened_at"], name="moment_by_customer"),
            models.Index(fields=["team", "-happened_at"], name="moment_by_team"),
        ]

    @classmethod
    def follow_merge(cls, *, by: Any, keep: Customer, away: Customer) -> None:
        """Two customers are one: nobody can have been introduced to themselves."""
        both = [keep.pk, away.pk]
        cls.objects.filter(customer__in=both, introduced_to__in=both).update(introduced_to=None)
        cls.objects.filter(customer=away).update(customer=keep)
        cls.objects.filter(introduced_to=away).update(introduced_to=keep)

    @property
    def is_introduction(self) -> bool:
        return self.introduced_to_id is not None or bool(self.introduced_whom)


class MomentChange(models.Model):
    """What a moment said before somebody changed it."""

    moment = models.ForeignKey(Moment, on_delete=models.CASCADE, related_name="changes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    fields = ArrayField(models.CharField(max_length=40), default=list)
    before = models.JSONField(default=dict, help_text="the fields that changed, as they were")

    class Meta:
        ordering = ["at", "id"]


class PersonalNote(models.Model):
    """A short mail to a customer in an employee's own words and name."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="notes")
    moment = models.ForeignKey(Moment, null=True, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField(_("your words"), max_length=LONGEST)
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    mailed_to = models.CharField(max_length=64, blank=True, help_text="keyed hash of the address")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    not_sent = models.CharField(max_length=40, blank=True, help_text="why not")

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["by", "key"], name="note_key_once")]
        indexes = [models.Index(fields=["customer", "-created_at"], name="note_by_customer")]

    @property
    def not_sent_words(self) -> str:
        """Why it did not go out, in words; empty when it did or still may."""
        return str(REASONS.get(self.not_sent, self.not_sent))


class OccasionKind(models.TextChoices):
    FIRST_VISIT = "first_visit", _("first visit")
    FIFTH_VISIT = "fifth_visit", _("fifth visit")
    ANNIVERSARY = "anniversary", _("anniversary as a customer")
    BIRTHDAY = "birthday", _("birthday")
    LONG_SILENCE = "silence", _("has not been here for long")
    REPAIRED = "repaired", _("something was put right")


OCCASION_KINDS = list(OccasionKind.values)


class OccasionTrial(models.Model):
    """For three months, by chance, the hint of one kind is left out for a fifth of the customers.

    Who is left out follows from `seed` and the customer's id alone, so it can be worked out again.
    """

    kind = models.CharField(max_length=12, choices=OccasionKind)
    begins_on = models.DateField()
    ends_on = models.DateField(help_text="the first day after it")
    seed = models.CharField(max_length=32, editable=False)
    points = models.PositiveSmallIntegerField(help_text="the difference it can find, in points of a hundred")
    needed = models.PositiveIntegerField(help_text="occasions in both groups together")
    expected = models.PositiveIntegerField(help_text="occasions in the time, by what has been so far")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    stopped_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-begins_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=OCCASION_KINDS), name="trial_kind"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("begins_on")), name="trial_ends_later"),
            models.CheckConstraint(condition=Q(expected__gte=F("needed")), name="trial_can_be_answered"),
        ]


class OccasionQuerySet(models.QuerySet):
    def open(self, day: date) -> Self:
        """Those that may still be used on this day, and are not left out by a trial."""
        return self.shown(day).filter(state=Occasion.State.OPEN, due_on__lte=day, until__gt=day)

    def shown(self, day: date) -> Self:
        """Those that a trial does not leave out: nobody while something has to be put right, or once it is stopped."""
        not_left_out = ~Q(arm=Occasion.Arm.LEFT_OUT) | Q(customer__care_until__gte=day)
        return self.filter(not_left_out | Q(trial__stopped_at__isnull=False), customer__erased_at=None)

    def with_names(self) -> Self:
        return self.select_related("customer__account", "customer__owner", "idea", "user", "team")


class Occasion(models.Model):
    """A suggested chance for a moment, made from data at hand."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        USED = "used", _("used")
        DISMISSED = "dismissed", _("dismissed")

    class Arm(models.TextChoices):
        SHOWN = "shown", _("shown")
        LEFT_OUT = "left_out", _("left out")

    kind = models.CharField(max_length=12, choices=OccasionKind)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="occasions")
    cycle = models.CharField(max_length=20, help_text="which of its kind, such as the year: each comes once")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", help_text="who serves them"
    )
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    until = models.DateField(help_text="the first day on which it is too late")
    idea = models.ForeignKey(Idea, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    moment = models.ForeignKey(Moment, null=True, on_delete=models.PROTECT, related_name="occasions")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    trial = models.ForeignKey(OccasionTrial, null=True, on_delete=models.PROTECT, related_name="occasions")
    arm = models.CharField(max_length=10, choices=Arm, blank=True, help_text="by chance; empty: in no trial")
    made_at = models.DateTimeField(auto_now_add=True)

    objects = OccasionQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "customer", "cycle"], name="occasion_once"),
            models.CheckConstraint(condition=Q(kind__in=OCCASION_KINDS), name="occasion_kind"),
            models.CheckConstraint(condition=Q(state__in=["open", "used", "dismissed"]), name="occasion_state"),
            models.CheckConstraint(condition=Q(arm__in=["", "shown", "left_out"]), name="occasion_arm"),
            models.CheckConstraint(
                condition=Q(arm="") | Q(trial__isnull=False), name="occasion_arm_belongs_to_a_trial"
            ),
            models.CheckConstraint(condition=Q(until__gt=F("due_on")), name="occasion_ends_later"),
        ]
        indexes = [
            models.Index(fields=["user", "due_on"], condition=Q(state="open"), name="occasion_open_by_person"),
            models.Index(fields=["team", "due_on"], condition=Q(state="open"), name="occasion_open_by_team"),
        ]

    @classmethod
    def follow_merge(cls, *, by: Any, keep: Customer, away: Customer) -> None:
        """Two customers are one: what both have had counts once."""
        known = {(one.kind, one.cycle) for one in cls.objects.filter(customer=keep)}
        for one in cls.objects.filter(customer=away):
            if (one.kind, one.cycle) in known:
                one.delete()
            else:
                cls.objects.filter(pk=one.pk).update(customer=keep)
