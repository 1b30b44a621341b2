"""Devices on which somebody has logged in before: a flood of guesses from elsewhere does not lock them out there.

The cookie holds keyed hashes of what was typed as the login, and no name. All it gives is a limit of one's own for
wrong passwords; it opens nothing.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from delight.lib.tokens import fingerprints
from staff.people.models import User

COOKIE = "known_to"
PURPOSE = "known-device"
AGE = 365 * 24 * 60 * 60
KEPT = 20  # a shared computer knows the people who used it last


def is_known(request: HttpRequest, login: str) -> bool:
    """Whether somebody has got in with this login on this device before."""
    marks = request.COOKIES.get(COOKIE, "").split(".")
    return any(mark[:32] in marks for mark in fingerprints(PURPOSE, login.strip().lower()))


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """From now on this device is known for the person's logins."""
    logins = [login.lower() for login in (user.email, user.login_name) if login]
    own = [fingerprints(PURPOSE, login)[0][:32] for login in logins]
    former = [mark for mark in request.COOKIES.get(COOKIE, "").split(".") if mark and mark not in own]
    response.set_cookie(
        COOKIE,
        ".".join([*own, *former][:KEPT]),
        max_age=AGE,
        path="/account/",
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
