"""The one outgoing door: where it leads, where it does not, and how long and how large an answer may be."""

import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from delight.lib import outgoing
from delight.lib.outgoing import OutgoingError, fetch, is_public, split_address

GOOD = b"HTTP/1.1 200 OK\r\nContent-Type: text/calendar; charset=utf-8\r\nContent-Length: 5\r\n\r\nhello"


@contextmanager
def server(*pieces: bytes, pause: float = 0.0) -> Iterator[tuple[int, list[bytes]]]:
    """A real server on loopback that answers each request with these pieces; gives its port and what it was asked."""
    asked: list[bytes] = []
    stop = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while not stop.is_set():
            try:
                line, _peer = listening.accept()
            except OSError:
                return
            with line:
                asked.append(line.recv(65536))
                for piece in pieces:
                    try:
                        line.sendall(piece)
                    except OSError:
                        break
                    if pause and stop.wait(pause):
                        break

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1], asked
    finally:
        stop.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)


def anywhere(_address) -> bool:
    """The tests' allow-list: loopback, where their server is."""
    return True


@pytest.fixture(autouse=True)
def _local(settings):
    settings.LOCAL = True  # plain http, which is the tests' and the demo's only


# --- Where it leads -----------------------------------------------------------------------------------------------


def test_an_answer_comes_whole_and_the_server_sees_the_name_it_was_asked_by():
    with server(GOOD) as (port, asked):
        fetched = fetch(f"http://localhost:{port}/a%20b.ics?key=1", most_bytes=100, allowed=anywhere)
    assert (fetched.content_type, fetched.body) == ("text/calendar", b"hello")
    assert asked[0].startswith(b"GET /a%20b.ics?key=1 HTTP/1.1\r\n")
    assert f"Host: localhost:{port}\r\n".encode() in asked[0]
    assert b"Accept-Encoding: identity" in asked[0]


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104
     "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::7f00:1",
     "fe80::1", "fd00::1", "fec0::1", "ff02::1", "2002:7f00:1::", "2001:0:1::1", "64:ff9b::7f00:1", "2001:db8::1"],
)  # fmt: skip
def test_inner_and_special_addresses_are_not_public(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111"])
def test_addresses_on_the_internet_are(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"])
def test_no_connection_is_made_to_ourselves_in_any_spelling(host):
    with server(GOOD) as (port, asked):
        with pytest.raises(OutgoingError, match=r"internal network|no server|could not be reached"):
            fetch(f"http://{host}:{port}/", most_bytes=100)
        time.sleep(0.05)
    assert asked == []


def test_the_connection_goes_to_the_address_that_was_judged_whatever_the_name_leads_to_later(monkeypatch):
    """A name that leads out at the first look-up and to ourselves at the second (DNS rebinding)."""
    answers = iter(["93.184.216.34", "127.0.0.1"])
    real, looked_up, tried = socket.getaddrinfo, [], []

    def look_up(host, port, *args, **options):
        if host != "rebinding.example":
            return real(host, port, *args, **options)
        looked_up.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    def connect(target, timeout):
        tried.append(target[0])
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(OutgoingError, match="could not be reached"):
        fetch("http://rebinding.example/", most_bytes=100)
    assert (looked_up, tried) == (["rebinding.example"], ["93.184.216.34"])


def test_of_a_mixed_name_only_the_public_addresses_are_tried(monkeypatch):
    tried = []

    def look_up(host, port, *args, **options):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in ("10.0.0.1", "1.1.1.1")]

    def connect(target, timeout):
        tried.append(target[0])
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(OutgoingError):
        fetch("http://mixed.example/", most_bytes=100)
    assert tried == ["1.1.1.1"]


def test_no_proxy_from_the_environment_is_used(monkeypatch):
    with (
        server(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nproxy") as (proxy, through),
        server(GOOD) as (port, _asked),
    ):
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy}")
        assert fetch(f"http://127.0.0.1:{port}/", most_bytes=100, allowed=anywhere).body == b"hello"
    assert through == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status):
    with server(GOOD) as (target, asked):
        away = f"HTTP/1.1 {status} Away\r\nLocation: http://127.0.0.1:{target}/\r\nContent-Length: 0\r\n\r\n".encode()
        with server(away) as (port, _first), pytest.raises(OutgoingError, match="leads on to another"):
            fetch(f"http://127.0.0.1:{port}/", most_bytes=100, allowed=anywhere)
    assert asked == []


# --- What it is asked for -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    ["ftp://a.example/", "file:///etc/passwd", "//a.example", "a.example", "https://", "https://u:p@a.example/",
     "https://a.example:0/", "https://a.example:99999/", "https://a.example/\r\nX: y", "https://a b.example/", "",
     "https://[::1", "gopher://a.example/", "https://a.example/\x00"],
)  # fmt: skip
def test_odd_addresses_are_refused(url):
    with pytest.raises(OutgoingError):
        split_address(url)


def test_plain_http_is_for_the_local_mode_only(settings):
    split_address("http://calendar.example/1.ics")
    settings.LOCAL = False
    with pytest.raises(OutgoingError, match="https://"):
        split_address("http://calendar.example/1.ics")
    split_address("https://calendar.example/1.ics")


def test_https_means_a_certificate_for_the_name():
    with server(GOOD) as (port, _asked), pytest.raises(OutgoingError, match="certificate"):
        fetch(f"https://localhost:{port}/", most_bytes=100, allowed=anywhere)


# --- Limits -------------------------------------------------------------------------------------------------------


def endless(header: bytes) -> list[bytes]:
    return [b"HTTP/1.1 200 OK\r\n" + header + b"\r\n", *[b"x" * 65536] * 40]


@pytest.mark.parametrize("header", [b"", b"Content-Length: 2621440\r\n"])
def test_an_answer_that_is_too_large_is_broken_off(header):
    with server(*endless(header)) as (port, _asked), pytest.raises(OutgoingError, match="too large"):
        fetch(f"http://127.0.0.1:{port}/", most_bytes=100_000, allowed=anywhere)


def test_an_answer_of_exactly_the_limit_is_taken():
    with server(GOOD) as (port, _asked):
        assert fetch(f"http://127.0.0.1:{port}/", most_bytes=5, allowed=anywhere).body == b"hello"
        with pytest.raises(OutgoingError, match="too large"):
            fetch(f"http://127.0.0.1:{port}/", most_bytes=4, allowed=anywhere)


@pytest.mark.parametrize(
    "pieces",
    [[b"HTTP/1.1 200 OK\r\n", *[b"X-A: b\r\n"] * 90],  # headers, a drop at a time
     [b"HTTP/1.1 200 OK\r\n\r\n", *[b"x"] * 90],
     [b"", *[b""] * 90]],
)  # fmt: skip
def test_a_server_that_drips_is_left_when_the_whole_time_is_over(pieces):
    began = time.monotonic()
    with server(*pieces, pause=0.05) as (port, _asked), pytest.raises(OutgoingError, match="too long"):
        fetch(f"http://127.0.0.1:{port}/", most_bytes=100_000, allowed=anywhere, total_seconds=0.4)
    assert time.monotonic() - began < 2


def test_a_name_that_nobody_answers_for_costs_no_more_than_its_time(monkeypatch):
    gate = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: gate.wait(5) and [])
    began = time.monotonic()
    with pytest.raises(OutgoingError, match="too long"):
        fetch("http://slow.example/", most_bytes=100, total_seconds=0.2)
    gate.set()
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("answer", "words"),
    [(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "nothing at this address"),
     (b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", "does not let us in"),
     (b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n", "error 500"),
     (b"HTTP/1.1 204 None\r\n\r\n", "error 204"),
     (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nxx", "packed"),
     (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf", "broke off|as a web server should"),
     (b"SSH-2.0-OpenSSH\r\n", "as a web server should"),
     (b"", "as a web server should")],
)  # fmt: skip
def test_what_goes_wrong_is_said_in_words(answer, words):
    with server(answer) as (port, _asked), pytest.raises(OutgoingError, match=words):
        fetch(f"http://127.0.0.1:{port}/", most_bytes=100, allowed=anywhere)


def test_a_closed_port_is_said_in_words():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(OutgoingError, match="could not be reached"):
        fetch(f"http://127.0.0.1:{port}/", most_bytes=100, allowed=anywhere)


def test_nothing_in_the_settings_opens_the_door(settings):
    """The allow-list is an argument of the tests; the rest of the house calls without it."""
    settings.LOCAL = True
    with server(GOOD) as (port, asked), pytest.raises(OutgoingError, match="internal network"):
        fetch(f"http://127.0.0.1:{port}/", most_bytes=100)
    assert asked == []
    assert fetch.__kwdefaults__["allowed"] is outgoing.is_public
