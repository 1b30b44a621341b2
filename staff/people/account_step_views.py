"""The pages of the second step: a code app, passkeys, recovery codes. allauth does the work; here is what differs."""

from typing import Any

from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal.auth import begin_registration
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from staff.people import access, second_step
from staff.people.requests import SignedInRequest

INDEX = reverse_lazy("mfa_index")
CODES = reverse_lazy("mfa_view_recovery_codes")


@require_safe
def index(request: SignedInRequest) -> HttpResponse:
    parts = list(Authenticator.objects.filter(user=request.user).order_by("pk"))
    of = Authenticator.Type
    context = {
        "app": next((part for part in parts if part.type == of.TOTP), None),
        "passkeys": [part.wrap() for part in parts if part.type == of.WEBAUTHN],
        "has_codes": any(part.type == of.RECOVERY_CODES for part in parts),
        "codes_left": len(second_step.unused_codes(request.user)),
        "required": second_step.must_set_up(request.user),
    }
    return render(request, "mfa/index.html", context)


class Changed:
    """What every change brings: other devices are logged out, the audit keeps it, new recovery codes are shown."""

    request: SignedInRequest
    verb: str
    did_generate_recovery_codes = False

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)  # type: ignore[misc]
        second_step.second_step_changed(
            by=self.request.user, verb=self.verb, session_key=self.request.session.session_key
        )
        if self.did_generate_recovery_codes:
            second_step.show_codes_for_a_while(self.request)
        return response


class AddCodeApp(Changed, ActivateTOTPView):
    verb = "add_code_app"


class RemoveCodeApp(Changed, DeactivateTOTPView):
    verb = "remove_code_app"


class AddPasskey(Changed, webauthn.AddWebAuthnView):
    verb = "add_passkey"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The device has to keep the key and to know its owner: then the key opens without a password."""
        context = super().get_context_data(**kwargs)
        return {**context, "js_data": {"options": begin_registration(self.request.user, True)}}


class RemovePasskey(Changed, webauthn.RemoveWebAuthnView):
    verb = "remove_passkey"
    success_url = INDEX


class NewCodes(Changed, GenerateRecoveryCodesView):
    verb = "renew_recovery_codes"
    did_generate_recovery_codes = True


@require_safe
@never_cache
def recovery_codes(request: SignedInRequest) -> HttpResponse:
    return render(
        request,
        "mfa/recovery_codes/index.html",
        {"codes": second_step.codes_to_show(request), "codes_left": len(second_step.unused_codes(request.user))},
    )


@require_safe
@never_cache
def recovery_codes_file(request: SignedInRequest) -> HttpResponse:
    codes = second_step.codes_to_show(request)
    if not codes:
        raise Http404
    text = "\n".join([_("Recovery codes for Delight, each for one login:"), "", *codes, ""])
    headers = {"Content-Disposition": 'attachment; filename="delight-recovery-codes.txt"'}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


@require_POST
def remove_of_person(request: SignedInRequest, pk: int) -> HttpResponse:
    """A sponsor lets somebody in again who has lost phone and codes."""
    person = access.get_person_for_sponsor(request.user, pk)
    if person.pk == request.user.pk:
        raise PermissionDenied
    second_step.remove_second_step(by=request.user, user=person)
    messages.success(request, _("Second step removed: %(name)s. The password alone opens now.") % {"name": person.name})
    return redirect("person", pk)


# --- On the way in ----------------------------------------------------------------------------------------------


class Authenticate(base.AuthenticateView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        user = self.stage.login.user
        has_passkey = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).exists()
        options = context.pop("js_data")["request_options"]
        return {**context, "has_passkey": has_passkey, "js_data": {"options": options}}


class ReauthenticateByPasskey(webauthn.ReauthenticateWebAuthnView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "js_data": {"options": context["js_data"]["request_options"]}}

    def form_invalid(self, form: Any) -> HttpResponse:
        """allauth's own way back ends on the log-in page."""
        messages.error(self.request, _("That did not fit. Please try once more."))
        return redirect("mfa_reauthenticate_webauthn")


class LoginByPasskey(webauthn.LoginWebAuthnView):
    def form_invalid(self, form: Any) -> HttpResponse:
        messages.error(self.request, _("This passkey opens nothing here. Log in with your password."))
        return redirect("account_login")
