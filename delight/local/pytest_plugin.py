"""Gives a test run its own temporary PostgreSQL and Valkey, and the environment that Django's settings read.

Named with `-p` in the addopts, because pytest-django reads the settings before any conftest. With pytest-xdist only
the controller starts servers; its workers inherit the environment.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from delight.local import processes
from delight.local.accounts import server_account
from delight.local.environment import local_environment
from delight.local.paths import LOCAL, make_local_folder
from delight.local.servers import (
    start_postgres,
    start_valkey,
    temp_folder,
    temporary_home,
    wait_for_postgres,
    wait_for_valkey,
)
from delight.local.watchdog import Keeper

PREFIX = "delight-test-"
NOBODY_LISTENS = 9
JUST_MADE = 60  # seconds in which a new folder may not have its lock yet


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        early_config.add_cleanup(start_servers().close)
    return (yield)


def start_servers(*, fsync: bool = False) -> Keeper:
    """Start the servers in a new temp folder and set the environment; return who stops them and deletes the folder."""
    os.environ.pop("REDIS_URL", None)
    temp = temp_folder(server_account())
    sweep(temp)
    base = Path(tempfile.mkdtemp(prefix=PREFIX, dir=temp))
    base.chmod(0o711)
    folder = make_local_folder(base / "local")
    home = temporary_home(folder, base)
    (make_local_folder(LOCAL) / "static").mkdir(exist_ok=True)  # WhiteNoise warns of its absence in a fresh clone
    keeper = Keeper(folder, lock=lock_folder(base), remove=(base,))
    postgres, valkey = start_postgres(keeper, home, fsync=fsync), start_valkey(keeper, home)
    wait_for_postgres(home, postgres)
    wait_for_valkey(home, valkey)
    os.environ.update(local_environment(home, web_port=8000, mail_port=NOBODY_LISTENS))
    return keeper


def sweep(temp: Path) -> None:
    """Clear up after test runs that were killed together with their watchdog."""
    for base in temp.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # it lives, is another user's, or is being deleted this moment
            if time.time() - base.stat().st_mtime > JUST_MADE:
                lock = lock_folder(base)
                processes.stop_leftovers(base / "local")
                shutil.rmtree(base, ignore_errors=True)
                os.close(lock)


def lock_folder(base: Path) -> int:
    """Take the lock of a test run's folder; BlockingIOError while that run is alive."""
    file = os.open(base / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        raise
    return file
