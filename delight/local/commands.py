"""What `manage.py` does before Django: choose the Python, then run `up`, `test`, or let Django run the command."""

import os
import sys
from collections.abc import Callable

from delight.local import bootstrap, up
from delight.local.attach import attached
from delight.local.paths import ROOT, Trouble, complain, say


def main(argv: list[str], run_django: Callable[[list[str]], None]) -> int:
    """Run one command and return its exit code; troubles are told in one sentence."""
    try:
        return _run(argv, run_django)
    except Trouble as trouble:
        complain(str(trouble))
        return 1
    except KeyboardInterrupt:
        complain("Stopped.")
        return 130


def _run(argv: list[str], run_django: Callable[[list[str]], None]) -> int:
    command = argv[1] if len(argv) > 1 else "help"
    if command == "up":
        options = up.options_from(argv[2:])
        bootstrap.enter(argv)
        return up.main(options)
    bootstrap.enter(argv)
    if command == "test":
        os.chdir(ROOT)
        sys.stdout.flush()
        os.execv(sys.executable, [sys.executable, "-m", "pytest", *argv[2:]])  # noqa: S606 - no shell is wanted
    if command == "help" and len(argv) < 3:
        say("First of all:\n    up      start Delight with all it needs\n    test    run the test suite\n")
    with attached(command):
        run_django(argv)
    return 0
