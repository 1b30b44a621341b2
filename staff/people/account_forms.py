"""allauth's forms in our words: labels as everywhere else, and no placeholders that repeat them."""

from collections.abc import Callable
from typing import Any

from allauth.account import forms as allauth
from allauth.mfa.base import forms as codes
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.core.cache import cache
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LABELS: dict[str, str | Promise] = {
    "login": _("E-mail or sign-in name"),
    "email": _("E-mail"),
    "password": _("Password"),
    "oldpassword": _("Password so far"),
    "password1": _("New password"),
    "password2": _("New password once more"),
    "remember": _("Stay logged in"),
    "code": _("Code"),
    "name": _("Name of this passkey"),
}


class OurWords:
    """Gives the fields of one of allauth's forms our labels."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)


class LoginForm(OurWords, allauth.LoginForm):
    def user_credentials(self) -> dict[str, Any]:
        """One of the two, and never both: a second look at the password takes time that tells who has a login."""
        login = self.cleaned_data["login"]
        password = self.cleaned_data.get("password")
        return {"email" if "@" in login else "username": login, **({"password": password} if password else {})}


class ResetPasswordForm(OurWords, allauth.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(OurWords, allauth.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(OurWords, allauth.ChangePasswordForm):
    pass


class ReauthenticateForm(OurWords, allauth.ReauthenticateForm):
    pass


# --- The second step --------------------------------------------------------------------------------------------


class Once(OurWords):
    """A code opens once, as long as it would fit; and who tries too many is told so in fitting words."""

    FITS = 90  # seconds: a code's own thirty, and as many before and behind it
    user: Any

    def clean_code(self) -> str:
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except forms.ValidationError as error:
            if error.code == "too_many_login_attempts":
                raise forms.ValidationError(_("Too many wrong codes. Try again in five minutes.")) from error
            raise
        if not cache.add(f"second-step:{self.user.pk}:{''.join(filter(str.isalnum, code))}", 1, timeout=self.FITS):
            raise forms.ValidationError(_("This code has been used. Wait for the next one."))
        return code


class CodeForm(Once, codes.AuthenticateForm):
    pass


class CodeAgainForm(Once, codes.ReauthenticateForm):
    pass


class AddCodeAppForm(OurWords, ActivateTOTPForm):
    pass


class WellFormed:
    """What only looks like a passkey is a mistake of whoever sent it, and no error of ours."""

    def _looked_at(self, look: Callable[[], Any]) -> Any:
        try:
            return look()
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            raise forms.ValidationError(_("That did not fit. Please try once more.")) from error

    def clean(self) -> Any:
        return self._looked_at(super().clean)  # type: ignore[misc]

    def clean_credential(self) -> Any:
        look = getattr(super(), "clean_credential", lambda: self.cleaned_data["credential"])  # type: ignore[attr-defined]
        return self._looked_at(look)


class AddPasskeyForm(WellFormed, OurWords, passkeys.AddWebAuthnForm):
    """A passkey opens without a password: there are none of the other kind here."""

    passwordless = None


class PasskeyForm(WellFormed, passkeys.AuthenticateWebAuthnForm):
    pass


class PasskeyAgainForm(WellFormed, passkeys.ReauthenticateWebAuthnForm):
    pass


class LoginByPasskeyForm(WellFormed, passkeys.LoginWebAuthnForm):
    pass
