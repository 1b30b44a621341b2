"""For managers: customers' praise to release, whom nobody has thanked, walls. For sponsors: values. And one's taste."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from staff.people.access import require_manager, require_sponsor
from staff.people.codes import qr_code
from staff.people.requests import SignedInRequest
from staff.recognition import services
from staff.recognition.access import drafts_for, get_draft_for, get_wall_for, walls_for
from staff.recognition.forms import ReleaseForm, TasteForm, ValueForm, WallForm
from staff.recognition.models import Recognition, Value
from staff.recognition.reading import unthanked
from staff.recognition.taste import set_taste, taste_of
from staff.recognition.walls import address_of

# --- Customers' praise ------------------------------------------------------------------------------------------


@require_safe
def drafts(request: SignedInRequest) -> HttpResponse:
    require_manager(request.user)
    return render(request, "recognition/drafts.html", {"drafts": drafts_for(request.user).with_names()})


@require_POST
def draft_decide(request: SignedInRequest, pk: int) -> HttpResponse:
    draft = get_draft_for(request.user, pk)
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        return redirect("drafts")
    what = form.cleaned_data["what"]
    if what == "drop":
        services.drop_praise(by=request.user, recognition=draft)
        messages.success(request, _("It will not be passed on. The customer’s answer stays where it is."))
        return redirect("drafts")
    told = services.release_praise(by=request.user, recognition=draft, is_private=what == "private")
    if told is None:
        messages.warning(request, _("Somebody has decided about it meanwhile."))
    else:
        messages.success(request, _how_told(told, wished_open=what == "open"))
    return redirect("drafts")


def _how_told(told: Recognition, *, wished_open: bool) -> str:
    if told.is_private and wished_open:
        return _("Passed on in private, as they prefer.")
    if told.is_private:
        return _("Passed on to them alone, and they are told at once.")
    if told.team_id is None:
        return _("It is in the feed, and those it praises are told at once.")
    return _("It is in the feed, and comes with the weekly mail.")


@require_safe
def quiet(request: SignedInRequest) -> HttpResponse:
    """Whom nobody has thanked for eight weeks, in own teams: names, in the order of names."""
    require_manager(request.user)
    return render(request, "recognition/quiet.html", {"teams": unthanked(request.user)})


# --- Values -----------------------------------------------------------------------------------------------------


def values(request: SignedInRequest) -> HttpResponse:
    require_sponsor(request.user)
    form = ValueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.add_value(by=request.user, **form.cleaned_data)
        messages.success(request, _("The value can be chosen from now on."))
        return redirect("values")
    every = list(Value.objects.all())
    context = {
        "form": form,
        "values": [value for value in every if value.retired_at is None],
        "retired": [value for value in every if value.retired_at is not None],
    }
    return render(request, "recognition/values.html", context, status=422 if form.is_bound else 200)


@require_POST
def value_retire(request: SignedInRequest, pk: int) -> HttpResponse:
    require_sponsor(request.user)
    services.retire_value(by=request.user, value=get_object_or_404(Value, pk=pk))
    messages.success(request, _("Retired. Thanks that already show it keep it."))
    return redirect("values")


# --- Taste ------------------------------------------------------------------------------------------------------


def taste(request: SignedInRequest) -> HttpResponse:
    """How one likes to be thanked; the same form stands in the own profile."""
    form = TasteForm(request.POST or None, instance=taste_of(request.user))
    if request.method == "POST" and form.is_valid():
        set_taste(user=request.user, **form.cleaned_data)
        messages.success(request, _("Your settings are saved."))
        return redirect("profile")
    return render(request, "recognition/taste.html", {"form": form}, status=422 if form.is_bound else 200)


# --- Walls ------------------------------------------------------------------------------------------------------


def walls(request: SignedInRequest) -> HttpResponse:
    require_manager(request.user)
    form = WallForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        return redirect("wall_link", services.make_wall(by=request.user, **form.cleaned_data).pk)
    context: dict[str, Any] = {"form": form, "walls": walls_for(request.user).filter(revoked_at=None)}
    return render(request, "recognition/walls.html", context, status=422 if form.is_bound else 200)


@require_safe
@never_cache
def wall_link(request: SignedInRequest, pk: int) -> HttpResponse:
    """The link and its code, as long as it works."""
    wall = get_wall_for(request.user, pk)
    url = address_of(wall) if wall.revoked_at is None else ""
    context = {"wall": wall, "url": url, "code": qr_code(url) if url else ""}
    return render(request, "recognition/wall_link.html", context)


@require_POST
def wall_revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    wall = get_wall_for(request.user, pk)
    services.revoke_wall(by=request.user, wall=wall)
    messages.success(request, _("Switched off: %(name)s. Its screen shows nothing any more.") % {"name": wall.name})
    return redirect("walls")
