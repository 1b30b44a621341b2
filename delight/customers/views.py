"""Pages about customers, companies and segments."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from delight.customers import services
from delight.customers.access import (
    accounts_to_give,
    can_change_account,
    can_list,
    customers_listed_for,
    customers_visible_to,
    get_account_to_change_for,
    get_customer_to_change_for,
    search_for,
)
from delight.customers.forms import AccountForm, CustomerForm, FilterForm, KnownForm, SearchForm, SegmentForm, posted
from delight.customers.models import Segment
from staff.people.access import require_manager
from staff.people.models import User

PER_PAGE = 50
MOST_FOUND = 20


class SignedInRequest(HttpRequest):
    """What reaches a view behind the login and htmx middlewares."""

    user: User
    htmx: HtmxDetails


def tabs(current: str) -> list[dict[str, Any]]:
    """The pages of this room, for managers."""
    pages = {
        "customers": _("Customers"),
        "accounts": _("Companies"),
        "segments": _("Segments"),
        "import_upload": pgettext("noun", "Import"),
        "duplicates": _("Duplicates"),
    }
    return [
        {"url": reverse(name), "label": label, "current": name == current, "count": None}
        for name, label in pages.items()
    ]


@require_safe
def customers(request: SignedInRequest) -> HttpResponse:
    """Staff look for customers; managers browse and narrow the list of theirs as well."""
    if can_list(request.user):
        return _customer_list(request)
    form = SearchForm(request.GET)
    visible = customers_visible_to(request.user).select_related("account", "team")
    found = list(search_for(request.user, visible, form.searched)[: MOST_FOUND + 1]) if form.searched else []
    context = {"form": form, "searched": form.searched, "found": found[:MOST_FOUND], "more": len(found) > MOST_FOUND}
    return render(request, "customers/search.html", context)


def _customer_list(request: SignedInRequest) -> HttpResponse:
    form = FilterForm(request.GET, user=request.user)
    listed = form.narrow(customers_listed_for(request.user)).select_related("account", "segment", "team", "owner")
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page_obj": page,
        "query": query_of(request),
        "tabs": tabs("customers"),
        "narrowed": bool(query_of(request)),
        "elsewhere": _elsewhere(request, form.searched),
    }
    return render(request, "customers/list.html", context)


def _elsewhere(request: SignedInRequest, searched: str) -> list[Any]:
    """Customers of other teams: managers find them as staff do, some at a time."""
    if not searched or request.user.is_sponsor:
        return []
    own = customers_listed_for(request.user).values("pk")
    found = search_for(request.user, customers_visible_to(request.user), searched).exclude(pk__in=own)
    return list(found.select_related("account", "team")[:MOST_FOUND])


def query_of(request: SignedInRequest) -> str:
    """The filters in the address, without the page number and empty ones."""
    query = request.GET.copy()
    for name in list(query):
        if name == "page" or not query[name]:
            del query[name]
    return query.urlencode()


def customer_new(request: SignedInRequest) -> HttpResponse:
    require_manager(request.user)
    form = CustomerForm(**posted(request), user=request.user)
    if posted_well(request, form) and (customer := try_to(services.create_customer, form, by=request.user)):
        messages.success(request, _("Customer added."))
        return redirect("customer", customer.pk)
    known = KnownForm(request.POST).known(request.user) if request.method == "POST" else []
    context = {"form": form, "back": reverse("customers"), "is_new": True, "known": known}
    return render(request, "customers/form.html", context)


@require_safe
@never_cache
def customer_known(request: SignedInRequest) -> HttpResponse:
    """A part of the form above: who is here already. It refuses nothing; two people may share a phone."""
    require_manager(request.user)
    return render(request, "customers/_known.html", {"known": KnownForm(request.GET).known(request.user)})


def customer_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    customer = get_customer_to_change_for(request.user, pk)
    form = CustomerForm(**posted(request), instance=customer, user=request.user)
    if posted_well(request, form) and try_to(services.change_customer, form, by=request.user, customer=customer):
        messages.success(request, _("Saved."))
        return redirect("customer", pk)
    back = reverse("customer", args=[pk])
    return render(request, "customers/form.html", {"form": form, "back": back, "is_new": False, "known": []})


def posted_well(request: SignedInRequest, form: Any) -> bool:
    return request.method == "POST" and form.is_valid()


def try_to(verb: Callable[..., Any], form: Any, **arguments: Any) -> Any:
    """What the verb returns for the form's values; None, and a sentence in the form, when somebody was quicker."""
    try:
        with transaction.atomic():
            return verb(**arguments, **form.cleaned_data)
    except IntegrityError:
        form.add_error(None, _("Somebody has just added the same. Look for it in the list."))
        return None


# --- Companies ----------------------------------------------------------------------------------------------------


@require_safe
def accounts(request: SignedInRequest) -> HttpResponse:
    require_manager(request.user)
    counted = Count("contacts", filter=Q(contacts__erased_at__isnull=True))
    listed = accounts_to_give(request.user).select_related("owner").annotate(people=counted).order_by("sort_key", "id")
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    may_change = {account.pk for account in page if can_change_account(request.user, account)}
    context = {"page_obj": page, "may_change": may_change, "tabs": tabs("accounts"), "query": ""}
    return render(request, "customers/accounts.html", context)


def account_new(request: SignedInRequest) -> HttpResponse:
    require_manager(request.user)
    form = AccountForm(**posted(request), user=request.user)
    if posted_well(request, form) and (account := try_to(services.create_account, form, by=request.user)):
        messages.success(request, _("Company added."))
        return redirect("account", account.pk)
    return render(request, "customers/account_form.html", {"form": form, "is_new": True, "back": reverse("accounts")})


def account_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    account = get_account_to_change_for(request.user, pk)
    form = AccountForm(**posted(request), instance=account, user=request.user)
    if posted_well(request, form) and try_to(services.change_account, form, by=request.user, account=account):
        messages.success(request, _("Saved."))
        return redirect("account", pk)
    back = reverse("account", args=[pk])
    return render(request, "customers/account_form.html", {"form": form, "is_new": False, "back": back})


# --- Segments -----------------------------------------------------------------------------------------------------


def segments(request: SignedInRequest) -> HttpResponse:
    """The list, with a form for one more."""
    require_manager(request.user)
    form = SegmentForm(**posted(request))
    if posted_well(request, form) and try_to(services.create_segment, form, by=request.user):
        messages.success(request, _("Segment added."))
        return redirect("segments")
    counted = Count("customers", filter=Q(customers__in=customers_listed_for(request.user)))
    listed = Segment.objects.annotate(people=counted).order_by("sort_key", "id")
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page_obj": page, "tabs": tabs("segments"), "query": ""}
    return render(request, "customers/segments.html", context)


def segment_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    require_manager(request.user)
    segment = get_object_or_404(Segment, pk=pk)
    form = SegmentForm(**posted(request), instance=segment)
    if posted_well(request, form) and try_to(services.rename_segment, form, by=request.user, segment=segment):
        messages.success(request, _("Saved."))
        return redirect("segments")
    return render(request, "customers/segment_form.html", {"form": form})
