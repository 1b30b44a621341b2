"""Visitors may claim any address; only our own proxies are believed."""

import pytest
from django.test import RequestFactory

from delight.lib.network import client_ip, client_mark


def request(forwarded: str | None = None, peer: str = "10.0.0.1", **headers):
    if forwarded is not None:
        headers["HTTP_X_FORWARDED_FOR"] = forwarded
    return RequestFactory().get("/", REMOTE_ADDR=peer, **headers)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, "6.6.6.6", "10.0.0.1"),  # no proxy of ours: the header is only a claim
        (1, "1.2.3.4", "1.2.3.4"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),  # what stands left of our proxy's entry is a claim
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.9", "1.2.3.4"),
        (2, "1.2.3.4", "10.0.0.1"),  # fewer entries than proxies: it did not come by our way
        (1, None, "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "rubbish", "10.0.0.1"),
        (1, "1.2.3.4:8080", "10.0.0.1"),
        (1, "2001:DB8::1", "2001:db8::1"),
    ],
)
def test_client_ip_believes_only_our_own_proxies(settings, proxies, forwarded, seen):
    settings.TRUSTED_PROXIES = proxies
    assert client_ip(request(forwarded)) == seen


def test_client_ip_is_empty_on_a_socket_without_a_proxy(settings):
    settings.TRUSTED_PROXIES = 0
    assert client_ip(request(peer="")) == ""


def test_client_mark_tells_browsers_apart_and_shows_neither_address_nor_browser():
    one = client_mark(request(peer="1.2.3.4", HTTP_USER_AGENT="Firefox"))
    assert one == client_mark(request(peer="1.2.3.4", HTTP_USER_AGENT="Firefox"))
    assert one != client_mark(request(peer="1.2.3.4", HTTP_USER_AGENT="Chrome"))
    assert one != client_mark(request(peer="1.2.3.5", HTTP_USER_AGENT="Firefox"))
    assert "1.2.3.4" not in one
