"""The list of occasions, and the tap that puts one aside."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from delight.customers.views import SignedInRequest
from staff.moments.models import Occasion
from staff.moments.occasion_access import get_occasion_for, occasions_visible_to, open_occasions_for
from staff.moments.occasion_forms import DismissedForm, StateForm
from staff.moments.occasion_hints import hints
from staff.moments.occasions import dismiss_occasion, reopen_occasion

PER_PAGE = 50
# Whoever has to sign in again while posting is sent to the same address afterwards, by GET: it leads to the page.
POST_OR_BACK = ["GET", "HEAD", "POST"]
DISMISSED = Occasion.State.DISMISSED


@require_safe
def occasions(request: SignedInRequest) -> HttpResponse:
    page = Paginator(open_occasions_for(request.user), PER_PAGE).get_page(request.GET.get("page"))
    pk = DismissedForm(request.GET).chosen()
    put_aside = occasions_visible_to(request.user).filter(pk=pk, state=DISMISSED).with_names() if pk else None
    context = {
        "page_obj": page,
        "hints": hints(request.user, page.object_list),
        "put_aside": put_aside.first() if put_aside is not None else None,
    }
    return render(request, "moments/occasions.html", context)


@require_http_methods(POST_OR_BACK)
def occasion_state(request: SignedInRequest, pk: int) -> HttpResponse:
    """Not this one, or after all. With htmx the line of the list comes back."""
    found = get_occasion_for(request.user, pk)
    form = StateForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        return redirect("occasions")
    if form.cleaned_data["to"] == DISMISSED:
        dismiss_occasion(by=request.user, occasion=found)
    else:
        reopen_occasion(by=request.user, occasion=found)
    if request.htmx:
        return _line(request, pk, named=form.cleaned_data["named"])
    undo = f"?{urlencode({'dismissed': pk})}" if form.cleaned_data["to"] == DISMISSED else ""
    return redirect(reverse("occasions") + undo)


def _line(request: SignedInRequest, pk: int, *, named: bool) -> HttpResponse:
    """The line as it stands now; empty when somebody else has used it meanwhile."""
    now = get_occasion_for(request.user, pk)
    if now.state == DISMISSED:
        return render(request, "moments/_occasion_put_aside.html", {"occasion": now, "show_name": named, "fresh": True})
    shown = hints(request.user, open_occasions_for(request.user).filter(pk=pk))
    context = {"hint": shown[0] if shown else None, "show_name": named, "fresh": True}
    return render(request, "moments/_occasion.html", context) if shown else HttpResponse()
