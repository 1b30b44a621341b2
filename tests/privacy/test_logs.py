"""No log keeps what is erased: neither ours nor the embedded database's."""

import logging
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from delight.customers.models import Customer

MARK = "zyxlogged"


@pytest.fixture
def refused(make_customer):
    """A row that the database refuses, and says whose it is."""
    make_customer(email=f"{MARK}@mail.example")
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Customer.objects.create(name=f"{MARK}\nsecond line", email=f"{MARK}@mail.example")
    assert MARK in str(caught.value), "else there is nothing to leave out"
    return caught.value


def our_formatter() -> logging.Formatter:
    from logging.config import DictConfigurator

    configurator = DictConfigurator(settings.LOGGING)
    return configurator.configure_formatter(dict(settings.LOGGING["formatters"]["line"]))


def test_our_log_says_what_went_wrong_and_not_with_whose_data(refused):
    record = logging.LogRecord(
        "x", logging.ERROR, __file__, 1, "Job failed: %s", (refused,), (type(refused), refused, refused.__traceback__)
    )
    line = our_formatter().format(record)
    assert MARK not in line
    assert "customer_email_once" in line
    assert "IntegrityError" in line
    assert MARK in logging.Formatter().format(record), "the control"


def test_the_embedded_database_s_log_holds_no_value(refused):
    with pytest.raises(Exception, match="zyxspoken"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT zyxspoken(%s)", [MARK])
    log = Path(settings.LOCAL_FOLDER) / "log" / "postgres.log"
    deadline = time.monotonic() + 5
    while "zyxspoken" not in log.read_text() and time.monotonic() < deadline:
        time.sleep(0.05)
    written = log.read_text()
    assert "zyxspoken" in written, "else the log is somewhere else"
    assert MARK not in written
