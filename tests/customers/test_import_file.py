"""The bad rows as a file to take along, and how long a file of customers is kept."""

import csv
import io
from datetime import timedelta

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from delight.customers.models import Customer, CustomerImport
from delight.files.models import FileChunk, StoredFile
from delight.organisation.models import AuditEntry
from delight.outbox.models import Job
from delight.outbox.pump import run_due
from tests.customers.helpers import bring_in, check, choose, latest, start, upload

BAD = (
    "Name;E-mail;Note\n"
    "Anna Maes;anna@mail.example;fine\n"
    "Bob Short;bob at mail;=HYPERLINK(1)\n"
    ';nobody@mail.example;"two ""words""; more"\n'
    "+Eve;eve@\n"
)


@pytest.fixture
def browser(manager, signed_in):
    """Mert's."""
    return signed_in(manager)


@pytest.fixture
def bad(browser, team) -> CustomerImport:
    return check(browser, BAD, team=team.pk)


def download(browser, one):
    return browser.get(reverse("import_problems_file", args=[one.pk]))


def table(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def days_later(one: CustomerImport, days: float) -> CustomerImport:
    """Everything so far happened some days earlier; what is due is done."""
    ago = timedelta(days=days)
    CustomerImport.objects.update(created_at=F("created_at") - ago)
    Job.objects.update(due_at=F("due_at") - ago, created_at=F("created_at") - ago, ended_at=F("ended_at") - ago)
    run_due()
    one.refresh_from_db()
    return one


# --- The bad rows -------------------------------------------------------------------------------------------------


def test_bad_rows_come_with_their_columns_and_what_is_wrong(browser, bad):
    assert table(download(browser, bad)) == [
        ["Name", "E-mail", "Note", "What is wrong"],
        ["Bob Short", "bob at mail", "'=HYPERLINK(1)", "This is not an e-mail address."],
        ["", "nobody@mail.example", 'two "words"; more', "The name is missing."],
        ["'+Eve", "eve@", "", "This is not an e-mail address."],
    ]


def test_it_is_a_download_that_no_cache_keeps(browser, bad):
    response = download(browser, bad)
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="customers-bad rows.csv"'
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_put_right_it_can_be_imported_as_it_is(browser, bad, team):
    start(browser, bad, skip=True)
    text = (
        download(browser, bad)
        .content.decode()
        .replace("bob at mail", "bob@mail.example")
        .replace(";nobody@", "N;nobody@")
    )
    again = bring_in(browser, text.replace("eve@", "eve@mail.example").encode(), team=team.pk)
    assert (again.state, again.new, again.bad) == ("done", 3, 0)
    assert Customer.objects.count() == 4


def test_rows_that_are_too_wide_or_torn_are_in_it(browser, team):
    text = 'Name,E-mail\nAnna,a@mail.example,more,cells\nBob,"b"x@mail.example\nCleo,c\n'
    rows = list(
        csv.reader(io.StringIO(download(browser, check(browser, text, team=team.pk)).content.decode("utf-8-sig")))
    )
    assert rows[0] == ["Name", "E-mail", "", "", "What is wrong"]
    assert rows[1][:4] == ["Anna", "a@mail.example", "more", "cells"]
    assert "another number of cells" in rows[1][4]
    assert rows[2][:4] == ["", "", "", ""]
    assert "could not be read" in rows[2][4]
    assert len(rows) == 4


@pytest.mark.parametrize("page", ["import", "import_problems"])
def test_the_pages_with_bad_rows_offer_it_before_and_after_the_import(browser, bad, page):
    link = reverse("import_problems_file", args=[bad.pk])
    for _time in range(2):
        assert f'href="{link}"' in browser.get(reverse(page, args=[bad.pk])).content.decode()
        start(browser, bad, skip=True)


def test_without_bad_rows_there_is_none(browser, team):
    one = check(browser, "Name,E-mail\nAnna,a@mail.example\n", team=team.pk)
    assert download(browser, one).status_code == 404
    assert (
        reverse("import_problems_file", args=[one.pk])
        not in browser.get(reverse("import", args=[one.pk])).content.decode()
    )


# --- How long a file is kept --------------------------------------------------------------------------------------


def test_a_file_of_which_all_was_imported_goes_at_once_and_what_it_came_to_stays(browser, team):
    one = bring_in(browser, "Name,E-mail\nAnna,a@mail.example\n", team=team.pk)
    assert (one.state, one.new, one.file, one.file_name) == ("done", 1, None, "customers.csv")
    assert not StoredFile.objects.exists()
    assert not FileChunk.objects.exists()
    for name in ("import", "import_problems", "import_columns", "import_upload"):
        args = [] if name == "import_upload" else [one.pk]
        assert "customers.csv" in browser.get(reverse(name, args=args), follow=True).content.decode()


def test_rows_left_out_can_be_downloaded_for_thirty_days_after_the_import(browser, bad):
    days_later(bad, 20)
    start(browser, bad, skip=True)
    days_later(bad, 29)
    assert download(browser, bad).status_code == 200
    days_later(bad, 2)
    assert (bad.state, bad.new, bad.bad, bad.file) == ("done", 1, 3, None)
    assert bad.problems.count() == 3
    assert not FileChunk.objects.exists()
    page = browser.get(reverse("import", args=[bad.pk])).content.decode()
    assert "The name is missing." in page
    assert "Download" not in page
    assert download(browser, bad).status_code == 404


@pytest.mark.parametrize("state", ["uploaded", "checked", "failed"])
def test_an_import_that_nobody_finishes_is_given_up_after_thirty_days(browser, team, state):
    upload(browser, BAD)
    one = latest()
    if state != "uploaded":
        choose(browser, one, team=team.pk)
        run_due()
        CustomerImport.objects.update(state=state)
    assert days_later(one, 29).state == state
    assert (days_later(one, 2).state, one.file, one.rows) == ("given_up", None, 4)
    assert not FileChunk.objects.exists()
    assert AuditEntry.objects.filter(verb="remove_file", actor=None, object_id=one.pk).exists()
    for name in ("import", "import_columns"):
        page = browser.get(reverse(name, args=[one.pk]), follow=True).content.decode()
        assert "no longer here" in page
    choose(browser, one, team=team.pk, columns={"name": 0, "email": 1})
    start(browser, one, skip=True)
    assert one.state == "given_up"
    assert not Customer.objects.exists()


def test_whoever_goes_on_has_thirty_days_more(browser, team):
    upload(browser, BAD)
    one = latest()
    days_later(one, 29)
    choose(browser, one, team=team.pk)
    run_due()
    assert days_later(one, 29).state == "checked"
    assert days_later(one, 2).state == "given_up"


def test_a_file_that_is_being_read_is_left_alone(browser, team):
    upload(browser, BAD)
    one = latest()
    choose(browser, one, team=team.pk)
    Job.objects.filter(kind="check-import").update(lease_until=timezone.now() + timedelta(days=99), state="running")
    assert days_later(one, 40).state == "checking"
    assert one.file is not None
    waiting = Job.objects.get(kind="remove-import-file", state="waiting")
    assert timezone.now() < waiting.due_at < timezone.now() + timedelta(days=2)
