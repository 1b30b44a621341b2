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
    """One fingerprint per table of the database; one question for all of them, since this is asked for each address."""
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - MAY_CHANGE)
        one = "SELECT '{0}', md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM \"{0}\" t"
        cursor.execute(" UNION ALL ".join(one.format(table) for table in tables))
        return dict(cursor.fetchall())


def changed_by(browser: Client, method: str, url: str) -> list[str]:
    """The tables that a request has changed."""
    before = digests()
    browser.generic(method, url)
    return different(before, digests())


def different(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return [table for table in after if before[table] != after[table]]


@pytest.mark.parametrize("who", ["stranger", "staff", "sponsor"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_no_address_writes_when_it_is_opened(method, who, world: World):  # noqa: F811 - the fixture
    browser = world.browser(who)
    if who == "stranger":
        browser.get(world.url("account_login"))  # its cookie, before we look
    wrong, before = {}, digests()
    for name in every_address():
        browser.generic(method, world.url(name))
        after = digests()
        changed = set(different(before, after))
        if changed - (LIMITS if method == "HEAD" else set()):
            wrong[name] = sorted(changed)
        before = after
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
