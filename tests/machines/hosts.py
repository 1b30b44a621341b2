"""A "host": a folder of its own with the code, a home, a temp folder and static files. Hosts share two addresses."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

from django.db import connection

from delight.local.paths import ROOT
from delight.local.stack import listen
from tests.faults.senders import LEASE, until
from tests.journeys.site import PRODUCT
from tests.machines.browser import SITE

CELERY = (sys.executable, "-m", "celery", "-A", "delight.celery")


class Host:
    def __init__(self, folder: Path, *, redis_url: str, mail_port: int) -> None:
        self.folder, self.code = folder, folder / "srv"
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        for name in ("home", "tmp", "static", "log", "srv"):
            (folder / name).mkdir(parents=True)
        for name in PRODUCT:
            source = ROOT / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, self.code / name)
        base, _, _name = os.environ["DATABASE_URL"].rpartition("/")
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder / "home"),
            "TMPDIR": str(folder / "tmp"),
            "STATIC_ROOT": str(folder / "static"),
            "DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}",
            "REDIS_URL": redis_url,
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "SECRET_KEY": os.environ["SECRET_KEY"],
            "ALLOWED_HOSTS": "delight.company.com",
            "BASE_URL": SITE,
            "DEFAULT_FROM_EMAIL": "Barber & Sons <hello@company.com>",
            "TRUSTED_PROXIES": "1",
            "OUTBOX_LEASE_SECONDS": str(LEASE),
        }
        self.port = 0
        self.socket: socket.socket | None = None

    def start(self, name: str, command: list[str], **options) -> subprocess.Popen[bytes]:
        with (self.folder / "log" / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                command, env=self.environment, cwd=self.code, stdout=log, stderr=log, start_new_session=True, **options
            )
        self.running[name] = process
        return process

    def prepare(self) -> None:
        process = self.start("prepare", [sys.executable, "manage.py", "prepare"])
        assert process.wait(60) == 0, self.log("prepare")
        self.running.pop("prepare")

    def start_web(self, *, keep_socket: bool = False) -> None:
        """As in the README. A kept socket is what systemd's is: it outlives the server, and visitors wait meanwhile."""
        listening = self.socket or listen(self.port)
        assert listening is not None
        self.port = listening.getsockname()[1]
        self.socket = listening if keep_socket else None
        command = [sys.executable, "-m", "gunicorn", "delight.wsgi", "--bind", f"fd://{listening.fileno()}"]
        command += ["--worker-class", "gthread", "--workers", "1", "--threads", "8", "--no-control-socket"]
        self.start("web", command, pass_fds=[listening.fileno()])
        if not keep_socket:
            listening.close()

    def start_worker(self) -> None:
        self.start("worker", [*CELERY, "worker", "--loglevel", "INFO", "--concurrency", "1"])

    def start_beat(self) -> None:
        self.start("beat", [*CELERY, "beat", "--schedule", str(self.folder / "home" / "beat")])

    def kill(self, name: str) -> None:
        """As a power cut ends it: nothing is finished, nobody is told."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as line:
                line.sendall(b"GET /healthz HTTP/1.0\r\nHost: delight.company.com\r\n\r\n")
                return b" 200 " in line.recv(100)
        except OSError:
            return False

    def wait_until_it_answers(self) -> None:
        until(self.answers, 40, f"{self.folder.name}'s web server")

    def clear(self) -> None:
        for name in list(self.running):
            self.kill(name)
        if self.socket is not None:
            self.socket.close()

    def log(self, name: str) -> str:
        return (self.folder / "log" / f"{name}.log").read_text(errors="replace")
