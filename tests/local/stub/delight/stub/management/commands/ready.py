from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection


class Command(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--empty", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS runs (id serial)")
            cursor.execute("INSERT INTO runs DEFAULT VALUES")
        self.stdout.write("first sponsor: a link" if options["empty"] else "owner@barber.example, password: stub")
