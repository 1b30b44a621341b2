"""The demo company for tests: made once for all processes, in a database of its own that each process copies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

TEMPLATE = "delight_demo"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """To make it takes as long as hundreds of tests."""
    for item in items:
        if "demo_company" in getattr(item, "fixturenames", ()):
            item.add_marker("slow")


def _copy(source: str, name: str) -> None:
    from django.db import connection

    quote = connection.ops.quote_name
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {quote(name)} TEMPLATE {quote(source)}")


def _use(name: str) -> None:
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = name


@pytest.fixture(scope="session")
def _demo_database(django_db_setup, django_db_blocker) -> str:
    """The name of this process' copy."""
    from django.core.management import call_command
    from django.db import connection

    from tests.conftest import QUICK_HASHERS

    local, usual = Path(os.environ["DELIGHT_LOCAL"]), connection.settings_dict["NAME"]
    own = f"{TEMPLATE}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    with django_db_blocker.unblock(), (local / "demo-database").open("a+") as note:
        fcntl.flock(note, fcntl.LOCK_EX)
        note.seek(0)
        if not note.read():
            _copy((local / "test-database").read_text(), TEMPLATE)
            _use(TEMPLATE)
            with override_settings(PASSWORD_HASHERS=QUICK_HASHERS):
                call_command("demo", verbosity=0)
            _use(usual)
            note.write(TEMPLATE)
            note.flush()
        _copy(TEMPLATE, own)
    return own


@pytest.fixture
def _on_the_demo_database(_demo_database: str, django_db_blocker) -> Iterator[None]:
    from django.db import connection

    usual = connection.settings_dict["NAME"]
    assert not connection.in_atomic_block, "ask for the demo company before anything that opens the database"
    with django_db_blocker.unblock():
        _use(_demo_database)
        yield
        _use(usual)


@pytest.fixture
def demo_company(_on_the_demo_database, db) -> None:
    """A database with the demo company in it; the test takes back what it does to it. Ask for it first."""
