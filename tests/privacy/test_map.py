"""The data map names every field of every table, and nothing that is not there."""

import pytest
from django.apps import apps
from django.db import connection, models

from delight.customers.models import Customer
from delight.lib import privacy
from delight.lib.privacy import Erase, Kept, Line, Whose
from staff.people.models import User

ALL_MODELS = apps.get_models(include_auto_created=True)


def lines_of(tables: list[privacy.Table]) -> dict[str, set[str]]:
    return {table.model: set(table.lines) for table in tables}


def fields_of(some: list[type[models.Model]]) -> dict[str, set[str]]:
    return {model._meta.label: {field.name for field in model._meta.local_fields} for model in some}


def differences(said: dict[str, set[str]], there: dict[str, set[str]]) -> set[str]:
    """What one side has and the other has not, as "table.field"."""
    flat = [{f"{table}.{name}" for table, names in side.items() for name in names} for side in (said, there)]
    return flat[0] ^ flat[1]


def test_every_field_has_a_line_and_every_line_a_field():
    assert differences(lines_of(privacy.tables()), fields_of(ALL_MODELS)) == set()


def test_a_new_field_without_a_line_is_found_out():
    there = fields_of(ALL_MODELS)
    there["customers.Customer"].add("birthday")
    assert differences(lines_of(privacy.tables()), there) == {"customers.Customer.birthday"}


def test_a_line_for_a_field_that_is_gone_is_found_out():
    there = fields_of(ALL_MODELS)
    there["customers.Customer"].remove("phone")
    del there["mfa.Authenticator"]
    found = differences(lines_of(privacy.tables()), there)
    assert "customers.Customer.phone" in found
    assert "mfa.Authenticator.data" in found


def test_no_table_has_two_declarations():
    names = [table.model for table in privacy.tables()]
    assert len(names) == len(set(names))


@pytest.mark.django_db
def test_every_table_of_the_database_is_a_models_or_named_as_bare():
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
    named = {apps.get_model(table.model)._meta.db_table for table in privacy.tables()}
    assert there == named | {table.table for table in privacy.bare_tables()}


def test_whatever_points_to_a_customer_says_so():
    """A table with a customer in it can be exported and erased, and the column is the customer's."""
    by_name = {table.model: table for table in privacy.tables()}
    pointing = [
        (model._meta.label, field.name)
        for model in ALL_MODELS
        for field in model._meta.local_fields
        if field.is_relation and field.related_model is Customer and field.name != "merged_into"
    ]
    assert len(pointing) >= 5
    assert {(name, column) for name, column in pointing if not by_name[name].customer} == set()
    assert {pair for pair in pointing if by_name[pair[0]].lines[pair[1]].whose != Whose.CUSTOMER} == set()


def test_whatever_points_to_an_employee_says_so():
    wrong = {
        (table.model, field.name)
        for table in privacy.tables()
        for field in apps.get_model(table.model)._meta.local_fields
        if field.is_relation and field.related_model is User and table.lines[field.name].whose != Whose.EMPLOYEE
    }
    assert wrong == set()


def test_every_table_that_names_employees_tells_them_so():
    named = {table.model for table in privacy.tables() if table.fields(Whose.EMPLOYEE) and table.group is None}
    assert named == {"sessions.Session"}, "its rows name nobody; the devices' page does"


def test_what_is_emptied_can_be_emptied():
    for table in privacy.tables():
        if table.rows_go:
            continue
        table.blanks([name for name, line in table.lines.items() if line.erase == Erase.BLANK])


def test_what_goes_by_the_clock_says_from_when_it_counts():
    clocked = {Kept.LOG, Kept.ENDED, Kept.EXPIRED}
    wrong = {
        table.model
        for table in privacy.tables()
        if not table.since and (table.kept in clocked or {line.kept for line in table.lines.values()} & clocked)
    }
    assert wrong == set()


def test_links_passwords_and_keys_leave_in_no_export():
    secret = {"password", "pin", "secret", "public_id", "session_key", "session_data", "token", "mark", "address_hash"}
    open_ones = {
        f"{table.model}.{name}"
        for table in privacy.tables()
        for name, line in table.lines.items()
        if name in secret and not line.secret
    }
    assert open_ones == set()


def test_words_about_a_customer_are_emptied_when_nobody_says_otherwise():
    assert privacy.customers("note")["note"] == Line(Whose.CUSTOMER, Erase.BLANK)
