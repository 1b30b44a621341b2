"""The watchdog: a small process that stops the others when the one that started them is gone.

It is blocked on a pipe whose other end only its parent holds. However the parent ends, also by kill -9, the pipe
closes; then the watchdog stops every process it was told of, clears up, and lets go of the lock. It is the only
way in which anything is stopped, so an ordinary stop takes the same way: the parent closes the pipe.

Every child tells the watchdog its own number between fork and exec: there is no moment in which a process runs that
the watchdog does not know.
"""

import contextlib
import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from delight.local.paths import ROOT
from delight.local.processes import RECORD, Process, born, stop, stop_leftovers, write_record

APPS, SERVERS = 2, 1  # phases: what uses the servers is stopped before them


class Keeper:
    """The parent's side: starts processes, each known to the watchdog."""

    def __init__(self, folder: Path, *, lock: int, remove: tuple[Path, ...] = (), wait_for: Path | None = None) -> None:
        """Start the watchdog.

        `folder` keeps the record and the logs; `lock` is a locked file that the watchdog holds until all is gone;
        `remove` are folders that it deletes in the end; it stops nothing before `wait_for` is free of shared locks.
        """
        self.folder = folder
        self.children: list[subprocess.Popen[bytes]] = []
        orders = {
            "parent": os.getpid(),
            "folder": str(folder),
            "remove": [str(path) for path in remove],
            "wait_for": str(wait_for or ""),
        }
        reading, self.pipe = os.pipe()
        with open_log(folder, "watchdog") as log:
            self.dog = subprocess.Popen(
                [sys.executable, "-S", "-m", "delight.local.watchdog", json.dumps(orders)],
                stdin=reading,
                stdout=log,
                stderr=log,
                pass_fds=[lock],
                start_new_session=True,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                cwd="/",
            )
        os.close(reading)

    def start(
        self,
        name: str,
        command: list[str],
        *,
        phase: int,
        stop: int = signal.SIGTERM,
        grace: float = 10,
        **options: Any,
    ) -> subprocess.Popen[bytes]:
        """Start a process in a group of its own, its output in the log folder."""
        options = {"cwd": "/", "stdin": subprocess.DEVNULL, **options}

        def report() -> None:
            os.write(self.pipe, f"+ {os.getpid()} {phase} {int(stop)} {grace} {name}\n".encode())

        with open_log(self.folder, name) as log:
            options.setdefault("stdout", log)
            child = subprocess.Popen(command, stderr=log, start_new_session=True, preexec_fn=report, **options)
        self.children.append(child)
        return child

    def ended(self) -> list[subprocess.Popen[bytes]]:
        """Return the children that have ended since the last time."""
        ended = [child for child in self.children if child.poll() is not None]
        for child in ended:
            self.children.remove(child)
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)  # what it started must not meet its successor
            with contextlib.suppress(BrokenPipeError):
                os.write(self.pipe, f"- {child.pid}\n".encode())
        return ended

    def close(self) -> None:
        """Stop everything and return when it is gone."""
        os.close(self.pipe)
        self.dog.wait()
        stop_leftovers(self.folder)  # nothing, unless somebody killed the watchdog
        for child in self.children:
            child.wait()


def open_log(folder: Path, name: str) -> BinaryIO:
    """Open a log for appending; one that has grown large makes room for a new one."""
    path = folder / "log" / f"{name}.log"
    if path.exists() and path.stat().st_size > 5_000_000:
        path.replace(path.with_suffix(".old.log"))
    return path.open("ab")


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    orders = json.loads(sys.argv[1])
    folder = Path(orders["folder"])
    known: dict[int, Process] = {}
    for line in _lines_until_gone(orders["parent"]):
        _learn(known, line)
        write_record(folder, known.values())
    if orders["wait_for"]:
        _wait_until_unshared(orders["wait_for"])
    stop(known.values())
    (folder / RECORD).unlink(missing_ok=True)
    for path in orders["remove"]:
        shutil.rmtree(path, ignore_errors=True)


def _lines_until_gone(parent: int) -> Iterator[str]:
    """Yield what the parent and its children write. A forked child may hold the pipe open: so look at the parent."""
    rest = b""
    while True:
        if select.select([0], [], [], 1)[0]:
            chunk = os.read(0, 65536)
            if not chunk:
                return
            *lines, rest = (rest + chunk).split(b"\n")
            yield from (line.decode() for line in lines)
        elif os.getppid() != parent:
            return


def _learn(known: dict[int, Process], line: str) -> None:
    sign, pid, *rest = line.split(" ", 5)
    if sign == "-":
        known.pop(int(pid), None)
    elif since := born(int(pid)):
        phase, number, grace, name = rest
        known[int(pid)] = Process(name, int(pid), since, int(phase), int(number), float(grace))


def _wait_until_unshared(path: str) -> None:
    with Path(path).open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)


if __name__ == "__main__":
    main()
