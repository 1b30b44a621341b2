"""A customer's phone number or e-mail address, on a tap that is written down."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from delight.customers.access import get_customer_for
from delight.customers.views import SignedInRequest
from delight.front.customer import customer_page, may_reveal
from delight.organisation.models import AuditEntry


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
    what = form.cleaned_data["what"]
    AuditEntry.record(by=request.user, verb="reveal", obj=customer, fields=[what])
    if request.htmx:
        return render(request, "customers/_contact.html", {"customer": customer, "what": what, "shown": True})
    return render(request, "front/customer.html", {**customer_page(request.user, customer), "shown": what})
