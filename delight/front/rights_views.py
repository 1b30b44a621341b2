"""Pages about people's rights over their data."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from delight.customers.access import get_customer_to_change_for
from delight.customers.models import VisitCalendar
from delight.customers.privacy import FileInUseError
from delight.front import rights
from delight.front.rights_forms import EraseForm
from staff.people.requests import SignedInRequest


def _file(content: dict[str, Any], name: str) -> HttpResponse:
    response = JsonResponse(content, json_dumps_params={"indent": 1, "ensure_ascii": False})
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
def customer_export(request: SignedInRequest, pk: int) -> HttpResponse:
    """Posted, since that somebody took the data is written down."""
    found = get_customer_to_change_for(request.user, pk)
    return _file(rights.export_customer(by=request.user, customer=found), f"customer-{found.pk}")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def customer_erase(request: SignedInRequest, pk: int) -> HttpResponse:
    found = rights.get_customer_to_erase_for(request.user, pk)
    if found.erased_at:
        return _erased(request)
    form = EraseForm(request.POST or None, has_address=rights.has_address(found))
    if request.method == "POST" and form.is_valid():
        try:
            rights.erase_customer(by=request.user, customer=found, **form.cleaned_data)
        except FileInUseError:
            form.add_error(None, _("A file that names this person is being read. Try again when that has ended."))
        else:
            return _erased(request)
    calendars = VisitCalendar.objects.filter(stopped_at=None).exists()
    context = {"form": form, "customer": found, "goes": rights.what_would_go(found), "calendars": calendars}
    return render(request, "front/customer_erase.html", context)


def _erased(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("The customer is erased."))
    return redirect("customers")


@never_cache
@require_safe
def my_data(request: SignedInRequest) -> HttpResponse:
    return render(request, "front/my_data.html", {"groups": rights.what_we_know()})


@require_safe
def my_data_file(request: SignedInRequest) -> HttpResponse:
    return _file(rights.own_data(user=request.user), "my-data")
