"""One's own budget, and the sponsors' settings."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from delight.organisation.models import Organisation
from delight.organisation.services import update_organisation
from staff.budget import hooks
from staff.budget.access import get_own_suspension_for, require_budget_sponsor
from staff.budget.forms import MonthForm, ReplyForm, RoleSumsForm, ThresholdForm
from staff.budget.granting import set_sum
from staff.budget.ledger import books_differ, entries_of
from staff.budget.models import BudgetPeriod, Spend
from staff.budget.services import Refused, suspension_of
from staff.budget.sums import budget_now, month_after, role_sums, this_month
from staff.budget.suspending import reply
from staff.budget.tabs import tabs
from staff.people.models import User
from staff.people.requests import SignedInRequest

EARLIER = 12


@require_safe
def budget(request: SignedInRequest) -> HttpResponse:
    return _show(request)


@require_POST
def budget_reply(request: SignedInRequest, pk: int) -> HttpResponse:
    suspension = get_own_suspension_for(request.user, pk)
    form = ReplyForm(request.POST, suspension=suspension)
    if not form.is_valid():
        return _show(request, reply_form=form)
    try:
        reply(by=request.user, suspension=suspension, text=form.cleaned_data["text"])
        messages.success(request, _("Your reply is written down."))
    except Refused as refused:
        messages.warning(request, refused.sentence)
    return redirect("budget")


def _show(request: SignedInRequest, **forms: Any) -> HttpResponse:
    """The own page; a form that was not valid comes back filled in."""
    company, user = Organisation.get(), request.user
    month = MonthForm(request.GET).chosen(company)
    closed = suspension_of(user, company)
    waiting = Spend.objects.waiting().filter(period__user=user).with_names()
    context = {
        "tabs": tabs(user, "budget"),
        "currency": company.currency,
        "period": budget_now(user, company),
        "closed": closed,
        "words": closed.words.select_related("by") if closed else [],
        "reply_form": ReplyForm(suspension=closed) if closed else None,
        "waiting": hooks.with_what_for(waiting, "pk"),
        "month": month,
        "this_month": this_month(company),
        "entries": hooks.with_what_for(entries_of(_period(user, company, month)), "spend_id"),
        "months": _earlier_months(user, company),
    }
    return render(request, "budget/own.html", {**context, **forms})


def _period(user: User, company: Organisation, month: Any) -> BudgetPeriod:
    found = BudgetPeriod.objects.filter(user=user, month=month).first()
    return found or BudgetPeriod(user=user, month=month)


def _earlier_months(user: User, company: Organisation) -> list[BudgetPeriod]:
    return list(BudgetPeriod.objects.filter(user=user, month__lt=this_month(company))[:EARLIER])


# --- Settings ---------------------------------------------------------------------------------------------------


def budget_settings(request: SignedInRequest) -> HttpResponse:
    require_budget_sponsor(request.user)
    form = ThresholdForm(request.POST if request.method == "POST" else None, instance=Organisation.get())
    if form.is_valid():
        update_organisation(by=request.user, **form.cleaned_data)
        messages.success(request, _("The settings are saved."))
        return redirect("budget_settings")
    return _settings(request, threshold_form=form)


@require_POST
def budget_role_sums(request: SignedInRequest) -> HttpResponse:
    require_budget_sponsor(request.user)
    month = this_month(Organisation.get())
    form = RoleSumsForm(request.POST, known={})
    if not form.is_valid():
        return _settings(request, sums_form=form)
    from_now = form.cleaned_data["when"] == "now"
    for role, amount in form.changed_roles(month if from_now else month_after(month)).items():
        set_sum(by=request.user, amount=amount, role=role, from_now=from_now)
    messages.success(request, _("The monthly sums are set."))
    return redirect("budget_settings")


def _settings(request: SignedInRequest, **forms: Any) -> HttpResponse:
    company = Organisation.get()
    now, coming = (role_sums(month) for month in (this_month(company), month_after(this_month(company))))
    context = {
        "tabs": tabs(request.user, "budget_settings"),
        "currency": company.currency,
        "now": {role: now.get(role) for role in ("staff", "manager")},
        "coming": {role: sum for role in ("staff", "manager") if (sum := coming.get(role)) != now.get(role)},
        "differ": books_differ(),
        "sums_form": RoleSumsForm(known=coming),
        "threshold_form": ThresholdForm(instance=company),
    }
    return render(request, "budget/settings.html", {**context, **forms})
