"""Pages about issues: the list, raising one, and one of them."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from delight.customers.access import customers_visible_to
from delight.programme import services
from delight.programme.access import get_issue_for, get_issue_to_answer_for, issues_visible_to, may_answer
from delight.programme.forms import AnswerForm, FilterForm, HandForm, IssueForm, StandsForm
from delight.programme.models import Issue
from delight.programme.services import AnsweredAlready
from staff.people.requests import SignedInRequest

PER_PAGE = 50
# Whoever has to sign in again while posting is sent to the same address afterwards, by GET: it leads to the page.
POST_OR_BACK = ["GET", "HEAD", "POST"]


@require_safe
def issues(request: SignedInRequest) -> HttpResponse:
    """What is in the way: the open ones, unless others are asked for."""
    form = FilterForm(request.GET)
    found = form.narrow(issues_visible_to(request.user).with_names(), request.user)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page_obj": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "query": query.urlencode(),
        "narrowed": any(query.values()),
        "today": timezone.localdate(),
    }
    return render(request, "programme/issues.html", context)


def issue_new(request: SignedInRequest) -> HttpResponse:
    """A kind and a sentence. A search for customers comes back as the page with who was found."""
    if request.method == "POST" and "search" not in request.POST:
        form = IssueForm(request.POST, user=request.user)
        if form.is_valid():
            made = services.raise_issue(by=request.user, **form.values())
            messages.success(request, _("Noted. You hear what became of it."))
            return redirect("issue", made.pk)
        return render(request, "programme/issue_new.html", {"form": form}, status=422)
    form = IssueForm(user=request.user, initial=_so_far(request))
    return render(request, "programme/issue_new.html", {"form": form})


def _so_far(request: SignedInRequest) -> dict[str, Any]:
    """What stands in the form while customers are looked for; or a kind, words and a customer that a link brings."""
    given = request.POST if request.method == "POST" else request.GET
    names = ("key", "kind", "text", "words", "team")
    return {name: given[name] for name in names if given.get(name)} | {"customers": given.getlist("customers")}


@require_safe
def issue(request: SignedInRequest, pk: int) -> HttpResponse:
    return _show(request, get_issue_for(request.user, pk))


def _show(request: SignedInRequest, found: Issue, status: int = 200, **forms: Any) -> HttpResponse:
    """The page of one issue; a form that was not valid comes back filled in."""
    answers = found.is_open and may_answer(request.user, found)
    touched = customers_visible_to(request.user).filter(issues=found).select_related("account")
    context = {
        "issue": found,
        "customers": touched,
        "today": timezone.localdate(),
        "answer_form": AnswerForm(auto_id="answer_%s") if answers else None,
        "may_reopen": not found.is_open and may_answer(request.user, found),
        "stands_form": StandsForm(auto_id="stands_%s") if answers else None,
        "hand_form": HandForm(issue=found, auto_id="hand_%s") if answers else None,
    }
    return render(request, "programme/issue.html", {**context, **forms}, status=status)


@require_http_methods(POST_OR_BACK)
def issue_answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Being worked on with a word on where it stands, done, or it stays as it is."""
    found = get_issue_to_answer_for(request.user, pk)
    if request.method != "POST":
        return redirect("issue", pk)
    form: StandsForm | AnswerForm
    if request.POST.get("state") == "doing":
        form, name = StandsForm(request.POST, auto_id="stands_%s"), "stands_form"
    else:
        form, name = AnswerForm(request.POST, auto_id="answer_%s"), "answer_form"
    if not form.is_valid() and found.is_open:
        return _show(request, found, 422, **{name: form})
    try:
        if form.is_valid():
            services.answer_issue(by=request.user, issue=found, **form.cleaned_data)
            messages.success(request, _("Saved."))
    except AnsweredAlready:
        messages.warning(request, _("Somebody has answered it meanwhile."))
    return redirect("issue", pk)


@require_http_methods(POST_OR_BACK)
def issue_hand(request: SignedInRequest, pk: int) -> HttpResponse:
    """To somebody else, or until another day."""
    found = get_issue_to_answer_for(request.user, pk)
    if request.method != "POST":
        return redirect("issue", pk)
    form = HandForm(request.POST, issue=found, auto_id="hand_%s")
    if not form.is_valid() and found.is_open:
        return _show(request, found, status=422, hand_form=form)
    try:
        if form.is_valid():
            services.hand_issue(by=request.user, issue=found, **form.cleaned_data)
            messages.success(request, _("Saved."))
    except AnsweredAlready:
        messages.warning(request, _("Somebody has answered it meanwhile."))
    return redirect("issue", pk) if issues_visible_to(request.user).filter(pk=pk).exists() else redirect("issues")


@require_http_methods(POST_OR_BACK)
def issue_reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    """It was ended too early."""
    found = get_issue_to_answer_for(request.user, pk)
    if request.method == "POST" and services.reopen_issue(by=request.user, issue=found):
        messages.success(request, _("It is open again."))
    return redirect("issue", pk)
