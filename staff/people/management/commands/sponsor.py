"""Lets somebody in who can see and set everything."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.urls import reverse

from delight.lib.addresses import normal_email
from delight.organisation.models import Organisation
from staff.people import services
from staff.people.models import User


class Command(BaseCommand):
    help = "Prints a one-time link by which a sponsor joins; the first one also sets up the company."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", nargs="?", default="", help="whose link it is")
        parser.add_argument("--name", default="", help="the person's name, to be changed when joining")
        parser.add_argument("--first", action="store_true", help="the first sponsor; the address may be typed later")

    def handle(self, *, email: str, name: str, first: bool, **options: Any) -> None:
        self._check(email, first)
        user = User.objects.filter(email=normal_email(email)).first() if email else None
        if user is not None:
            self._promote(user)
            return
        invitation = services.new_invitation(by=None, email=email, name=name, is_sponsor=True)
        path = reverse("join", args=[services.join_token(invitation)])
        self.stdout.write(settings.BASE_URL + path)

    def _check(self, email: str, first: bool) -> None:
        if first and Organisation.objects.exists():
            raise CommandError("The company is set up already. Name an address: manage.py sponsor EMAIL")
        if not email and not first:
            raise CommandError("Name an address: manage.py sponsor EMAIL")
        try:
            if email:
                validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email} is not an e-mail address.") from error

    def _promote(self, user: User) -> None:
        if not user.is_active:
            services.reactivate_person(by=None, user=user)
        services.set_sponsor(by=None, user=user, on=True)
        self.stdout.write(f"{user.email} has a login already and is a sponsor now: {settings.BASE_URL}/")
