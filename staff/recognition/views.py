"""The feed, one recognition, and saying thanks."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from staff.moments.access import moments_visible_to
from staff.people.access import is_manager, people_visible_to, require_manager
from staff.people.models import User
from staff.people.requests import SignedInRequest
from staff.recognition import services
from staff.recognition.access import (
    drafts_for,
    get_recognition_for,
    manages,
    may_withdraw,
    people_managed_by,
    people_to_thank,
    taken_back_from,
    visible_to,
)
from staff.recognition.forms import ThanksForm, TreatForm, WhoForm
from staff.recognition.models import Recognition
from staff.recognition.reading import all_shown, shown
from staff.recognition.refusing import KeyUsed, Refused
from staff.recognition.taste import shy_among

PER_PAGE = 50
AT_HAND, MOST_FOUND = 12, 8


@require_safe
def feed(request: SignedInRequest) -> HttpResponse:
    """What everybody may read, and what is between the reader and somebody else; the newest first."""
    user = request.user
    page = Paginator(visible_to(user).with_names(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "lines": all_shown(page.object_list, user),
        "manages": is_manager(user),
        "has_drafts": drafts_for(user).exists(),
    }
    return render(request, "recognition/feed.html", context)


@require_safe
def recognition(request: SignedInRequest, pk: int) -> HttpResponse:
    try:
        found = get_recognition_for(request.user, pk)
    except Http404:
        if not taken_back_from(request.user).filter(pk=pk).exists():
            raise
        return render(request, "recognition/taken_back.html", status=404)
    return show(request, found)


def show(request: SignedInRequest, found: Recognition, status: int = 200, **forms: Any) -> HttpResponse:
    """The page of one; a form that was not valid comes back filled in."""
    user, line = request.user, shown(found, request.user)
    manages_them = manages(user, found)
    mine = [each for each in found.recipients.all() if each.user_id == user.pk]
    context = {
        "line": line,
        "manages_them": manages_them,
        "may_withdraw": may_withdraw(user, found),
        "sees_customer": found.customer is not None and (manages_them or line.is_to_me),
        "treat": _treat(found, line.is_mine, mine),
        "comment_form": None,
    }
    return render(request, "recognition/recognition.html", {**context, **forms}, status=status)


def _treat(found: Recognition, is_mine: bool, mine: list[Any]) -> dict[str, Any] | None:
    """What the two have said about telling others; None for everything but what a manager did."""
    if found.kind != Recognition.Kind.TREAT or not (is_mine or mine):
        return None
    own = found.may_tell if is_mine else mine[0].agrees_to_tell
    others = any(each.agrees_to_tell for each in found.recipients.all()) if is_mine else found.may_tell
    return {"own": own, "others": others, "is_open": not found.is_private}


# --- Saying thanks ----------------------------------------------------------------------------------------------


def recognition_new(request: SignedInRequest) -> HttpResponse:
    return _thank(request, is_spotlight=False)


def spotlight_new(request: SignedInRequest) -> HttpResponse:
    """A manager's; nothing ever asks for one."""
    require_manager(request.user)
    return _thank(request, is_spotlight=True)


def _thank(request: SignedInRequest, *, is_spotlight: bool) -> HttpResponse:
    user = request.user
    if request.method != "POST":
        return _new_page(request, ThanksForm(user=user, open_only=is_spotlight, initial=_wished(request)), is_spotlight)
    form = ThanksForm(request.POST, user=user, open_only=is_spotlight)
    if "find" in request.POST:
        form = ThanksForm(user=user, open_only=is_spotlight, initial=_so_far(request))
        return _new_page(request, form, is_spotlight)
    if form.is_valid():
        give = services.spotlight if is_spotlight else services.recognise
        try:
            made = give(by=user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        except KeyUsed:
            form.add_error(None, _("This page has been used already. Open it again for other thanks."))
        else:
            messages.success(request, _said(made, form))
            return redirect("recognition", made.pk)
    return _new_page(request, form, is_spotlight, status=422)


def _said(made: Recognition, form: ThanksForm) -> str:
    """What has become of it: who reads it, and how they hear of it."""
    if made.key != form.cleaned_data["key"]:
        return _("These thanks stood here already, so they are not sent twice. To change them, take them back first.")
    if made.is_private and not form.cleaned_data.get("is_private"):
        return _("Thank you. They like to be thanked in private, so nobody else reads it.")
    names = list(made.recipients.values_list("user__name", flat=True))
    if made.is_private and len(names) == 1:
        return _("Thank you. Only %(name)s reads it.") % {"name": names[0]}
    if made.is_private:
        return _("Thank you. Only those whom you thank read it.")
    if made.kind == Recognition.Kind.SPOTLIGHT and names:
        return _("Thank you. It is in the feed, and they are told at once.")
    return _("Thank you. It is in the feed, and comes with the weekly mail.")


def _so_far(request: SignedInRequest) -> dict[str, Any]:
    """What was typed, as a form that complains of nothing yet."""
    kept = {name: request.POST[name] for name in ThanksForm.base_fields if name in request.POST}
    return kept | {"to": request.POST.getlist("to")}


def _wished(request: SignedInRequest) -> dict[str, Any]:
    """What a link has chosen already: a person, or a moment and whoever did it."""
    to, moment = _number(request.GET.get("to")), _number(request.GET.get("moment"))
    told = moments_visible_to(request.user).told().filter(pk=moment).first() if moment else None
    if told is not None:
        return {"moment": told.pk, "to": [told.user_id] if told.user_id != request.user.pk else []}
    return {"to": [to]} if to else {}


def _number(value: Any) -> int:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _new_page(request: SignedInRequest, form: ThanksForm, is_spotlight: bool, status: int = 200) -> HttpResponse:
    user = request.user
    who = WhoForm({"who_words": request.POST.get("who_words", "")}, user=user)
    context = {
        "form": form,
        "is_spotlight": is_spotlight,
        "manages": is_manager(user),
        "who_words": request.POST.get("who_words", ""),
        **_choices(user, [_number(pk) for pk in form["to"].value() or []], who.words),
    }
    return render(request, "recognition/new.html", context, status=status)


@require_safe
def recognition_who(request: SignedInRequest) -> HttpResponse:
    """Colleagues whom some words may mean, beside those who are chosen already."""
    form = WhoForm(request.GET, user=request.user)
    words = form.words
    chosen = [_number(pk) for pk in request.GET.getlist("to")]
    return render(request, "recognition/_who.html", _choices(request.user, chosen, words))


def _choices(user: User, chosen: list[int], words: str) -> dict[str, Any]:
    """Those who are chosen, those who are found, and where nobody is looked for or found those of one's teams."""
    everybody = people_to_thank(user)
    taken = list(everybody.filter(pk__in=chosen))
    others = everybody.exclude(pk__in=chosen)
    found = list(others.filter(sort_key__contains=words)[:MOST_FOUND]) if words else []
    at_hand = [] if found else others.filter(pk__in=people_visible_to(user).values("pk"))[:AT_HAND]
    people = [*taken, *found, *at_hand]
    shy = shy_among(people)
    offered = [{"user": each, "chosen": each.pk in chosen, "shy": each.pk in shy} for each in people]
    return {"offered": offered, "nobody": "" if found or not words else _nobody(user, words, taken)}


def _nobody(user: User, words: str, taken: list[User]) -> str:
    """Why nobody more is found."""
    if any(words in each.sort_key for each in taken):
        return ""
    if words in user.sort_key:
        return _("That is you, and thanks go to others.")
    return _("Nobody of this name works here.")


# --- What a manager did -----------------------------------------------------------------------------------------


def treat_new(request: SignedInRequest) -> HttpResponse:
    require_manager(request.user)
    to = _number(request.GET.get("to"))
    form = TreatForm(request.POST or None, user=request.user, initial={"to": to} if to else {})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.treat(by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        except KeyUsed:
            form.add_error(None, _("This page has been used already. Open it again for another note."))
        else:
            messages.success(request, _("Noted. Only the two of you read it."))
            return redirect("recognition", made.pk)
    context = {"form": form, "has_people": people_managed_by(request.user).exists()}
    return render(request, "recognition/treat.html", context, status=422 if form.is_bound else 200)
