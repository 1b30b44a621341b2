"""Other processes: who is alive, and how to stop them in good order."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

RECORD = "processes.json"


@dataclass(frozen=True)
class Process:
    """A process that we started. `born` tells it from a later one that was given the same number."""

    name: str
    pid: int
    born: str
    phase: int  # the highest phase is stopped first
    stop: int  # the signal that asks it to stop
    grace: float = 10.0  # seconds until it is killed

    @property
    def alive(self) -> bool:
        return born(self.pid) == self.born

    def send(self, number: int) -> None:
        if self.alive:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(self.pid, number)

    def kill_group(self) -> None:
        """Kill it with all that it started: every process of ours leads its own group, which may outlive it.

        A number with another birth is a stranger's. One that nobody has can only mean what is left of our group.
        """
        if born(self.pid) not in (self.born, ""):
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)


def born(pid: int) -> str:
    """When a process was born, in whatever unit the system uses; empty when it is gone or only waits to be reaped."""
    try:
        state, *rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return "" if Path("/proc/self/stat").exists() else _born_by_ps(pid)
    except (OSError, ValueError):
        return ""
    return "" if state in "ZX" else rest[18]


def _born_by_ps(pid: int) -> str:
    answer = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    state, _, since = answer.stdout.strip().partition(" ")
    return "" if state.startswith("Z") else since.strip()


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        answer = subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False)
        return answer.stdout.strip()


def stop(processes: Iterable[Process]) -> None:
    """Stop all, the highest phase first, and return when none is left."""
    found = list(processes)
    for phase in sorted({process.phase for process in found}, reverse=True):
        _stop_together([process for process in found if process.phase == phase])


def _stop_together(processes: list[Process]) -> None:
    for process in processes:
        process.send(process.stop)
    started = time.monotonic()
    waiting = processes
    while waiting := [process for process in waiting if process.alive]:
        for process in waiting:
            if time.monotonic() - started > process.grace:
                process.kill_group()
        time.sleep(0.02)
    for process in processes:
        process.kill_group()


def write_record(folder: Path, processes: Iterable[Process]) -> None:
    new = folder / f"{RECORD}.new"
    new.write_text(json.dumps([asdict(process) for process in processes], indent=1))
    new.replace(folder / RECORD)


def recorded(folder: Path) -> list[Process]:
    """The processes that run, or last ran, on a local data folder."""
    try:
        return [Process(**entry) for entry in json.loads((folder / RECORD).read_text())]
    except (OSError, ValueError, TypeError):
        return []


def find(folder: Path, name: str) -> Process | None:
    return next((process for process in recorded(folder) if process.name == name and process.alive), None)


def stop_leftovers(folder: Path) -> None:
    """Stop what an earlier run left behind when it and its watchdog were both killed."""
    stop(process for process in recorded(folder) if process.alive)
    (folder / RECORD).unlink(missing_ok=True)
