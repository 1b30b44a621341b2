"""A customer's phone number or e-mail address, on a tap that is written down."""

from typing import Any

from allauth.core.internal import ratelimit
from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from delight.customers.access import get_customer_for
from delight.customers.models import Customer
from delight.customers.views import SignedInRequest
from delight.front.customer import customer_page, may_reveal
from delight.organisation.models import AuditEntry

# More than anybody calls or writes to in an hour, and fewer than make a list to take along. For each account.
TAPS: dict[str, Any] = {"app": "delight.front", "action": "reveal", "config": {"reveal": "60/h/user"}}
TOLD: dict[str, Any] = {"app": "delight.front", "action": "told", "config": {"told": "1/h/user"}}


class RevealForm(forms.Form):
    """What is to be shown."""

    what = forms.ChoiceField(choices=[("phone", ""), ("email", "")])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def customer_reveal(request: SignedInRequest, pk: int) -> HttpResponse:
    """The number or address, in this answer only: with htmx in its place, else on the customer's page."""
    customer = get_customer_for(request.user, pk)
    if not may_reveal(request.user, customer):
        raise PermissionDenied
    form = RevealForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        return redirect("customer", pk)
    if not ratelimit.consume(request, **TAPS):
        return _too_many(request, customer)
    what = form.cleaned_data["what"]
    AuditEntry.record(by=request.user, verb="reveal", obj=customer, fields=[what])
    if request.htmx:
        return render(request, "customers/_contact.html", {"customer": customer, "what": what, "shown": True})
    return render(request, "front/customer.html", {**customer_page(request.user, customer), "shown": what})


def _too_many(request: SignedInRequest, customer: Customer) -> HttpResponse:
    """A sentence, and one line an hour in the audit. It goes on by itself; nothing is locked."""
    if ratelimit.consume(request, **TOLD):
        AuditEntry.record(by=request.user, verb="reveal_limit", obj=request.user)
    if request.htmx:
        return render(request, "customers/_too_many.html")
    page = {**customer_page(request.user, customer), "too_many": True}
    return render(request, "front/customer.html", page, status=429)
