"""Where visits come from: calendars and files, for managers."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh

from delight.customers.forms import posted
from delight.customers.models import Visit, VisitFile
from delight.customers.views import SignedInRequest, posted_well
from delight.customers.visits import calendars as calendar_services
from delight.customers.visits import files as file_services
from delight.customers.visits.access import (
    calendars_visible_to,
    get_calendar_for,
    get_visit_file_for,
    managed_teams,
    visit_files_visible_to,
)
from delight.customers.visits.forms import CalendarForm, VisitFileForm
from delight.customers.visits.views import POST_OR_BACK
from delight.customers.wrong import Wrong

PER_PAGE = 50
State = VisitFile.State


def calendars(request: SignedInRequest) -> HttpResponse:
    """The list, with a form for one more."""
    form = CalendarForm(**posted(request), teams=managed_teams(request.user))
    if posted_well(request, form):
        made = calendar_services.add_calendar(by=request.user, **form.cleaned_data)
        messages.success(request, _("Calendar added. It is being read."))
        return redirect("calendar", made.pk)
    page = Paginator(calendars_visible_to(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "visits/calendars.html", {"form": form, "page_obj": page, "tabs": tabs("calendars")})


@require_safe
def calendar(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_calendar_for(request.user, pk)
    planned = Visit.objects.filter(calendar=found).coming().with_names()
    page = Paginator(planned, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "visits/calendar.html", {"calendar": found, "page_obj": page})


@require_http_methods(POST_OR_BACK)
def calendar_read(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_calendar_for(request.user, pk)
    if request.method == "POST":
        calendar_services.read_now(by=request.user, calendar=found)
        messages.success(request, _("The calendar is being read. Look again in a moment."))
    return redirect("calendar", pk)


@require_http_methods(POST_OR_BACK)
def calendar_stop(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_calendar_for(request.user, pk)
    if request.method == "POST":
        calendar_services.stop_calendar(by=request.user, calendar=found)
        messages.success(request, _("The calendar is read no more."))
    return redirect("calendar", pk)


def visit_files(request: SignedInRequest) -> HttpResponse:
    """Upload a file of visits, and the latest ones."""
    form = VisitFileForm(**posted(request), teams=managed_teams(request.user))
    if posted_well(request, form):
        given = form.cleaned_data
        made = file_services.upload_visits(by=request.user, team=given["team"], file=given["file"], found=form.found)
        return redirect("visit_file", made.pk)
    page = Paginator(visit_files_visible_to(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "visits/files.html", {"form": form, "page_obj": page, "tabs": tabs("visit_files")})


@require_safe
def visit_file(request: SignedInRequest, pk: int) -> HttpResponse:
    """What the file would do, or has done; how far it is while a job is on its way."""
    found = get_visit_file_for(request.user, pk)
    under_way = found.state in (State.CHECKING, State.TAKING)
    if request.htmx and not under_way:
        return HttpResponseClientRefresh()
    context = {
        "file": found,
        "problems": [(line, str(Wrong(code, values))) for line, code, values in found.problems],
        "job": _progress(found) if under_way else None,
        "to_write": found.new + found.changed,
    }
    return render(request, "_progress.html" if request.htmx else "visits/file.html", context)


def _progress(found: VisitFile) -> dict[str, Any]:
    return {
        "label": _("Checking the rows") if found.state == State.CHECKING else _("Taking over the visits"),
        "done": found.job.done if found.job else 0,
        "total": found.job.total if found.job else None,
        "finished": False,
        "url": reverse("visit_file", args=[found.pk]),
    }


@require_http_methods(POST_OR_BACK)
def visit_file_take(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_visit_file_for(request.user, pk)
    if request.method == "POST":
        file_services.take_visits(by=request.user, visit_file=found)
    return redirect("visit_file", pk)


def tabs(current: str) -> list[dict[str, Any]]:
    """The pages about visits, for managers."""
    pages = {"visits": _("Visits"), "calendars": _("Calendars"), "visit_files": _("From a file")}
    return [{"url": reverse(name), "label": label, "current": name == current} for name, label in pages.items()]
