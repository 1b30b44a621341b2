"""Addresses that only take what a button sends, met by somebody who comes by link.

That happens without anybody's fault: the session ends, a button is pressed, and signing in leads back to the
button's address by GET. An empty 405 would leave them in the dark about what they pressed.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import Resolver404, resolve


def explained(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A GET that is not allowed is answered in words, with the way back; it stays a 405."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or request.method != "GET":
            return response
        page = render(request, "405.html", {"back": page_above(request.path_info)}, status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    return middleware


def page_above(path: str) -> str:
    """The nearest address above this one that there is: buttons stand below the page that shows them."""
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            resolve(path)
        except Resolver404:
            continue
        return path
    return path
