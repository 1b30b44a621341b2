"""The pages that customers see, without login: answer, thank-you, unsubscribe. No GET writes but the visit log."""

import functools
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from delight.lib.network import client_mark
from delight.lib.tokens import read_token
from delight.organisation.models import Organisation
from surveys.answering import tokens
from surveys.answering.door import Door, find_door
from surveys.answering.forms import AddressForm, AnswerForm
from surveys.answering.models import Hit, Response, Unsubscription
from surveys.answering.services import Visitor, log_hit, record_response
from surveys.answering.unsubscribing import undo_unsubscribe, unsubscribe, write_again
from surveys.design.services import Words, sent_words
from surveys.design.wording import fill

View = Callable[..., HttpResponse]


def public_page(purpose: str) -> Callable[[View], View]:
    """A page behind a token of this purpose: found, in the person's language, never cached, outside the CSRF cookie.

    Mail programs block cookies, so a signed nonce in the page does that cookie's work. A POST locks the
    invitation's row: one writer per invitation.
    """

    def wrap(view: View) -> View:
        @login_not_required
        @csrf_exempt
        @require_http_methods(["GET", "HEAD", "POST"])
        @functools.wraps(view)
        def page(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
            public_id = read_token(purpose, token)
            writes = request.method == "POST"
            with transaction.atomic() if writes else nullcontext():
                door = find_door(public_id, lock=writes) if public_id else None
                response = _behind(view, request, door, kwargs)
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
            return response

        return page

    return wrap


def _behind(view: View, request: HttpRequest, door: Door | None, kwargs: dict[str, Any]) -> HttpResponse:
    if door is None:
        return closed_page(status=404)
    with translation.override(door.language):
        response = view(request, door, **kwargs)
    response.headers["Content-Language"] = door.language
    return response


@login_not_required
@csrf_exempt
def cut_link(request: HttpRequest) -> HttpResponse:
    """A customer's link of which a piece got lost on the way: the kind page, not the staff's."""
    with translation.override(translation.get_language_from_request(request)):
        return closed_page(status=404)


def public_render(template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Rendered without the request: these pages know nobody, so they need no session, messages or navigation."""
    return HttpResponse(loader.render_to_string(template, context), status=status)


def closed_page(*, status: int, company: str | None = None) -> HttpResponse:
    """One kind page for links that are forged, expired, withdrawn or cut."""
    if company is None:
        company = Organisation.objects.values_list("name", flat=True).first()
    return public_render("answering/closed.html", {"organisation": {"name": company or ""}}, status)


def _visitor(request: HttpRequest, door: Door) -> Visitor:
    return Visitor(
        client=client_mark(request),
        browser_name=request.META.get("HTTP_USER_AGENT", ""),
        browser=tokens.browser_mark(request),
        edit=tokens.read_edit_token(request.POST.get("edit") or request.GET.get("edit") or ""),
        had_nonce=tokens.is_page_nonce(request.POST.get("nonce", ""), door.public_id),
    )


# --- Answering --------------------------------------------------------------------------------------------------


@public_page("answer")
def answer_page(request: HttpRequest, door: Door) -> HttpResponse:
    """Open: the page with the tapped score chosen. Send: the answer counts, since a person pressed."""
    visitor = _visitor(request, door)
    if not door.is_open:
        log_hit(door.invitation_id, Hit.Kind.OPEN, visitor, method=request.method or "")
        return closed_page(status=410, company=door.company)
    words = sent_words(door.version_id, door.language)
    if request.method == "POST":
        return _take(request, door, visitor, words)
    score = _score_in(request.GET.get("s", ""))
    log_hit(door.invitation_id, Hit.Kind.OPEN, visitor, method=request.method or "", score=score)
    own = _own_response(door, visitor)
    comment = _comment_of(own) if own else ""
    return _form_page(door, words, score if score is not None or own is None else own.score, comment, own)


@public_page("answer")
def hidden_page(request: HttpRequest, door: Door) -> HttpResponse:
    """Where the link leads that people cannot see: only the visit log knows."""
    visitor = _visitor(request, door)
    log_hit(door.invitation_id, Hit.Kind.HIDDEN, visitor, method=request.method or "")
    return closed_page(status=200, company=door.company)


def _take(request: HttpRequest, door: Door, visitor: Visitor, words: Words) -> HttpResponse:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        own = _own_response(door, visitor)
        log_hit(door.invitation_id, Hit.Kind.OPEN, visitor, method="POST")
        score, comment = _score_in(request.POST.get("score", "")), request.POST.get("comment", "")
        return _form_page(door, words, score, comment, own, error=form.first_error(), status=422)
    browser = request.COOKIES.get(tokens.COOKIE) or tokens.new_browser()
    visitor = Visitor(**{**vars(visitor), "browser": tokens.mark_of(browser)})
    response = record_response(door=door, visitor=visitor, words=words, **form.cleaned_data)
    page = _thanks(door, words, response)
    page.set_cookie(
        tokens.COOKIE, browser, max_age=60 * 86400, path=request.path, httponly=True, samesite="Lax",
        secure=request.is_secure(),
    )  # fmt: skip
    return page


def _score_in(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 and int(text) <= 10 else None


def _own_response(door: Door, visitor: Visitor) -> Response | None:
    mine = Response.objects.filter(invitation_id=door.invitation_id)
    if visitor.edit:
        return mine.filter(public_id=visitor.edit).first()
    return mine.filter(browser=visitor.browser).first() if visitor.browser else None


def _comment_of(response: Response) -> str:
    return response.answers.filter(question__kind="comment").values_list("text", flat=True).first() or ""


def _form_page(
    door: Door, words: Words, score: int | None, comment: str,
    own: Response | None, *, error: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    values = door.values
    context = {
        "organisation": {"name": door.company},
        "question_text": fill(words.question, values),
        "why_text": fill(words.why, values),
        "low_label": words.low_label,
        "high_label": words.high_label,
        "scores": [{"value": str(value), "checked": value == score} for value in range(11)],
        "chosen": score is not None,
        "comment": comment,
        "nonce": tokens.page_nonce(door.public_id),
        "edit": tokens.edit_token(own.public_id) if own else "",
        "editing": own is not None,
        "so_far": own.score if own else None,
        "sender_name": door.sender_name,
        "unsubscribe_url": door.unsubscribe_url,
        "hidden_url": door.answer_url + "more/",
        "error": error,
    }
    return public_render("answering/answer.html", context, status)


def _thanks(door: Door, words: Words, response: Response | None) -> HttpResponse:
    edit_url = f"{door.answer_url}?edit={tokens.edit_token(response.public_id)}" if response else ""
    context = {
        "organisation": {"name": door.company},
        "thanks_text": fill(words.thanks, door.values),
        "edit_url": edit_url,
        "unsubscribe_url": door.unsubscribe_url,
        "follow_up": response is not None and response.score <= 6,
        "second": response is not None and not response.is_active,
        "score": response.score if response else None,
    }
    return public_render("answering/thanks.html", context)


# --- Leaving ----------------------------------------------------------------------------------------------------


@public_page("unsubscribe")
def unsubscribe_page(request: HttpRequest, door: Door) -> HttpResponse:
    """A page with a button; and the address of the mail program's own button (RFC 8058), obeyed at once."""
    visitor = _visitor(request, door)
    one_click = request.POST.get("List-Unsubscribe") == "One-Click"
    if request.method == "POST":
        row, made_now = unsubscribe(invitation_id=door.invitation_id, visitor=visitor, one_click=one_click)
        if one_click:
            return HttpResponse("OK", content_type="text/plain")
        return _leaving_page(door, row, may_undo=made_now)
    log_hit(door.invitation_id, Hit.Kind.LEAVE_PAGE, visitor, method=request.method or "")
    return _leaving_page(door, _standing(door), may_undo=False)


def _standing(door: Door) -> Unsubscription | None:
    return Unsubscription.objects.filter(invitation_id=door.invitation_id, undone_at=None).first()


@public_page("unsubscribe")
def unsubscribe_again(request: HttpRequest, door: Door) -> HttpResponse:
    """Be asked again after all: later, and from any device, by naming the address."""
    visitor, row = _visitor(request, door), _standing(door)
    if request.method != "POST" or row is None:
        log_hit(door.invitation_id, Hit.Kind.LEAVE_PAGE, visitor, method=request.method or "")
        return _leaving_page(door, row, may_undo=False)
    form = AddressForm(request.POST)
    named = form.cleaned_data["email"] if form.is_valid() else ""
    if write_again(row=row, visitor=visitor, email=named):
        return _leaving_page(door, None, may_undo=False, undone=True)
    return _leaving_page(door, row, may_undo=False, refused=True)


@public_page("unsubscribe")
def unsubscribe_undo(request: HttpRequest, door: Door, undo: str) -> HttpResponse:
    """Take it back, from the page that followed the press."""
    visitor = _visitor(request, door)
    row = Unsubscription.objects.filter(pk=tokens.read_undo_token(undo) or 0, invitation_id=door.invitation_id).first()
    if request.method != "POST" or row is None:
        log_hit(door.invitation_id, Hit.Kind.LEAVE_PAGE, visitor, method=request.method or "")
        return _leaving_page(door, row if row and not row.undone_at else None, may_undo=False)
    undone = undo_unsubscribe(row=row, visitor=visitor)
    return _leaving_page(door, None if undone else row, may_undo=False, undone=undone)


def _leaving_page(
    door: Door, row: Unsubscription | None, *, may_undo: bool, undone: bool = False, refused: bool = False
) -> HttpResponse:
    undo_url = f"{door.unsubscribe_url}undo/{tokens.undo_token(row.pk)}/" if row and may_undo else ""
    context = {
        "organisation": {"name": door.company},
        "nonce": tokens.page_nonce(door.public_id),
        "done": row is not None,
        "undone": undone,
        "paused": row is not None and row.verdict == Unsubscription.Verdict.CHECK,
        "undo_url": undo_url,
        "again_url": f"{door.unsubscribe_url}again/",
        "refused": refused,
        "leave_url": door.unsubscribe_url,
    }
    return public_render("answering/unsubscribe.html", context, 422 if refused else 200)
