"""What customers and companies were given this year, for managers."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from delight.customers.access import accounts_visible_to
from delight.customers.models import Account
from delight.organisation.models import Organisation
from staff.budget import gifts as sums
from staff.budget.access import gifts_visible_to, require_budget_manager
from staff.budget.tabs import tabs
from staff.people.models import User
from staff.people.requests import SignedInRequest

PER_PAGE = 50
LISTS = {"customers": sums.by_customer, "companies": sums.by_account, "again": sums.again_and_again}


@require_safe
def gifts(request: SignedInRequest) -> HttpResponse:
    require_budget_manager(request.user)
    company = Organisation.get()
    asked = request.GET.get("show", "")
    shown = asked if asked in LISTS else "customers"
    rows = LISTS[shown](gifts_visible_to(request.user), company)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "tabs": tabs(request.user, "gifts"),
        "lists": _lists(shown),
        "currency": company.currency,
        "company": company,
        "page_obj": page,
        "query": f"show={shown}",
        "shown": shown,
        "year": sums.year_began(company).astimezone(company.zone).year,
        "lines": _lines(list(page), company, request.user),
    }
    return render(request, "budget/gifts.html", context)


def _lists(shown: str) -> list[dict[str, Any]]:
    labels = {"customers": _("Customers"), "companies": _("Companies"), "again": _("Three times or more")}
    return [
        {"url": f"?show={name}", "label": label, "current": name == shown, "count": None}
        for name, label in labels.items()
    ]


def _lines(rows: list[dict[str, Any]], company: Organisation, user: User) -> list[dict[str, Any]]:
    """With a warning where a customer had more than the company wants, and each company with its rule."""
    accounts = Account.objects.in_bulk([row["account_id"] for row in rows if row.get("account_id")])
    opened = set(accounts_visible_to(user).filter(pk__in=accounts).values_list("pk", flat=True)) if accounts else set()
    return [
        {
            **row,
            "account": accounts.get(row.get("account_id") or 0),
            "may_open": row.get("account_id") in opened,
            "noticed": bool(row.get("customer_id")) and sums.is_noticed(row["total"], company),
        }
        for row in rows
    ]
