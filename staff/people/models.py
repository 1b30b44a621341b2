"""Who works here: people, teams, and who belongs to which team from when to when."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from delight.lib.addresses import normal_email
from delight.lib.sortkey import sort_key
from delight.lib.tokens import new_public_id
from delight.organisation.models import check_time_zone

JOIN_LINK_LASTS = timedelta(days=7)
SHOWN_LINK_LASTS = timedelta(hours=24)


def today() -> date:
    """The day by which memberships begin and end: one calendar for pages and workers, whatever zone is active."""
    return datetime.now(UTC).date()


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str | None, password: str | None = None, **fields: Any) -> "User":
        """A person who can sign in once a password is set. E-mail may be empty."""
        user = self.model(email=normal_email(email), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=normal_email(username))


class User(AbstractBaseUser):
    """A member of staff. Managers are managers of teams; a sponsor sees and sets everything."""

    email = models.EmailField(_("e-mail"), unique=True, null=True, blank=True)
    name = models.CharField(_("name"), max_length=120)
    sort_key = models.CharField(max_length=200, editable=False, db_index=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True, validators=[check_time_zone])
    login_name = models.CharField(_("sign-in name"), max_length=40, unique=True, null=True, blank=True)
    pin = models.CharField(max_length=128, blank=True, editable=False, help_text="hashed like a password")
    pin_failures = models.PositiveSmallIntegerField(default=0, editable=False)
    pin_blocked_until = models.DateTimeField(null=True, editable=False)
    is_sponsor = models.BooleanField(_("sponsor"), default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    managed_team_ids: set[int] | None = None  # what access has looked up, for this request
    at_desk = False  # came in with a PIN on a shared device: has staff's rights there and no others

    objects = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["sort_key", "id"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.at_desk and "is_sponsor" in (kwargs.get("update_fields") or ["is_sponsor"]):
            raise RuntimeError("somebody at a shared device would lose their own rights by this")
        self.sort_key = sort_key(self.name)
        self.email = normal_email(self.email)
        self.login_name = (self.login_name or "").strip().lower() or None
        super().save(*args, **kwargs)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        super().refresh_from_db(*args, **kwargs)
        if self.at_desk:
            self.take_a_seat_at_the_desk()

    def take_a_seat_at_the_desk(self) -> None:
        """From here on this object is neither a manager's nor a sponsor's, for whoever asks."""
        self.at_desk, self.is_sponsor, self.managed_team_ids = True, False, set()

    def get_full_name(self) -> str:
        return self.name

    @property
    def has_second_step(self) -> bool:
        """A code app or a passkey; recovery codes alone are none."""
        from allauth.mfa.models import Authenticator  # it imports this module's own

        return Authenticator.objects.filter(user=self).exclude(type=Authenticator.Type.RECOVERY_CODES).exists()

    @property
    def signs_in_with(self) -> str:
        return self.email or self.login_name or ""


class Team(models.Model):
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=80, unique=True)
    sort_key = models.CharField(max_length=200, editable=False)
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True, validators=[check_time_zone])

    class Meta:
        ordering = ["sort_key", "id"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key = sort_key(self.name)
        super().save(*args, **kwargs)


class MembershipQuerySet(models.QuerySet):
    def now(self) -> Self:
        """Those that hold today."""
        day = today()
        return self.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day)


class Membership(models.Model):
    """Somebody's time in a team. Never edited: a change ends one row and begins another."""

    class Role(models.TextChoices):
        STAFF = "staff", _("staff")
        MANAGER = "manager", _("manager")

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role, default=Role.STAFF)
    since = models.DateField(default=today)
    until = models.DateField(null=True, blank=True, help_text=_("the first day on which it no longer holds"))

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=["staff", "manager"]), name="membership_role"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")), name="membership_dates"
            ),
            models.UniqueConstraint(
                fields=["team", "user"], condition=Q(until__isnull=True), name="membership_open_once"
            ),
        ]


def join_link_ends() -> Any:
    return timezone.now() + JOIN_LINK_LASTS


class JoinInvitationQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Those whose link works now."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=timezone.now())


class JoinInvitation(models.Model):
    """A one-time link by which somebody becomes a user; also how the first sponsor is set up (no address then)."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    email = models.EmailField(_("e-mail"), blank=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=10, choices=Membership.Role, default=Membership.Role.STAFF)
    is_sponsor = models.BooleanField(default=False)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, blank=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+",
        help_text="who may choose a new password by this link; empty: somebody new",
    )  # fmt: skip
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(default=join_link_ends)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.OneToOneField(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    objects = JoinInvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=["staff", "manager"]), name="join_role"),
            models.UniqueConstraint(
                fields=["email"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True) & ~Q(email=""),
                name="join_open_once",
            ),
        ]

    @property
    def is_shown(self) -> bool:
        """No mail brings it: somebody shows it on their screen."""
        return not self.email

    @property
    def is_open(self) -> bool:
        return not self.accepted_at and not self.revoked_at and self.expires_at > timezone.now()


class ClaimedAddress(models.Model):
    """An e-mail address that somebody says is theirs. Nothing is mailed to it but the link that shows it is."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="claimed_address")
    email = models.EmailField(_("e-mail"))
    expires_at = models.DateTimeField(default=join_link_ends)


class Desk(models.Model):
    """A device that people of one team share: they pick their name there and type a PIN."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=80)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="desks")
    mark = models.CharField(max_length=64, unique=True, editable=False, help_text="keyed hash of the device's cookie")
    enrolled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    enrolled_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name
