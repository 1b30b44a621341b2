"""Which Python runs this command: the environment in `.venv`, made or repaired when need be, or the one we are in.

"Can Django be imported?" would be the wrong question: Debian offers an old Django, and half-made environments import
too. An environment is ready when the stamp in it, written last, names these very requirements and this Python.
"""

import fcntl
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from delight.local import packages
from delight.local.packages import RUNTIME, TESTS
from delight.local.paths import LOCAL, ROOT, Trouble, make_local_folder, say

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "delight-stamp.json"
MARK = "DELIGHT_ENTERED"
UNFINISHED: dict[str, str] = {"state": "unfinished"}
MAKERS = ("up", "test")


class State(Enum):
    """What `.venv` is."""

    ABSENT = "absent"
    BROKEN = "broken"  # half-made, for another Python, or its interpreter is gone
    HANDMADE = "hand-made"  # somebody made it without us
    OUTDATED = "outdated"  # made for other requirements
    READY = "ready"


class Step(Enum):
    RUN = "run here"
    ENTER = "run in .venv"
    INSTALL = "install into .venv, then enter"
    MAKE = "make .venv, then enter"
    NAME_MISSING = "say what is missing in the active environment"
    SAY_UP_FIRST = "say that `up` comes first"


@dataclass(frozen=True)
class Situation:
    command: str
    entered: bool = False  # we have already moved into .venv
    active: str = ""  # the virtual environment we run in: "", "own" (.venv) or "foreign"
    state: State = State.ABSENT
    complete: bool = False  # this interpreter has all that is required


def decide(now: Situation) -> Step:
    makes = now.command in MAKERS
    if now.entered or (now.active == "own" and now.state is State.READY):
        return Step.RUN
    if now.active == "foreign" or (now.active == "own" and now.state is State.HANDMADE):
        return Step.RUN if now.complete else Step.NAME_MISSING
    if now.state is State.READY:
        return Step.ENTER
    if now.complete:
        return Step.RUN
    if not makes:
        return Step.SAY_UP_FIRST
    return Step.INSTALL if now.state in (State.OUTDATED, State.HANDMADE) else Step.MAKE


def wanted_by(command: str) -> list[str]:
    return [RUNTIME, TESTS] if command == "test" else [RUNTIME]


def fresh_stamp(files: list[str]) -> dict[str, str]:
    return {"python": python_version(), **{file: packages.fingerprint(file) for file in files}}


def python_version() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def judge(stamp: dict[str, str] | None, wanted: dict[str, str]) -> State:
    """Judge an environment whose interpreter works by its stamp."""
    if stamp is None:
        return State.HANDMADE
    if stamp.get("python") != wanted["python"]:
        return State.BROKEN
    return State.READY if wanted.items() <= stamp.items() else State.OUTDATED


def look_at_venv(files: list[str]) -> State:
    if not VENV.exists():
        return State.ABSENT
    if not os.access(PYTHON, os.X_OK):
        return State.BROKEN
    return judge(read_stamp(), fresh_stamp(files))


def read_stamp() -> dict[str, str] | None:
    try:
        stamp: dict[str, str] = json.loads(STAMP.read_text())
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        return UNFINISHED
    return stamp


def look_around(command: str) -> Situation:
    files = wanted_by(command)
    entered = os.environ.pop(MARK, "") == str(os.getpid())
    active = "" if sys.prefix == sys.base_prefix else "own" if Path(sys.prefix).resolve() == VENV else "foreign"
    state = look_at_venv(files)
    asks = not entered and (active == "foreign" or state is not State.READY)
    return Situation(command, entered, active, state, asks and not packages.missing(files))


def enter(argv: list[str]) -> None:
    """Return when this interpreter is the right one; otherwise go on in the right one and never return."""
    command = argv[1] if len(argv) > 1 else "help"
    files = wanted_by(command)
    step = decide(look_around(command))
    if step is Step.NAME_MISSING:
        names = ", ".join(packages.missing(files))
        raise Trouble(
            f"The active environment lacks {names}: run pip install {' '.join(f'-r {file}' for file in files)}"
        )
    if step is Step.SAY_UP_FIRST:
        raise Trouble(
            f"The packages of {RUNTIME} are not installed: run python3 manage.py up once, and it makes .venv."
        )
    if step in (Step.MAKE, Step.INSTALL):
        make_ready(files)
    if step is not Step.RUN:
        go_on_in_venv(argv)


def go_on_in_venv(argv: list[str]) -> None:
    sys.stdout.flush()
    os.environ[MARK] = str(os.getpid())  # the number stays the same, and no child can take the mark for its own
    os.execv(PYTHON, [str(PYTHON), str(ROOT / "manage.py"), *argv[1:]])  # noqa: S606 - no shell is wanted


def make_ready(files: list[str]) -> None:
    """Make or repair `.venv`; of two that try at once, the second waits and finds it done."""
    with (make_local_folder(LOCAL) / "venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        state = look_at_venv(files)
        if state is not State.READY:
            _make_or_repair(state, files)


def _make_or_repair(state: State, files: list[str]) -> None:
    make = state in (State.ABSENT, State.BROKEN)
    say("Making .venv (once, about ten seconds)…" if make else "Bringing .venv up to date…")
    if make:
        packages.make_environment(VENV, clear=state is State.BROKEN)
        STAMP.write_text(json.dumps(UNFINISHED))
    before = {} if make else read_stamp() or {}
    packages.install(PYTHON, files, LOCAL / "log" / "pip.log")
    _check_interpreter()
    STAMP.write_text(json.dumps({**before, **fresh_stamp(files)}))


def _check_interpreter() -> None:
    answer = subprocess.run([PYTHON, "-c", "import django"], capture_output=True, check=False)
    if answer.returncode:
        raise Trouble("The packages in .venv do not work with this Python: delete .venv and run the command again.")
