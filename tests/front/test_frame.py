"""What is around every page: navigation, the banner, the app on a phone, and the pages for trouble."""

import json

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from delight.front import context, views
from delight.organisation.services import stop_sending


def nav_of(page: str) -> str:
    return page.split("<nav", 1)[1].split("</nav>")[0]


FOR_ALL = {
    "Today", "Moments", "Ideas", "Delight budget", "Follow-ups", "Answers", "Customers", "Visits", "People", "Help",
    "Recognition", "Wins meeting", "Issues",
}  # fmt: skip


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("staff", FOR_ALL),
        ("manager", FOR_ALL | {"Surveys"}),
        ("sponsor", FOR_ALL | {"Surveys", "Settings"}),
    ],
)
def test_everybody_finds_what_is_theirs(who, seen, request, signed_in):
    page = signed_in(request.getfixturevalue(who)).get("/").content.decode()
    every = FOR_ALL | {"Surveys", "Settings"}
    assert {label for label in every if f"<span>{label}</span>" in nav_of(page)} == seen


def test_the_place_where_one_is_and_ones_open_follow_ups_are_marked(follow_up, staff, colleague, signed_in):
    page = nav_of(signed_in(staff).get("/follow-ups/").content.decode())
    assert page.count('aria-current="page"') == 1
    assert '<span class="pill pill-warn">1</span>' in page
    assert "pill-warn" not in nav_of(signed_in(colleague).get("/").content.decode())


def test_managers_see_that_nothing_is_sent_and_sponsors_where_to_change_it(staff, manager, sponsor, signed_in):
    assert "No mail leaves" not in signed_in(manager).get("/").content.decode()
    stop_sending(by=sponsor)
    assert "No mail leaves" in signed_in(manager).get("/").content.decode()
    assert "No mail leaves" not in signed_in(staff).get("/").content.decode()
    assert 'href="/outbox/"' in signed_in(sponsor).get("/").content.decode()


def test_a_page_without_navigation_asks_the_database_nothing(staff, django_assert_num_queries):
    request = RequestFactory().get("/a/some-token/")
    request.user = staff
    with django_assert_num_queries(0):
        context.page(request)


def test_the_app_can_be_installed(client, db):
    manifest = json.loads(client.get("/manifest.webmanifest").content)
    assert (manifest["start_url"], manifest["display"]) == ("/", "standalone")
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512", "any"}
    worker = client.get("/service-worker.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert worker["Service-Worker-Allowed"] == "/"
    assert b"fetch" in worker.content


def test_pages_for_trouble_come_with_the_house_around_them(staff, signed_in):
    answer = signed_in(staff).get("/nowhere/")
    assert answer.status_code == 404
    assert "Nothing here" in answer.content.decode()
    assert "<nav" in answer.content.decode()


def test_a_forged_form_is_refused_with_a_page(staff):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = browser.post("/follow-ups/1/close/", {})
    assert answer.status_code == 403
    assert "<h1" in answer.content.decode()


def test_the_page_for_our_own_mistakes_needs_no_database(rf, django_assert_num_queries, db):
    with translation.override("en"), django_assert_num_queries(0):
        answer = views.server_error(rf.get("/"))
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()
