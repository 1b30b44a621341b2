"""The pages of budgets: one's own, people's, settings, and the ledger as a file."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from delight.organisation.models import AuditEntry, Organisation
from staff.budget.access import people_managed_by
from staff.budget.granting import set_sum
from staff.budget.models import BudgetEntry, BudgetPeriod
from staff.people.access import may_manage
from staff.people.models import Membership, User
from tests.budget.conftest import extra, give, kinds, left


def get(browser, name: str, *args, **query) -> str:
    return " ".join(browser.get(reverse(name, args=args), query).content.decode().split())


# --- One's own --------------------------------------------------------------------------------------------------


def test_the_own_page_shows_a_ceiling_and_writes_nothing(staff, signed_in):
    page = get(signed_in(staff), "budget")
    assert '<p class="figure">20 <small>EUR</small></p>' in page
    assert not BudgetPeriod.objects.exists()


def test_it_shows_what_waits_and_every_movement(staff, make_customer, signed_in, threshold):
    give(staff, 3, make_customer("Ada"))
    give(staff, 11, make_customer("Ben"))
    page = get(signed_in(staff), "budget")
    assert '<p class="figure">6 ' in page
    assert "If nobody decides by" in page
    assert [word in page for word in ("Spent · Ada", "Waiting for approval · Ben", "Monthly sum")] == [True] * 3
    for sum_ in ("20 EUR", "-3 EUR", "-11 EUR"):
        assert f'<span class="num">{sum_}</span>' in page


def test_earlier_months_are_one_tap_away(staff, make_customer, signed_in):
    with time_machine.travel(datetime(2026, 7, 15, tzinfo=UTC), tick=False) as clock:
        give(staff, 3, make_customer("Ada"))
        clock.move_to(datetime(2026, 8, 15, tzinfo=UTC))
        browser = signed_in(staff)
        page = get(browser, "budget")
        assert "Ada" not in page
        assert 'href="?month=2026-07">July 2026</a>' in page
        assert "Spent · Ada" in get(browser, "budget", month="2026-07")


@pytest.mark.parametrize("month", ["2026-13", "x", "9999-01", "0001-01"])
def test_an_odd_month_is_this_one(month, staff, signed_in):
    assert signed_in(staff).get(reverse("budget"), {"month": month}).status_code == 200


def test_it_nudges_nobody(staff, signed_in):
    page = get(signed_in(staff), "budget").partition("<main")[2].lower()
    for words in ("use it up", "hurry", "still have", "forget", "target", "quota"):
        assert words not in page


def test_the_own_page_asks_the_same_however_much_there_is(staff, make_customer, signed_in, django_assert_num_queries):
    browser = signed_in(staff)
    give(staff, 1, make_customer("Ada"))
    browser.get(reverse("budget"))
    with django_assert_num_queries(13):
        browser.get(reverse("budget"))
    give(staff, 1, make_customer("Ben"))
    give(staff, 1, make_customer("Eva"))
    with django_assert_num_queries(13):
        browser.get(reverse("budget"))


# --- People -----------------------------------------------------------------------------------------------------


def names(page: str) -> list[str]:
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [row.partition('/">')[2].partition("</a>")[0] for row in body.split("<tr>")[1:]]


def test_managers_have_their_people_and_sponsors_everybody(
    staff, colleague, outsider, manager, other_manager, sponsor, signed_in
):
    assert names(get(signed_in(manager), "budgets")) == ["Cleo", "Sam"]
    assert names(get(signed_in(other_manager), "budgets")) == ["Otto"]
    assert names(get(signed_in(sponsor), "budgets")) == ["Cleo", "Mert", "Nina", "Olga", "Otto", "Sam"]


def test_the_list_follows_the_rule_for_one_person(
    staff, colleague, outsider, manager, other_manager, sponsor, other_team
):
    """Cleo works in both shops: neither manager alone looks after her budget."""
    Membership.objects.create(user=colleague, team=other_team)
    for user in (manager, other_manager, sponsor, staff):
        user = User.objects.get(pk=user.pk)
        expected = {person for person in User.objects.all() if may_manage(user, person)}
        assert set(people_managed_by(user)) == expected


def test_a_line_says_sum_left_waiting_and_closed(staff, manager, close, signed_in, threshold):
    give(staff, 11)
    close()
    row = get(signed_in(manager), "budgets").partition("<tbody>")[2]
    for words in (">20 EUR<", ">11 EUR<", ">9 EUR<", "closed until"):
        assert words in row


def test_the_list_asks_the_same_however_long_it_is(staff, team, manager, signed_in, django_assert_num_queries):
    from tests.conftest import make_person

    browser = signed_in(manager)
    browser.get(reverse("budgets"))
    with django_assert_num_queries(16):
        assert len(names(get(browser, "budgets"))) == 1
    for name in ("Ada", "Ben"):
        person = make_person(name, team)
        set_sum(by=manager, user=person, amount=Decimal(30), from_now=True)
    with django_assert_num_queries(16):
        assert len(names(get(browser, "budgets"))) == 3


@pytest.mark.parametrize(("when", "now"), [("next", 20), ("now", 35)])
def test_a_manager_sets_an_own_sum_from_next_month_or_from_now(when, now, staff, manager, signed_in):
    browser = signed_in(manager)
    browser.post(reverse("budget_sum", args=[staff.pk]), {"amount": "35", "when": when})
    assert left(staff) == now
    page = get(browser, "person_budget", staff.pk)
    assert ("An own sum; others with this role have 20 EUR." in page) is (when == "now")
    assert ("From next month: 35 EUR." in page) is (when == "next")
    browser.post(reverse("budget_sum", args=[staff.pk]), {"amount": "", "when": "now"})
    assert left(staff) == 20
    assert AuditEntry.objects.filter(verb="set_sum").count() == 2


@pytest.mark.parametrize("amount", ["-1", "x", "1.005", "99999999999"])
def test_an_odd_sum_comes_back_with_the_form(amount, staff, manager, signed_in):
    page = signed_in(manager).post(reverse("budget_sum", args=[staff.pk]), {"amount": amount, "when": "now"})
    assert f'value="{amount}"' in page.content.decode()
    assert left(staff) == 20


def test_an_extra_pressed_twice_counts_once(staff, manager, signed_in):
    browser, fields = signed_in(manager), {"amount": "10", "note": "Opening day", "key": str(uuid4())}
    for _ in range(2):
        browser.post(reverse("budget_extra", args=[staff.pk]), fields)
    assert left(staff) == 30
    assert "Opening day" in get(browser, "person_budget", staff.pk)
    browser.post(reverse("budget_extra", args=[staff.pk]), {**fields, "key": str(uuid4())})
    assert left(staff) == 40


def test_the_page_brings_its_own_key(staff, manager, signed_in):
    browser = signed_in(manager)
    keys = {get(browser, "person_budget", staff.pk).partition('name="key" value="')[2][:36] for _ in range(2)}
    assert len(keys) == 2


def test_a_manager_gives_nothing_to_themselves(manager, signed_in):
    browser = signed_in(manager)
    fields = {"amount": "10", "note": "Me", "key": str(uuid4()), "when": "now"}
    for name in ("budget_extra", "budget_sum"):
        assert browser.post(reverse(name, args=[manager.pk]), fields).status_code == 403
    assert left(manager) == 40


def test_the_persons_page_asks_the_same_however_much_there_is(staff, manager, signed_in, django_assert_num_queries):
    browser, url = signed_in(manager), reverse("person_budget", args=[staff.pk])
    give(staff, 1)
    browser.get(url)
    with django_assert_num_queries(27):
        browser.get(url)
    give(staff, 1)
    extra(manager, staff, 3)
    with django_assert_num_queries(27):
        browser.get(url)


# --- Settings ---------------------------------------------------------------------------------------------------


def test_a_sponsor_sets_the_roles_sums_and_only_what_changes_is_written(sponsor, staff, manager, signed_in):
    browser, url = signed_in(sponsor), reverse("budget_role_sums")
    browser.post(url, {"staff": "25", "manager": "40", "when": "now"})
    assert (left(staff), left(manager)) == (25, 40)
    assert AuditEntry.objects.filter(verb="set_sum").count() == 1
    browser.post(url, {"staff": "30", "manager": "45", "when": "next"})
    assert (left(staff), left(manager)) == (25, 40)
    page = get(browser, "budget_settings")
    assert 'value="30.00"' in page
    assert ">25 EUR<" in page


def test_the_thresholds_are_settings_and_can_be_emptied(sponsor, signed_in, threshold):
    browser, url = signed_in(sponsor), reverse("budget_settings")
    browser.post(url, {"approve_over": "15", "receipt_over": "25", "gifts_noticed_over": "100"})
    company = Organisation.get()
    assert (company.approve_over, company.receipt_over, company.gifts_noticed_over) == (15, 25, 100)
    assert browser.post(url, {"approve_over": "-1"}).status_code == 200
    browser.post(url, {})
    assert Organisation.get().approve_over is None


def test_the_companys_settings_have_them_too(sponsor, signed_in):
    page = get(signed_in(sponsor), "organisation")
    for name in ("approve_over", "receipt_over", "gifts_noticed_over", "trade"):
        assert f'name="{name}"' in page


# --- The nightly check ------------------------------------------------------------------------------------------


def test_books_that_differ_ring_for_sponsors(sponsor, manager, staff, signed_in, post_office, caplog):
    from staff.budget import ledger
    from staff.budget.news import news_for

    give(staff, 5)
    ledger.nightly()
    assert not caplog.records
    BudgetPeriod.objects.update(spent=6)
    for _ in range(2):
        ledger.nightly()
    post_office.deliver()
    assert [mail["To"].addresses[0].addr_spec for mail in post_office.mails] == ["olga@barber.example"]
    assert "Alarm" in post_office.mails[0]["Subject"]
    assert [record.levelname for record in caplog.records if record.name == "staff.budget.ledger"] == ["ERROR"] * 2
    assert "alert-danger" in get(signed_in(sponsor), "budget_settings")
    assert [news.kind for news in news_for(sponsor)] == ["alarm"]
    assert news_for(manager) == []
    BudgetPeriod.objects.update(spent=5)
    assert "alert-danger" not in get(signed_in(sponsor), "budget_settings")


# --- The file ---------------------------------------------------------------------------------------------------


def rows_of(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.fixture
def movements(staff, outsider, manager, make_customer):
    """Of June and July; today is in August."""
    with time_machine.travel(datetime(2026, 6, 15, 10, tzinfo=UTC), tick=False) as clock:
        give(staff, 3, make_customer("=Ada"))
        clock.move_to(datetime(2026, 7, 15, 10, tzinfo=UTC))
        give(staff, 4)
        give(outsider, 5)
        extra(manager, staff, 2)
        clock.move_to(datetime(2026, 8, 15, 10, tzinfo=UTC))
        yield


def test_the_ledger_as_a_file_of_some_months(movements, manager, signed_in):
    browser = signed_in(manager)
    fields = {"first": "2026-07-01", "last": "2026-06-01"}  # the other way round is understood
    header, *lines = rows_of(browser.post(reverse("budget_file"), fields))
    assert header[:5] == ["Month", "Person", "Time", "What", "Sum"]
    assert [(line[0], line[1], line[3], line[4]) for line in lines] == [
        ("2026-06", "Sam", "monthly sum", "20.00"), ("2026-06", "Sam", "spent", "3.00"),
        ("2026-07", "Sam", "monthly sum", "20.00"), ("2026-07", "Sam", "spent", "4.00"),
        ("2026-07", "Sam", "one-off extra", "2.00"),
    ]  # fmt: skip
    assert lines[1][6] == "'=Ada"  # a spreadsheet would run it
    assert lines[1][2] == "2026-06-15 12:00:00+02:00"
    assert AuditEntry.objects.get(verb="export_ledger").actor == manager


def test_a_sponsor_has_everybodys_months(movements, sponsor, signed_in):
    fields = {"first": "2026-07-01", "last": "2026-07-01"}
    lines = rows_of(signed_in(sponsor).post(reverse("budget_file"), fields))[1:]
    assert {line[1] for line in lines} == {"Sam", "Otto"}


@pytest.mark.parametrize("fields", [{}, {"first": "2026-05-01", "last": "2026-07-01"}, {"first": "x", "last": "y"}])
def test_months_that_are_not_offered_are_refused_in_words(fields, movements, manager, signed_in):
    page = signed_in(manager).post(reverse("budget_file"), fields, follow=True).content.decode()
    assert "Choose the months." in page
    assert not AuditEntry.objects.filter(verb="export_ledger").exists()


def test_an_own_page_never_shows_others_movements(movements, staff, colleague, signed_in):
    assert kinds(staff)
    assert "Spent ·" not in get(signed_in(colleague), "budget", month="2026-07").partition("Movements")[2]
    assert BudgetEntry.objects.filter(period__user=colleague).count() == 0
