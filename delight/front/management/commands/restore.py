"""`manage.py restore`: a backup becomes the database, and stays silent."""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.core.management.base import CommandParser
from django.db import OperationalError, connection

from delight.front.backups import MIGRATIONS, ORGANISATION, Contents, put_back, read_backup
from delight.front.management.commands.backup import Progress, in_words
from delight.front.management.commands.ready import migrate
from delight.local.paths import Trouble
from delight.organisation.copies import note_restore, opens_with_our_keys
from delight.organisation.models import Organisation
from staff.people.models import User


class Command(BaseCommand):
    help = "Puts a backup back into an empty database; no mail leaves it until a sponsor releases it."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="what manage.py backup has written")
        parser.add_argument("--replace", action="store_true", help="delete what is in the database now")
        parser.add_argument("--yes", action="store_true", help="do not ask before that")

    def handle(self, *, file: Path, replace: bool, yes: bool, **options: Any) -> None:
        progress = Progress(self.stdout)
        try:
            tables = self._room_for(replace=replace)
            progress("Reading it")
            found = read_backup(file)
            progress("")
            if replace and not yes:
                self._ask()
            put_back(file, instead_of=tables, rows=found.rows.total(), told=progress)
            progress("Bringing the tables up to date")
            migrate()
            note_restore()
        except OperationalError as error:
            raise CommandError(f"The database could not be reached: {str(error).strip()}") from error
        except Trouble as trouble:
            raise CommandError(str(trouble)) from trouble
        finally:
            progress("")
        self._say(file, found)

    def _room_for(self, *, replace: bool) -> list[str]:
        """The tables that have to go; refuses where there is somebody else's, or our own with something in them."""
        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
        if not tables:
            return []
        if not {ORGANISATION, MIGRATIONS} <= set(tables):
            raise CommandError("This database holds tables that are not Delight's: restore goes into one of its own.")
        if not replace and (Organisation.objects.exists() or User.objects.exists()):
            raise CommandError(
                "This database is not empty. Name another one in DATABASE_URL, or add --replace to delete all in it."
            )
        return tables

    def _ask(self) -> None:
        name = Organisation.objects.values_list("name", flat=True).first() or "yes"
        if not sys.stdin.isatty():
            raise CommandError("--replace deletes all that is in this database: add --yes to say that it is meant.")
        self.stdout.write(f"All that is in this database now will be deleted. Type {name} to go on:")
        if input("> ").strip() != name:
            raise CommandError("Nothing has changed.")

    def _say(self, file: Path, found: Contents) -> None:
        self.stdout.write(f"{found.name or file} is back: {in_words(found)}.")
        self.stdout.write("No mail leaves until a sponsor lets it, under Settings, Outbox.")
        if not opens_with_our_keys(found.fingerprints):
            place = f"{settings.LOCAL_FOLDER}/secret-key" if settings.LOCAL else "SECRET_KEY"
            self.stderr.write(
                "SECRET_KEY is not the one that this backup was made under. Delight will not start before the former "
                f"key stands in {place} (or beside a new one, in SECRET_KEY_FALLBACKS)."
            )
