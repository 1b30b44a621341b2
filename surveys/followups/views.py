"""The list of follow-ups, and one of them as a page for a phone in the other hand."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from delight.lib.statistics import band
from staff.people.access import is_manager
from staff.people.models import User
from staff.people.requests import SignedInRequest
from surveys.answering.access import responses_visible_to
from surveys.answering.services import COUNTING
from surveys.followups.access import follow_ups_visible_to, get_follow_up_for, get_follow_up_to_close_for
from surveys.followups.forms import AssignForm, CloseForm, FilterForm
from surveys.followups.models import FollowUp
from surveys.followups.script import script_for
from surveys.followups.services import AlreadyClosed, assign_follow_up, close_follow_up

PER_PAGE = 50
EARLIER = 5
# Whoever has to sign in again while posting is sent to the same address afterwards, by GET: it leads to the page.
POST_OR_BACK = ["GET", "HEAD", "POST"]


@require_safe
def follow_ups(request: SignedInRequest) -> HttpResponse:
    chosen = FilterForm(request.GET).chosen()
    if not is_manager(request.user):
        chosen["whose"] = "mine"
    elif "whose" not in request.GET and not FollowUp.objects.open().filter(owner=request.user).exists():
        chosen["whose"] = "team"
    return render(
        request,
        "followups/list.html",
        {
            "page_obj": _page(request, chosen),
            "query": urlencode(chosen),
            "whose_tabs": _tabs(chosen, "whose") if is_manager(request.user) else [],
            "state_tabs": _tabs(chosen, "state"),
            "whose": chosen["whose"],
            "state": chosen["state"],
        },
    )


def _page(request: SignedInRequest, chosen: dict[str, str]) -> Page:
    found = follow_ups_visible_to(request.user).with_words()
    if chosen["whose"] == "mine":
        found = found.filter(owner=request.user)
    found = {"open": found.open, "overdue": found.overdue, "closed": found.closed}[chosen["state"]]()
    order = ["-closed_at", "-id"] if chosen["state"] == "closed" else ["due_at", "id"]
    return Paginator(found.order_by(*order), PER_PAGE).get_page(request.GET.get("page"))


def _tabs(chosen: dict[str, str], name: str) -> list[dict[str, Any]]:
    choices = dict(FilterForm.choices())[name]
    return [
        {
            "url": "?" + urlencode({**chosen, name: value}),
            "label": label,
            "current": chosen[name] == value,
            "count": None,
        }
        for value, label in choices
    ]


@require_safe
def follow_up(request: SignedInRequest, pk: int) -> HttpResponse:
    return _show(request, get_follow_up_for(request.user, pk))


@require_http_methods(POST_OR_BACK)
def follow_up_close(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_follow_up_to_close_for(request.user, pk)
    if request.method != "POST":
        return redirect("follow_up", pk=found.pk)
    form = CloseForm(request.POST, follow_up=found, by=request.user)
    if not form.is_valid():
        return _show(request, found, close_form=form)
    try:
        close_follow_up(by=request.user, follow_up=found, **form.cleaned_data)
    except AlreadyClosed as closed:
        _say_already_closed(request, closed)
        return _show(request, get_follow_up_for(request.user, pk), not_saved=form.cleaned_data, status=409)
    messages.success(request, _("Closed. Thank you for looking after %(name)s.") % {"name": found.customer.name})
    return redirect("follow_ups")


@require_http_methods(POST_OR_BACK)
def follow_up_assign(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_follow_up_to_close_for(request.user, pk)
    if request.method != "POST":
        return redirect("follow_up", pk=found.pk)
    form = AssignForm(request.POST, follow_up=found, by=request.user)
    if not form.is_valid():
        return _show(request, found, assign_form=form)
    owner = form.cleaned_data["owner"]
    try:
        assign_follow_up(by=request.user, follow_up=found, owner=owner)
    except AlreadyClosed as closed:
        _say_already_closed(request, closed)
        return redirect("follow_up", pk=found.pk)
    messages.success(request, _handed_on(owner) % {"name": owner.name})
    return redirect("follow_ups")


def _handed_on(owner: User) -> str:
    if owner.email:
        return _("Handed on. Now with: %(name)s. A mail is on its way.")
    return _("Handed on. Now with: %(name)s. There is no e-mail address, so it stands on their page “Today” only.")


def _say_already_closed(request: SignedInRequest, closed: AlreadyClosed) -> None:
    name = closed.outcome.by.name if closed.outcome.by else "Delight"
    messages.warning(request, _("This follow-up is closed already, by: %(name)s.") % {"name": name})


def _show(request: SignedInRequest, found: FollowUp, status: int = 200, **forms: Any) -> HttpResponse:
    """The page of one follow-up; a form that was not valid comes back filled in."""
    earlier = follow_ups_visible_to(request.user).with_words()
    context = {
        "follow_up": found,
        "customer": found.customer,
        "account": found.customer.account,
        "script": script_for(found),
        "outcome": found.outcome if not found.is_open else None,
        "happy": found.asked == FollowUp.Asked.HAPPY,
        "mine": found.owner_id == request.user.pk,
        "assign_open": "assign_form" in forms,
        "not_saved": None,
        "close_form": CloseForm(follow_up=found, by=request.user) if found.is_open else None,
        "assign_form": AssignForm(follow_up=found, by=request.user) if found.is_open else None,
        "earlier": earlier.filter(customer=found.customer_id).exclude(pk=found.pk).order_by("-opened_at")[:EARLIER],
        "answers": _earlier_answers(request, found),
    }
    return render(request, "followups/follow_up.html", {**context, **forms}, status=status)


def _earlier_answers(request: SignedInRequest, found: FollowUp) -> list[dict[str, Any]]:
    """What the customer said otherwise, as far as the reader may read it."""
    theirs = responses_visible_to(request.user).filter(customer=found.customer_id)
    counting = theirs.filter(is_active=True, verdict__in=COUNTING).exclude(pk=found.response_id or 0)
    return [
        {
            "score": response.score,
            "band": band(response.score),
            "said": "\n".join(answer.text for answer in response.answers.all() if answer.text),
            "at": response.submitted_at,
        }
        for response in counting.prefetch_related("answers")[:EARLIER]
    ]
