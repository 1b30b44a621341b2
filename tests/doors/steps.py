"""What people do at the doors, in one line each."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from tests.conftest import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def is_in(client: Client) -> bool:
    return client.get(reverse("profile")).status_code == 200


def log_in(user, client: Client | None = None, password: str = PASSWORD, **headers) -> Client:
    """By the log-in page; whether it opened is another question."""
    client = client or Client(**headers)
    client.post(reverse("account_login"), {"login": user.email, "password": password}, **headers)
    return client


def say_who_one_is(client: Client) -> Client:
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def code(secret: str = SECRET, *, steps: int = 0) -> str:
    """What a code app shows now, or so many half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def with_code_app(user):
    """The same person, who has set up a code app before."""
    TOTP.activate(user, SECRET)
    return user


def with_passkey(user):
    Authenticator.objects.create(user=user, type="webauthn", data={"name": "Phone", "credential": {}})
    return user
