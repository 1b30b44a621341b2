"""The second step of logging in: who has one, who needs one, and what changing it brings with it."""

import base64
import hashlib
import time
from datetime import timedelta

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from delight.lib.tokens import keys
from delight.organisation.models import AuditEntry
from staff.people.models import User
from staff.people.requests import SignedInRequest
from staff.people.sessions import end_sessions_of

FIRST_HOUR = timedelta(hours=1)
CODES_SHOWN_FOR = 10 * 60  # seconds after recovery codes are made, in the browser that made them
CODES_SHOWN_UNTIL = "recovery_codes_shown_until"


def must_set_up(user: User) -> bool:
    """Whether a sponsor has to add a second step before going on.

    The first hour is free: whoever sets up the company can finish that first.
    """
    if not settings.SPONSORS_NEED_SECOND_STEP or not user.is_sponsor:
        return False
    return timezone.now() - user.joined_at > FIRST_HOUR and not user.has_second_step


@transaction.atomic
def second_step_changed(*, by: User, verb: str, session_key: str | None) -> None:
    """After one's own change: all other devices are logged out, and the audit keeps that there was one."""
    end_sessions_of(by, but=session_key)
    AuditEntry.record(by=by, verb=verb, obj=by)


@transaction.atomic
def remove_second_step(*, by: User | None, user: User) -> int:
    """For whoever has lost phone and codes: the password alone opens again. Returns how many parts were removed."""
    removed, _of = Authenticator.objects.filter(user=user).delete()
    if removed:
        end_sessions_of(user)
        AuditEntry.record(by=by, verb="remove_second_step", obj=user)
    return removed


# --- Recovery codes ---------------------------------------------------------------------------------------------


def show_codes_for_a_while(request: HttpRequest) -> None:
    request.session[CODES_SHOWN_UNTIL] = time.time() + CODES_SHOWN_FOR


def codes_to_show(request: SignedInRequest) -> list[str]:
    """The codes, just after they were made and to who made them; nothing at any other time."""
    if request.session.get(CODES_SHOWN_UNTIL, 0) < time.time():
        return []
    return unused_codes(request.user)


def unused_codes(user: User) -> list[str]:
    found = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return found.wrap().get_unused_codes() if found else []


# --- Secrets ----------------------------------------------------------------------------------------------------


def encrypt(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def decrypt(text: str) -> str:
    return _box().decrypt(text.encode()).decode()


def _box() -> MultiFernet:
    """Locks with the present key, opens with the former ones, too."""
    hashes = [hashlib.sha256(b"delight\0second-step\0" + key.encode()).digest() for key in keys()]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in hashes])
