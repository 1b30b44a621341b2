"""Answers, for those who may read them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from delight.lib.statistics import band
from staff.people.access import is_manager
from staff.people.requests import SignedInRequest
from surveys.answering.access import (
    get_response_for,
    get_response_to_check_for,
    get_response_to_let_count_for,
    get_unsubscription_to_check_for,
    may_judge,
    responses_visible_to,
    unsubscriptions_visible_to,
)
from surveys.answering.choosing import NotAPersons, let_count
from surveys.answering.forms import AnswerFilterForm, CheckForm
from surveys.answering.models import Answer, Response, Unsubscription
from surveys.answering.services import COUNTING, check_response
from surveys.answering.unsubscribing import check_unsubscription

RANGES = {"low": (0, 6), "mid": (7, 8), "high": (9, 10)}


def answer_list(request: SignedInRequest) -> HttpResponse:
    form = AnswerFilterForm(request.GET)
    show = form.cleaned_data["show"] if form.is_valid() else ""
    page = Paginator(_shown(responses_visible_to(request.user), show), 50).get_page(request.GET.get("page"))
    for response in page:
        describe(response)
    doubtful = list(_doubtful_unsubscriptions(request)) if show in ("", "check") else []
    context = {
        "page_obj": page, "form": form, "show": show, "query": f"show={show}" if show else "",
        "unsubscriptions": doubtful, "tabs": _tabs(request, show), "manages": is_manager(request.user),
    }  # fmt: skip
    return render(request, "answering/answer_list.html", context)


def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    response = describe(get_response_for(request.user, pk))
    others = Response.objects.filter(invitation_id=response.invitation_id).exclude(pk=pk)
    hits = response.invitation.hits.order_by("at") if response.invitation else []
    judges = may_judge(request.user, response)
    context = {
        "response": response, "others": [describe(each) for each in others], "hits": hits if judges else [],
        "signs": response.sign_words, "judges": judges,
        "beside": response.verdict in COUNTING and not response.is_active,
    }  # fmt: skip
    return render(request, "answering/answer_detail.html", context)


@require_POST
def answer_check(request: SignedInRequest, pk: int) -> HttpResponse:
    response = get_response_to_check_for(request.user, pk)
    is_person = _is_person(request)
    check_response(by=request.user, response=response, is_person=is_person)
    messages.success(request, _what_follows(response, is_person=is_person))
    return redirect("answer", pk)


@require_POST
def answer_count(request: SignedInRequest, pk: int) -> HttpResponse:
    response = get_response_to_let_count_for(request.user, pk)
    try:
        let_count(by=request.user, response=response)
    except NotAPersons:  # the second look at its sender came in between
        messages.warning(request, _("This answer needs checking first: was it a person?"))
    else:
        messages.success(request, _("This answer counts now. The other one is kept beside it."))
    return redirect("answer", pk)


@require_POST
def unsubscription_check(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_unsubscription_to_check_for(request.user, pk)
    is_person = _is_person(request)
    check_unsubscription(by=request.user, row=row, is_person=is_person)
    messages.success(
        request, _("Nothing more is sent to this customer.") if is_person else _("This customer is asked again.")
    )
    return redirect("answers")


def _what_follows(response: Response, *, is_person: bool) -> str:
    if not is_person:
        return _("Left out of the numbers.")
    if response.is_active:
        return _("Counted as a person’s answer.")
    return _("A person’s answer, kept beside the first one, which stands.")


def _is_person(request: SignedInRequest) -> bool:
    form = CheckForm(request.POST)
    if not form.is_valid():
        raise BadRequest("say who it was")
    return form.cleaned_data["who"] == "person"


def describe(response: Any) -> Any:
    """Add what templates show: the band and the words."""
    response.band = band(response.score)
    response.words = next((each.text for each in response.answers.all() if each.text), "")
    return response


def _shown(responses: QuerySet[Response], show: str) -> QuerySet[Response]:
    responses = responses.select_related("customer__account", "owner", "team").prefetch_related(
        Prefetch("answers", queryset=Answer.objects.exclude(text=""))
    )
    if show == "check":
        return responses.filter(verdict=Response.Verdict.CHECK)
    counting = responses.filter(is_active=True, verdict__in=["clean", "person"])
    if show in RANGES:
        return counting.filter(score__range=RANGES[show])
    if show == "words":
        return counting.filter(answers__text__gt="").distinct()
    return responses.exclude(verdict=Response.Verdict.MACHINE)


def _doubtful_unsubscriptions(request: SignedInRequest) -> QuerySet[Unsubscription]:
    rows = unsubscriptions_visible_to(request.user).filter(verdict="check", undone_at=None)
    return rows[:20] if is_manager(request.user) else rows.none()


def _tabs(request: SignedInRequest, show: str) -> list[dict]:
    check = responses_visible_to(request.user).filter(verdict=Response.Verdict.CHECK).count()
    counts = {"check": check}
    return [
        {"label": label, "url": f"?show={value}", "current": value == show, "count": counts.get(value)}
        for value, label in AnswerFilterForm.SHOW
    ]
