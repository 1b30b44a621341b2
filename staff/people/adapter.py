"""How allauth is bent to this house: no sign-up, mail through the outbox, limits that lock nobody out for good."""

import time
from collections.abc import Iterable
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from delight.lib.network import client_ip
from delight.outbox.services import enqueue
from staff.people import account_devices, desk_limits

NO_ADDRESS = "0.0.0.0"  # noqa: S104 (nothing is bound to it: what is kept where a unix socket tells no address)
WRONG_PASSWORDS = {
    # Per address and account: a guesser somewhere else does not keep the real person out.
    "here": app_settings.RATE_LIMITS["login_failed"],
    # Per account from everywhere: what many machines together may guess. A reset by mail clears it.
    "anywhere": "300/h/key",
    # Per device on which the person has logged in before, instead of "anywhere": others cannot use it up.
    "known": "20/h/key",
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("E-mail or password is wrong."),
        "username_password_mismatch": _("Sign-in name or password is wrong."),
        "incorrect_password": _("That is not your password."),
        "enter_current_password": _("That is not your present password."),
        "too_many_login_attempts": _(
            "Too many wrong passwords. Try again in five minutes, or ask for a new password by mail."
        ),
    }
    said = {
        "account/messages/password_changed.txt": _("The new password holds. Other devices are logged out."),
        "usersessions/messages/sessions_logged_out.txt": _("All other devices are logged out."),
        "mfa/messages/totp_activated.txt": _("From now on you log in with a code, too. Other devices are logged out."),
        "mfa/messages/totp_deactivated.txt": _("The code app is removed. Other devices are logged out."),
        "mfa/messages/webauthn_added.txt": _("The passkey is added. Other devices are logged out."),
        "mfa/messages/webauthn_removed.txt": _("The passkey is removed. Other devices are logged out."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Only as many proxies are believed as are ours."""
        return client_ip(request) or NO_ADDRESS

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Our own words for the few events that are worth any."""
        if message_template in self.said:
            messages.success(request, self.said[message_template])

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The same ways in our words."""
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        return [{**way, "description": words[way["id"]]} for way in super().get_reauthentication_methods(user)]

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        account_devices.remember(request, response, user)
        if here := getattr(request, "desk", None):
            desk_limits.begin_anew(request, user, [here])
        return response

    # --- Mail -------------------------------------------------------------------------------------------------

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        """A row in the outbox, at most one a minute; the link is made when the mail is."""
        enqueue(kind="password-reset", object_id=user.pk, key=f"password-reset:{user.pk}:{int(time.time()) // 60}")

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """allauth sends nothing by itself."""

    # --- Wrong passwords --------------------------------------------------------------------------------------

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        limits = _limits(request, credentials.get("email") or credentials.get("username") or "")
        self._used = [ratelimit.consume(request, **limit) for limit in limits]
        if not all(self._used):
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        for usage in self._used:
            if usage:
                usage.rollback()

    def set_password(self, user: Any, password: str) -> None:
        """A new password, and a clean slate: who has just read their mail is not the guesser."""
        super().set_password(user, password)
        for login in filter(None, (user.email, user.login_name)):
            for limit in _limits(self.request, login, scopes=WRONG_PASSWORDS):
                ratelimit.clear(self.request, **limit)


def _limits(request: HttpRequest, login: str, scopes: Iterable[str] = ()) -> list[dict[str, Any]]:
    """What counts a wrong password. Counters are named by a login in one spelling, whatever was typed."""
    login = login.strip().lower()
    keys = {"here": f"{login} {ratelimit.get_ip(request)}", "anywhere": login, "known": f"{login} known"}
    scopes = scopes or ("here", "known" if account_devices.is_known(request, login) else "anywhere")
    same = {"app": "allauth.account", "config": WRONG_PASSWORDS}
    return [{**same, "action": scope, "key": keys[scope]} for scope in scopes]
