"""A checkout of its own for each test: our manage.py and delight/local around a stub site, so that `up` is quick."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from delight.local import processes
from delight.local.environment import NAMES
from delight.local.paths import ROOT, temp_folders
from delight.local.state import wait_for_lock

STUB = Path(__file__).parent / "stub"
ALL = {"postgres", "valkey", "mailbox", "web", "worker", "beat"}


def until(condition, seconds: float = 20) -> None:
    """Wait for something to come true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.03)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Checkout:
    root: Path
    ups: list[subprocess.Popen] = field(default_factory=list)

    @property
    def local(self) -> Path:
        return self.root / ".local"

    @property
    def environment(self) -> dict[str, str]:
        odd = (*NAMES, "DJANGO_SETTINGS_MODULE")
        return {name: value for name, value in os.environ.items() if name not in odd and not name.startswith("PYTEST")}

    def command(self, *words: str) -> list[str]:
        return [sys.executable, str(self.root / "manage.py"), *words]

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            self.command(*words),
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            cwd="/",
        )

    def start_up(self, *words: str, **environment: str) -> subprocess.Popen:
        """Begin `up`; its output goes to a file, see `said`."""
        with (self.root / "said").open("w") as said:
            up = subprocess.Popen(
                self.command("up", *words),
                env={**self.environment, **environment},
                stdout=said,
                stderr=said,
                cwd="/",
                start_new_session=True,
            )
        self.ups.append(up)
        return up

    def up(self, *words: str, **environment: str) -> subprocess.Popen:
        """Start `up` and wait until it has printed all there is to print."""
        if "--port" not in words:
            words = ("--port", str(free_port()), *words)
        up = self.start_up(*words, **environment)
        until(lambda: "password" in self.said or "a link" in self.said or up.poll() is not None, 90)
        assert up.poll() is None, self.said
        until(lambda: processes.find(self.local, "beat"))
        return up

    @property
    def said(self) -> str:
        return (self.root / "said").read_text()

    @property
    def running(self) -> list[processes.Process]:
        return [process for process in processes.recorded(self.local) if process.alive]

    def end(self, up: subprocess.Popen, number: int = signal.SIGTERM) -> int:
        up.send_signal(number)
        return up.wait(30)

    @property
    def is_up(self) -> bool:
        """Whether a whole `up` runs."""
        return bool(self.ups) and self.ups[-1].poll() is None and {each.name for each in self.running} == ALL

    def kill(self) -> None:
        """End all at once; an orderly stop is a test of its own."""
        for process in self.running:
            process.kill_group()
        for up in self.ups:
            up.kill()
            up.wait()
        self.ups.clear()
        if self.local.exists() and (lock := wait_for_lock(self.local / "servers.lock", 20)):
            os.close(lock)

    def clear(self) -> None:
        self.kill()
        shutil.rmtree(self.root)


@contextlib.contextmanager
def a_checkout(folder: Path) -> Iterator[Checkout]:
    root = folder / "checkout"
    shutil.copytree(STUB, root)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "delight" / "local", root / "delight" / "local", ignore=ignored)
    shutil.copy(ROOT / "manage.py", root)
    (root / "tmp").mkdir(mode=0o711)
    checkout = Checkout(root)
    try:
        yield checkout
    finally:
        checkout.clear()


@contextlib.contextmanager
def a_base() -> Iterator[Path]:
    """A short folder that every account may pass through; pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="delight-try-", dir=temp_folders()[0]))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def base() -> Iterator[Path]:
    with a_base() as folder:
        yield folder


@pytest.fixture
def checkout(base: Path) -> Iterator[Checkout]:
    """A new one, in which nothing has run yet."""
    with a_checkout(base) as made:
        yield made


@pytest.fixture(scope="session")
def shared() -> Iterator[Checkout]:
    """One for all tests that need no new one: its database is made once."""
    with a_base() as folder, a_checkout(folder) as made:
        yield made


@pytest.fixture
def running(shared: Checkout) -> Checkout:
    """A checkout whose `up` runs: the one of the test before if it is whole, else a new one."""
    if not shared.is_up:
        shared.kill()
        shared.up()
    return shared


@pytest.fixture
def resting(shared: Checkout) -> Checkout:
    """A checkout that has been up before, and in which nothing runs now."""
    shared.kill()
    return shared
