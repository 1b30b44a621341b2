"""A Valkey and a gunicorn of a test's own, to be stopped, frozen and asked."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from delight.local.paths import ROOT, make_local_folder, temp_folders
from delight.local.pytest_plugin import PREFIX, lock_folder
from delight.local.servers import Home, start_valkey, temporary_home, wait_for_valkey
from delight.local.stack import listen
from delight.local.watchdog import Keeper
from tests.faults.senders import environment, until

CSRF = "a" * 32


class Valkey:
    """The doorbell's server."""

    def __init__(self, keeper: Keeper, home: Home) -> None:
        self.keeper, self.home = keeper, home
        self.url, self.path = home.redis_url, str(home.valkey_socket)
        self.begin()

    def begin(self) -> None:
        """The first time, and again after its end: empty, at the same place."""
        self.process = start_valkey(self.keeper, self.home)
        wait_for_valkey(self.home, self.process)

    def rings(self) -> int:
        """How many rings wait for a worker."""
        import redis

        with redis.Redis(unix_socket_path=self.path, socket_timeout=5) as client:
            return int(client.llen("celery"))

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self.keeper.ended()


@contextlib.contextmanager
def own_valkey() -> Iterator[Valkey]:
    base = Path(tempfile.mkdtemp(prefix=PREFIX, dir=temp_folders()[0]))
    base.chmod(0o711)
    home = temporary_home(make_local_folder(base / "local"), base)
    keeper = Keeper(home.folder, lock=lock_folder(base), remove=(base,))
    try:
        valkey = Valkey(keeper, home)
        yield valkey
        valkey.thaw()
    finally:
        keeper.close()


class Site:
    """gunicorn with this test's database, and one browser that is signed in."""

    def __init__(self, log: Path, mail_port: int, redis_url: str, *, application: str) -> None:
        listening = listen(0)
        assert listening is not None
        self.address = listening.getsockname()
        self.session = ""
        command = [sys.executable, "-m", "gunicorn", application, "--bind", f"fd://{listening.fileno()}"]
        command += ["--worker-class", "gthread", "--threads", "4", "--no-control-socket"]
        with log.open("wb") as file:
            self.process = subprocess.Popen(
                command, env=environment(mail_port, REDIS_URL=redis_url), cwd=ROOT, pass_fds=[listening.fileno()],
                stdout=file, stderr=file, start_new_session=True,
            )  # fmt: skip
        listening.close()
        until(lambda: self.ask("GET", "/healthz") < 500, what="gunicorn's start")

    def ask(self, method: str, path: str, fields: dict[str, object] | None = None, timeout: float = 30) -> int:
        """The status of one request; TimeoutError when no answer comes in time."""
        headers = {
            "Cookie": f"sessionid={self.session}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        with contextlib.closing(http.client.HTTPConnection(*self.address, timeout=timeout)) as line:
            line.request(method, path, body=urlencode(fields or {}), headers=headers)
            return line.getresponse().status

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def start_celery(folder: Path, name: str, mail_port: int, redis_url: str, *, app: str) -> subprocess.Popen[bytes]:
    """`worker` or `beat`, as `up` starts them."""
    more = ["--schedule", str(folder / "schedule")] if name == "beat" else ["--concurrency", "1"]
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", app, name, "--loglevel", "INFO", *more],
            env=environment(mail_port, REDIS_URL=redis_url), stdout=log, stderr=log, cwd=ROOT, start_new_session=True,
        )  # fmt: skip


def timed(action) -> float:
    """How many seconds it took."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started
