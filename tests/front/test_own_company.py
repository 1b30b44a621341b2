"""From the demo to the own company: the demo leaves wholly, and only a demo can."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.utils import timezone

from delight.front.own_company import NotTheDemo, begin_own_company, tables
from delight.organisation.models import AuditEntry, Organisation
from delight.outbox.models import Message
from delight.outbox.pump import claim, send_batch
from delight.outbox.services import enqueue
from staff.people.demo import DEMO_PASSWORD
from staff.people.models import User

FORM = {
    "company": "Berber Kemal", "country": "TR", "postal_address": "Moda Cd. 5, 34710 İstanbul", "currency": "TRY",
    "time_zone": "Europe/Istanbul", "language": "tr", "name": "Kemal Usta", "email": "kemal@berber.example",
    "password": "makas ve tarak", "confirmation": " Begin ",
}  # fmt: skip
AUTH = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def demo(demo_company):
    return User.objects.get(email="owner@barber.example")


def rows() -> dict[str, int]:
    """How many rows each table that is emptied has."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            found[table] = cursor.fetchone()[0]
    return found


def test_the_demo_leaves_wholly_and_the_own_company_is_there(demo, signed_in):
    browser, colleague = signed_in(demo), signed_in(User.objects.get(email="stylist@barber.example"))
    kinds, migrations = ContentType.objects.count(), _migrations()
    assert sum(rows().values()) > 1000
    answer = browser.post("/own-company/", FORM)
    assert (answer.status_code, answer.url) == (302, "/setup/")
    left = {table: count for table, count in rows().items() if count}
    assert left.pop("organisation_auditentry") >= 1
    for one in ("organisation_organisation", "people_user", "django_session", "usersessions_usersession"):
        assert left.pop(one) == 1, one
    assert left.keys() <= {"cache"}
    assert (ContentType.objects.count(), _migrations()) == (kinds, migrations)
    company, sponsor = Organisation.get(), User.objects.get()
    assert (company.name, company.country, company.currency, company.default_language, company.time_zone) == (
        "Berber Kemal", "TR", "TRY", "tr", "Europe/Istanbul",
    )  # fmt: skip
    assert (company.is_demo, company.set_up_at, company.consent_rule) == (False, None, "recorded")
    assert (sponsor.name, sponsor.is_sponsor, sponsor.check_password("makas ve tarak")) == ("Kemal Usta", True, True)
    assert browser.get("/profile/").status_code != 500
    assert browser.session["_auth_user_id"] == str(sponsor.pk)
    assert "/account/login/" in colleague.get("/").url


def _migrations() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
        return cursor.fetchone()[0]


def test_demo_logins_open_nothing_any_more(demo, signed_in):
    signed_in(demo).post("/own-company/", FORM)
    stranger = Client()
    stranger.post("/account/login/", {"login": "owner@barber.example", "password": DEMO_PASSWORD})
    assert "_auth_user_id" not in stranger.session


def test_what_waited_in_the_demos_queue_never_leaves_not_even_from_a_worker_that_held_it(demo, signed_in, post_office):
    enqueue(kind="password-reset", object_id=demo.pk, key="reset:1")
    enqueue(kind="password-reset", object_id=demo.pk, key="reset:2", due_at=timezone.now() + timedelta(days=1))
    held = claim()
    assert [message.key for message in held] == ["reset:1"]
    signed_in(demo).post("/own-company/", FORM)
    assert not Message.objects.exists()
    from delight.outbox import pump

    channel = pump.SmtpChannel()
    pump._send_all(held, channel, Organisation.objects.first())
    channel.close()
    assert send_batch() == 0
    assert post_office.mails == []


def test_the_page_tells_beforehand_what_goes(demo, signed_in):
    page = signed_in(demo).get("/own-company/").content.decode()
    assert "The demo goes wholly" in page
    assert "cannot be undone" in page
    assert 'href="/own-company/"' in signed_in(demo).get("/").content.decode()


@pytest.mark.parametrize(
    "wrong", [{"confirmation": ""}, {"confirmation": "yes"}, {"password": "short"}, {"email": "x"}, {"country": "ZZ"}]
)
def test_nothing_happens_while_a_field_is_wrong(wrong, demo, signed_in):
    before = rows()
    answer = signed_in(demo).post("/own-company/", {**FORM, **wrong})
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == set(wrong)
    after = rows()
    assert {table: after[table] for table in after if "session" not in table} == {
        table: before[table] for table in before if "session" not in table
    }


def test_nobody_but_a_sponsor_removes_the_demo(demo, signed_in, client):
    manager = User.objects.get(email="manager@barber.example")
    assert signed_in(manager).post("/own-company/", FORM).status_code == 403
    assert client.post("/own-company/", FORM).status_code == 302
    with pytest.raises(NotTheDemo):
        begin_own_company(by=manager, person={}, company={})
    assert Organisation.get().is_demo
    assert User.objects.count() > 10


def test_the_first_entry_of_the_trail_is_the_new_sponsors(demo, signed_in):
    signed_in(demo).post("/own-company/", FORM)
    entry = AuditEntry.objects.get(verb="set_up")
    assert entry.actor == User.objects.get()
