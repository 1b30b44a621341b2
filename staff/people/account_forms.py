"""allauth's forms in our words: labels as everywhere else, and no placeholders that repeat them."""

from typing import Any

from allauth.account import forms as allauth
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LABELS: dict[str, str | Promise] = {
    "login": _("E-mail"),
    "email": _("E-mail"),
    "password": _("Password"),
    "oldpassword": _("Password so far"),
    "password1": _("New password"),
    "password2": _("New password once more"),
    "remember": _("Stay logged in"),
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
    pass


class ResetPasswordForm(OurWords, allauth.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(OurWords, allauth.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(OurWords, allauth.ChangePasswordForm):
    pass


class ReauthenticateForm(OurWords, allauth.ReauthenticateForm):
    pass
