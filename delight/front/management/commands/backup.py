"""`manage.py backup`: everything in one file."""

import signal
import sys
from argparse import ArgumentTypeError
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.core.management.base import CommandParser
from django.db import OperationalError

from delight.front.backups import Contents, clear_leftovers, make_backup
from delight.local.paths import Trouble
from delight.organisation.copies import note_backup

PATTERN = "delight-*.dump"
TABLES = {
    "customers_customer": "customers",
    "answering_response": "answers",
    "followups_followup": "follow-ups",
    "people_user": "people",
}


def in_words(found: Contents) -> str:
    """What a backup holds, in one line."""
    counts = [f"{found.rows[table]:,} {what}" for table, what in TABLES.items()]
    return f"{', '.join(counts)}; {found.rows.total():,} rows in {len(found.tables)} tables"


class Progress:
    """One line on a terminal that changes; nothing where nobody looks on."""

    def __init__(self, out: Any) -> None:
        self.out = out if out.isatty() else None

    def __call__(self, words: str) -> None:
        if self.out:
            self.out.write(f"\r\033[K{words}", ending="")
            self.out.flush()


def at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError("a whole number, 1 or more")
    return int(text)


class Command(BaseCommand):
    help = "Writes a backup: one compressed file that holds everything but SECRET_KEY."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=Path(), help="a new file, or a folder; default: here")
        parser.add_argument("--keep", type=at_least_one, help="then keep only so many of the backups in that folder")

    def handle(self, *, file: Path, keep: int | None, **options: Any) -> None:
        if keep and not file.is_dir():
            raise CommandError("--keep goes with a folder: manage.py backup FOLDER --keep 14")
        file = self._named(file.absolute())
        progress = Progress(self.stdout)
        before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # half a file is removed on the way out
        try:
            found = make_backup(file, progress)
            note_backup()
        except OperationalError as error:
            raise CommandError(f"The database could not be reached: {str(error).strip()}") from error
        except Trouble as trouble:
            raise CommandError(str(trouble)) from trouble
        finally:
            signal.signal(signal.SIGTERM, before)
            progress("")
        size = f"{file.stat().st_size / 1e6:,.1f} MB"
        self.stdout.write(f"{file} ({size}) holds {found.name or 'no company yet'}: {in_words(found)}.")
        if keep:
            self._keep(file.parent, keep)

    def _named(self, file: Path) -> Path:
        if file.is_dir():
            file /= f"delight-{datetime.now(UTC):%Y-%m-%d-%H%M%S}.dump"
        if file.exists():
            raise CommandError(f"{file} is there already: backups are never overwritten.")
        if not file.parent.is_dir():
            raise CommandError(f"There is no folder {file.parent}.")
        return file

    def _keep(self, folder: Path, keep: int) -> None:
        clear_leftovers(folder, PATTERN)
        old = sorted(folder.glob(PATTERN))[:-keep]
        for file in old:
            file.unlink()
        if old:
            self.stdout.write(f"Removed the oldest: {len(old)}.")
