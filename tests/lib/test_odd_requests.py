"""What no browser sends ends in an answer, not in a trace."""

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory

from delight.lib.odd_requests import in_utf8


def read(environ, start_response=None) -> str:
    """What Django does with each request before any middleware runs."""
    return WSGIRequest(environ).GET["x"]


def environ(content_type: str) -> dict:
    return RequestFactory().get("/healthz?x=1").environ | {"CONTENT_TYPE": content_type}


@pytest.mark.parametrize("charset", ["hex", "rot13", "idna", "utf-16", "nonsense"])
def test_a_charset_that_is_none_harms_nobody(charset):
    assert in_utf8(read)(environ(f"text/plain; charset={charset}; x=1"), None) == "1"


def test_without_the_guard_django_fails():
    with pytest.raises(LookupError):
        read(environ("text/plain; charset=hex"))


@pytest.mark.parametrize("address", ["/account/login/", "/a/xx/", "/u/xx/"])
def test_a_session_cookie_with_a_nul_is_no_session(client, organisation, address):
    answer = client.get(address, HTTP_COOKIE='sessionid="abcdefghij\\000"')
    assert answer.status_code in (200, 404)
