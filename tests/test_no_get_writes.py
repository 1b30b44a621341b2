"""No GET writes: every address is opened, then every table is as it was, but for the visit log and sessions."""

from collections import Counter

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from tests.front.world import World, every_address, world  # noqa: F401 - a fixture

# The visit log is evidence of who came; a session is what a login is made of.
MAY_CHANGE = {"answering_hit", "django_session", "usersessions_usersession"}

# allauth counts a HEAD of its forms as a try; the counters of its limits are rows of the cache table.
LIMITS = {"cache"}


def rows_written() -> Counter[str]:
    """How many rows of each table this transaction has written: PostgreSQL counts those, too, that are as before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return Counter({table: rows for table, rows in cursor.fetchall() if table not in MAY_CHANGE})


def written_by(browser: Client, method: str, url: str) -> list[str]:
    """The tables that a request has written to."""
    before = rows_written()
    browser.generic(method, url)
    return sorted(rows_written() - before)


@pytest.mark.parametrize(
    "who", ["stranger", *(pytest.param(who, marks=pytest.mark.slow) for who in ("staff", "sponsor"))]
)
@pytest.mark.parametrize("method", ["GET", pytest.param("HEAD", marks=pytest.mark.slow)])
def test_no_address_writes_when_it_is_opened(method, who, world: World):  # noqa: F811 - the fixture
    browser = world.browser(who)
    if who == "stranger":
        browser.get(world.url("account_login"))  # its cookie, before we look
    allowed = LIMITS if method == "HEAD" else set()
    written = {name: written_by(browser, method, world.url(name)) for name in every_address()}
    assert {name: tables for name, tables in written.items() if set(tables) - allowed} == {}


def test_a_tapped_score_writes_nothing_but_the_visit(world: World):  # noqa: F811 - the fixture
    from surveys.answering.models import Hit

    before = Hit.objects.count()
    assert written_by(Client(), "GET", world.url("answer_page") + "?s=9") == []
    assert Hit.objects.count() == before + 1


# --- The control ------------------------------------------------------------------------------------------------


@login_not_required
def writes(request: HttpRequest) -> HttpResponse:
    from delight.organisation.models import Organisation

    Organisation.objects.update(name="Changed by a GET")
    return HttpResponse("ok")


urlpatterns = [path("writes/", writes, name="writes")]


@pytest.mark.urls(__name__)
def test_an_address_that_writes_is_found_out(organisation):
    assert written_by(Client(), "GET", "/writes/") == ["organisation_organisation"]
    assert written_by(Client(), "HEAD", "/writes/") == ["organisation_organisation"]  # the same value again
