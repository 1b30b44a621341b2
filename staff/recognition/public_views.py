"""What is open without a login, behind a token: the wall, and the page that ends the mails of this room."""

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.template import loader
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from delight.lib.tokens import read_token, sign, unsign
from delight.organisation.models import Organisation
from staff.recognition.emails import OFF
from staff.recognition.kinds import ROOM
from staff.recognition.models import Taste, Wall
from staff.recognition.stories import photo_on, stories_for
from staff.recognition.taste import want_digest
from staff.recognition.walls import token_of, wall_behind

PAGE = "digest-off-page"
View = Callable[..., HttpResponse]


def _sealed(response: HttpResponse, language: str) -> HttpResponse:
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


# --- The wall ---------------------------------------------------------------------------------------------------


def on_a_wall(view: View) -> View:
    """Found by its token, in the company's language, never cached. Hidden with its room."""

    @login_not_required
    @require_safe
    @functools.wraps(view)
    def page(request: HttpRequest, token: str = "", **kwargs: Any) -> HttpResponse:
        wall, company = wall_behind(token), Organisation.objects.first()
        language = company.default_language if company else "en"
        with translation.override(language), timezone.override(company.zone if company else None):
            if wall is None or company is None or ROOM in company.hidden_rooms:
                made = HttpResponse(loader.render_to_string("recognition/wall_closed.html", {}), status=404)
            else:
                made = view(request, wall, company, **kwargs)
        return _sealed(made, language)

    return page


@on_a_wall
def wall(request: HttpRequest, here: Wall, company: Organisation) -> HttpResponse:
    """The page for a screen. Without its script it loads itself again, with the next story in front: ?n=."""
    stories = stories_for(here)
    asked = request.GET.get("n", "")
    at = int(asked[:6]) % len(stories) if stories and asked.isascii() and asked.isdigit() else 0
    context = {
        "organisation": company,
        "wall": here,
        "token": token_of(here),
        "stories": stories,
        "at": at,
        "next": (at + 1) % len(stories) if stories else 0,
    }
    return HttpResponse(loader.render_to_string("recognition/wall.html", context))


@on_a_wall
def wall_stories(request: HttpRequest, here: Wall, company: Organisation) -> HttpResponse:
    """The stories alone, for the script that brings them up to date."""
    context = {"organisation": company, "wall": here, "stories": stories_for(here), "at": 0}
    return HttpResponse(loader.render_to_string("recognition/_wall_stories.html", context))


@on_a_wall
def wall_photo(request: HttpRequest, here: Wall, company: Organisation, pk: int) -> HttpResponse:
    photo = photo_on(here, pk)
    if photo is None:
        raise Http404
    headers = {
        "Content-Disposition": f"inline; filename*=UTF-8''{quote(photo.name)}",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(b"".join(photo.chunks()), content_type=photo.content_type, headers=headers)


# --- No more mails ----------------------------------------------------------------------------------------------


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def digest_off(request: HttpRequest, token: str) -> HttpResponse:
    """A page with a button; and the address of the mail program's own button (RFC 8058), obeyed at once."""
    public_id = read_token(OFF, token)
    found = Taste.objects.select_related("user").filter(public_id=public_id).first() if public_id else None
    company = Organisation.objects.first()
    language = (found.user.language if found else "") or (company.default_language if company else "en")
    with translation.override(language):
        if found is None or company is None:
            context = {"organisation": {"name": company.name if company else ""}}
            return _sealed(
                HttpResponse(loader.render_to_string("answering/closed.html", context), status=404), language
            )
        return _sealed(_off(request, found, company), language)


def _off(request: HttpRequest, taste: Taste, company: Organisation) -> HttpResponse:
    if request.method != "POST":
        return _off_page(taste, company)
    if request.POST.get("List-Unsubscribe") == "One-Click":
        want_digest(taste=taste, wanted=False)
        return HttpResponse("OK", content_type="text/plain")
    if not _has_nonce(request, taste):
        return _off_page(taste, company, status=422)
    taste.digest = "undo" in request.POST
    want_digest(taste=taste, wanted=taste.digest)
    return _off_page(taste, company, undone=taste.digest)


def _has_nonce(request: HttpRequest, taste: Taste) -> bool:
    return unsign(PAGE, request.POST.get("nonce", "")) == taste.public_id.hex


def _off_page(taste: Taste, company: Organisation, *, undone: bool = False, status: int = 200) -> HttpResponse:
    context = {
        "organisation": {"name": company.name},
        "nonce": sign(PAGE, taste.public_id.hex),
        "done": not taste.digest,
        "undone": undone,
    }
    return HttpResponse(loader.render_to_string("recognition/digest_off.html", context), status=status)
