"""The pages of the idea bank."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from staff.moments import ideas as bank
from staff.moments.idea_access import (
    get_idea_for,
    get_idea_to_change_for,
    get_idea_to_manage_for,
    get_moment_to_take_for,
    get_starter_for,
    may_change_idea,
)
from staff.moments.idea_forms import IdeaFilterForm, IdeaForm, KitForm, StarterForm
from staff.moments.idea_shelf import Shelf, facts_of, is_pinned, not_made_yet, own_trade, stories_of
from staff.moments.models import Idea
from staff.people.access import is_manager
from staff.people.requests import SignedInRequest

PAGE = 50


@require_safe
def ideas(request: SignedInRequest) -> HttpResponse:
    manages = is_manager(request.user)
    form = IdeaFilterForm(request.GET, manages=manages)
    chosen, trade = form.chosen, own_trade()
    shelf: Any = Shelf(request.user, chosen, trade)
    page = Paginator(shelf, PAGE).get_page(request.GET.get("page"))
    query = urlencode({name: value for name, value in chosen.items() if value})
    context = {"page_obj": page, "form": form, "query": query, "narrowed": bool(query), "trade": trade}
    return render(request, "moments/ideas.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def idea_new(request: SignedInRequest) -> HttpResponse:
    form = IdeaForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        made = bank.add_idea(by=request.user, **form.cleaned_data)
        messages.success(request, _("It is in the bank."))
        return redirect("idea", made.pk)
    return _form(request, form, reverse("ideas"))


@require_http_methods(["GET", "HEAD", "POST"])
def idea_change(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_idea_to_change_for(request.user, pk)
    form = IdeaForm(request.POST or None, user=request.user, instance=found)
    if request.method == "POST" and form.is_valid():
        bank.change_idea(by=request.user, idea=found, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("idea", pk)
    return _form(request, form, reverse("idea", args=[pk]))


def _form(request: HttpRequest, form: IdeaForm, back: str) -> HttpResponse:
    context = {"form": form, "back": back, "is_new": form.instance.pk is None}
    return render(request, "moments/idea_form.html", context, status=422 if form.is_bound else 200)


@require_safe
def idea(request: SignedInRequest, pk: int) -> HttpResponse:
    found: Any = get_idea_for(request.user, pk)
    found.pinned = is_pinned(request.user, found)
    stories = stories_of(found).with_names()
    page = Paginator(stories, PAGE).get_page(request.GET.get("page"))
    context = {
        "idea": found,
        "page_obj": page,
        "may_change": may_change_idea(request.user, found),
        "manages": is_manager(request.user),
        **facts_of(found),
    }
    return render(request, "moments/idea.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def idea_kit(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_idea_to_manage_for(request.user, pk)
    form = KitForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        bank.make_kit(by=request.user, idea=found, kit=form.cleaned_data["kit"])
        messages.success(request, _("Saved."))
        return redirect("idea", pk)
    context = {"form": form, "idea": found}
    return render(request, "moments/idea_kit.html", context, status=422 if form.is_bound else 200)


@require_POST
def idea_retire(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_idea_to_manage_for(request.user, pk)
    if bank.retire_idea(by=request.user, idea=found):
        messages.success(request, _("Retired: it is not offered any more. Its stories stay."))
    return redirect("idea", pk)


@require_POST
def idea_bring_back(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_idea_to_manage_for(request.user, pk)
    if bank.bring_back(by=request.user, idea=found):
        messages.success(request, _("It is in the bank again."))
    return redirect("idea", pk)


# --- At hand ----------------------------------------------------------------------------------------------------


@require_POST
def idea_pin(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_idea_for(request.user, pk)
    bank.pin_idea(by=request.user, idea=found)
    return _pinned(request, found, pinned=True)


@require_POST
def idea_unpin(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_idea_for(request.user, pk)
    bank.unpin_idea(by=request.user, idea=found)
    return _pinned(request, found, pinned=False)


def _pinned(request: SignedInRequest, found: Any, *, pinned: bool) -> HttpResponse:
    """The button alone for a list in the browser, else the idea's page."""
    if request.htmx:  # type: ignore[attr-defined]
        found.pinned = pinned
        return render(request, "moments/_idea_pin.html", {"idea": found})
    messages.success(
        request, _("Pinned: it is at hand when you log a moment.") if pinned else _("Not pinned any more.")
    )
    return redirect("idea", found.pk)


@require_POST
def idea_steal(request: SignedInRequest, pk: int) -> HttpResponse:
    """`pk` is the moment's."""
    moment = get_moment_to_take_for(request.user, pk)
    try:
        found, made = bank.steal_idea(by=request.user, moment=moment)
    except bank.NothingToTake:
        messages.warning(request, _("There are no words to make an idea of. Add it in your own."))
        return redirect("idea_new")
    if made:
        messages.success(request, _("It is an idea now, and pinned. Change the words so that they fit any customer."))
    else:
        messages.success(request, _("Pinned: it is at hand when you log a moment."))
    return redirect("idea", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def idea_starter(request: SignedInRequest, key: str) -> HttpResponse:
    """One that ships with Delight. Looking at it makes no row; its first use does."""
    starter = get_starter_for(request.user, key)
    if request.method == "POST":
        return _use_starter(request, starter.key)
    if row := Idea.objects.filter(starter=starter.key).first():
        return redirect("idea", row.pk)
    return render(request, "moments/idea_starter.html", {"idea": not_made_yet(starter)})


def _use_starter(request: SignedInRequest, key: str) -> HttpResponse:
    form = StarterForm(request.POST)
    if not form.is_valid():
        raise BadRequest("say what is to be done")
    row = bank.starter_idea(key)
    if form.cleaned_data["do"] == "pin":
        bank.pin_idea(by=request.user, idea=row)
        return _pinned(request, row, pinned=True)
    return redirect("idea", row.pk)
