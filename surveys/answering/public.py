"""The pages that customers see, without login: answer, thank-you, unsubscribe. No GET writes but the visit log."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.db.models import QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.template import loader
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
# The columns that an answer needs, its follow-up included; the rest of six tables stays where it is.
NEEDED = (
    "public_id", "language", "sent_at", "answered_at", "expires_at", "revoked_at", "owner_id", "team_id",
    "sending__version__frozen_at", "sending__sender__name",
    "customer__name", "customer__address_as", "customer__email", "customer__erased_at",
    "customer__owner_id", "customer__team_id", "customer__account__owner_id",
)  # fmt: skip


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
            if public_id is None:
                response = closed_page(status=404)
            elif request.method == "POST":
                with transaction.atomic():
                    response = _view_for(view, request, locked(invitations()).filter(public_id=public_id), kwargs)
            else:
                response = _view_for(view, request, invitations().filter(public_id=public_id), kwargs)
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
            return response

        return page

    return wrap


def _view_for(view: View, request: HttpRequest, found: QuerySet[Invitation], kwargs: dict[str, Any]) -> HttpResponse:
    invitation = found.first()
    if invitation is None:
        return closed_page(status=404)
    with translation.override(invitation.language):
        response = view(request, invitation, **kwargs)
    response.headers["Content-Language"] = invitation.language
    return response


def invitations() -> QuerySet[Invitation]:
    """What the public pages need of an invitation, in one query, with the company's name."""
    company = Organisation.objects.values("name")[:1]
    found = Invitation.objects.select_related("sending__version", "sending__sender", "customer__account")
    return found.only(*NEEDED).annotate(company=Subquery(company)).order_by()


def locked(found: QuerySet[Invitation]) -> QuerySet[Invitation]:
    return found.select_for_update(of=("self",), no_key=True)


def public_render(template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Rendered without the request: these pages know nobody, so they need no session, messages or navigation."""
    return HttpResponse(loader.render_to_string(template, context), status=status)


def closed_page(*, status: int, company: str | None = None) -> HttpResponse:
    """One kind page for links that are forged, expired, withdrawn or cut."""
    if company is None:
        company = Organisation.objects.values_list("name", flat=True).first()
    return public_render("answering/closed.html", {"organisation": {"name": company or ""}}, status)


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
def answer_page(request: HttpRequest, invitation: Any) -> HttpResponse:
    """Open: the page with the tapped score chosen. Send: the answer counts, since a person pressed."""
    visitor = _visitor(request, invitation)
    if not invitation.is_open:
        log_hit(invitation, Hit.Kind.OPEN, visitor, method=request.method or "")
        return closed_page(status=410, company=invitation.company)
    words = words_of(invitation.sending.version, invitation.language)
    if request.method == "POST":
        return _take(request, invitation, visitor, words)
    score = _score_in(request.GET.get("s", ""))
    log_hit(invitation, Hit.Kind.OPEN, visitor, method=request.method or "", score=score)
    own = _own_response(invitation, visitor)
    comment = _comment_of(own) if own else ""
    return _form_page(invitation, words, score if score is not None or own is None else own.score, comment, own)


@public_page("answer")
def hidden_page(request: HttpRequest, invitation: Any) -> HttpResponse:
    """Where the link leads that people cannot see: only the visit log knows."""
    visitor = _visitor(request, invitation)
    log_hit(invitation, Hit.Kind.HIDDEN, visitor, method=request.method or "")
    return closed_page(status=200, company=invitation.company)


def _take(request: HttpRequest, invitation: Invitation, visitor: Visitor, words: Words) -> HttpResponse:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        own = _own_response(invitation, visitor)
        log_hit(invitation, Hit.Kind.OPEN, visitor, method="POST")
        score, comment = _score_in(request.POST.get("score", "")), request.POST.get("comment", "")
        return _form_page(invitation, words, score, comment, own, error=form.first_error(), status=422)
    browser = request.COOKIES.get(tokens.COOKIE) or tokens.new_browser()
    visitor = Visitor(**{**vars(visitor), "browser": tokens.mark_of(browser)})
    response = record_response(invitation=invitation, visitor=visitor, words=words, **form.cleaned_data)
    page = _thanks(invitation, words, response)
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
    invitation: Any, words: Words, score: int | None, comment: str,
    own: Response | None, *, error: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    values = _values(invitation)
    context = {
        "organisation": {"name": invitation.company},
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
    return public_render("answering/answer.html", context, status)


def _thanks(invitation: Any, words: Words, response: Response | None) -> HttpResponse:
    edit_url = f"{_answer_url(invitation)}?edit={tokens.edit_token(response.public_id)}" if response else ""
    context = {
        "organisation": {"name": invitation.company},
        "thanks_text": fill(words.thanks, _values(invitation)),
        "sender_name": invitation.sending.sender.name,
        "edit_url": edit_url,
        "unsubscribe_url": _unsubscribe_url(invitation),
        "follow_up": response is not None and response.score <= 6,
        "score": response.score if response else None,
    }
    return public_render("answering/thanks.html", context)


def _values(invitation: Any) -> dict[str, str]:
    return {
        "company": invitation.company,
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
        return _leaving_page(invitation, row, may_undo=made_now)
    log_hit(invitation, Hit.Kind.LEAVE_PAGE, visitor, method=request.method or "")
    row = Unsubscription.objects.filter(invitation=invitation, undone_at=None).first()
    return _leaving_page(invitation, row, may_undo=False)


@public_page("unsubscribe")
def unsubscribe_undo(request: HttpRequest, invitation: Invitation, undo: str) -> HttpResponse:
    """Take it back, from the page that followed the press."""
    visitor = _visitor(request, invitation)
    row = Unsubscription.objects.filter(pk=tokens.read_undo_token(undo), invitation=invitation).first()
    if request.method != "POST" or row is None:
        log_hit(invitation, Hit.Kind.LEAVE_PAGE, visitor, method=request.method or "")
        return _leaving_page(invitation, row if row and not row.undone_at else None, may_undo=False)
    undo_unsubscribe(row=row, visitor=visitor)
    return _leaving_page(invitation, None, may_undo=False, undone=True)


def _leaving_page(invitation: Any, row: Unsubscription | None, *, may_undo: bool, undone: bool = False) -> HttpResponse:
    undo_url = f"{_unsubscribe_url(invitation)}undo/{tokens.undo_token(row.pk)}/" if row and may_undo else ""
    context = {
        "organisation": {"name": invitation.company},
        "nonce": tokens.page_nonce(invitation.public_id),
        "done": row is not None,
        "undone": undone,
        "paused": row is not None and row.verdict == Unsubscription.Verdict.CHECK,
        "undo_url": undo_url,
        "leave_url": _unsubscribe_url(invitation),
    }
    return public_render("answering/unsubscribe.html", context)
