"""The embedded servers together: PostgreSQL, Valkey and the mailbox, for `up` and for single commands."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from delight.local.environment import is_local, local_environment
from delight.local.paths import ROOT, Trouble
from delight.local.servers import (
    Home,
    start_postgres,
    start_valkey,
    wait_for_postgres,
    wait_for_valkey,
)
from delight.local.state import read_note, write_note
from delight.local.watchdog import SERVERS, Keeper

WEB_PORT = 8000


@dataclass
class Service:
    """Something that has to run all the time, and how to start it (again)."""

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    child: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = field(default=0)


def start_stack(keeper: Keeper, home: Home, *, web_port: int) -> tuple[list[Service], dict[str, str]]:
    """Start those servers that the caller's environment does not name; return them with the variables for Django."""
    services = []
    if is_local():
        services.append(Service("postgres", lambda: start_postgres(keeper, home)))
    if not os.environ.get("REDIS_URL"):
        services.append(Service("valkey", lambda: start_valkey(keeper, home)))
    variables = {} if os.environ.get("REDIS_URL") else {"REDIS_URL": home.redis_url}
    if is_local():
        mail, port = _mailbox(keeper, home.folder)
        services.append(mail)
        variables = local_environment(home, web_port=web_port, mail_port=port)
    _start(home, services)
    write_note(home.folder, environment=variables)
    return services, variables


def _start(home: Home, services: list[Service]) -> None:
    """Start all at once, then wait for each."""
    for service in services:
        service.child = service.start()
    for service in services:
        if service.child and service.name == "postgres":
            wait_for_postgres(home, service.child)
        elif service.child and service.name == "valkey":
            wait_for_valkey(home, service.child)


def _mailbox(keeper: Keeper, folder: Path) -> tuple[Service, int]:
    """The mailbox on last time's port if that is free. The open socket keeps connections waiting during a restart."""
    listening = listen(read_note(folder).get("mail_port", 0)) or listen(0)
    if not listening:
        raise Trouble("No port on 127.0.0.1 can be opened for the mailbox.")
    port = listening.getsockname()[1]
    write_note(folder, mail_port=port)

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "delight.local.mailbox", str(folder / "mailbox"), str(listening.fileno())]
        return keeper.start("mailbox", command, phase=SERVERS, pass_fds=[listening.fileno()], cwd=ROOT)

    return Service("mailbox", start), port


def listen(port: int) -> socket.socket | None:
    """Open a port for this machine only; None when it is taken."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except OSError:
        listening.close()
        return None
    listening.listen(512)
    return listening
