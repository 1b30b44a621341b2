"""Logging in by the company's own OpenID Connect, where the settings name one.

It opens to people who are here already, matched by the address that the provider has verified, and to nobody else:
no account is made, joined or changed by it, and nothing of it is stored.
"""

import logging
from collections.abc import Callable
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from requests import RequestException

from delight.lib.addresses import normal_email
from staff.people.models import User

PROVIDER = "company"
log = logging.getLogger(__name__)


class SocialAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """From here on the login is the person's whom we know, or it is over."""
        user = _known_person(sociallogin.account.extra_data)
        if user is None or sociallogin.state.get("process") != "login":
            raise ImmediateHttpResponse(_no_entry(request, _("Nobody with that address works here. Ask your manager.")))
        sociallogin.user = user

    def on_authentication_error(self, request: HttpRequest, provider: Any, **about: Any) -> None:
        log.warning("OpenID Connect: %s %r", about.get("error"), about.get("exception"))
        raise ImmediateHttpResponse(_failed(request))


def _known_person(told: dict[str, Any]) -> User | None:
    about = {**told["id_token"], **told["userinfo"]}
    verified = about.get("email_verified") is True or about.get("email_verified") == "true"
    if not verified or not isinstance(about.get("email"), str):
        return None
    return User.objects.filter(email=normal_email(about["email"]), is_active=True).first()


class CompanyOpenID(OpenIDConnectOAuth2Adapter):
    """allauth's way, looked at closer: the issuer is ours, the signature fits, both answers are about one person."""

    def get_provider(self) -> Any:
        provider = super().get_provider()
        provider.oauth2_adapter_class = CompanyOpenID
        return provider

    @property
    def openid_config(self) -> dict[str, Any]:
        config = super().openid_config
        if config["issuer"].rstrip("/") != settings.OIDC_ISSUER:
            raise OAuth2Error("the provider calls itself by another name than OIDC_ISSUER")
        return config

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        return settings.BASE_URL + reverse("openid_callback")

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> SocialLogin:
        if not kwargs["response"].get("id_token"):
            raise OAuth2Error("no id_token")
        login = super().complete_login(request, app, token, **kwargs)
        told = login.account.extra_data
        if told["userinfo"]["sub"] != told["id_token"]["sub"]:
            raise OAuth2Error("id_token and userinfo are about different people")
        return login

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        return jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )


def _door(view: Any) -> Callable[[HttpRequest], HttpResponse]:
    @require_safe
    @never_cache
    @login_not_required
    def opened(request: HttpRequest) -> HttpResponse:
        if not settings.OIDC_NAME:
            raise Http404
        try:
            return view.adapter_view(CompanyOpenID(request, PROVIDER))(request)
        except (RequestException, OAuth2Error, KeyError, TypeError, ValueError) as error:
            log.warning("OpenID Connect: %r", error)  # the provider is away, or says what no provider says
            return _failed(request)

    return opened


login = _door(OAuth2LoginView)
callback = _door(OAuth2CallbackView)


def _failed(request: HttpRequest) -> HttpResponse:
    words = _("Logging in with %(name)s did not work. Try once more, or use your password.")
    return _no_entry(request, words % {"name": settings.OIDC_NAME})


def _no_entry(request: HttpRequest, words: str) -> HttpResponse:
    messages.error(request, words)
    return redirect("account_login")
