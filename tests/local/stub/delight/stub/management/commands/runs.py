from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection


class Command(BaseCommand):
    help = "Print how often the site was made ready."

    def handle(self, *_args: Any, **_options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM runs")
            self.stdout.write(f"runs: {cursor.fetchone()[0]}")
