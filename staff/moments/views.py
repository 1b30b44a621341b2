"""Stories, and one moment with its photo and its receipt."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from delight.customers.visits.access import own_teams
from delight.files.models import StoredFile
from delight.lib.sortkey import fold
from delight.organisation.models import Organisation
from staff.budget.services import in_words
from staff.moments import services
from staff.moments.access import (
    get_moment_for,
    get_moment_to_change_for,
    get_moment_to_withdraw_for,
    get_photo_for,
    get_receipt_for,
    may_change,
    may_see_cost,
    may_withdraw,
    moments_visible_to,
)
from staff.moments.forms import CameOfItForm, ReactionForm, ReceiptForm, StoriesForm
from staff.moments.history import history_of
from staff.moments.models import Moment, MomentQuerySet
from staff.moments.notes import why_no_note
from staff.moments.services import Withdrawn, cost_of
from staff.people.models import User
from staff.people.requests import SignedInRequest

PER_PAGE = 50
# Whoever has to sign in again while posting is sent to the same address afterwards, by GET: it leads to the page.
POST_OR_BACK = ["GET", "HEAD", "POST"]


@require_safe
def moments(request: SignedInRequest) -> HttpResponse:
    """What was done for customers, the newest first."""
    form = StoriesForm(request.GET)
    found = _narrowed(request.user, form).with_names()
    query = request.GET.copy()
    query.pop("page", None)
    chosen = {name: value for name, value in query.items() if value}
    context = {
        "form": form,
        "page_obj": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "query": query.urlencode(),
        "narrowed": bool(chosen),
    }
    return render(request, "moments/stories.html", context)


def _narrowed(user: User, form: StoriesForm) -> MomentQuerySet:
    told = moments_visible_to(user).told()
    if not form.is_valid():
        return told.none()
    chosen = form.cleaned_data
    if chosen["whose"] == "mine":
        told = told.filter(user=user)
    elif chosen["whose"] == "team":
        told = told.filter(team__in=own_teams(user).values("pk"))
    if chosen["photo"]:
        told = told.filter(photo__isnull=False)
    for word in chosen["words"].split()[:6]:
        said = Q(what__icontains=word) | Q(idea__text__icontains=word) | Q(user__name__icontains=word)
        told = told.filter(said | Q(customer__search_text__contains=fold(word), customer__erased_at=None))
    return told


@require_safe
def moment(request: SignedInRequest, pk: int) -> HttpResponse:
    return _show(request, get_moment_for(request.user, pk))


def _show(request: SignedInRequest, found: Moment, status: int = 200, **forms: Any) -> HttpResponse:
    """The page of one moment; a form that was not valid comes back filled in."""
    user = request.user
    sees_cost, changes = may_see_cost(user, found), may_change(user, found)
    spend, told = found.spend, found.state == Moment.State.LOGGED
    cost = cost_of(found)
    context = {
        "moment": found,
        "mine": found.user_id == user.pk,
        "told": told,
        "may_change": changes,
        "may_withdraw": may_withdraw(user, found),
        "sees_cost": sees_cost,
        "spend": spend if sees_cost else None,
        "cost": in_words(cost, Organisation.get()) if sees_cost and cost is not None else "",
        "asked": in_words(spend.asked, Organisation.get()) if spend and sees_cost and _given_less(found) else "",
        "may_note": _may_note(user, found),
        "history": history_of(found) if sees_cost else [],
        "receipt_form": ReceiptForm() if changes and cost is not None else None,
        "asks_for_receipt": changes and cost is not None and spend is not None and _lacks_receipt(spend),
        "came_form": CameOfItForm() if changes and told and found.is_introduction and not found.told_at else None,
        "reactions": Moment.Reaction.choices if changes and told else [],
    }
    return render(request, "moments/moment.html", {**context, **forms}, status=status)


def _given_less(found: Moment) -> bool:
    """Whether what was asked for has been decided, and is not what was given out."""
    spend = found.spend
    if spend is None:
        return False
    return spend.state in (spend.State.DECLINED, spend.State.LAPSED) or cost_of(found) not in (None, spend.asked)


def _may_note(user: User, found: Moment) -> bool:
    """A note of one's own moment, where the customer can get one at all; the page itself says what holds for now."""
    if found.user_id != user.pk or found.customer is None:
        return False
    return not why_no_note(found.customer, Organisation.get())


def _lacks_receipt(spend: Any) -> bool:
    return spend.receipt_wanted and spend.receipt_id is None


@require_http_methods(POST_OR_BACK)
def moment_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_moment_to_withdraw_for(request.user, pk)
    if request.method != "POST":
        return redirect("moment", pk)
    had = cost_of(found)
    gone = services.withdraw_moment(by=request.user, moment=found)
    if had is not None and cost_of(gone) is not None:
        messages.success(request, _("Withdrawn. Its month is over, so the money stays spent."))
    else:
        messages.success(request, _("Withdrawn."))
    return redirect("moment", pk) if found.state == Moment.State.LOGGED else redirect("moment_new")


@require_http_methods(POST_OR_BACK)
def moment_reaction(request: SignedInRequest, pk: int) -> HttpResponse:
    """How they took it, with one tap; then on to the next moment."""
    found = get_moment_to_change_for(request.user, pk)
    form = ReactionForm(request.POST)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_reaction(by=request.user, moment=found, reaction=form.cleaned_data["reaction"])
        except Withdrawn:
            messages.warning(request, _("This moment is withdrawn: it cannot be changed any more."))
        else:
            messages.success(request, _("Noted."))
            if request.POST.get("back") == "new":
                return redirect("moment_new")
    return redirect("moment", pk)


@require_http_methods(POST_OR_BACK)
def moment_told(request: SignedInRequest, pk: int) -> HttpResponse:
    """What came of an introduction: words, or that nothing did yet. It is asked once."""
    found = get_moment_to_change_for(request.user, pk)
    form = CameOfItForm(request.POST)
    if request.method != "POST" or not found.is_introduction:
        return redirect("moment", pk)
    if not form.is_valid():
        return _show(request, found, came_form=form, status=422)
    text = "" if "nothing" in request.POST else form.cleaned_data["text"]
    if services.tell_what_came(by=request.user, moment=found, text=text):
        messages.success(request, _("Thank you. You will not be asked again."))
    return redirect("moment", pk)


@require_safe
def moment_photo(request: SignedInRequest, pk: int) -> HttpResponse:
    """A device asks again each time, and is sent it again only where it has not got it: who may see it can change."""
    stored = get_photo_for(request.user, pk)
    same = get_conditional_response(request, etag=f'"{stored.sha256}"')
    return same or _file(stored, inline=True)


@require_http_methods(POST_OR_BACK)
def moment_receipt(request: SignedInRequest, pk: int) -> HttpResponse:
    """The receipt; posted by the author, it is added or replaced."""
    if request.method != "POST":
        return _file(get_receipt_for(request.user, pk), inline=False)
    found = get_moment_to_change_for(request.user, pk)
    if found.spend is None:
        return redirect("moment", pk)
    form = ReceiptForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, found, receipt_form=form, status=422)
    services.add_receipt(by=request.user, moment=found, receipt=form.cleaned_data["receipt"])
    messages.success(request, _("Thank you, the receipt is there."))
    return redirect("moment", pk)


def _file(stored: StoredFile, *, inline: bool) -> HttpResponse:
    """As it lies in the table; a browser neither guesses what it is nor shares it with others."""
    place = "inline" if inline else "attachment"
    headers = {
        "Content-Disposition": f"{place}; filename*=UTF-8''{quote(stored.name)}",
        "Cache-Control": "private, no-cache" if inline else "private, no-store",
        "ETag": f'"{stored.sha256}"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(b"".join(stored.chunks()), content_type=stored.content_type, headers=headers)
