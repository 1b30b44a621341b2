"""The canary: a marker in every personal field, the whole product run, erased: not one of them is found again."""

import pytest
from django.urls import reverse

from delight.customers import privacy as customers_map
from delight.customers.models import Customer, Suppression
from delight.lib import privacy
from delight.lib.privacy import Erase, Line, Whose
from surveys.answering import privacy as answers_map
from tests.privacy.looking import HASHES_MAY_STAND_IN, everywhere, in_tables
from tests.privacy.test_logs import our_formatter

pytestmark = pytest.mark.slow


@pytest.fixture
def erase(sponsor, signed_in, django_capture_on_commit_callbacks):
    """`erase(customer)`: as a sponsor does it on the page."""

    def do(customer, **choice):
        with django_capture_on_commit_callbacks(execute=True):
            url = reverse("customer_erase", args=[customer.pk])
            answer = signed_in(sponsor).post(url, {"never_write": "on"} | choice)
        assert answer.status_code == 302, answer.content.decode()

    return do


def personal_columns() -> set[str]:
    """What the map empties, as "model.field"."""
    return {
        f"{table.model}.{name}"
        for table in privacy.tables()
        if table.customer and not table.rows_go
        for name in table.fields(Whose.CUSTOMER, Erase.BLANK)
    }


def filled(customer) -> set[str]:
    """Those of them in which this customer's rows hold something."""
    found = set()
    for table in privacy.tables():
        if table.customer and not table.rows_go:
            for name in table.fields(Whose.CUSTOMER, Erase.BLANK):
                empty = ("", None, [], {})
                if any(value not in empty for value in table.about(customer).values_list(name, flat=True)):
                    found.add(f"{table.model}.{name}")
    return found


def test_the_canary_has_something_in_every_personal_field(canary):
    """Else the search below would prove nothing."""
    elsewhere = {"customers.Customer.given_up_hash"}  # on the row that a merge leaves; test_erasing looks at it
    assert personal_columns() - filled(canary.customer) - elsewhere == set()
    found = everywhere(canary.markers)
    tables = ("customers_customer", "answering_answer", "answering_hit", "followups_outcome", "customers_visit")
    for place in (*tables, ".eml", "file "):
        assert any(place in each for each in found), place


def test_after_erasing_nothing_of_the_customer_is_found_anywhere(canary, erase, caplog):
    erase(canary.customer)
    assert everywhere(canary.markers + canary.links) == set()
    # What the tests' own mail server says of a mail is no log of ours.
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    said = "\n".join(our_formatter().format(record) for record in records if record.name != "mail.log")
    assert not [marker for marker in canary.markers if marker.casefold() in said.casefold()]
    left = in_tables(canary.hashes)
    assert {each.split(":")[0] for each in left} == HASHES_MAY_STAND_IN
    assert filled(Customer.objects.get(pk=canary.customer.pk)) <= {
        "sending.Invitation.public_id", "answering.Response.public_id",
    }, "made anew, so that the old links lead nowhere"  # fmt: skip


def test_what_happens_after_erasing_brings_nothing_back(canary, erase, mailbox, sponsor, signed_in):
    """The worker goes on; mails that waited end; the customer comes to their old link."""
    from delight.outbox.models import OPEN, Message
    from delight.outbox.pump import run_due
    from tests.conftest import Customer as Person

    person = Person(canary.customer.invitations.get())
    erase(canary.customer)
    run_due()
    assert person.open(9).status_code == 404
    assert person.web.post(person.leave_url).status_code == 404
    assert everywhere(canary.markers) == set()
    for about in privacy.messages_about(canary.customer):
        assert Message.objects.filter(about).exists()
        assert not Message.objects.filter(about, state__in=OPEN).exists()
    assert signed_in(sponsor).get(reverse("customer", args=[canary.customer.pk])).status_code == 404


@pytest.mark.parametrize(
    ("room", "model", "name"),
    [
        (customers_map, "customers.Customer", "phone"),
        (customers_map, "customers.Visit", "reference"),
        (answers_map, "answering.Answer", "text"),
    ],
)
def test_control_a_field_that_is_kept_is_found(room, model, name, canary, erase, monkeypatch):
    """One line of the map set to "keep", and the search finds what it must find."""
    kept = tuple(_keeping(table, name) if table.model == model else table for table in room.TABLES)
    monkeypatch.setattr(room, "TABLES", kept)
    erase(canary.customer)
    assert everywhere(canary.markers) != set()


def _keeping(table: privacy.Table, name: str) -> privacy.Table:
    from dataclasses import replace

    return replace(table, lines=table.lines | {name: Line(Whose.CUSTOMER, Erase.KEEP)})


def test_without_the_tick_the_address_is_free_again(canary, erase):
    Suppression.objects.all().delete()
    erase(canary.customer, never_write="")
    assert not Suppression.objects.exists()
    assert in_tables(canary.hashes) == set()
