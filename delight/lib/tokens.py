"""Links for people without a login: random bits, a purpose and a keyed MAC.

A row keeps only the random part (`public_id`), which opens nothing without the key, so a stolen database holds
no working link. The MAC names one purpose: an answer link cannot unsubscribe. The same row gives the same link
on every retry.
"""

import base64
import hashlib
import hmac
import secrets
import uuid

from django.conf import settings

MAC_BYTES = 16


def new_public_id() -> uuid.UUID:
    """128 random bits from the system's generator."""
    return uuid.UUID(bytes=secrets.token_bytes(16))


def keys() -> list[str]:
    """The key that signs, then the former ones that still verify."""
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _mac(key: str, purpose: str, message: bytes) -> bytes:
    return hmac.digest(key.encode(), b"delight\0" + purpose.encode() + b"\0" + message, hashlib.sha256)


def make_token(purpose: str, public_id: uuid.UUID) -> str:
    """A URL-safe token of 43 characters for one row and one purpose."""
    raw = public_id.bytes + _mac(keys()[0], purpose, public_id.bytes)[:MAC_BYTES]
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def read_token(purpose: str, token: str) -> uuid.UUID | None:
    """The row's public id, or None when the token is forged, cut or made for another purpose."""
    try:
        raw = base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    if len(raw) != 16 + MAC_BYTES:
        return None
    identity, mac = raw[:16], raw[16:]
    if any(hmac.compare_digest(mac, _mac(key, purpose, identity)[:MAC_BYTES]) for key in keys()):
        return uuid.UUID(bytes=identity)
    return None


def sign(purpose: str, value: str) -> str:
    """`value` with its MAC behind a dot; the value stays readable."""
    mac = _mac(keys()[0], purpose, value.encode())[:MAC_BYTES]
    return f"{value}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def unsign(purpose: str, signed: str) -> str | None:
    """The value, or None when the MAC fits no key."""
    value, dot, mac = signed.rpartition(".")
    if not dot:
        return None
    for key in keys():
        wanted = base64.urlsafe_b64encode(_mac(key, purpose, value.encode())[:MAC_BYTES]).rstrip(b"=")
        if hmac.compare_digest(wanted, mac.encode()):
            return value
    return None


def fingerprints(purpose: str, value: str) -> list[str]:
    """Keyed hashes of a value under every key, the current one first; store the first, look for all of them."""
    return [_mac(key, purpose, value.encode()).hex() for key in keys()]
