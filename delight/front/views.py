"""Pages made of several rooms, and the pages for when something goes wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from delight.customers.access import get_customer_for
from delight.front.customer import customer_page
from delight.front.home import home_for
from staff.people.access import is_manager
from staff.people.requests import SignedInRequest


@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    return render(request, "front/home.html", home_for(request.user))


@require_safe
def customer(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_customer_for(request.user, pk)
    return render(request, "front/customer.html", customer_page(request.user, found))


@require_safe
def help_page(request: SignedInRequest) -> HttpResponse:
    return render(request, "front/help.html", {"manages": is_manager(request.user)})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"csrf": False}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403.html", {"csrf": True}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without the context processors: what failed may be the database that they would ask."""
    return HttpResponse(render_to_string("500.html"), status=500)
