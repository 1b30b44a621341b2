"""One's own e-mail address, for people who joined without a mailed link."""

from typing import Any

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.core.internal import ratelimit
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from staff.people import addresses
from staff.people.forms import OwnAddressForm
from staff.people.requests import SignedInRequest

MAILS: dict[str, Any] = {"app": "staff.people", "action": "address", "config": {"address": "10/h/user"}}


@never_cache
def own_address(request: SignedInRequest) -> HttpResponse:
    """Which one, or the mail once more. An address brings new passwords: an open phone is not enough to give one."""
    if request.user.email:
        return redirect("profile")
    if is_reauthentication_required(request, app="staff.people"):
        return redirect(reverse("account_reauthenticate") + f"?next={request.path}")
    claim = addresses.claim_of(request.user)
    form = OwnAddressForm(request.POST or None, initial={"email": claim.email if claim else ""})
    if request.method == "POST" and form.is_valid():
        if ratelimit.consume(request, **MAILS):
            made = addresses.claim_address(user=request.user, email=form.cleaned_data["email"])
            messages.success(request, on_its_way(made.email))
            return redirect("profile")
        form.add_error("email", _("That were many mails. Try again in an hour."))
    return render(request, "people/own_address.html", {"form": form, "claim": claim})


def on_its_way(email: str) -> str:
    """What somebody is told who has given an address."""
    words = _("A mail is on its way to %(email)s. Open the link in it: then the address is yours here.")
    return words % {"email": email}


@never_cache
def confirm_address(request: SignedInRequest, token: str) -> HttpResponse:
    """Behind the mail's link. It takes the person, signed in, and a press: programs that open links are neither."""
    claim = addresses.claim_behind(token, user=request.user)
    if claim is None:
        raise Http404
    if request.method != "POST":
        return render(request, "people/confirm_address.html", {"claim": claim})
    try:
        addresses.confirm_address(user=request.user, claim=claim)
    except addresses.AddressTaken:
        messages.error(request, _("This address cannot be used here. Leave it out, or ask your manager."))
    else:
        messages.success(request, _("The address is confirmed. You can log in with it, too."))
    return redirect("profile")
