"""Senders as processes of their own, to be killed; and two that leave out what makes the real one safe."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from django.db import connection

from delight.local.paths import ROOT
from delight.outbox.models import Message, State

LEASE = 2  # seconds; long beside a hand-over of some milliseconds, also on a busy machine


def environment(mail_port: int, **more: str) -> dict[str, str]:
    """What a process needs to work on this test's database and to send to this test's sink."""
    base, _, _name = os.environ["DATABASE_URL"].rpartition("/")
    own = {
        "DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}",
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "OUTBOX_LEASE_SECONDS": str(LEASE),
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    return {**inherited, **own, **more}


def start_pump(folder: Path, name: str, mail_port: int, *, fenced: bool = True) -> subprocess.Popen[bytes]:
    """`manage.py pump --loop`; the database knows it by its name. One that is not fenced is for controls."""
    command = ["manage.py"] if fenced else ["-c", UNFENCED]
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, *command, "pump", "--loop", "--every", "0.2"],
            env=environment(mail_port, PGAPPNAME=name, DJANGO_SETTINGS_MODULE="delight.settings"),
            stdout=log, stderr=log, cwd=ROOT, start_new_session=True,
        )  # fmt: skip


class Crew:
    """`manage.py pump --loop`, several times over; whoever dies is replaced."""

    def __init__(self, folder: Path, mail_port: int, size: int) -> None:
        self.folder, self.mail_port, self.size = folder, mail_port, size
        self.alive: dict[str, subprocess.Popen[bytes]] = {}
        self.started = self.killed = 0

    def fill_up(self) -> None:
        for name, process in list(self.alive.items()):
            assert process.poll() is None, (self.folder / f"{name}.log").read_text()
        while len(self.alive) < self.size:
            self.started += 1
            name = f"sender-{self.started}"
            self.alive[name] = start_pump(self.folder, name, self.mail_port)

    def at_work(self) -> list[str]:
        """Those that have got as far as the database."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT application_name FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name LIKE 'sender-%'"
            )
            connected = {row[0] for row in cursor.fetchall()}
        return sorted(connected & self.alive.keys())

    def kill(self, name: str) -> None:
        process = self.alive.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.killed += 1

    def stop(self) -> None:
        for process in self.alive.values():
            process.terminate()
        for process in self.alive.values():
            process.wait(30)
        self.alive.clear()


def until(condition, seconds: float = 30, what: str = "it") -> None:
    """Wait for something to come true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen in {seconds} s"
        time.sleep(0.02)


def everything_ended() -> bool:
    return not Message.objects.filter(kind="invite", ended_at=None).exists()


def send_under_fire(crew: Crew, count_arrived, *, kills: int, total: int, dice: random.Random) -> None:
    """Have everything sent while members of the crew are killed at random points of the way."""
    points = sorted(dice.sample(range(2, total * 8 // 10), kills))
    deadline = time.monotonic() + 60 + total / 5
    while not everything_ended():
        assert time.monotonic() < deadline, "the senders did not get it done in time"
        crew.fill_up()
        if points and count_arrived() >= points[0] and crew.at_work():
            time.sleep(dice.uniform(0, 0.03))
            # A row that is cut off twice is given up, as it has to be; that is another test.
            if not Message.objects.filter(state=State.HANDING, maybe_twice=True).exists():
                crew.kill(dice.choice(crew.at_work()))
                points.pop(0)
        time.sleep(0.005)
    assert not points


# --- Controls ---------------------------------------------------------------------------------------------------

UNFENCED = """
import sys
import django
django.setup()
from django.core.management import execute_from_command_line
from delight.outbox import jobs, pump
for module, name in ((pump, "HAND"), (pump, "END"), (pump, "WAIT"), (jobs, "PROGRESS")):
    fenced = getattr(module, name)
    assert "AND fence = %s" in fenced
    setattr(module, name, fenced.replace("AND fence = %s", "AND fence >= 0 * %s"))
execute_from_command_line(sys.argv)
"""
NAIVE = """
import os, signal, sys
import django
django.setup()
from django.utils import timezone
from delight.outbox.channel import SmtpChannel
from delight.outbox.mail import to_email
from delight.outbox.models import Message
from delight.outbox.registry import MAIL_KINDS

mark_first, die_after = sys.argv[1] == "mark-first", int(sys.argv[2])
rows = list(Message.objects.filter(state="waiting"))
kind = MAIL_KINDS["invite"]
loaded = kind.load(rows)
def mark(rows):
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(state="sent", ended_at=timezone.now())
print("ready", flush=True)
sys.stdin.readline()
if mark_first:
    mark(rows)
channel = SmtpChannel()
for number, row in enumerate(rows):
    if number == die_after:
        os.kill(os.getpid(), signal.SIGKILL)
    row.loaded = loaded[row.object_id]
    channel.open()
    channel.send(to_email(kind.build(kind.still_wanted(row), row), row))
    mark([row])
"""


class Naive:
    """A sender without claim, fence and "handing": it reads what waits, sends it, and marks it."""

    def __init__(self, mail_port: int, *, mark_first: bool = False, die_after: int = -1) -> None:
        order = "mark-first" if mark_first else "send-first"
        self.process = subprocess.Popen(
            [sys.executable, "-c", NAIVE, order, str(die_after)],
            env=environment(mail_port, DJANGO_SETTINGS_MODULE="delight.settings"),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, start_new_session=True,
        )  # fmt: skip

    def wait_until_it_has_read(self) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"

    def go(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def wait(self) -> int:
        with self.process:
            return self.process.wait(60)
