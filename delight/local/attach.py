"""Any command but `up` and `test`: it joins the embedded servers that run, or starts them for its own duration."""

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from delight.local.environment import is_attached, is_local, local_environment
from delight.local.paths import LOCAL, Trouble, make_local_folder
from delight.local.processes import stop_leftovers
from delight.local.servers import local_home
from delight.local.stack import WEB_PORT, start_stack
from delight.local.state import read_note, share_lock, try_lock, write_note
from delight.local.watchdog import Keeper

NEED_NO_SERVER = {
    "--help",
    "--version",
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "prepare",
    "version",
}


@contextlib.contextmanager
def attached(command: str) -> Iterator[None]:
    """Set Django's environment; nothing to do when the caller has named a database."""
    if is_attached() or not is_local():
        yield
        return
    folder = make_local_folder(LOCAL)
    if command in NEED_NO_SERVER:
        note = read_note(folder)
        ports = {"web_port": note.get("web_port", WEB_PORT), "mail_port": note.get("mail_port", 0)}
        os.environ.update(local_environment(local_home(folder), **ports))
        yield
    elif (lock := try_lock(folder / "servers.lock")) is None:
        _join(folder)
        yield
    else:
        keeper = _start(folder, lock)
        try:
            yield
        finally:
            keeper.close()


def _join(folder: Path) -> None:
    """Use the servers of a running `up` or command, which will wait for us before it stops them."""
    share_lock(folder / "users.lock")
    deadline = time.monotonic() + 60
    while not (variables := read_note(folder).get("environment")):
        if time.monotonic() > deadline:
            raise Trouble("The embedded servers are held by another command that does not get ready: end it first.")
        time.sleep(0.05)
    os.environ.update(variables)


def _start(folder: Path, lock: int) -> Keeper:
    write_note(folder, environment={})
    stop_leftovers(folder)
    home = local_home(folder)
    keeper = Keeper(folder, lock=lock, remove=(home.sockets,), wait_for=folder / "users.lock")
    os.close(lock)  # the watchdog holds it
    _, variables = start_stack(keeper, home, web_port=read_note(folder).get("web_port", WEB_PORT))
    os.environ.update(variables)
    return keeper
