"""allauth's pages where ours differ by a little."""

from typing import Any

from allauth.account import views as account
from allauth.account.utils import url_str_to_user_pk
from allauth.usersessions.views import ListUserSessionsView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.generic.edit import FormView

from staff.people.models import User
from staff.people.sessions import device_name, living_sessions_of


class Login(account.LoginView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "company_login": settings.OIDC_NAME}


login = Login.as_view()


@never_cache
@login_not_required
def password_reset_from_key(request: HttpRequest, uidb36: str, key: str) -> HttpResponseBase:
    """A link that was mailed to somebody who has left since opens nothing."""
    if not _is_active(uidb36):
        key = "left"
    return account.password_reset_from_key(request, uidb36=uidb36, key=key)


def _is_active(uidb36: str) -> bool:
    try:
        return User.objects.filter(pk=url_str_to_user_pk(uidb36), is_active=True).exists()
    except (ValueError, OverflowError):
        return False


class Sessions(ListUserSessionsView):
    """allauth's own list deletes rows while it is being looked at."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sessions = living_sessions_of(self.request.user)
        for session in sessions:
            session.device = device_name(session.user_agent)
        shown = {"sessions": sessions, "session_count": len(sessions), "show_last_seen_at": False}
        return {**FormView.get_context_data(self, **kwargs), **shown}


sessions = Sessions.as_view()
