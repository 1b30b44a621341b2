"""What the fault tests share: a slow mail sink, customers who are waiting for an invitation, and their figures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.sink import Sink


@pytest.fixture
def sink(tmp_path) -> Iterator[Sink]:
    """A mail server that takes some milliseconds over each mail."""
    made = Sink(tmp_path, before=0.012, after=0.008)
    yield made
    made.stop()


@pytest.fixture
def make_customers(organisation):
    """`make_customers(150)`: that many whom we may mail."""
    from delight.customers.models import Customer

    def make(how_many: int) -> list[Customer]:
        return Customer.objects.bulk_create(
            Customer(
                name=f"Customer {number}", sort_key=f"customer {number:05}",
                email=f"customer{number}@mail.example", address_source="existing",
            )
            for number in range(how_many)
        )  # fmt: skip

    return make


@pytest.fixture
def invite(transactional_db, make_customers, send):
    """`invite(150)`: that many invitations wait for a sender."""
    from delight.outbox import jobs

    def do(how_many: int) -> None:
        make_customers(how_many)
        send()
        while jobs.run_one():
            pass

    return do


@pytest.fixture
def figures(record_property):
    """`figures(text)`: shown when the run is over."""
    return lambda text: record_property("figures", str(text))


def pytest_terminal_summary(terminalreporter):
    lines = [
        f"{report.nodeid.rpartition('::')[2]}: {value}"
        for report in terminalreporter.stats.get("passed", [])
        for name, value in report.user_properties
        if name == "figures"
    ]
    if lines:
        terminalreporter.section("figures of the fault tests")
        for line in lines:
            terminalreporter.write_line(line)
