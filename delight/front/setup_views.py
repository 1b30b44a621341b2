"""The pages of set-up: what is missing, the test mail, the look from outside, and the end of it."""

import ipaddress

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from delight.front import setup
from delight.lib.network import client_ip
from delight.organisation.access import get_organisation_for
from delight.organisation.services import finish_set_up, note_mail_arrived, start_mail_test
from delight.outbox.pump import note_progress
from delight.outbox.services import enqueue
from staff.people.models import User
from staff.people.requests import SignedInRequest

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_safe
def set_up(request: SignedInRequest) -> HttpResponse:
    company = get_organisation_for(request.user)
    lines = setup.checks(company, request.user)
    context = {
        "company": company,
        "checks": lines,
        "missing": setup.missing(lines),
        "done": sum(line.state == "done" for line in lines),
    }
    return render(request, "front/setup.html", context)


@require_POST
def set_up_finish(request: SignedInRequest) -> HttpResponse:
    company = get_organisation_for(request.user)
    missing = setup.missing(setup.checks(company, request.user))
    if missing:
        names = ", ".join(line.label for line in missing)
        messages.error(request, _("Not yet: %(names)s.") % {"names": names})
        return redirect("setup")
    finish_set_up(by=request.user)
    messages.success(request, _("Set-up is finished. The first week begins."))
    return redirect("path")


@require_POST
def set_up_mail(request: SignedInRequest) -> HttpResponse:
    get_organisation_for(request.user)
    if request.user.email:
        send_test_mail(request.user)
        messages.success(request, _("The test mail is on its way to you."))
    return redirect("setup")


@transaction.atomic
def send_test_mail(user: User) -> None:
    """A new test, and its mail to whoever asked for it."""
    company = start_mail_test(by=user)
    enqueue(kind=setup.MAIL_TEST, object_id=user.pk, key=setup.mail_test_key(company))


@never_cache
@require_http_methods(GET_OR_POST)
def set_up_mail_arrived(request: SignedInRequest, token: str) -> HttpResponse:
    """A page with a button: programs that open every link of a mail are not the sponsor who reads it."""
    company = get_organisation_for(request.user)
    if not setup.mail_link_opens(company, token):
        raise Http404
    if request.method == "POST":
        note_mail_arrived(by=request.user)
        messages.success(request, _("Mail arrives."))
        return redirect("setup")
    return render(request, "front/setup_mail_arrived.html")


# --- Seen from outside ------------------------------------------------------------------------------------------


@never_cache
@require_safe
def set_up_outside(request: SignedInRequest) -> HttpResponse:
    get_organisation_for(request.user)
    url = settings.BASE_URL + reverse("setup_seen", args=[setup.outside_token()])
    code = segno.make(url, error="m").svg_data_uri(scale=5, border=3, dark="#000", light="#fff")
    return render(request, "front/setup_outside.html", {"url": url, "code": code})


@never_cache
@login_not_required
@require_http_methods(GET_OR_POST)
def set_up_seen(request: HttpRequest, token: str) -> HttpResponse:
    """What the phone shows: it has reached the site, and a button tells the server so."""
    if not setup.outside_link_opens(token):
        raise Http404
    inside = not _is_outside(client_ip(request))
    seen = request.method == "POST" and not inside
    if seen:
        note_progress(setup.OUTSIDE)
    return render(request, "front/setup_seen.html", {"inside": inside, "seen": seen})


def _is_outside(address: str) -> bool:
    """Whether the visitor comes over the internet; in one's own network everything looks fine."""
    try:
        return ipaddress.ip_address(address).is_global
    except ValueError:
        return False
