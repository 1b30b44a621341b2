"""What a phone may keep for when there is no line, and under whose name it is sent."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from delight.customers.models import Visit
from staff.moments.models import Moment
from staff.moments.quick import KEEP_HEADER

NEW = "/moments/new/"
KEPT = f"{NEW}?kept=1"


@pytest.fixture
def sam(signed_in, staff):
    return signed_in(staff)


@pytest.fixture
def at_desk(team, staff, manager) -> Client:
    """Sam at the shared device of the shop, by PIN."""
    from staff.people.desks import DESK, enrol_desk, hashed_pin

    staff.pin = hashed_pin(staff, "3719")
    staff.save()
    _desk, secret = enrol_desk(by=manager, team=team, name="Front desk")
    client = Client()
    client.cookies[DESK] = secret
    client.post(f"/desk/{staff.pk}/", {"pin": "3719"})
    return client


def test_the_kept_page_holds_ideas_and_names_of_today_and_nothing_else(
    sam, staff, team, make_customer, make_moment, budget
):
    guest = make_customer("Ivan Bondar", phone="+32 470 11 22 33", team=team, owner=staff)
    Visit.objects.create(customer=guest, team=team, starts_at=timezone.now())
    make_moment(what="Half-a-story", finish_later=True)
    answer = sam.get(KEPT)
    page = answer.content.decode()
    assert answer.headers[KEEP_HEADER] == "1"
    assert "Ivan Bondar" in page
    for secret in ("470", guest.email, "Half-a-story", "Olena", "50 EUR"):
        assert secret not in page, secret
    assert "Half-a-story" in sam.get(NEW).content.decode()
    assert KEEP_HEADER not in sam.get(NEW).headers, "only the page without the rest is kept"


def test_keeping_it_takes_no_message_away(sam):
    sam.post(NEW, {"key": str(uuid4()), "whom": "walk-in", "what": "Tea", "log": "1"})
    assert "alert-success" not in sam.get(KEPT).content.decode()
    assert "alert-success" in sam.get(NEW).content.decode()


def test_a_shared_device_keeps_nothing(at_desk):
    answer = at_desk.get(KEPT)
    assert answer.status_code == 200
    assert KEEP_HEADER not in answer.headers
    assert "data-keeps-for" not in at_desk.get(NEW).content.decode()
    assert at_desk.get("/moments/line/").json()["owner"] == ""


def test_moments_are_logged_at_a_shared_device_all_the_same(at_desk, staff):
    answer = at_desk.post(NEW, {"key": str(uuid4()), "whom": "walk-in", "what": "Tea", "log": "1"})
    assert answer.status_code == 302
    assert Moment.objects.get().user == staff


def test_the_line_says_who_is_there_and_a_token_that_is_taken(staff, colleague, signed_in):
    marks = {signed_in(person).get("/moments/line/").json()["owner"] for person in (staff, colleague)}
    assert len(marks) == 2
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")
    here = strict.get("/moments/line/").json()
    kept = {"key": str(uuid4()), "whom": "walk-in", "what": "Tea", "owner": here["owner"]}
    headers = {"Accept": "application/json"}
    assert strict.post(NEW, kept, headers=headers).status_code == 403
    assert strict.post(NEW, kept, headers=headers | {"X-CSRFToken": here["token"]}).status_code == 201


def test_what_one_person_has_kept_is_never_sent_by_another(staff, colleague, signed_in):
    mark = signed_in(staff).get("/moments/line/").json()["owner"]
    kept = {"key": str(uuid4()), "whom": "walk-in", "what": "Tea", "owner": mark}
    answer = signed_in(colleague).post(NEW, kept, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert not Moment.objects.exists()


def test_the_worker_keeps_no_other_page(sam):
    script = sam.get("/service-worker.js").content.decode()
    assert 'const NEW = "/moments/new/"' in script
    assert script.count("respondWith") == 2, "the page, and the look"
