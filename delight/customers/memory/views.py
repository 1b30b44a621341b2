"""What we remember of a customer, what we want to ask, and the brief of the day."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from delight.customers.access import get_customer_for
from delight.customers.forms import posted
from delight.customers.memory import services
from delight.customers.memory.access import (
    get_fact_for,
    get_fact_to_change_for,
    get_fact_to_pin_for,
    get_question_for,
    get_removed_fact_for,
    serves,
)
from delight.customers.memory.brief import brief_for
from delight.customers.memory.forms import AnswerForm, FactForm, InsteadForm, QuestionForm
from delight.customers.memory.services import PinsFull
from delight.customers.memory.showing import memory_of
from delight.customers.models import Customer, Fact, NextTime
from delight.customers.views import SignedInRequest, posted_well
from delight.customers.visits.access import teams_to_visit
from delight.customers.visits.forms import DayForm

# Whoever has to sign in again while posting is sent to the same address afterwards, by GET: it leads to the page.
POST_OR_BACK = ["GET", "HEAD", "POST"]
PLACES = {"customer", "memory"}


@require_http_methods(POST_OR_BACK)
def memory(request: SignedInRequest, pk: int) -> HttpResponse:
    """All that we remember of a customer; posted, one more fact."""
    customer = get_customer_for(request.user, pk)
    form = FactForm(serving=serves(request.user, customer), **posted(request))
    if request.method != "POST":
        return _show(request, customer)
    if not form.is_valid():
        return _show(request, customer, form=form)
    fact = services.add_fact(by=request.user, customer=customer, **form.values())
    if form.cleaned_data.get("pin"):
        return _pin(request, customer, fact)
    return _done(request, customer, _("Noted."), "form")


def _show(
    request: SignedInRequest, customer: Customer, said: str = "", goes_on: str = "", **forms: Any
) -> HttpResponse:
    """The page, or by htmx its card. A form that was not valid comes back with what was typed.

    `goes_on` is the form ("form" or "question_form") in whose line the keyboard stays.
    """
    part = memory_of(request.user, customer, **forms)
    for name in {goes_on, *forms} - {""}:
        next(iter(part[name].fields.values())).widget.attrs["autofocus"] = True
    if request.htmx:
        fresh = "form" if goes_on or forms else "card"
        context = {"customer": customer, "part": part, "back": _back(request), "said": said, "fresh": fresh}
        return render(request, "customers/_memory.html", context)
    context = {"customer": customer, "part": part, "back": "memory", "said": "", "fresh": ""}
    return render(request, "customers/memory.html", context, status=422 if forms else 200)


def _back(request: SignedInRequest) -> str:
    back = request.POST.get("back", "")
    return back if back in PLACES else "memory"


def _done(request: SignedInRequest, customer: Customer, said: str, goes_on: str = "") -> HttpResponse:
    """Back to where the tap came from; with htmx the card as it is now."""
    if request.htmx:
        return _show(request, customer, said, goes_on)
    messages.success(request, said)
    return redirect(f"{reverse(_back(request), args=[customer.pk])}#memory")


@require_http_methods(POST_OR_BACK)
def fact_change(request: SignedInRequest, pk: int, fact_pk: int) -> HttpResponse:
    customer = get_customer_for(request.user, pk)
    fact = get_fact_to_change_for(request.user, customer, fact_pk)
    form = FactForm(**posted(request), serving=serves(request.user, customer), fact=fact)
    if posted_well(request, form):
        services.change_fact(by=request.user, fact=fact, **form.values())
        messages.success(request, _("Saved."))
        return redirect("memory", pk)
    return render(request, "customers/memory_change.html", {"customer": customer, "fact": fact, "form": form})


@require_http_methods(POST_OR_BACK)
def fact_confirm(request: SignedInRequest, pk: int, fact_pk: int) -> HttpResponse:
    """Still true, by one tap."""
    customer = get_customer_for(request.user, pk)
    fact = get_fact_for(request.user, customer, fact_pk)
    if request.method == "POST":
        services.confirm_fact(by=request.user, fact=fact)
        return _done(request, customer, _("Noted: still true."))
    return redirect("memory", pk)


@require_http_methods(POST_OR_BACK)
def fact_pin(request: SignedInRequest, pk: int, fact_pk: int) -> HttpResponse:
    """On top, or not any more. Where five are pinned, the page asks which of them to unpin."""
    customer = get_customer_for(request.user, pk)
    fact = get_fact_to_pin_for(request.user, customer, fact_pk)
    form = InsteadForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        return redirect("memory", pk)
    if form.cleaned_data["to"] == "unpin":
        services.unpin_fact(by=request.user, fact=fact)
        return _done(request, customer, _("Unpinned."))
    other = form.cleaned_data["instead"]
    return _pin(request, customer, fact, get_fact_to_pin_for(request.user, customer, other) if other else None)


def _pin(request: SignedInRequest, customer: Customer, fact: Fact, instead: Fact | None = None) -> HttpResponse:
    try:
        services.pin_fact(by=request.user, fact=fact, instead=instead)
    except PinsFull as full:
        context = {"customer": customer, "fact": fact, "pinned": full.pinned, "back": _back(request)}
        if request.htmx:
            return render(request, "customers/_memory_full.html", context)
        return render(request, "customers/memory_full.html", context, status=409)
    return _done(request, customer, _("Pinned on top."))


@require_http_methods(POST_OR_BACK)
def fact_remove(request: SignedInRequest, pk: int, fact_pk: int) -> HttpResponse:
    """Out of sight at once; the card offers to undo it."""
    customer = get_customer_for(request.user, pk)
    fact = get_fact_to_change_for(request.user, customer, fact_pk)
    if request.method != "POST":
        return redirect("memory", pk)
    services.remove_fact(by=request.user, fact=fact)
    return _done(request, customer, _("Removed. You can undo it for an hour."))


@require_http_methods(POST_OR_BACK)
def fact_bring_back(request: SignedInRequest, pk: int, fact_pk: int) -> HttpResponse:
    customer = get_customer_for(request.user, pk)
    fact = get_removed_fact_for(request.user, customer, fact_pk)
    if request.method != "POST":
        return redirect("memory", pk)
    services.bring_back_fact(by=request.user, fact=fact)
    return _done(request, customer, _("It is back."))


# --- Ask next time --------------------------------------------------------------------------------------------------


@require_http_methods(POST_OR_BACK)
def next_time_new(request: SignedInRequest, pk: int) -> HttpResponse:
    customer = get_customer_for(request.user, pk)
    if request.method != "POST":
        return redirect("memory", pk)
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return _show(request, customer, question_form=form)
    services.ask_next_time(by=request.user, customer=customer, question=form.cleaned_data["question"])
    return _done(request, customer, _("Kept for the next visit."), "question_form")


@require_http_methods(POST_OR_BACK)
def next_time_answer(request: SignedInRequest, pk: int, question_pk: int) -> HttpResponse:
    """Ticked with the answer, on whatever page the question stands."""
    customer = get_customer_for(request.user, pk)
    question = get_question_for(request.user, customer, question_pk)
    form = AnswerForm(request.POST)
    if request.method != "POST":
        return redirect("memory", pk)
    if not form.is_valid():
        return _question(request, customer, question, missing=True)
    if not services.answer_question(by=request.user, question=question, answer=form.cleaned_data["answer"]):
        messages.warning(request, _("Somebody has noted the answer meanwhile."))
    return _question(request, customer, question)


@require_http_methods(POST_OR_BACK)
def next_time_keep(request: SignedInRequest, pk: int, question_pk: int) -> HttpResponse:
    """The answer becomes a fact, by one tap."""
    customer = get_customer_for(request.user, pk)
    question = get_question_for(request.user, customer, question_pk)
    if request.method != "POST":
        return redirect("memory", pk)
    services.keep_answer(by=request.user, question=question)
    return _question(request, customer, question)


@require_http_methods(POST_OR_BACK)
def next_time_drop(request: SignedInRequest, pk: int, question_pk: int) -> HttpResponse:
    """Nobody needs to ask that any more."""
    customer = get_customer_for(request.user, pk)
    question = get_question_for(request.user, customer, question_pk)
    if request.method != "POST":
        return redirect("memory", pk)
    services.drop_question(by=request.user, question=question)
    return _done(request, customer, _("Removed."))


def _question(
    request: SignedInRequest, customer: Customer, question: NextTime, *, missing: bool = False
) -> HttpResponse:
    """With htmx the question's line; else back to the page it stands on, with a word."""
    place = request.POST.get("back", "")
    if request.htmx and place in ("brief", "visits"):
        now = get_question_for(request.user, customer, question.pk)
        context = {"question": now, "customer": customer, "back": place, "fresh": True, "missing": missing}
        return render(request, "customers/_memory_question.html", context)
    if request.htmx:
        return _show(request, customer, _missing() if missing else _("Noted."))
    if missing:
        messages.warning(request, _missing())
    else:
        messages.success(request, _("Noted."))
    if place in ("brief", "visits"):
        return redirect(place)
    return redirect(f"{reverse(_back(request), args=[customer.pk])}#memory")


def _missing() -> str:
    return _("Write what they said, then tick it.")


# --- The brief ------------------------------------------------------------------------------------------------------


@require_safe
def brief(request: SignedInRequest) -> HttpResponse:
    """Who is expected today at one of the reader's teams, and what is good to know of each."""
    teams = list(teams_to_visit(request.user))
    team = DayForm(request.GET, teams=teams).chosen_team
    tabs = [{"url": f"?team={each.pk}", "label": each.name, "current": each == team} for each in teams]
    context = {
        "team": team,
        "tabs": tabs if len(teams) > 1 else [],
        "people": brief_for(request.user, team) if team else [],
        "day": timezone.localdate(),
        "folded": request.user.at_desk,
    }
    return render(request, "customers/memory_brief.html", context)
