"""Verbs on shared devices and on the PINs that people type there."""

import secrets
from datetime import datetime, timedelta
from itertools import pairwise

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from delight.lib.tokens import fingerprints
from delight.organisation.models import AuditEntry
from staff.people.models import Desk, Membership, Team, User

DESK, PIN = "desk", "pin"  # what the keyed hashes are for
TRIES = 5
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=1)


class PinBlocked(Exception):
    """Too many wrong PINs; `until` says when the next one is looked at. The password works all the time."""

    def __init__(self, until: datetime) -> None:
        super().__init__("blocked")
        self.until = until


# --- Devices ----------------------------------------------------------------------------------------------------


@transaction.atomic
def enrol_desk(*, by: User, team: Team, name: str) -> tuple[Desk, str]:
    """A device that the team shares, and the secret for its cookie, of which only a keyed hash is kept."""
    secret = secrets.token_urlsafe(32)
    desk = Desk.objects.create(team=team, name=name, mark=fingerprints(DESK, secret)[0], enrolled_by=by)
    AuditEntry.record(by=by, verb="enrol_desk", obj=desk)
    return desk, secret


@transaction.atomic
def revoke_desk(*, by: User, desk: Desk) -> None:
    """From now on it is a browser like any other; whoever came in there by a PIN is out."""
    if Desk.objects.filter(pk=desk.pk, revoked_at=None).update(revoked_at=timezone.now()):
        AuditEntry.record(by=by, verb="revoke_desk", obj=desk)


def desk_with(secret: str) -> Desk | None:
    """The device in whose cookie the secret stands."""
    if not secret:
        return None
    marks = fingerprints(DESK, secret)
    return Desk.objects.filter(mark__in=marks, revoked_at=None).select_related("team").first()


def has_desk(user: User) -> bool:
    """Whether one of the user's teams shares a device."""
    teams = Membership.objects.now().filter(user=user).values("team_id")
    return Desk.objects.filter(team__in=teams, revoked_at=None).exists()


def people_at(desk: Desk) -> QuerySet[User]:
    """Who may come in there: people of the team who have a PIN."""
    members = Membership.objects.now().filter(team=desk.team_id).values("user_id")
    return User.objects.filter(pk__in=members, is_active=True).exclude(pin="")


# --- PINs -------------------------------------------------------------------------------------------------------


def is_simple(pin: str) -> bool:
    """Whether it is among the first that anybody would try: 1111, 1234, 4321, 1212, 112233, a year."""
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    repeated = any(pin == pin[:size] * (len(pin) // size) for size in (1, 2, 3) if len(pin) % size == 0)
    pairs = len(pin) % 2 == 0 and pin[::2] == pin[1::2]
    year = len(pin) == 4 and pin[:2] in ("19", "20")
    return steps in ({0}, {1}, {-1}) or repeated or pairs or year or pin in ("2580", "0852", "1379")


@transaction.atomic
def set_pin(*, user: User, pin: str) -> None:
    """The person's PIN for shared devices; empty takes it away."""
    hashed = hashed_pin(user, pin) if pin else ""
    User.objects.filter(pk=user.pk).update(pin=hashed, pin_failures=0, pin_blocked_until=None)
    AuditEntry.record(by=user, verb="set_pin" if pin else "remove_pin", obj=user, fields=["pin"])


@transaction.atomic
def open_pin(*, by: User, user: User) -> None:
    """The pause after wrong PINs ends now."""
    User.objects.filter(pk=user.pk).update(pin_failures=0, pin_blocked_until=None)
    AuditEntry.record(by=by, verb="open_pin", obj=user, fields=["pin"])


def hashed_pin(user: User, pin: str) -> str:
    return make_password(_keyed(user, pin)[0])


def _keyed(user: User, pin: str) -> list[str]:
    """There are few PINs: without the server's key nobody can try them on a stolen database."""
    return fingerprints(PIN, f"{user.pk} {pin}")


def enter(*, desk: Desk, user: User, pin: str) -> bool:
    """Whether the PIN is right. Raises PinBlocked after five wrong ones in a row: longer each time, never for good."""
    right, until = _try(user, pin)
    if until is not None:
        raise PinBlocked(until)
    if right:
        Desk.objects.filter(pk=desk.pk).update(last_used_at=timezone.now())
    return right


@transaction.atomic
def _try(user: User, pin: str) -> tuple[bool, datetime | None]:
    """One try, counted in the same transaction: two at once come one after the other."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    now = timezone.now()
    if locked.pin_blocked_until and locked.pin_blocked_until > now:
        return False, locked.pin_blocked_until
    if locked.pin and any(check_password(keyed, locked.pin) for keyed in _keyed(locked, pin)):
        User.objects.filter(pk=user.pk).update(pin_failures=0, pin_blocked_until=None)
        return True, None
    failures = min(locked.pin_failures + 1, 1000)
    until = None if failures % TRIES else now + _pause(failures)
    User.objects.filter(pk=user.pk).update(pin_failures=failures, pin_blocked_until=until)
    if until:
        AuditEntry.record(by=None, verb="block_pin", obj=locked)
    return False, until


def _pause(failures: int) -> timedelta:
    """5, 10, 20, 40 minutes, then an hour."""
    return min(FIRST_PAUSE * 2 ** min(failures // TRIES - 1, 10), LONGEST_PAUSE)
