"""What waits for a manager's word."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from delight.organisation.models import Organisation
from staff.budget import gifts, hooks, services
from staff.budget.access import get_spend_to_decide_for, require_budget_manager, spends_to_decide
from staff.budget.forms import ApproveForm, DeclineForm
from staff.budget.models import Spend
from staff.budget.tabs import tabs
from staff.people.requests import SignedInRequest

PER_PAGE = 50


@require_safe
def approvals(request: SignedInRequest) -> HttpResponse:
    require_budget_manager(request.user)
    waiting = spends_to_decide(request.user).with_names().order_by("lapses_at", "pk")
    page = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))
    return _show(request, list(page), page_obj=page)


@require_POST
def approval_approve(request: SignedInRequest, pk: int) -> HttpResponse:
    spend = get_spend_to_decide_for(request.user, pk)
    form = ApproveForm(request.POST, spend=spend)
    if not form.is_valid():
        return _show(request, [spend], approve=form)
    return _decide(request, lambda: services.approve(by=request.user, spend=spend, **form.cleaned_data))


@require_POST
def approval_decline(request: SignedInRequest, pk: int) -> HttpResponse:
    spend = get_spend_to_decide_for(request.user, pk)
    form = DeclineForm(request.POST, spend=spend)
    if not form.is_valid():
        return _show(request, [spend], decline=form)
    return _decide(request, lambda: services.decline(by=request.user, spend=spend, **form.cleaned_data))


def _decide(request: SignedInRequest, decide: Callable[[], Spend]) -> HttpResponse:
    try:
        decided = decide()
    except services.Refused as refused:
        messages.warning(request, refused.sentence)
    else:
        messages.success(request, _said(decided))
    return redirect("approvals")


def _said(decided: Spend) -> str:
    if decided.state != Spend.State.SPENT:
        return _("Declined. The sum is free again.")
    if decided.amount == decided.asked:
        return _("Approved.")
    return f"{_('Approved, with a smaller sum')}: {services.in_words(decided.amount, Organisation.get())}"


def _show(
    request: SignedInRequest, waiting: list[Spend], *, approve: ApproveForm | None = None,
    decline: DeclineForm | None = None, page_obj: Any = None,
) -> HttpResponse:  # fmt: skip
    """The list; a form that was not valid comes back filled in, on a page of its own wish alone."""
    company = Organisation.get()
    totals = gifts.totals_of(waiting, company)
    told = hooks.what_for([spend.pk for spend in waiting])
    context = {
        "tabs": tabs(request.user, "approvals"),
        "currency": company.currency,
        "page_obj": page_obj,
        "declining": decline is not None,
        "lines": [
            {
                "spend": spend,
                "approve_form": approve or ApproveForm(spend=spend),
                "decline_form": decline or DeclineForm(spend=spend),
                "total": totals.get(spend.customer_id or 0),
                "noticed": gifts.is_noticed(totals.get(spend.customer_id or 0, gifts.NOTHING), company),
                "what_for": told.get(spend.pk),
            }
            for spend in waiting
        ],
    }
    return render(request, "budget/approvals.html", context)
