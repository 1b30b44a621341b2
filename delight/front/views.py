"""Pages made of several rooms, and the pages for when something goes wrong."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from delight.customers.access import get_customer_for, get_customer_to_change_for, survivor_of
from delight.front.at_desk import home_at_desk
from delight.front.customer import ask_again, customer_page, stop_asking
from delight.front.home import home_for
from staff.people.requests import SignedInRequest


@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    if request.user.at_desk:
        return render(request, "front/home_at_desk.html", home_at_desk(request.user))
    company = getattr(request, "organisation", None)
    return render(request, "front/home.html", home_for(request.user, company))


@require_safe
def customer(request: SignedInRequest, pk: int) -> HttpResponse:
    try:
        found = get_customer_for(request.user, pk)
    except Http404:
        if survivor := survivor_of(pk):
            return redirect("customer", pk=survivor)
        raise
    return render(request, "front/customer.html", customer_page(request.user, found))


# Both are posted; a GET comes from whoever had to sign in again on the way, and leads to the page.
@require_http_methods(["GET", "HEAD", "POST"])
def customer_suppress(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_customer_to_change_for(request.user, pk)
    if request.method == "POST" and stop_asking(by=request.user, customer=found):
        messages.success(request, _("No surveys go to this customer any more."))
    return redirect("customer", pk=found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def customer_lift(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_customer_to_change_for(request.user, pk)
    if request.method == "POST" and ask_again(by=request.user, customer=found):
        messages.success(request, _("This customer may be asked again."))
    return redirect("customer", pk=found.pk)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"csrf": False}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What the page has kept of a form comes back with it: a part of a page would show nothing at all."""
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(HtmxDetails(request).current_url_abs_path or "/")
    return render(request, "403.html", {"csrf": True}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without the context processors: what failed may be the database that they would ask."""
    return HttpResponse(render_to_string("500.html"), status=500)
