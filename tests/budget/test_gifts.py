"""What customers and companies may be given, and what managers see of it."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from delight.customers.models import Account
from staff.budget.services import Refused, approve, change_amount, give_back
from tests.budget.conftest import extra, give, left


@pytest.fixture
def company(organisation):
    return Account.objects.create(name="Studio Nord")


@pytest.fixture
def rich(staff, sponsor):
    """Sam has 520 this month."""
    extra(sponsor, staff, 500)
    return staff


@pytest.fixture
def guest(company, make_customer, team):
    return make_customer("Ines Brandt", account=company, team=team)


def rule(company, name: str, limit=None, **more) -> None:
    for field, value in {"gift_rule": name, "gift_limit": limit, **more}.items():
        setattr(company, field, value)
    company.save()


def test_a_company_begins_with_free_gestures_only(guest, staff):
    with pytest.raises(Refused, match=r"Studio Nord takes no gifts that cost money\. A free gesture is welcome\."):
        give(staff, 1, guest)


@pytest.mark.parametrize("closed", ["is_public_body", "has_open_bid"])
def test_a_public_body_and_an_open_bid_mean_none_whatever_the_rule(closed, company, guest, staff):
    rule(company, "up_to", 100)
    give(staff, 1, guest)
    rule(company, "up_to", 100, **{closed: True})
    with pytest.raises(Refused, match="takes no gifts"):
        give(staff, 1, guest)


def test_up_to_a_sum_a_year_for_all_people_of_the_company(company, guest, rich, make_customer):
    rule(company, "up_to", 50)
    other = make_customer("Jan Brandt", account=company)
    first = give(rich, 30, guest)
    with pytest.raises(Refused, match=r"Studio Nord may get 20 EUR more this year"):
        give(rich, 21, other)
    give(rich, 20, other)
    give_back(by=rich, spend=first)
    give(rich, 30, other)


def test_a_changed_cost_counts_once_against_the_year(company, guest, rich):
    rule(company, "up_to", 50)
    spent = give(rich, 30, guest)
    assert change_amount(by=rich, spend=spent, amount=Decimal(50)).amount == 50
    with pytest.raises(Refused):
        change_amount(by=rich, spend=spent, amount=Decimal(51))


def test_the_year_is_the_organisations(company, guest, rich, sponsor, organisation):
    rule(company, "up_to", 50)
    organisation.time_zone = "Pacific/Auckland"
    organisation.save()
    with time_machine.travel(datetime(2026, 12, 31, 10, 59, tzinfo=UTC), tick=False) as clock:
        extra(sponsor, rich, 100)
        give(rich, 50, guest)
        clock.move_to(datetime(2026, 12, 31, 11, 0, tzinfo=UTC))  # midnight there
        extra(sponsor, rich, 100)
        give(rich, 50, guest)
        with pytest.raises(Refused):
            give(rich, 1, guest)


def test_where_a_manager_is_asked_every_sum_waits(company, guest, staff, manager):
    rule(company, "ask")
    asked = give(staff, 1, guest)
    assert asked.state == "held"
    assert approve(by=manager, spend=asked).state == "spent"


def test_what_waits_is_not_approved_once_a_bid_is_open(company, guest, staff, manager):
    rule(company, "ask")
    asked = give(staff, 5, guest)
    rule(company, "ask", has_open_bid=True)
    with pytest.raises(Refused, match="takes no gifts"):
        approve(by=manager, spend=asked)
    assert left(staff) == 15


# --- The company's form -----------------------------------------------------------------------------------------


def test_the_rule_stands_in_the_companys_form(company, manager, guest, staff, signed_in):
    browser, url = signed_in(manager), reverse("account_edit", args=[company.pk])
    fields = {"name": "Studio Nord", "gift_rule": "up_to"}
    assert "Say up to what sum a year." in browser.post(url, fields).content.decode()
    browser.post(url, {**fields, "gift_limit": "12"})
    give(staff, 12, guest)
    browser.post(url, {**fields, "gift_limit": "100", "has_open_bid": "on"})
    with pytest.raises(Refused):
        give(staff, 1, guest)


# --- The page ---------------------------------------------------------------------------------------------------


def rows(browser, show: str) -> list[str]:
    page = browser.get(reverse("gifts"), {"show": show}).content.decode()
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [" ".join(part.split()) for part in body.split("<tr>")[1:]]


def test_the_years_total_and_a_warning_over_the_limit(rich, manager, make_customer, team, organisation, signed_in):
    organisation.gifts_noticed_over = Decimal(30)
    organisation.save()
    much, little = make_customer("Ada", team=team), make_customer("Ben", team=team)
    for amount, customer in ((20, much), ("10.01", much), (30, little)):
        give(rich, amount, customer)
    give_back(by=rich, spend=give(rich, 5, little))
    first, second = rows(signed_in(manager), "customers")
    assert "Ada" in first
    assert "30.01 EUR" in first
    assert "over the limit" in first
    assert "Ben" in second
    assert "30 EUR" in second
    assert "over the limit" not in second


def test_companies_stand_with_their_rule(company, guest, rich, sponsor, signed_in):
    rule(company, "up_to", 80)
    give(rich, 30, guest)
    [row] = rows(signed_in(sponsor), "companies")
    assert "Studio Nord" in row
    assert "up to 80 EUR a year" in row
    assert "30 EUR" in row


def test_giving_to_the_same_customer_again_and_again_is_shown(rich, colleague, manager, make_customer, team, signed_in):
    friend = make_customer("Ada", team=team)
    give(colleague, 3, friend)
    for _ in range(2):
        give(rich, 5, friend)
    assert rows(signed_in(manager), "again") == []
    give(rich, 5, friend)
    [row] = rows(signed_in(manager), "again")
    assert "Ada" in row
    assert "Sam" in row
    assert ">3 times</td>" in row


def test_a_manager_sees_own_peoples_gifts_and_own_customers_with_the_whole_total(
    staff, outsider, other_manager, manager, make_customer, team, other_team, signed_in
):
    ours = make_customer("Ada", team=team)
    give(staff, 5, ours)
    give(outsider, 6, ours)
    give(staff, 4, make_customer("Ben", team=team))
    [row] = rows(signed_in(other_manager), "customers")
    assert "Ada" in row
    assert "11 EUR" in row
    assert len(rows(signed_in(manager), "customers")) == 2


def test_an_erased_customer_has_no_name_there(staff, manager, make_customer, team, signed_in):
    from django.utils import timezone

    customer = make_customer("Ada", team=team)
    give(staff, 5, customer)
    type(customer).objects.filter(pk=customer.pk).update(name="", erased_at=timezone.now())
    [row] = rows(signed_in(manager), "customers")
    assert "an erased customer" in row


@pytest.mark.parametrize(("show", "queries"), [("customers", 10), ("companies", 12), ("again", 10)])
def test_the_lists_ask_the_same_however_long_they_are(
    show, queries, sponsor, make_customer, signed_in, django_assert_num_queries
):
    browser, url = signed_in(sponsor), reverse("gifts")

    def add(number: int) -> None:
        company = Account.objects.create(name=f"Company {number}", gift_rule="up_to", gift_limit=100)
        customer = make_customer(f"Person {number}", account=company)
        for _ in range(3):
            give(sponsor, 1, customer)

    add(1)
    browser.get(url)
    with django_assert_num_queries(queries):
        assert len(rows(browser, show)) == 1
    add(2)
    add(3)
    with django_assert_num_queries(queries):
        assert len(rows(browser, show)) == 3
