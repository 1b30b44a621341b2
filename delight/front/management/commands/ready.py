"""`manage.py ready`: all that `up` needs before the site starts, in one process."""

import gc
from typing import Any

from django.core.management import BaseCommand, call_command
from django.core.management.base import CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from delight.organisation.models import Organisation
from staff.people.models import User


def migrate() -> None:
    """Bring the database up to date; asks first, since Django's own command takes its time to find nothing."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        gc.disable()  # a third of the time of the first start; the process ends soon
        call_command("migrate", interactive=False, verbosity=0)


class Command(BaseCommand):
    help = "Migrate, prepare, and make the demo company in an empty database; prints the demo logins."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--empty", action="store_true", help="no demo company; a link for the first sponsor")

    def handle(self, *args: Any, empty: bool, **options: Any) -> None:
        migrate()
        call_command("prepare", verbosity=0)
        organisation = Organisation.objects.first()
        if organisation is None and not empty and not User.objects.exists():
            call_command("demo", verbosity=0)
            organisation = Organisation.get()
        if organisation is None:
            self.stdout.write("Set up the company and its first sponsor here (the link works once):")
            call_command("sponsor", first=True, stdout=self.stdout)
        elif organisation.is_demo:
            self.print_logins()

    def print_logins(self) -> None:
        from staff.people.demo import DEMO_PASSWORD, DEMO_PIN, LOGINS, WITHOUT_MAIL

        self.stdout.write(f"Demo logins, all with the password {DEMO_PASSWORD}:")
        for what, address in LOGINS:
            self.stdout.write(f"  {what:<14} {address}")
        self.stdout.write(f"  {'no e-mail':<14} {WITHOUT_MAIL}")
        self.stdout.write(f"On a shared device (People, a team) the stylist comes in with the PIN {DEMO_PIN}.")
