"""What the processes of one checkout tell each other: locks, and a note of what runs where.

`up.lock` is held by `up` itself, `servers.lock` by whoever runs the embedded servers and by their watchdog until the
last one is gone, `users.lock` is shared by commands that have joined servers which they did not start.
"""

import fcntl
import json
import os
import time
from pathlib import Path
from typing import Any

NOTE = "state.json"


def try_lock(path: Path) -> int | None:
    """Take a lock and return its file, to be kept open; None when somebody else has it."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return None
    return file


def wait_for_lock(path: Path, seconds: float) -> int | None:
    deadline = time.monotonic() + seconds
    while (file := try_lock(path)) is None and time.monotonic() < deadline:
        time.sleep(0.05)
    return file


def share_lock(path: Path) -> int:
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(file, fcntl.LOCK_SH)
    return file


def read_note(folder: Path) -> dict[str, Any]:
    try:
        note: dict[str, Any] = json.loads((folder / NOTE).read_text())
    except (OSError, ValueError):
        return {}
    return note


def write_note(folder: Path, **entries: Any) -> None:
    """Change entries of the note. It is private: the environment in it has the secret key."""
    new = folder / f"{NOTE}.new"
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({**read_note(folder), **entries}, file, indent=1)
    new.replace(folder / NOTE)
