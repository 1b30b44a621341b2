"""Who is expected today, and one visit."""

from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from delight.customers.access import customers_visible_to, get_customer_for, search_for
from delight.customers.forms import SearchForm, posted
from delight.customers.memory.showing import open_questions, with_questions
from delight.customers.models import Visit
from delight.customers.views import MOST_FOUND, SignedInRequest, posted_well
from delight.customers.visit_models import bounds_of
from delight.customers.visits import services
from delight.customers.visits.access import get_visit_for, teams_to_visit
from delight.customers.visits.forms import DayForm, GuestForm, HereForm, PlanForm, SettleForm, VisitForm
from delight.lib.sortkey import fold
from staff.people.access import is_manager

PER_PAGE = 50
# Whoever has to sign in again while posting is sent to the same address afterwards, by GET: it leads to the page.
POST_OR_BACK = ["GET", "HEAD", "POST"]


@require_safe
def visits(request: SignedInRequest) -> HttpResponse:
    """A day of one team: today, unless another is asked for."""
    teams = list(teams_to_visit(request.user))
    chosen = DayForm(request.GET, teams=teams)
    day, team = chosen.chosen_day, chosen.chosen_team
    found: QuerySet[Visit] = Visit.objects.between(*bounds_of(day)).filter(team=team).with_names()
    found = found.order_by("starts_at", "id")
    if not request.user.at_desk:  # there nothing of it stands on the screen until somebody taps
        found = with_questions(found)
    query = {"team": team.pk} if team and len(teams) > 1 else {}
    context = {
        "page_obj": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "query": urlencode({"day": day, **query}),
        "team": team,
        "day": day,
        "is_today": day == timezone.localdate(),
        "may_settle": day <= timezone.localdate(),
        "this_day": urlencode({"day": day, **query}),
        "before": urlencode({"day": day - timedelta(days=1), **query}),
        "after": urlencode({"day": day + timedelta(days=1), **query}),
        "tabs": _tabs(teams, team, day),
        "manages": is_manager(request.user),
    }
    return render(request, "visits/list.html", context)


def _tabs(teams: list[Any], current: Any, day: Any) -> list[dict[str, Any]]:
    if len(teams) < 2:
        return []
    return [
        {"url": f"?{urlencode({'team': team.pk, 'day': day})}", "label": team.name, "current": team == current}
        for team in teams
    ]


def visit(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_visit_for(request.user, pk)
    form = VisitForm(**posted(request), instance=found)
    if posted_well(request, form):
        services.change_visit(by=request.user, visit=found, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("visit", pk)
    shown = get_visit_for(request.user, pk)
    known = shown.customer is not None and shown.customer.erased_at is None
    context = {
        "form": form,
        "visit": shown,
        "removable": services.can_be_removed(shown),
        "day": _day_of(shown),
        "questions": open_questions(shown.customer) if known and shown.customer else [],
        "folded": request.user.at_desk,
    }
    return render(request, "visits/visit.html", context)


def _day_of(found: Visit) -> str:
    return urlencode({"day": timezone.localdate(found.starts_at), "team": found.team_id})


@require_http_methods(POST_OR_BACK)
def visit_state(request: SignedInRequest, pk: int) -> HttpResponse:
    """Here, did not come, or neither after all. With htmx the line of the list comes back."""
    found = get_visit_for(request.user, pk)
    form = SettleForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        return redirect("visit", pk)
    wanted = form.cleaned_data["to"]
    services.settle_visit(by=request.user, visit=found, was=form.cleaned_data["was"], to=wanted)
    lines = Visit.objects.with_names().filter(pk=pk)
    now = (lines if request.user.at_desk else with_questions(lines)).first()
    if request.htmx:
        on_customer = form.cleaned_data["back"] == "customer"
        line = {"visit": now, "show_name": not on_customer, "may_settle": True, "back": form.cleaned_data["back"]}
        return render(request, "visits/_visit.html", {**line, "fresh": True}) if now else HttpResponse()
    if now is not None and now.state != wanted:
        messages.warning(request, _("Somebody has noted something else meanwhile."))
    return _back(form.cleaned_data["back"], found)


def _back(where: str, found: Visit) -> HttpResponse:
    if where == "customer" and found.customer_id:
        return redirect("customer", found.customer_id)
    return redirect("home" if where == "home" else "visits")


@require_http_methods(POST_OR_BACK)
def visit_here(request: SignedInRequest, pk: int) -> HttpResponse:
    """From a customer's page: here now, or expected at a time."""
    customer = get_customer_for(request.user, pk)
    if request.method == "POST":
        form = HereForm(request.POST, teams=teams_to_visit(request.user))
        if form.is_valid():
            made = services.add_visit(by=request.user, customer=customer, **form.cleaned_data)
            messages.success(request, _("Visit noted.") if made.state == Visit.State.CAME else _("Visit planned."))
        else:
            messages.warning(request, _("Not noted: choose the team, and a time as 2026-03-31 14:30."))
    return redirect("customer", pk)


def visit_plan(request: SignedInRequest, pk: int) -> HttpResponse:
    """A later visit of a customer, with a day and time, a team, and a person if one likes."""
    customer, teams = get_customer_for(request.user, pk), teams_to_visit(request.user)
    asked = DayForm(request.GET, teams=list(teams))
    initial = {"starts_at": asked.opening_of_day} if asked.cleaned_data.get("day") else {}
    first = asked.cleaned_data.get("team") or customer.team_id
    form = PlanForm(**posted(request), teams=teams, first=first, initial=initial)
    if posted_well(request, form):
        made = services.add_visit(by=request.user, customer=customer, **form.cleaned_data)
        messages.success(request, _("Visit planned."))
        return redirect(f"{reverse('visits')}?{_day_of(made)}")
    return render(request, "visits/plan.html", {"form": form, "customer": customer, "teams": bool(teams)})


@require_safe
def visit_plan_whom(request: SignedInRequest) -> HttpResponse:
    """From the day's list: first whose visit it is."""
    form = SearchForm(request.GET)
    visible = customers_visible_to(request.user).select_related("account", "team")
    found = list(search_for(request.user, visible, form.searched)[:MOST_FOUND]) if form.searched else []
    day = {name: request.GET[name] for name in ("day", "team") if request.GET.get(name)}
    context = {"form": form, "found": found, "searched": form.searched, "query": urlencode(day), "day": day}
    return render(request, "visits/plan_whom.html", context)


@require_http_methods(POST_OR_BACK)
def visit_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_visit_for(request.user, pk)
    if request.method == "POST":
        if services.remove_visit(by=request.user, visit=found):
            messages.success(request, _("Visit removed."))
            return redirect("visits")
        messages.warning(request, _("This visit cannot be removed any more."))
    return redirect("visit", pk)


def visit_customer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Whose booking it is: look for the customer, and say so."""
    found = get_visit_for(request.user, pk)
    if found.customer_id is not None:
        return redirect("visit", pk)
    visible = customers_visible_to(request.user)
    picked = GuestForm(**posted(request), customers=visible)
    if posted_well(request, picked):
        services.name_guest(by=request.user, visit=found, customer=picked.cleaned_data["customer"])
        messages.success(request, _("Saved."))
        return redirect("visit", pk)
    form = SearchForm(request.GET)
    words = form.searched
    found_by = search_for(request.user, visible, words) if words else visible.filter(_perhaps(found.guest))
    customers = list(found_by.select_related("account", "team")[:MOST_FOUND])
    context = {"visit": found, "form": form, "found": customers, "searched": form.searched}
    return render(request, "visits/whose.html", context)


def _perhaps(guest: str) -> Q:
    """Those with a name in which one of the booking's words stands."""
    words = [word for word in fold(guest).split() if len(word) > 3]
    return reduce(or_, (Q(search_text__contains=word) for word in words[:6]), Q(pk__in=[]))
