"""Shared devices, as every request meets them: who came in by a PIN has staff's rights and two minutes.

The rights are those of the object in `request.user`: the backend that loads it for each request of such a session
takes manager's and sponsor's rights from it, so that no view can forget to ask.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, SESSION_KEY, logout
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from staff.people.desks import desk_with
from staff.people.models import Desk, User

COOKIE = "desk"
COOKIE_LASTS = 400 * 24 * 3600  # the longest that browsers keep one; each PIN renews it
IDLE_SECONDS = 120
BACKEND = "staff.people.desk.PinBackend"
OF_DESK = "desk"  # in the session: at which device the PIN was typed
CLOSED = ("/me/", "/account/", "/mailbox/")  # one's own password, devices, second step, data: not in a shop


class PinBackend(BaseBackend):
    """Lets nobody in by itself: the page with the PIN does. It only loads who is in."""

    def get_user(self, user_id: int) -> User | None:
        user = User.objects.filter(pk=user_id, is_active=True).first()
        if user is not None:
            user.take_a_seat_at_the_desk()
        return user


class SharedDevice:
    """Keeps sessions on shared devices short, and shows strangers the names there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        desk = desk_with(request.COOKIES.get(COOKIE, ""))
        request.desk = desk  # type: ignore[attr-defined]
        _keep_short(request, desk)
        response = self.get_response(request)
        if desk is not None:
            response.headers["Cache-Control"] = "no-store"  # "back" shows nobody else's page
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        user = request.user
        if not user.is_authenticated:
            at_door = request.desk is not None and getattr(view, "login_required", True)  # type: ignore[attr-defined]
            return _to_the_names(request) if at_door else None
        if isinstance(user, User) and user.at_desk and request.path_info.startswith(CLOSED):
            return render(request, "people/desk_closed.html", status=403)
        return None


def _keep_short(request: HttpRequest, desk: Desk | None) -> None:
    """After two idle minutes the session is over, on the server. That of a PIN ends with its device."""
    if desk is None and "sessionid" not in request.COOKIES:
        return
    by_pin = request.session.get(BACKEND_SESSION_KEY) == BACKEND
    if by_pin and (desk is None or request.session.get(OF_DESK) != desk.pk):
        logout(request)
    elif desk is not None and SESSION_KEY in request.session:
        request.session.set_expiry(IDLE_SECONDS)


def _to_the_names(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):  # a part of a page: all of it has to go
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("desk")})
    return redirect("desk")
