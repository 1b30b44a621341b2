"""Links that a manager shows as a code: to somebody new, or to somebody who needs a new password."""

import segno
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from staff.people import access, services
from staff.people.requests import SignedInRequest


@require_safe
@never_cache
def join_code(request: SignedInRequest, pk: int) -> HttpResponse:
    """The code and the link, as long as they work; then what became of them. The page asks again by itself."""
    invitation = access.get_join_invitation_for(request.user, pk)
    if not invitation.is_shown:  # a mailed link says whose address it is; nobody else sees it
        raise Http404
    url = settings.BASE_URL + reverse("join", args=[services.join_token(invitation)]) if invitation.is_open else ""
    context = {"invitation": invitation, "url": url, "code": qr_code(url) if url else ""}
    return render(request, "people/join_code.html", context)


def qr_code(text: str) -> str:
    """An image as a data: address; dark on light also where the page is dark, since cameras want that."""
    return segno.make(text, error="m", micro=False).svg_data_uri(scale=8, border=3, dark="#000", light="#fff")


@require_POST
def person_password_link(request: SignedInRequest, pk: int) -> HttpResponse:
    person = access.get_person_for_link(request.user, pk)
    invitation = services.show_password_link(by=request.user, person=person)
    return redirect("join_code", invitation.pk)


@require_POST
def join_revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    invitation = access.get_join_invitation_for(request.user, pk)
    services.revoke_invitation(by=request.user, invitation=invitation)
    messages.success(request, _("The invitation is withdrawn; its link no longer works."))
    return redirect("person", invitation.person_id) if invitation.person_id else redirect("team_list")


@require_POST
def join_again(request: SignedInRequest, pk: int) -> HttpResponse:
    invitation = access.get_join_invitation_for(request.user, pk)
    fresh = services.invite_again(by=request.user, invitation=invitation)
    if fresh.is_shown:
        return redirect("join_code", fresh.pk)
    messages.success(request, _("A fresh link is on its way; the former one no longer works."))
    return redirect("team_list")
