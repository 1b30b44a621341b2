"""The sponsors' page about all that leaves by mail, and the switch for it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from delight.organisation.access import get_organisation_for
from delight.organisation.services import release_sending, stop_sending, why_sending_is_off
from delight.outbox import queries
from delight.outbox.forms import FilterForm


def outbox(request: HttpRequest) -> HttpResponse:
    organisation = get_organisation_for(request.user)
    form = FilterForm(request.GET or None)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    page = Paginator(queries.listed(state), 50).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "form": form,
        "why_off": why_sending_is_off(organisation),
        "counts": queries.counts(),
        "page_obj": page,
        "rows": queries.in_words(page),
        "query": f"state={state}" if state else "",
    }
    return render(request, "outbox/outbox.html", context)


@require_POST
def mail_release(request: HttpRequest) -> HttpResponse:
    get_organisation_for(request.user)
    release_sending(by=request.user)
    messages.success(request, _("Mail leaves again; what waited goes out now."))
    return redirect("outbox")


@require_POST
def mail_stop(request: HttpRequest) -> HttpResponse:
    get_organisation_for(request.user)
    stop_sending(by=request.user)
    messages.success(request, _("No mail leaves any more; what falls due waits."))
    return redirect("outbox")
