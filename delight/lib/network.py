"""Who is on the other end of a request, believing only as many proxies as are really ours."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str:
    """The client's address: the entry that our outermost trusted proxy wrote, else the connection's own.

    With TRUSTED_PROXIES = n, the n-th entry of X-Forwarded-For from the right was written by our own proxy; all
    entries to its left are the visitor's claims. Empty on a unix socket without a proxy.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    if not settings.TRUSTED_PROXIES:
        return peer
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    if len(hops) < settings.TRUSTED_PROXIES:
        return peer
    claimed = hops[-settings.TRUSTED_PROXIES]
    try:
        return str(ipaddress.ip_address(claimed))
    except ValueError:
        return peer


def client_mark(request: HttpRequest) -> str:
    """A keyed hash of address and browser name: tells two clients apart without keeping either."""
    from delight.lib.tokens import fingerprints

    return fingerprints("client", f"{client_ip(request)}\0{request.META.get('HTTP_USER_AGENT', '')}")[0][:32]
