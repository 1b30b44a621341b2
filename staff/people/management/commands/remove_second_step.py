"""For the sponsor who has lost phone and codes, and whom nobody else can help."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from delight.lib.addresses import normal_email
from staff.people.models import User
from staff.people.second_step import remove_second_step


class Command(BaseCommand):
    help = "Removes somebody's second step of logging in; the password alone opens then."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="whose second step it is")

    def handle(self, *, email: str, **options: Any) -> None:
        user = User.objects.filter(email=normal_email(email)).first()
        if user is None:
            raise CommandError(f"Nobody here has the address {email}.")
        if not remove_second_step(by=None, user=user):
            raise CommandError(f"{email} has no second step.")
        self.stdout.write(f"{email} logs in with the password alone now.")
