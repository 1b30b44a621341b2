"""`manage.py up` with real processes around a stub site."""

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import smtplib
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from delight.local import mailbox, processes
from delight.local.paths import nickname

from .conftest import ALL, Checkout, a_checkout, free_port, until

pytestmark = pytest.mark.slow


def health(checkout: Checkout) -> dict:
    address = re.search(r"Delight is at (\S+)", checkout.said)
    assert address, checkout.said
    with contextlib.closing(http.client.HTTPConnection(urlsplit(address[1]).netloc, timeout=10)) as connection:
        connection.request("GET", "/healthz")
        return json.load(connection.getresponse())


@pytest.mark.parametrize(
    "number",
    [pytest.param(signal.SIGINT, id="ctrl-c"), pytest.param(signal.SIGTERM, id="term")],
)
def test_up_answers_at_the_printed_address_and_leaves_nothing_when_it_is_stopped(running, number):
    assert health(running)["mail"].startswith("smtp://127.0.0.1:")
    before = running.running
    assert {process.name for process in before} == ALL
    assert running.end(running.ups[-1], number) == 0
    assert not [process for process in before if process.alive]
    assert running.said.endswith("Stopping…\n")


def test_up_killed_leaves_nothing_and_can_be_started_at_once(running):
    before, runs = running.running, runs_of(running)
    running.end(running.ups[-1], signal.SIGKILL)
    running.up()
    assert not [process for process in before if process.alive]
    assert runs_of(running) == runs + 1


def runs_of(checkout: Checkout) -> int:
    return int(checkout.run("runs").stdout.removeprefix("runs: "))


def test_up_killed_together_with_its_watchdog_is_cleared_up_by_the_next(running):
    up, before = running.ups[-1], running.running
    os.kill(watchdog_of(running), signal.SIGKILL)
    os.kill(up.pid, signal.SIGKILL)
    up.wait()
    assert len([process for process in before if process.alive]) == 6  # the control: this is what is left behind
    running.up()
    assert not [process for process in before if process.alive]


def test_up_stops_everything_when_its_watchdog_is_killed(running):
    before = running.running
    os.kill(watchdog_of(running), signal.SIGKILL)
    assert running.ups[-1].wait(30) == 0
    assert not [process for process in before if process.alive]


def watchdog_of(checkout: Checkout) -> int:
    lines = {path: path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if _readable(path)}
    sign = f'"folder": "{checkout.local}"'.encode()
    return next(int(path.parent.name) for path, line in lines.items() if sign in line)


def _readable(path: Path) -> bool:
    try:
        return bool(path.read_bytes())
    except OSError:
        return False


def test_a_second_up_says_that_it_is_running_and_where(running):
    url = re.search(r"Delight is at (\S+)", running.said)[1]
    second = running.run("up")
    assert second.returncode == 1
    assert second.stderr == f"Delight is already running at {url}\n"


def test_what_dies_is_started_again(running):
    web, valkey = processes.find(running.local, "web"), processes.find(running.local, "valkey")
    web.kill_group()
    valkey.kill_group()
    until(lambda: re.search(r"web ended \(code -9\); starting it again", running.said))
    until(lambda: processes.find(running.local, "web") and processes.find(running.local, "valkey"))
    assert health(running)["pid"] not in (0, web.pid)


def test_a_taken_port_is_named_and_the_next_one_used_and_empty_is_passed_on(resting):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        resting.up("--port", str(port), "--empty")
    assert re.search(rf"Port {port} is taken; using \d+\.", resting.said)
    assert health(resting)
    assert "first sponsor: a link" in resting.said


def test_mail_lands_in_the_mailbox(running):
    port = int(health(running)["mail"].rpartition(":")[2])
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.sendmail("hello@delight.example", ["olena@mail.example"], b"Subject: Hi\r\n\r\nHello\r\n")
    [line] = mailbox.list_mails(running.local / "mailbox")
    assert (line.subject, line.envelope_to) == ("Hi", ["olena@mail.example"])


def test_up_says_in_one_sentence_why_the_web_server_does_not_start(checkout):
    (checkout.root / "delight/wsgi.py").write_text("import no_such_module\n")
    answer = checkout.run("up", "--port", str(free_port()))
    assert answer.returncode == 1
    assert "ModuleNotFoundError: No module named 'no_such_module'" in answer.stderr
    assert not checkout.running


def test_with_a_database_of_your_own_there_is_no_local_mode(checkout):
    real = {
        "DATABASE_URL": os.environ["DATABASE_URL"],
        "SECRET_KEY": "k" * 50,
        "ALLOWED_HOSTS": "delight.example",
        "BASE_URL": "http://delight.example",
        "EMAIL_URL": "smtp://mail.delight.example",
    }
    up = checkout.up(**real)
    assert "first sponsor: a link" in checkout.said
    assert {process.name for process in checkout.running} == {"valkey", "web", "worker", "beat"}
    web = processes.find(checkout.local, "web")
    assert b"DELIGHT_LOCAL=" not in Path(f"/proc/{web.pid}/environ").read_bytes()
    checkout.end(up)
    assert not (checkout.local / "mailbox").exists()


@pytest.mark.skipif(os.getuid() != 0, reason="only root has a stand-in who cannot enter its folders")
def test_root_in_a_closed_folder_keeps_the_data_where_the_servers_can_reach_it(base):
    closed = base / "closed"
    closed.mkdir(mode=0o700)
    with a_checkout(closed) as checkout:
        checkout.end(checkout.up())
        assert "runs: 1" in checkout.run("runs").stdout
        assert not (checkout.local / "postgres-18").exists()
        assert closed.stat().st_mode & 0o777 == 0o700
        spare = Path("/var/lib") / f"delight-{nickname(checkout.local)}"
        assert (spare / "postgres-18").is_dir()
        shutil.rmtree(spare)
