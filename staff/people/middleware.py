"""What holds on every page: the person's language and time zone, and the second step that a sponsor needs."""

import zoneinfo
from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django_htmx.http import HttpResponseClientRedirect

from delight.organisation.models import Organisation
from staff.people.second_step import must_set_up


def own_language_and_zone(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A user's own language and zone, else the organisation's; strangers get their browser's language."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        language = zone = ""
        if user.is_authenticated:
            organisation = Organisation.objects.first()
            request.organisation = organisation  # type: ignore[attr-defined]
            language = user.language or (organisation.default_language if organisation else "")
            zone = user.time_zone or (organisation.time_zone if organisation else "")
        language = language or translation.get_language_from_request(request)
        request.LANGUAGE_CODE = language
        with translation.override(language), timezone.override(zoneinfo.ZoneInfo(zone) if zone else None):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


class LoginFirst(LoginRequiredMiddleware):
    """Django's; and where a part of a page is asked for, the whole page goes to the log-in page and comes back."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponse:  # type: ignore[override]
        if not request.htmx:  # type: ignore[attr-defined]
            return super().handle_no_permission(request, view_func)
        page = request.htmx.current_url_abs_path or "/"  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(redirect_to_login(page, self.get_login_url(view_func)).url)


class SecondStepFirst:
    """Leads a sponsor who has no second step to where it is set up, before any other page."""

    OPEN = frozenset(
        {
            "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes",
            "mfa_download_recovery_codes", "mfa_generate_recovery_codes", "account_reauthenticate",
            "account_set_password", "account_logout",
        }
    )  # fmt: skip

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        public = not getattr(view, "login_required", True)
        name = request.resolver_match.url_name if request.resolver_match else None
        if public or name in self.OPEN or not request.user.is_authenticated or not must_set_up(request.user):
            return None
        return redirect("mfa_index")
