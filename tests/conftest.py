"""The cast of people that every story is played with, and a real mail server to look into."""

from __future__ import annotations

import email
import email.policy
import fcntl
import functools
import gc
import os
import re
import socket
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path

import hypothesis
import pytest
from aiosmtpd.controller import Controller
from django.test import Client

pytest_plugins = ["tests.browser", "tests.demo", "tests.schedule"]

PASSWORD = "a long enough password"
QUICK_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_configure(config: pytest.Config) -> None:
    """Build the catalogues once: a fresh clone has only their sources. And tell everybody which tests run."""
    os.environ["DELIGHT_TESTS_THOROUGH"] = "1" if is_thorough(config) else ""
    # How long an example takes is the machine's affair. .ci/run has the same examples each time; new ones are looked
    # for at the desk.
    hypothesis.settings.register_profile("delight", deadline=None, derandomize=is_thorough(config))
    hypothesis.settings.load_profile("delight")
    if not hasattr(config, "workerinput"):
        from delight.front.management.commands.prepare import compile_catalogues

        compile_catalogues()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker) -> Iterator[None]:
    """Each process works on a copy of one database: the migrations take longer than any test, and run once."""
    from django.db import connection

    creation, copy = connection.creation, os.environ.get("PYTEST_XDIST_WORKER", "alone")
    original = Path(os.environ["DELIGHT_LOCAL"]) / "test-database"
    with django_db_blocker.unblock(), original.open("a+") as note:
        fcntl.flock(note, fcntl.LOCK_EX)
        note.seek(0)
        if name := note.read():
            connection.settings_dict["NAME"] = name
        else:
            note.write(creation.create_test_db(verbosity=0, autoclobber=True, serialize=False))
            note.flush()
        connection.close()
        creation.clone_test_db(copy, verbosity=0)
    connection.settings_dict["NAME"] = creation.get_test_db_clone_settings(copy)["NAME"]
    yield
    connection.close()


@pytest.fixture(scope="session", autouse=True)
def _rubbish_is_gathered_rarely():
    """Going through all that is loaded, again and again, was a fifth of the time of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _keys_are_known_once():
    """Telling keys apart takes ten milliseconds on purpose, and every test's organisation has the same one.

    The time zones, too, are read from hundreds of files each time that somebody asks.
    """
    from delight.organisation import services

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(services, "key_fingerprint", functools.cache(services.key_fingerprint))
        patch.setattr(zoneinfo, "available_timezones", functools.cache(zoneinfo.available_timezones))
        yield


@pytest.fixture(scope="session", autouse=True)
def _tables_are_emptied_quickly():
    """After a test that commits. Django empties every table, and makes again what it has made of our models.

    Its way leaves the counters of the log-in limits to the next test: the cache's table has no model.
    """
    from django.test import TransactionTestCase

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: _empty_tables())
        yield


KEPT = {"django_migrations", "django_content_type", "auth_permission"}  # what `migrate` has written


def _empty_tables() -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - KEPT)
        some = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (TABLE \"{table}\")" for table in tables)
        cursor.execute(some)
        full = [table for (table,) in cursor.fetchall()]
        cursor.execute("SET LOCAL session_replication_role = replica")  # in any order, and without triggers
        for table in full:
            cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608


@pytest.fixture(scope="session", autouse=True)
def _parts_of_pages_are_not_recorded(django_test_environment):
    """For `response.context` Django copies the context of each template; that of the page itself is enough."""
    from django.template import Template

    recorded = Template._render  # Django's own for tests

    def render(template, context):
        return recorded(template, context) if context.template is template else template.nodelist.render(context)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", render)
        yield


@pytest.fixture(autouse=True)
def _quick_settings(settings):
    """Hashing made for attackers is slow; static files need no collecting, and no scanning for each test's client."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]
    settings.PASSWORD_HASHERS = QUICK_HASHERS
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


# --- The company ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def _checked() -> set[str]:
    """What this process has found right once."""
    return set()


@pytest.fixture
def organisation(db, _checked):
    from django.utils import timezone

    from delight.organisation.models import Organisation
    from delight.organisation.services import set_up_organisation

    with pytest.MonkeyPatch.context() as patch:
        if "organisation" in _checked:  # the same values in every test
            patch.setattr(Organisation, "full_clean", lambda _self, **_options: None)
        made = set_up_organisation(
            name="Barber & Sons", postal_address="1 Mill Lane, Ghent", time_zone="Europe/Brussels",
            default_language="en", set_up_at=timezone.now(),
        )  # fmt: skip
    _checked.add("organisation")
    return made


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

    async def handle_DATA(self, server, session, envelope):
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
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        office = PostOffice(port=probe.getsockname()[1])
    controller = Controller(office, hostname="127.0.0.1", port=office.port)
    controller.start()
    yield office
    controller.stop()


@pytest.fixture
def post_office(_post_office_server, settings, db) -> PostOffice:
    _post_office_server.mails.clear()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", _post_office_server.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    return _post_office_server


# --- Surveys ----------------------------------------------------------------------------------------------------


@pytest.fixture
def survey(sponsor):
    from surveys.design.services import create_survey

    return create_survey(by=sponsor, name="How are we doing?")


@pytest.fixture
def send(survey, sponsor):
    """`send(customer, …)`: the survey sent to these customers (all, if none are named); returns the Sending."""
    from surveys.sending.services import send_survey

    def do(*customers, **choices):
        choices = {"by": sponsor, "survey": survey, "sender": sponsor, **choices}
        if customers:
            choices |= {"audience": "picked", "picked": customers}
        return send_survey(**choices)

    return do


@pytest.fixture
def invited(send, post_office, make_customer):
    """`invited(customer)`: a customer's invitation whose mail went out a minute ago."""
    from django.utils import timezone

    from surveys.sending.models import Invitation

    def do(customer=None) -> Invitation:
        customer = customer or make_customer()
        sending = send(customer)
        post_office.deliver()
        Invitation.objects.filter(sending=sending).update(sent_at=timezone.now() - timedelta(minutes=1))
        return Invitation.objects.get(sending=sending)

    return do


def fields_of(page: bytes) -> dict[str, str]:
    """The hidden fields of a page's form, and the radio that is chosen."""
    text = page.decode()
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
    chosen = re.search(r'name="score" value="(\d+)" required checked', text)
    return found | ({"score": chosen.group(1)} if chosen else {})


class Customer:
    """A customer with a browser of their own: opens links from the mail, answers, unsubscribes."""

    def __init__(self, invitation, browser_name: str = "Mozilla/5.0 (iPhone)", address: str = "198.51.100.7") -> None:
        from delight.lib.tokens import make_token

        self.invitation = invitation
        self.web = Client(HTTP_USER_AGENT=browser_name, REMOTE_ADDR=address)
        self.answer_url = f"/a/{make_token('answer', invitation.public_id)}/"
        self.leave_url = f"/u/{make_token('unsubscribe', invitation.public_id)}/"

    def open(self, score: int | None = None):
        return self.web.get(self.answer_url + (f"?s={score}" if score is not None else ""))

    def answer(self, score: int, comment: str = ""):
        """Tap the score in the mail, write, press Send."""
        page = self.open(score)
        return self.web.post(self.answer_url, {**fields_of(page.content), "comment": comment})

    def leave(self):
        page = self.web.get(self.leave_url)
        return self.web.post(self.leave_url, fields_of(page.content))


@pytest.fixture
def as_customer():
    return Customer


# --- The tiers --------------------------------------------------------------------------------------------------


def pytest_addoption(parser):
    parser.addoption("--slow", action="store_true", help="run the slow tests, too, as .ci/run does")
    parser.addoption("--long", action="store_true", help="run the slow tests and those of the long tier, too")


def pytest_collection_modifyitems(config, items):
    skipped = {}
    if not is_thorough(config):
        skipped["slow"] = pytest.mark.skip(reason="slow, run by .ci/run: python3 manage.py test --slow")
    if not config.getoption("--long"):
        why = "the long tier, run before a release: pytest tests/faults --long -n 0"
        skipped["long"] = pytest.mark.skip(reason=why)
    for item in items:
        for tier in skipped.keys() & item.keywords:
            item.add_marker(skipped[tier])


def is_thorough(config: pytest.Config) -> bool:
    """Whether the slow tests run, too; some others take more of everything then."""
    return bool(config.getoption("--slow") or config.getoption("--long"))


@pytest.fixture(scope="session")
def thorough(pytestconfig) -> bool:
    return is_thorough(pytestconfig)
