"""Which account runs the servers: PostgreSQL refuses root, so root hands them to another one."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from delight.local.paths import Trouble


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int

    @property
    def options(self) -> dict[str, Any]:
        """Options that make subprocess run something as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can(self, right: str, path: Path) -> bool:
        """Whether the account may read (r), write (w) or enter (x) a path, with every folder above it."""
        command = ["/bin/sh", "-c", f'test -{right} "$1"', "sh", str(path)]
        return subprocess.run(command, cwd="/", check=False, **self.options).returncode == 0

    def own(self, path: Path) -> None:
        os.chown(path, self.uid, self.gid)


def server_account(data: Path | None = None) -> Account | None:
    """Return the account for the servers, that of the data folder if there is one; None when it is the one we are."""
    if os.getuid() != 0:
        return None
    if data and (owner := _owner(data)):
        return owner
    for name in (os.environ.get("SUDO_USER"), "postgres", "nobody"):
        if name and (account := _account(name)):
            return account
    raise Trouble(
        "PostgreSQL does not run as root, and there is no account 'nobody' to run it: run this as a normal user."
    )


def _owner(data: Path) -> Account | None:
    """The account that the data already belongs to."""
    try:
        status = data.stat()
        name = pwd.getpwuid(status.st_uid).pw_name
    except (OSError, KeyError):
        return None
    return Account(name, status.st_uid, status.st_gid) if status.st_uid else None


def _account(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name, entry.pw_uid, entry.pw_gid) if entry.pw_uid else None
