"""The real thing: a copy of the product in a folder of its own, run by its own `up`."""

from __future__ import annotations

import contextlib
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from delight.local.paths import ROOT, temp_folders
from tests.local.conftest import Checkout

PRODUCT = ("manage.py", "requirements.txt", "delight", "surveys", "staff", "templates", "static")
ADDRESS = re.compile(r"Delight is at (http://[\d.:]+)/")
PASSWORD = re.compile(r"Demo logins, all with the password (\S+):")
LOGIN = re.compile(r"^  (\w[\w ]*\w) +(\S+@\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Site:
    """What `up` has printed: where it answers, and who may come in."""

    url: str
    password: str
    logins: dict[str, str]

    @classmethod
    def of(cls, said: str) -> Site:
        address, password = ADDRESS.search(said), PASSWORD.search(said)
        assert address, said
        assert password, said
        return cls(address[1], password[1], dict(LOGIN.findall(said)))


@contextlib.contextmanager
def a_site() -> Iterator[Site]:
    """`up` with the demo company; ended by TERM, after which none of its processes may be left."""
    with _folder() as root:
        checkout = Checkout(root)
        try:
            up = checkout.up()
            yield Site.of(checkout.said)
            running = checkout.running
            assert {process.name for process in running} >= {"postgres", "valkey", "mailbox", "web", "worker", "beat"}
            assert checkout.end(up) == 0, checkout.said
            assert not [process for process in running if process.alive]
            assert "starting it again" not in checkout.said, checkout.said
        finally:
            checkout.clear()


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """Our files and nothing else; its name is short and every account may pass through."""
    base = Path(tempfile.mkdtemp(prefix="delight-journey-", dir=temp_folders()[0]))
    base.chmod(0o711)
    root = base / "checkout"
    root.mkdir()
    try:
        for name in PRODUCT:
            copy(ROOT / name, root / name)
        yield root
    finally:
        shutil.rmtree(base, ignore_errors=True)


def copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)
