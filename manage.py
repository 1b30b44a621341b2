#!/usr/bin/env python3
"""Delight's commands: `up` starts everything, `test` runs the tests, the others are Django's.

The first lines must be understood by every Python, also one that is too old, so that it can say so.
"""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def too_old():
    """Return a sentence when this system cannot run Delight."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this is the line that tells an older Python
        words = (
            "Delight needs Python 3.11 or newer, and this is %d.%d: run manage.py with a newer one, such as python3.13."
        )
        return words % sys.version_info[:2]
    if os.name != "posix":
        return "Delight runs on Linux and macOS; on Windows, use it inside WSL."
    return ""


def run_django(argv):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "delight.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(argv)


def main():
    if too_old():
        sys.stderr.write(too_old() + "\n")
        return 1
    if HERE not in sys.path:
        sys.path.insert(0, HERE)
    from delight.local.commands import main as run

    return run(sys.argv, run_django)


if __name__ == "__main__":
    sys.exit(main())
