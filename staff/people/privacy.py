"""The data map of this room, and of the libraries' tables about signing in."""

from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from delight.lib.privacy import Bare, Group, Kept, Spare, Table, employees, nobodys

YOU = Group(
    _("Your name, e-mail address, sign-in name, language and time zone, and since when you are here"),
    _("You, the people of your teams, and sponsors"),
)
PLACES = Group(_("Which teams you belong or belonged to, from when to when"), _("The people of the team, and sponsors"))
INVITED = Group(_("How you were asked to join, and whom you asked"), _("The managers of the team, and sponsors"))
CLAIMED = Group(_("An e-mail address that you have typed in and not confirmed yet"), _("You"), Kept.BY_ROOM)
SIGNING_IN = Group(
    _("Your password, PIN and second step, as codes that nobody can read back"), _("Nobody; only the program uses them")
)
DEVICES = Group(
    _("On which devices you are signed in: network address, browser and times"), _("You, on the page of your devices")
)
DESKS = Group(_("Which shared devices you set up"), _("The managers of the team, and sponsors"))

TABLES = (
    Table(
        "people.User",
        kept=Kept.ALWAYS,
        employee="pk",
        group=YOU,
        lines=nobodys("id is_sponsor is_active last_login joined_at")
        | employees("email name sort_key language time_zone login_name")
        | employees("password pin pin_failures pin_blocked_until", secret=True),
    ),
    Table("people.Team", kept=Kept.ALWAYS, lines=nobodys("id name sort_key time_zone")),
    Table(
        "people.Membership",
        kept=Kept.ALWAYS,
        employee="user",
        also=("team__name",),
        group=PLACES,
        lines=nobodys("id team role since until") | employees("user"),
    ),
    Table(
        "people.JoinInvitation",
        kept=Kept.ENDED,
        since="expires_at",
        group=INVITED,
        lines=nobodys("id team role is_sponsor created_at expires_at accepted_at revoked_at")
        | nobodys("public_id", secret=True)
        | employees("email name language invited_by person accepted_by"),
    ),
    Table(
        "people.ClaimedAddress",
        kept=Kept.EXPIRED,
        since="expires_at",
        employee="user",
        group=CLAIMED,
        lines=nobodys("id expires_at") | nobodys("public_id", secret=True) | employees("user email"),
    ),
    Table(
        "people.Desk",
        kept=Kept.ALWAYS,
        group=DESKS,
        lines=nobodys("id name team enrolled_at last_used_at revoked_at")
        | nobodys("public_id mark", secret=True)
        | employees("enrolled_by"),
    ),
    # --- Tables of the libraries ------------------------------------------------------------------------------
    Table(
        "sessions.Session",
        kept=Kept.EXPIRED,
        since="expire_date",
        lines=nobodys("expire_date") | employees("session_key session_data", secret=True),
    ),
    Table(
        "usersessions.UserSession",
        kept=Kept.EXPIRED,
        since="last_seen_at",
        employee="user",
        group=DEVICES,
        lines=nobodys("id created_at last_seen_at")
        | employees("user ip user_agent data")
        | employees("session_key", secret=True),
    ),
    Table(
        "mfa.Authenticator",
        kept=Kept.ALWAYS,
        employee="user",
        group=SIGNING_IN,
        lines=nobodys("id type created_at last_used_at") | employees("user") | employees("data", secret=True),
    ),
    Table(
        "socialaccount.SocialAccount",
        kept=Kept.ALWAYS,
        employee="user",
        group=SIGNING_IN,
        lines=nobodys("id provider last_login date_joined") | employees("user uid extra_data"),
    ),
    Table(
        "socialaccount.SocialToken",
        kept=Kept.ALWAYS,
        employee="account__user",
        group=SIGNING_IN,
        lines=nobodys("id app account expires_at") | employees("token token_secret", secret=True),
    ),
    Table(
        "socialaccount.SocialApp",
        kept=Kept.ALWAYS,
        lines=nobodys("id provider provider_id name client_id settings") | nobodys("secret key", secret=True),
    ),
    Table(
        "account.EmailAddress",
        kept=Kept.ALWAYS,
        employee="user",
        group=YOU,
        lines=nobodys("id verified primary") | employees("user email"),
    ),
    Table(
        "account.EmailConfirmation",
        kept=Kept.ALWAYS,
        employee="email_address__user",
        group=SIGNING_IN,
        lines=nobodys("id email_address created sent") | employees("key", secret=True),
    ),
    Table("auth.Permission", kept=Kept.ALWAYS, lines=nobodys("id name content_type codename")),
    Table("auth.Group", kept=Kept.ALWAYS, lines=nobodys("id name")),
    Table("auth.Group_permissions", kept=Kept.ALWAYS, lines=nobodys("id group permission")),
    Table("contenttypes.ContentType", kept=Kept.ALWAYS, lines=nobodys("id app_label model")),
)

BARE = (
    Bare("cache", "the counters of login limits, by hashed address and network address", "expires < now()"),
    Bare("django_migrations", "which migrations have run"),
)


def _signed_in() -> Q:
    """Devices on which somebody is signed in still."""
    return Q(session_key__in=Session.objects.filter(expire_date__gte=timezone.now()).values("session_key"))


SPARED = (Spare("usersessions.UserSession", _signed_in),)
