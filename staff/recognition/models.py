"""Thanks among colleagues, a manager's spotlight, a customer's praise, and the wall on which they are told."""

import unicodedata
from typing import Any, Self

from django.conf import settings
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from delight.customers.models import Customer
from delight.lib.tokens import new_public_id
from delight.organisation.models import Organisation
from staff.moments.models import Moment
from staff.people.models import Team

SHORTEST, LONGEST = 20, 1000

# Letters by their kind, and nothing to see: the Hangul fillers, an empty Braille cell, joiners and selectors.
UNSEEN = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0") | {chr(0xFE00 + number) for number in range(16)}

models.TextField.register_lookup(Length, "length")


def letters_in(text: str) -> int:
    """How much there is to read: what is not seen does not count, and several spaces are one."""
    seen = "".join(each for each in text if each.isspace() or not _is_unseen(each))
    return len(" ".join(seen.split()))


def _is_unseen(letter: str) -> bool:
    return letter in UNSEEN or unicodedata.category(letter) in ("Cc", "Cf")


class Value(models.Model):
    """What the company stands for, in a few words: what a recognition may show."""

    name = models.CharField(pgettext_lazy("what we stand for", "value"), max_length=60, unique=True)
    meaning = models.CharField(_("what it means here"), max_length=200, blank=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class RecognitionQuerySet(models.QuerySet):
    def told(self) -> Self:
        """Those that stand. One that lost its words, since its customer was erased, says nothing any more."""
        return self.filter(state=Recognition.State.TOLD).exclude(text="")

    def public(self) -> Self:
        return self.told().filter(is_private=False)

    def with_names(self) -> Self:
        """With all that a line of the feed shows, in a constant number of queries."""
        found = self.select_related("by", "team", "value", "moment__user", "customer", "released_by")
        comments = Comment.objects.filter(removed_at=None).select_related("by")
        return found.prefetch_related(
            "recipients__user", "reactions__user", models.Prefetch("comments", comments, "standing_comments")
        )


class Recognition(models.Model):
    """A thank-you to one or several colleagues, or to a team. Never with points, never negative."""

    class Kind(models.TextChoices):
        THANKS = "thanks", _("thanks")
        SPOTLIGHT = "spotlight", _("spotlight")
        PRAISE = "praise", _("praise from a customer")
        TREAT = "treat", _("done for a colleague")

    class State(models.TextChoices):
        DRAFT = "draft", _("to be released")
        TOLD = "told", _("told")
        WITHDRAWN = "withdrawn", _("withdrawn")

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.THANKS)
    state = models.CharField(max_length=10, choices=State, default=State.TOLD)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", help_text="empty: a customer"
    )
    text = models.TextField(_("what for"), max_length=LONGEST, validators=[MinLengthValidator(SHORTEST)])
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="recognitions", help_text="all of it"
    )
    value = models.ForeignKey(
        Value, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("which value it shows")
    )
    moment = models.ForeignKey(
        Moment, null=True, blank=True, on_delete=models.PROTECT, related_name="recognitions", verbose_name=_("moment")
    )
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="praises")
    source = models.CharField(max_length=40, blank=True, help_text="what a draft was made of: each once")
    is_private = models.BooleanField(_("only for them"), default=False)
    may_tell = models.BooleanField(default=False, help_text="of what a manager did: whether they agree to tell others")
    week = models.DateField(null=True, editable=False, help_text="of a spotlight: the first day of its week")
    key = models.UUIDField(null=True, editable=False, help_text="what was pressed twice counts once")
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = RecognitionQuerySet.as_manager()

    class Meta:
        ordering = ["-told_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["thanks", "spotlight", "praise", "treat"]), name="recognition_kind"
            ),
            models.CheckConstraint(condition=Q(state__in=["draft", "told", "withdrawn"]), name="recognition_state"),
            models.CheckConstraint(
                condition=Q(text__length__gte=SHORTEST) | Q(kind="praise") | Q(text=""),
                name="recognition_says_something",
            ),
            models.CheckConstraint(condition=Q(kind="praise") | Q(by__isnull=False), name="recognition_by_somebody"),
            models.CheckConstraint(condition=~Q(state="draft") | Q(kind="praise"), name="recognition_draft_is_praise"),
            models.CheckConstraint(
                condition=Q(is_private=False) | (Q(team__isnull=True) & ~Q(kind="spotlight")),
                name="recognition_of_a_team_is_open",
            ),
            models.CheckConstraint(
                condition=Q(kind="spotlight", week__isnull=False) | (~Q(kind="spotlight") & Q(week=None)),
                name="recognition_spotlight_has_a_week",
            ),
            models.UniqueConstraint(fields=["source"], condition=~Q(source=""), name="recognition_source_once"),
            models.UniqueConstraint(fields=["by", "key"], name="recognition_key_once"),
            models.UniqueConstraint(
                fields=["by", "week"],
                condition=Q(state="told", kind="spotlight"),
                name="recognition_spotlight_once_a_week",
            ),
        ]
        indexes = [models.Index(fields=["-told_at", "-id"], name="recognition_latest")]


class Recipient(models.Model):
    """Who is thanked. `by` repeats the giver, so that the database itself can refuse thanks to oneself."""

    recognition = models.ForeignKey(Recognition, on_delete=models.CASCADE, related_name="recipients")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="thanked")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    agrees_to_tell = models.BooleanField(
        null=True, help_text="of what a manager did for them: whether others may read it"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["recognition", "user"], name="recipient_once"),
            models.CheckConstraint(condition=~Q(user=F("by")), name="recipient_is_not_the_giver"),
        ]


class Reaction(models.Model):
    class Kind(models.TextChoices):
        HEART = "heart", "❤️"
        CLAP = "clap", "👏"
        STAR = "star", "🌟"
        SMILE = "smile", "😊"

    recognition = models.ForeignKey(Recognition, on_delete=models.CASCADE, related_name="reactions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recognition", "user", "kind"], name="reaction_once"),
            models.CheckConstraint(condition=Q(kind__in=["heart", "clap", "star", "smile"]), name="reaction_kind"),
        ]


class Comment(models.Model):
    recognition = models.ForeignKey(Recognition, on_delete=models.CASCADE, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=500)
    at = models.DateTimeField(auto_now_add=True)
    key = models.UUIDField(null=True, editable=False)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["by", "key"], name="recognition_comment_key_once")]


class Taste(models.Model):
    """How somebody likes to be thanked, and when they want the digest mail. No row: publicly, on Friday at 16:00."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="taste")
    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False, help_text="behind the off link")
    likes_public = models.BooleanField(_("praise in front of others is welcome"), default=True)
    digest = models.BooleanField(_("a weekly mail with the thanks of the week"), default=True)
    digest_weekday = models.PositiveSmallIntegerField(_("day"), choices=Organisation.Weekday, default=5)
    digest_hour = models.PositiveSmallIntegerField(_("hour"), default=16)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(digest_weekday__range=(1, 7), digest_hour__range=(0, 23)), name="taste_digest_time"
            )
        ]


class Wall(models.Model):
    """A link for a screen in the room: stories one at a time, without a login, until it is revoked."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=80)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="walls")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> Any:
        return self.name
