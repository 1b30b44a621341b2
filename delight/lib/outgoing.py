"""The one door through which this house fetches anything from another server.

Whoever gives us an address must not reach our own network by it. The name is looked up once, each address that comes
of it is judged, and the connection goes to the judged address itself, so that a second look-up cannot lead elsewhere.
No redirect is followed and no proxy from the environment is used; there are limits to time and size.
"""

import http.client
import io
import ipaddress
import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

import certifi
from django.conf import settings
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _

CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0
TOTAL_SECONDS = 30.0
PIECE = 64 * 1024
AGENT = "Delight"

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Allowed = Callable[[Address], bool]


class OutgoingError(Exception):
    """Nothing could be fetched; the text says why, in words for whoever gave us the address."""


@dataclass(frozen=True)
class Fetched:
    """What the other server answered, with status 200."""

    content_type: str
    body: bytes


def is_public(address: Address) -> bool:
    """Whether an address is out in the world: no private, loopback, link-local or special one, in no disguise."""
    if isinstance(address, ipaddress.IPv6Address) and (
        address.ipv4_mapped or address.sixtofour or address.teredo or address.is_site_local
    ):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def fetch(url: str, *, most_bytes: int, allowed: Allowed = is_public, total_seconds: float = TOTAL_SECONDS) -> Fetched:
    """GET the address. Raises OutgoingError for everything but a 200 within all limits. `allowed` is for tests."""
    parts = split_address(url)
    clock = _Clock(total_seconds)
    try:
        with _connect(parts, allowed, clock) as line:
            return _ask(line, parts, clock, most_bytes)
    except TimeoutError as error:
        raise OutgoingError(_("The server took too long.")) from error
    except ssl.SSLError as error:
        raise OutgoingError(_("The server's certificate is not valid for this address.")) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise OutgoingError(_("The server did not answer as a web server should.")) from error


def split_address(url: str) -> SplitResult:
    """The parts of an address that may be fetched at all. Raises OutgoingError in words otherwise."""
    try:
        parts = urlsplit(iri_to_uri(url))
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    schemes = ("https", "http") if settings.LOCAL else ("https",)
    if parts.scheme not in schemes:
        raise OutgoingError(_("The address has to begin with https://."))
    if not host or port == 0 or "@" in parts.netloc or re.search(r"[\x00-\x20\x7f]", url):
        raise OutgoingError(_("This is not a web address."))
    return parts


class _Clock:
    """How much of the whole time is left."""

    def __init__(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds

    def at_most(self, seconds: float) -> float:
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return min(left, seconds)


def _connect(parts: SplitResult, allowed: Allowed, clock: _Clock) -> socket.socket:
    """A connection to the first allowed address of the host that takes it, with TLS for the host's name."""
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    found = [address for address in _look_up(host, port, clock) if allowed(ipaddress.ip_address(address))]
    if not found:
        raise OutgoingError(_("The address leads into an internal network. Only addresses on the internet are read."))
    trouble: OSError = OSError()
    for address in found:
        try:
            line = socket.create_connection((address, port), timeout=clock.at_most(CONNECT_SECONDS))
        except OSError as error:
            trouble = error
            continue
        return _with_tls(line, host, clock) if parts.scheme == "https" else line
    if isinstance(trouble, TimeoutError):
        raise trouble
    raise OutgoingError(_("The server could not be reached.")) from trouble


def _look_up(host: str, port: int, clock: _Clock) -> list[str]:
    """The host's addresses, each once. In a thread: the system's resolver knows no time limit of ours."""
    answers: queue.Queue[Any] = queue.Queue()

    def ask() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        found = answers.get(timeout=clock.at_most(CONNECT_SECONDS))
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(found, Exception):
        raise OutgoingError(_("There is no server of this name.")) from found
    return list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))


def _with_tls(line: socket.socket, host: str, clock: _Clock) -> socket.socket:
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())  # a small machine may have no certificates of its own
    try:
        line.settimeout(clock.at_most(CONNECT_SECONDS))
        return context.wrap_socket(line, server_hostname=host)
    except BaseException:
        line.close()
        raise


def _ask(line: socket.socket, parts: SplitResult, clock: _Clock, most_bytes: int) -> Fetched:
    connection = http.client.HTTPConnection(parts.hostname or "")
    connection.sock = _Timed(line, clock)  # all of a socket that http.client uses
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.putrequest("GET", path, skip_host=True, skip_accept_encoding=True)
    for name, value in {
        "Host": parts.netloc, "User-Agent": AGENT, "Accept-Encoding": "identity", "Connection": "close",
    }.items():  # fmt: skip
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    _refuse_odd(response)
    return Fetched(response.headers.get_content_type(), _body(response, most_bytes))


def _refuse_odd(response: http.client.HTTPResponse) -> None:
    if 300 <= response.status < 400:
        raise OutgoingError(_("The address leads on to another one. Give the one behind it."))
    if response.status in (401, 403):
        raise OutgoingError(_("The server does not let us in. Perhaps the address is not the secret one."))
    if response.status in (404, 410):
        raise OutgoingError(_("There is nothing at this address (any more)."))
    if response.status != 200:
        raise OutgoingError(_("The server answered with error %(status)d.") % {"status": response.status})
    if response.headers.get("Content-Encoding", "identity") != "identity":  # what unpacks to any size
        raise OutgoingError(_("The server sent something packed, which was not asked for."))


def _body(response: http.client.HTTPResponse, most_bytes: int) -> bytes:
    pieces, size = [], 0
    while piece := response.read(PIECE):
        size += len(piece)
        if size > most_bytes:
            break
        pieces.append(piece)
    if size > most_bytes or (response.length or 0) > most_bytes:
        raise OutgoingError(_("What the server sends is too large."))
    if response.length:
        raise OutgoingError(_("The server broke off in the middle."))
    return b"".join(pieces)


class _Timed:
    """A socket whose every step ends with the whole time; made of what http.client uses."""

    def __init__(self, line: socket.socket, clock: _Clock) -> None:
        self.line, self.clock = line, clock

    def sendall(self, data: Any) -> None:
        self.line.settimeout(self.clock.at_most(READ_SECONDS))
        self.line.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self.line, self.clock))

    def close(self) -> None:
        """Nothing: http.client closes before the answer is read. Whoever connected closes the connection."""


class _Reader(io.RawIOBase):
    def __init__(self, line: socket.socket, clock: _Clock) -> None:
        self.line, self.clock = line, clock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.line.settimeout(self.clock.at_most(READ_SECONDS))
        return self.line.recv_into(buffer)
