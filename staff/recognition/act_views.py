"""What is done below a recognition: reactions, comments, taking it back, and saying that others may read it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from staff.people.requests import SignedInRequest
from staff.recognition import services
from staff.recognition.access import (
    get_comment_to_remove_for,
    get_recognition_for,
    get_recognition_to_withdraw_for,
    get_treat_to_decide_for,
)
from staff.recognition.forms import AgreeForm, CommentForm, ReactForm
from staff.recognition.reading import shown
from staff.recognition.refusing import KeyUsed
from staff.recognition.views import show


@require_POST
def recognition_react(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_recognition_for(request.user, pk)
    form = ReactForm(request.POST)
    if form.is_valid():
        services.react(by=request.user, recognition=found, **form.cleaned_data)
    if not getattr(request, "htmx", False):
        return redirect("recognition", pk)
    line = shown(get_recognition_for(request.user, pk), request.user)
    return render(request, "recognition/_signs.html", {"line": line})


@require_POST
def recognition_comment(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_recognition_for(request.user, pk)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return show(request, found, comment_form=form, status=422)
    try:
        services.comment(by=request.user, recognition=found, **form.cleaned_data)
    except KeyUsed:
        form.add_error(None, _("This page has been used already. Open it again for another comment."))
        return show(request, found, comment_form=form, status=422)
    messages.success(request, _("Your comment stands below."))
    return redirect("recognition", pk)


@require_POST
def comment_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_comment_to_remove_for(request.user, pk)
    services.remove_comment(by=request.user, comment=found)
    messages.success(request, _("The comment is removed."))
    return redirect("recognition", found.recognition_id)


@require_POST
def recognition_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_recognition_to_withdraw_for(request.user, pk)
    services.withdraw(by=request.user, recognition=found)
    messages.success(request, _("It is taken back; nobody reads it any more."))
    return redirect("feed")


@require_POST
def treat_agree(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_treat_to_decide_for(request.user, pk)
    form = AgreeForm(request.POST)
    if form.is_valid():
        told = services.agree_to_tell(by=request.user, recognition=found, agrees=form.cleaned_data["agrees"])
        messages.success(request, _("It stays between you.") if told.is_private else _("Everybody may read it now."))
    return redirect("recognition", pk)
