"""The pages of a shared device, and those on which a manager makes one."""

from typing import Any

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from delight.organisation.models import AuditEntry
from staff.people import access, desk_limits, desks
from staff.people.desk import BACKEND, COOKIE, COOKIE_LASTS, OF_DESK, PinBackend
from staff.people.forms import DeskForm, OwnPinForm, PinForm
from staff.people.models import Desk, User
from staff.people.requests import SignedInRequest

WRONG_PINS = {"pin": "20/10m/key"}  # per device: nobody tries one PIN on all names


def _desk_of(request: HttpRequest) -> Desk:
    """The shared device in front of us; elsewhere there is no such page."""
    desk: Desk | None = getattr(request, "desk", None)
    if desk is None:
        raise Http404
    return desk


@require_safe
@never_cache
@login_not_required
def desk(request: HttpRequest) -> HttpResponse:
    """The names. Whoever was signed in no longer is: coming here locks the device."""
    here = _desk_of(request)
    list(messages.get_messages(request))  # what was meant for somebody else
    logout(request)
    return render(request, "people/desk.html", {"here": here, "people": desks.people_at(here)})


@sensitive_post_parameters("pin")
@never_cache
@login_not_required
def desk_pin(request: HttpRequest, pk: int) -> HttpResponse:
    here = _desk_of(request)
    person = get_object_or_404(desks.people_at(here), pk=pk)
    form = PinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        problem = _why_not(request, here, person, form.cleaned_data["pin"])
        if not problem:
            return _let_in(request, here, person)
        form.add_error("pin", problem)
    return render(request, "people/desk_pin.html", {"form": form, "person": person})


def _why_not(request: HttpRequest, here: Desk, person: User, pin: str) -> str:
    """Empty when the PIN is right."""
    limit: dict[str, Any] = {"app": "staff.people", "action": "pin", "config": WRONG_PINS, "key": str(here.pk)}
    usage = ratelimit.consume(request, **limit)
    if usage is None:
        return _("Too many wrong PINs on this device. Try again in ten minutes, or log in with your password.")
    of_today = desk_limits.take_one(request, here, person)
    if of_today is None:
        return _(
            "Too many wrong PINs for this name today. Log in here with your password, or ask your manager; tomorrow the"
            " PIN opens again."
        )
    problem = _wrong(here, person, pin)
    if not problem:
        usage.rollback()
        of_today.rollback()
    elif desk_limits.is_closed(request, here, person):
        AuditEntry.record(by=None, verb="close_pin", obj=person)
    return problem


def _wrong(here: Desk, person: User, pin: str) -> str:
    """Empty when the PIN is right."""
    try:
        right = desks.enter(desk=here, user=person, pin=pin)
    except desks.PinBlocked as blocked:
        minutes = max(1, round((blocked.until - timezone.now()).total_seconds() / 60))
        words = ngettext(
            "Too many wrong PINs. Try again in %(count)d minute, or log in with your password.",
            "Too many wrong PINs. Try again in %(count)d minutes, or log in with your password.",
            minutes,
        )
        return words % {"count": minutes}
    return "" if right else _("That is not the PIN.")


def _let_in(request: HttpRequest, here: Desk, person: User) -> HttpResponse:
    """Signed in as staff; the page after it shows no customer yet."""
    logout(request)
    login(request, PinBackend().get_user(person.pk), backend=BACKEND)
    request.session[OF_DESK] = here.pk
    response = redirect("home")
    _give_cookie(response, request.COOKIES[COOKIE])
    return response


def _give_cookie(response: HttpResponse, secret: str) -> None:
    response.set_cookie(
        COOKIE, secret, max_age=COOKIE_LASTS, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )


@require_POST
def desk_awake(request: SignedInRequest) -> HttpResponse:
    """Somebody types: the two minutes begin again, which the middleware has seen to."""
    return HttpResponse(status=204)


# --- Making and ending one --------------------------------------------------------------------------------------


def desk_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """Makes this browser a shared device, and ends the manager's own session in it."""
    team = access.get_managed_team_for(request.user, pk)
    form = DeskForm(request.POST or None, initial={"name": _("Front desk")})
    if request.method == "POST" and form.is_valid():
        _made, secret = desks.enrol_desk(by=request.user, team=team, name=form.cleaned_data["name"])
        logout(request)
        response = redirect("desk")
        _give_cookie(response, secret)
        return response
    return render(request, "people/desk_form.html", {"form": form, "team": team})


@require_POST
def desk_revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    ended = access.get_desk_for(request.user, pk)
    desks.revoke_desk(by=request.user, desk=ended)
    messages.success(request, _("No longer a shared device: %(name)s.") % {"name": ended.name})
    return redirect("team", ended.team_id)


@require_POST
def pin_open(request: SignedInRequest, pk: int) -> HttpResponse:
    """A manager's word: these wrong tries were the person's own."""
    person = access.get_managed_person_for(request.user, pk)
    desks.open_pin(by=request.user, user=person)
    desk_limits.begin_anew(request, person, desk_limits.desks_of(person))
    messages.success(request, _("The PIN opens again: %(name)s.") % {"name": person.name})
    return redirect("person", pk)


@sensitive_post_parameters("pin", "again")
@never_cache
def own_pin(request: SignedInRequest) -> HttpResponse:
    """People set their PIN themselves, and only they; who has just found an open phone is asked for the password."""
    if is_reauthentication_required(request, app="staff.people"):  # allauth's decorator would keep the PIN meanwhile
        return redirect(reverse("account_reauthenticate") + f"?next={request.path}")
    form = OwnPinForm(request.POST or None, has_one=bool(request.user.pin))
    if request.method == "POST" and form.is_valid():
        desks.set_pin(user=request.user, pin=form.cleaned_data["pin"])
        saved, gone = _("The PIN holds from now on."), _("You have no PIN any more.")
        messages.success(request, saved if form.cleaned_data["pin"] else gone)
        return redirect("profile")
    return render(request, "people/own_pin.html", {"form": form})
