"""What the public pages carry: the page's nonce, the edit token, the browser's cookie, the undo token."""

import secrets
import uuid

from django.http import HttpRequest
from django.utils import timezone

from delight.lib.tokens import fingerprints, sign, unsign

COOKIE = "delight_answer"


def page_nonce(public_id: uuid.UUID) -> str:
    """Proof that the page was opened; signed instead of a cookie, since mail programs block cookies."""
    return sign("page", f"{public_id.hex}-{int(timezone.now().timestamp())}")


def is_page_nonce(nonce: str, public_id: uuid.UUID) -> bool:
    value = unsign("page", nonce)
    return value is not None and value.split("-")[0] == public_id.hex


def edit_token(response_id: uuid.UUID) -> str:
    """Lets the browser that wrote an answer change it where cookies are blocked."""
    return sign("edit", response_id.hex)


def read_edit_token(token: str) -> uuid.UUID | None:
    value = unsign("edit", token) if token else None
    return uuid.UUID(value) if value else None


def undo_token(unsubscription_id: int) -> str:
    """Given only to whoever pressed "Don't ask me again", on the page that follows."""
    return sign("undo", str(unsubscription_id))


def read_undo_token(token: str) -> int | None:
    value = unsign("undo", token)
    return int(value) if value else None


def new_browser() -> str:
    return secrets.token_urlsafe(16)


def browser_mark(request: HttpRequest) -> str:
    """The keyed hash of the browser's cookie; empty where there is none."""
    cookie = request.COOKIES.get(COOKIE, "")
    return mark_of(cookie) if cookie else ""


def mark_of(cookie: str) -> str:
    return fingerprints("browser", cookie[:64])[0]
