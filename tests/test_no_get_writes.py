"""No GET writes: every address is opened, then every table is as it was, but for the visit log and sessions."""

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


def digests() -> dict[str, str]:
    """One fingerprint per table of the database."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - MAY_CHANGE):
            quoted = connection.ops.quote_name(table)
            cursor.execute(f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {quoted} t")  # noqa: S608
            found[table] = cursor.fetchone()[0]
    return found


def changed_by(browser: Client, method: str, url: str) -> list[str]:
    """The tables that a request has changed."""
    before = digests()
    browser.generic(method, url)
    after = digests()
    return [table for table in after if before[table] != after[table]]


@pytest.mark.parametrize("who", ["stranger", "staff", "sponsor"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_no_address_writes_when_it_is_opened(method, who, world: World):  # noqa: F811 - the fixture
    browser = world.browser(who)
    if who == "stranger":
        browser.get(world.url("account_login"))  # its cookie, before we look
    wrong = {}
    for name in every_address():
        changed = set(changed_by(browser, method, world.url(name)))
        if changed - (LIMITS if method == "HEAD" else set()):
            wrong[name] = sorted(changed)
    assert wrong == {}


def test_a_tapped_score_writes_nothing_but_the_visit(world: World):  # noqa: F811 - the fixture
    from surveys.answering.models import Hit

    before = Hit.objects.count()
    assert changed_by(Client(), "GET", world.url("answer_page") + "?s=9") == []
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
    assert changed_by(Client(), "GET", "/writes/") == ["organisation_organisation"]
    assert changed_by(Client(), "HEAD", "/writes/") == []  # the same value again
