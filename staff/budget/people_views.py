"""Others' budgets, for those who look after them: the list, one person, sums, and closing."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from delight.organisation.models import Organisation
from staff.budget import granting, hooks, suspending
from staff.budget.access import (
    get_person_to_close_for,
    get_person_with_budget_for,
    get_suspension_for,
    may_close,
    people_managed_by,
    require_budget_manager,
)
from staff.budget.forms import CloseForm, ExtraForm, FileForm, RenewForm, SumForm
from staff.budget.ledger import entries_of_person, months_with_entries
from staff.budget.models import Suspension, today
from staff.budget.services import Refused, suspension_of
from staff.budget.sums import budget_now, budgets_now, month_after, own_sum, role_of, role_sum, sum_for, this_month
from staff.budget.tabs import tabs
from staff.people.models import User
from staff.people.requests import SignedInRequest

PER_PAGE = 50


@require_safe
def budgets(request: SignedInRequest) -> HttpResponse:
    require_budget_manager(request.user)
    company = Organisation.get()
    page = Paginator(people_managed_by(request.user), PER_PAGE).get_page(request.GET.get("page"))
    people = list(page)
    periods = budgets_now(people, company)
    closed = Suspension.objects.in_force(today(company)).filter(user__in=people)
    until = {suspension.user_id: suspension.review_on for suspension in closed}
    months = months_with_entries(request.user)
    context = {
        "tabs": tabs(request.user, "budgets"),
        "currency": company.currency,
        "page_obj": page,
        "lines": [{"person": one, "period": periods[one.pk], "until": until.get(one.pk)} for one in people],
        "file_form": FileForm(months=months) if months else None,
    }
    return render(request, "budget/people.html", context)


@require_safe
def person_budget(request: SignedInRequest, pk: int) -> HttpResponse:
    return _show(request, get_person_with_budget_for(request.user, pk))


@require_POST
def budget_sum(request: SignedInRequest, pk: int) -> HttpResponse:
    person = get_person_with_budget_for(request.user, pk)
    form = SumForm(request.POST, person=person)
    if not form.is_valid():
        return _show(request, person, sum_form=form, sum_open=True)
    from_now = form.cleaned_data["when"] == "now"
    granting.set_sum(by=request.user, user=person, amount=form.cleaned_data["amount"], from_now=from_now)
    messages.success(request, _("The sum is set."))
    return redirect("person_budget", person.pk)


@require_POST
def budget_extra(request: SignedInRequest, pk: int) -> HttpResponse:
    person = get_person_with_budget_for(request.user, pk)
    form = ExtraForm(request.POST, person=person)
    if not form.is_valid():
        return _show(request, person, extra_form=form, extra_open=True)
    try:
        granting.top_up(by=request.user, user=person, **form.cleaned_data)
        messages.success(request, _("The extra counts this month."))
    except Refused as refused:
        messages.warning(request, refused.sentence)
    return redirect("person_budget", person.pk)


# --- Closing ----------------------------------------------------------------------------------------------------


@require_POST
def budget_close(request: SignedInRequest, pk: int) -> HttpResponse:
    person = get_person_to_close_for(request.user, pk)
    form = CloseForm(request.POST, person=person)
    if not form.is_valid():
        return _show(request, person, close_form=form, close_open=True)
    try:
        suspending.suspend(by=request.user, user=person, **form.cleaned_data)
        messages.success(request, _closed_words(person))
    except Refused as refused:
        messages.warning(request, refused.sentence)
    return redirect("person_budget", person.pk)


def _closed_words(person: User) -> str:
    if person.email:
        return _("The budget is closed. A mail says why, and until when.")
    return _("The budget is closed. There is no e-mail address, so it stands on their page “Today” only: tell them.")


@require_POST
def budget_renew(request: SignedInRequest, pk: int) -> HttpResponse:
    suspension = get_suspension_for(request.user, pk)
    form = RenewForm(request.POST, suspension=suspension)
    if not form.is_valid():
        return _show(request, suspension.user, renew_form=form, renew_open=True)
    try:
        suspending.renew(by=request.user, suspension=suspension, **form.cleaned_data)
        messages.success(request, _("It stays closed until the new review date."))
    except Refused as refused:
        messages.warning(request, refused.sentence)
    return redirect("person_budget", suspension.user_id)


@require_POST
def budget_lift(request: SignedInRequest, pk: int) -> HttpResponse:
    suspension = get_suspension_for(request.user, pk)
    try:
        suspending.lift(by=request.user, suspension=suspension)
        messages.success(request, _("The budget is open again."))
    except Refused as refused:
        messages.warning(request, refused.sentence)
    return redirect("person_budget", suspension.user_id)


# --- One person -------------------------------------------------------------------------------------------------


def _show(request: SignedInRequest, person: User, **forms: Any) -> HttpResponse:
    """One person's page; a form that was not valid comes back filled in, and open."""
    company = Organisation.get()
    closed = suspension_of(person, company)
    page = Paginator(entries_of_person(person), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "tabs": tabs(request.user, "budgets"),
        "currency": company.currency,
        "person": person,
        "period": budget_now(person, company),
        **_sums(person, company),
        "closed": closed,
        "words": closed.words.select_related("by") if closed else [],
        "earlier": _earlier(person, closed),
        "may_close": may_close(request.user, person),
        "page_obj": page,
        "entries": hooks.with_what_for(page, "spend_id"),
        "sum_open": False, "extra_open": False, "close_open": False, "renew_open": False,
        **_empty_forms(person, company, closed),
    }  # fmt: skip
    return render(request, "budget/person.html", {**context, **forms})


def _sums(person: User, company: Organisation) -> dict[str, Any]:
    """What holds this month, where it comes from, and what will hold."""
    month = this_month(company)
    return {
        "sum_now": sum_for(person, month),
        "sum_coming": sum_for(person, month_after(month)),
        "own": own_sum(person, month) is not None,
        "role_sum": role_sum(role_of(person), month),
    }


def _empty_forms(person: User, company: Organisation, closed: Suspension | None) -> dict[str, Any]:
    own = own_sum(person, month_after(this_month(company)))
    return {
        "sum_form": SumForm(person=person, initial={"amount": own.amount if own else None, "when": "next"}),
        "extra_form": ExtraForm(person=person),
        "close_form": CloseForm(person=person),
        "renew_form": RenewForm(suspension=closed) if closed else None,
    }


def _earlier(person: User, closed: Suspension | None) -> list[Suspension]:
    """Those that are over, the latest first, with what was said."""
    found = person.suspensions.exclude(pk=closed.pk if closed else 0).select_related("by", "lifted_by")
    return list(found.prefetch_related("words__by")[:PER_PAGE])
