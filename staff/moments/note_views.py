"""Writing a personal note, and the public page on which a customer says: no more of these."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from delight.customers.access import get_customer_to_change_for
from delight.customers.models import Customer
from delight.lib.tokens import make_token, read_token, sign, unsign
from delight.organisation.models import Organisation
from staff.moments import notes
from staff.moments.models import Moment, PersonalNote
from staff.moments.note_forms import NoteForm
from staff.moments.note_kinds import PURPOSE
from staff.people.models import User
from staff.people.requests import SignedInRequest

PAGE, UNDO = "note-page", "note-undo"


# --- Writing ----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def note_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """`pk` is the customer's; ?moment= is the one that it follows, if it is the writer's own."""
    customer = notes.get_customer_to_write_to_for(request.user, pk)
    reason = notes.why_not_write(request.user, customer, Organisation.get())
    why_not = str(notes.SENTENCES[reason]) if reason else ""
    moment = _own_moment(request.user, customer, request.GET.get("moment", ""))
    if request.method != "POST":
        return _note_page(request, customer, moment, NoteForm(initial={"text": _opening(customer)}), why_not)
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            notes.write_note(by=request.user, customer=customer, moment=moment, **form.cleaned_data)
        except notes.NotWritten as refusal:
            why_not = str(refusal)
        else:
            messages.success(request, _("Your note is on its way. Answers come to you."))
            return redirect("customer", pk=customer.pk)
    return _note_page(request, customer, moment, form, why_not, status=422)


def _own_moment(user: User, customer: Customer, number: str) -> Moment | None:
    if not (number.isascii() and number.isdigit()):
        return None
    return Moment.objects.told().filter(user=user, customer=customer, pk=int(number[:18])).first()


def _opening(customer: Customer) -> str:
    """How a mail to this customer begins, in their language; the rest is the writer's."""
    with translation.override(customer.language or Organisation.get().default_language):
        if customer.address_as:
            return _("Dear %(name)s,") % {"name": customer.address_as} + "\n\n"
        return _("Good day,") + "\n\n"


def _note_page(
    request: SignedInRequest, customer: Customer, moment: Moment | None, form: NoteForm, why_not: str,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {"customer": customer, "moment": moment, "form": form, "why_not": why_not}
    return render(request, "moments/note_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def note_stop(request: SignedInRequest, pk: int) -> HttpResponse:
    """`pk` is the customer's, who has told us. A GET comes from whoever had to sign in again on the way."""
    customer = get_customer_to_change_for(request.user, pk)
    if request.method == "POST" and notes.told_us(by=request.user, customer=customer):
        messages.success(request, _("No personal notes go to this customer any more."))
    return redirect("customer", pk=customer.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def note_resume(request: SignedInRequest, pk: int) -> HttpResponse:
    customer = get_customer_to_change_for(request.user, pk)
    if request.method == "POST" and notes.told_us_again(by=request.user, customer=customer):
        messages.success(request, _("This customer may get personal notes again."))
    return redirect("customer", pk=customer.pk)


# --- The customer's page, without login -------------------------------------------------------------------------

View = Callable[..., HttpResponse]


def behind_token(view: View) -> View:
    """Found by its token, in the customer's language, never cached; a signed nonce in the page instead of a cookie."""

    @login_not_required
    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @functools.wraps(view)
    def page(request: HttpRequest, token: str = "", **kwargs: Any) -> HttpResponse:
        public_id = read_token(PURPOSE, token)
        note = notes.note_behind(public_id) if public_id else None
        company = Organisation.objects.first()
        language = (note.customer.language if note else "") or (company.default_language if company else "en")
        if note is None:
            language = translation.get_language_from_request(request)
        with translation.override(language):
            response = view(request, note, company, **kwargs) if note and company else _closed(company)
        response.headers["Content-Language"] = language
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return page


def _closed(company: Organisation | None) -> HttpResponse:
    context = {"organisation": {"name": company.name if company else ""}}
    return HttpResponse(loader.render_to_string("answering/closed.html", context), status=404)


@behind_token
def note_unsubscribe(request: HttpRequest, note: PersonalNote, company: Organisation) -> HttpResponse:
    """A page with a button; and the address of the mail program's own button (RFC 8058), obeyed at once."""
    if request.method != "POST":
        return _leaving(note, company, done=notes.is_unwanted(note))
    if request.POST.get("List-Unsubscribe") == "One-Click":
        notes.stop_notes(note=note, one_click=True)
        return HttpResponse("OK", content_type="text/plain")
    if not _has_nonce(request, note):
        return _leaving(note, company, done=notes.is_unwanted(note), status=422)
    is_new = notes.stop_notes(note=note, one_click=False)
    return _leaving(note, company, done=True, may_undo=is_new)


@behind_token
def note_unsubscribe_undo(request: HttpRequest, note: PersonalNote, company: Organisation, undo: str) -> HttpResponse:
    """Take it back, from the page that followed the press."""
    may_undo = unsign(UNDO, undo) == str(note.pk)
    if request.method != "POST" or not may_undo or not _has_nonce(request, note):
        return _leaving(note, company, done=notes.is_unwanted(note))
    undone = notes.want_notes_again(note=note)
    return _leaving(note, company, done=not undone, undone=undone)


@behind_token
def note_cut_link(request: HttpRequest, note: PersonalNote, company: Organisation) -> HttpResponse:
    """A link of which a piece got lost on the way never gets here: there is no note behind it."""
    return _closed(company)


def _nonce(note: PersonalNote) -> str:
    return sign(PAGE, f"{note.public_id.hex}-{int(timezone.now().timestamp())}")


def _has_nonce(request: HttpRequest, note: PersonalNote) -> bool:
    value = unsign(PAGE, request.POST.get("nonce", ""))
    return value is not None and value.split("-")[0] == note.public_id.hex


def _leaving(
    note: PersonalNote, company: Organisation, *, done: bool, may_undo: bool = False, undone: bool = False,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    leave_url = f"/n/{make_token(PURPOSE, note.public_id)}/"
    context = {
        "organisation": {"name": company.name},
        "nonce": _nonce(note),
        "done": done,
        "undone": undone,
        "undo_url": f"{leave_url}undo/{sign(UNDO, str(note.pk))}/" if may_undo else "",
        "leave_url": leave_url,
    }
    return HttpResponse(loader.render_to_string("moments/note_unsubscribe.html", context), status=status)
