"""allauth's second step bent to this house: secrets are encrypted, passkeys belong to BASE_URL, words are ours."""

import io

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delight.organisation.models import Organisation
from staff.people import second_step
from staff.people.models import User


class MFAAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("That did not fit. Please try once more."),
        "cannot_generate_recovery_codes": gettext_lazy("Add a code app or a passkey first."),
    }

    def encrypt(self, text: str) -> str:
        return second_step.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return second_step.decrypt(encrypted_text)

    def get_totp_label(self, user: User) -> str:
        return user.email or user.login_name or user.name

    def get_totp_issuer(self) -> str:
        return self._company()

    def build_totp_svg(self, url: str) -> str:
        picture = io.BytesIO()
        segno.make(url, error="m").save(picture, kind="svg", scale=5, border=2, light="#fff", xmldecl=False)
        return picture.getvalue().decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Browsers refuse an address of numbers, as a trial has it: there passkeys work by "localhost"."""
        return {"id": "localhost" if settings.LOCAL else settings.BASE_HOST, "name": self._company()}

    def generate_authenticator_name(self, user: User, type: str) -> str:
        return _("Passkey")

    def _company(self) -> str:
        company = Organisation.objects.first()
        return f"Delight, {company.name}" if company else "Delight"
