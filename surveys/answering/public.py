"""The pages that customers see, without login: answer, thank-you, unsubscribe. No GET writes but the visit log."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from delight.lib.network import client_mark
from delight.lib.tokens import make_token, read_token
from delight.organisation.models import Organisation
from surveys.answering import tokens
from surveys.answering.forms import AnswerForm
from surveys.answering.models import Hit, Response, Unsubscription
from surveys.answering.services import Visitor, log_hit, record_response
from surveys.answering.unsubscribing import undo_unsubscribe, unsubscribe
from surveys.design.services import Words, words_of
from surveys.design.wording import fill
from surveys.sending.emails import answer_path, unsubscribe_path
from surveys.sending.models import Invitation

View = Callable[..., HttpResponse]


def public_page(purpose: str) -> Callable[[View], View]:
    """A page behind a token of this purpose: found, in the person's language, never cached, outside the CSRF cookie.

    Mail programs block cookies, so a signed nonce in the page does that cookie's work.
    """

    def wrap(view: View) -> View:
        @login_not_required
        @csrf_exempt
        @require_http_methods(["GET", "HEAD", "POST"])
        @functools.wraps(view)
        def page(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
            public_id = read_token(purpose, token)
            invitation = public_id and _invitations(request).filter(public_id=public_id).first()
            if not invitation:
                response = render(
                    request, "answering/closed.html", {"organisation": Organisation.objects.first()}, status=404
                )
            else:
                with translation.override(invitation.language):
                    response = view(request, invitation, **kwargs)
                response.headers["Content-Language"] = invitation.language
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
            return response

        return transaction.atomic(page)

    return wrap


def _invitations(request: HttpRequest) -> Any:
    found = Invitation.objects.select_related("sending__version", "sending__sender", "customer")
    return found.select_for_update(of=("self",), no_key=True) if request.method == "POST" else found


def _visitor(request: HttpRequest, invitation: Invitation) -> Visitor:
    return Visitor(
        client=client_mark(request),
        browser_name=request.META.get("HTTP_USER_AGENT", ""),
        browser=tokens.browser_mark(request),
        edit=tokens.read_edit_token(request.POST.get("edit") or request.GET.get("edit") or ""),
        had_nonce=tokens.is_page_nonce(request.POST.get("nonce", ""), invitation.public_id),
    )


# --- Answering --------------------------------------------------------------------------------------------------


@public_page("answer")
def answer_page(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Open: the page with the tapped score chosen. Send: the answer counts, since a person pressed."""
    visitor = _visitor(request, invitation)
    if not invitation.is_open:
        log_hit(invitation, Hit.Kind.OPEN, visitor, method=request.method or "")
        return render(request, "answering/closed.html", {"organisation": Organisation.get()}, status=410)
    words = words_of(invitation.sending.version, invitation.language)
    if request.method == "POST":
        return _take(request, invitation, visitor, words)
    score = _score_in(request.GET.get("s", ""))
    log_hit(invitation, Hit.Kind.OPEN, visitor, method=request.method or "", score=score)
    own = _own_response(invitation, visitor)
    comment = _comment_of(own) if own else ""
    return _form_page(
        request, invitation, words, score if score is not None or own is None else own.score, comment, own
    )


@public_page("answer")
def hidden_page(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Where the link leads that people cannot see: only the visit log knows."""
    visitor = _visitor(request, invitation)
    log_hit(invitation, Hit.Kind.HIDDEN, visitor, method=request.method or "")
    return render(request, "answering/closed.html", {"organisation": Organisation.get()})


def _take(request: HttpRequest, invitation: Invitation, visitor: Visitor, words: Words) -> HttpResponse:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        own = _own_response(invitation, visitor)
        log_hit(invitation, Hit.Kind.OPEN, visitor, method="POST")
        score, comment = _score_in(request.POST.get("score", "")), request.POST.get("comment", "")
        return _form_page(request, invitation, words, score, comment, own, error=form.first_error(), status=422)
    browser = request.COOKIES.get(tokens.COOKIE) or tokens.new_browser()
    visitor = Visitor(**{**vars(visitor), "browser": tokens.mark_of(browser)})
    response = record_response(invitation=invitation, visitor=visitor, words=words, **form.cleaned_data)
    page = _thanks(request, invitation, words, response)
    page.set_cookie(
        tokens.COOKIE, browser, max_age=60 * 86400, path=request.path, httponly=True, samesite="Lax",
        secure=request.is_secure(),
    )  # fmt: skip
    return page


def _score_in(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 and int(text) <= 10 else None


def _own_response(invitation: Invitation, visitor: Visitor) -> Response | None:
    mine = Response.objects.filter(invitation=invitation)
    if visitor.edit:
        return mine.filter(public_id=visitor.edit).first()
    return mine.filter(browser=visitor.browser).first() if visitor.browser else None


def _comment_of(response: Response) -> str:
    return response.answers.filter(question__kind="comment").values_list("text", flat=True).first() or ""


def _form_page(
    request: HttpRequest, invitation: Invitation, words: Words, score: int | None, comment: str,
    own: Response | None, *, error: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    organisation = Organisation.get()
    values = _values(invitation, organisation)
    context = {
        "organisation": organisation,
        "question_text": fill(words.question, values),
        "why_text": fill(words.why, values),
        "low_label": words.low_label,
        "high_label": words.high_label,
        "scores": [{"value": value, "checked": value == score} for value in range(11)],
        "comment": comment,
        "nonce": tokens.page_nonce(invitation.public_id),
        "edit": tokens.edit_token(own.public_id) if own else "",
        "editing": own is not None,
        "sender_name": invitation.sending.sender.name,
        "unsubscribe_url": _unsubscribe_url(invitation),
        "hidden_url": _answer_url(invitation) + "more/",
        "error": error,
    }
    return render(request, "answering/answer.html", context, status=status)


def _thanks(request: HttpRequest, invitation: Invitation, words: Words, response: Response | None) -> HttpResponse:
    organisation = Organisation.get()
    edit_url = f"{_answer_url(invitation)}?edit={tokens.edit_token(response.public_id)}" if response else ""
    context = {
        "organisation": organisation,
        "thanks_text": fill(words.thanks, _values(invitation, organisation)),
        "sender_name": invitation.sending.sender.name,
        "edit_url": edit_url,
        "unsubscribe_url": _unsubscribe_url(invitation),
        "follow_up": response is not None and response.score <= 6,
        "score": response.score if response else None,
    }
    return render(request, "answering/thanks.html", context)


def _values(invitation: Invitation, organisation: Organisation) -> dict[str, str]:
    return {
        "company": organisation.name,
        "sender": invitation.sending.sender.name,
        "name": invitation.customer.address_as,
    }


def _answer_url(invitation: Invitation) -> str:
    return answer_path(make_token("answer", invitation.public_id))


def _unsubscribe_url(invitation: Invitation) -> str:
    return unsubscribe_path(make_token("unsubscribe", invitation.public_id))


# --- Leaving ----------------------------------------------------------------------------------------------------


@public_page("unsubscribe")
def unsubscribe_page(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """A page with a button; and the address of the mail program's own button (RFC 8058), obeyed at once."""
    visitor = _visitor(request, invitation)
    one_click = request.POST.get("List-Unsubscribe") == "One-Click"
    if request.method == "POST":
        row, made_now = unsubscribe(invitation=invitation, visitor=visitor, one_click=one_click)
        if one_click:
            return HttpResponse("OK", content_type="text/plain")
        return _leaving_page(request, invitation, row, may_undo=made_now)
    log_hit(invitation, Hit.Kind.LEAVE_PAGE, visitor, method=request.method or "")
    row = Unsubscription.objects.filter(invitation=invitation, undone_at=None).first()
    return _leaving_page(request, invitation, row, may_undo=False)


@public_page("unsubscribe")
def unsubscribe_undo(request: HttpRequest, invitation: Invitation, undo: str) -> HttpResponse:
    """Take it back, from the page that followed the press."""
    visitor = _visitor(request, invitation)
    row = Unsubscription.objects.filter(pk=tokens.read_undo_token(undo), invitation=invitation).first()
    if request.method != "POST" or row is None:
        log_hit(invitation, Hit.Kind.LEAVE_PAGE, visitor, method=request.method or "")
        return _leaving_page(request, invitation, row if row and not row.undone_at else None, may_undo=False)
    undo_unsubscribe(row=row, visitor=visitor)
    return _leaving_page(request, invitation, None, may_undo=False, undone=True)


def _leaving_page(
    request: HttpRequest, invitation: Invitation, row: Unsubscription | None, *, may_undo: bool, undone: bool = False
) -> HttpResponse:
    undo_url = f"{_unsubscribe_url(invitation)}undo/{tokens.undo_token(row.pk)}/" if row and may_undo else ""
    context = {
        "organisation": Organisation.get(),
        "nonce": tokens.page_nonce(invitation.public_id),
        "done": row is not None,
        "undone": undone,
        "paused": row is not None and row.verdict == Unsubscription.Verdict.CHECK,
        "undo_url": undo_url,
        "leave_url": _unsubscribe_url(invitation),
    }
    return render(request, "answering/unsubscribe.html", context)
