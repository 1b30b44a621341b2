"""Where there is no demo, nothing is ever removed; and what goes with a demo is all of ours."""

import pytest
from django.db import connection

from delight.customers.models import Customer
from delight.front.own_company import KEPT_APPS, NotTheDemo, begin_own_company, tables
from delight.organisation.models import Organisation
from tests.front.test_own_company import FORM


def test_a_real_company_is_never_removed(sponsor, signed_in, make_customer):
    make_customer()
    browser = signed_in(sponsor)
    assert "/own-company/" not in browser.get("/").content.decode()
    assert browser.get("/own-company/").status_code == 404
    assert browser.post("/own-company/", FORM).status_code == 404
    person = {"name": "K", "email": "k@k.example", "password": "x", "language": "en"}
    with pytest.raises(NotTheDemo):
        begin_own_company(by=sponsor, person=person, company={"name": "B", "postal_address": "x"})
    assert Customer.objects.count() == 1
    assert Organisation.get().name == "Barber & Sons"


def test_every_table_of_ours_is_emptied_and_none_of_the_programs_own(db):
    with connection.cursor() as cursor:
        every = set(connection.introspection.table_names(cursor))
    kept = {table for table in every if table.startswith(("django_content_type", "auth_", "django_migrations"))}
    assert every - kept == set(tables())
    assert {"contenttypes", "auth"} == KEPT_APPS
