"""The cast of people that every story is played with, and a real mail server to look into."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass, field
from datetime import date
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from django.test import Client

PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def _quick_settings(settings):
    """Hashing made for attackers is slow; static files need no collecting in tests."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


# --- The company ------------------------------------------------------------------------------------------------


@pytest.fixture
def organisation(db):
    from delight.organisation.services import set_up_organisation

    return set_up_organisation(
        name="Barber & Sons", postal_address="1 Mill Lane, Ghent", time_zone="Europe/Brussels", default_language="en"
    )


@pytest.fixture
def team(organisation):
    from staff.people.models import Team

    return Team.objects.create(name="Mill Lane")


@pytest.fixture
def other_team(organisation):
    from staff.people.models import Team

    return Team.objects.create(name="Harbour")


def make_person(name: str, team=None, role: str = "staff", **fields):
    """A user with the tests' password, in a team since the first of January 2020."""
    from staff.people.models import Membership, User

    user = User.objects.create_user(f"{name.lower()}@barber.example", PASSWORD, name=name, **fields)
    if team:
        Membership.objects.create(user=user, team=team, role=role, since=date(2020, 1, 1))
    return user


@pytest.fixture
def sponsor(organisation):
    """Olga owns the company."""
    return make_person("Olga", is_sponsor=True)


@pytest.fixture
def manager(team):
    """Mert manages the shop in Mill Lane."""
    return make_person("Mert", team, "manager")


@pytest.fixture
def staff(team):
    """Sam cuts hair in Mill Lane."""
    return make_person("Sam", team)


@pytest.fixture
def colleague(team):
    """Cleo cuts hair in Mill Lane, too."""
    return make_person("Cleo", team)


@pytest.fixture
def other_manager(other_team):
    """Nina manages the other shop."""
    return make_person("Nina", other_team, "manager")


@pytest.fixture
def outsider(other_team):
    """Otto cuts hair in the other shop."""
    return make_person("Otto", other_team)


@pytest.fixture
def signed_in():
    """`signed_in(user)`: a browser in which that person is signed in."""

    def sign_in(user) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


@pytest.fixture
def make_customer(organisation):
    """`make_customer(name="Olena", team=…)`: a customer whom we may mail."""
    from delight.customers.models import Customer

    def make(name: str = "Olena Koval", **fields) -> Customer:
        fields.setdefault("email", f"{name.split()[0].lower()}{Customer.objects.count()}@mail.example")
        fields.setdefault("address_source", "existing")
        return Customer.objects.create(name=name, **fields)

    return make


# --- Mail -------------------------------------------------------------------------------------------------------


@dataclass
class PostOffice:
    """A real SMTP server on loopback that keeps what it gets."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 (aiosmtpd's name)
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if address in mail["To"]]

    def deliver(self) -> list[EmailMessage]:
        """Have everything that is due sent; returns what arrived by it."""
        from delight.outbox.pump import run_due

        before = len(self.mails)
        run_due()
        return self.mails[before:]


def html_of(mail: EmailMessage) -> str:
    return mail.get_body(("html",)).get_content()


def text_of(mail: EmailMessage) -> str:
    return mail.get_body(("plain",)).get_content()


@pytest.fixture(scope="session")
def _post_office_server():
    office = PostOffice()
    controller = Controller(office, hostname="127.0.0.1", port=0)
    controller.start()
    office.port = controller.server.sockets[0].getsockname()[1]
    yield office
    controller.stop()


@pytest.fixture
def post_office(_post_office_server, settings, db) -> PostOffice:
    _post_office_server.mails.clear()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", _post_office_server.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    return _post_office_server
