"""Many hands on one budget: exactly what fits is given out, nobody is locked out, and what happens without the guard.

The posts go through the page on which moments are logged, from threads with connections of their own.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Sum
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from delight.customers.models import Account
from delight.organisation.models import Organisation
from staff.budget import gifts, ledger, services
from staff.budget.granting import set_sum, top_up
from staff.budget.models import BudgetEntry, BudgetPeriod, MonthlySum, Spend
from staff.budget.services import Refused
from tests.budget.story import play_histories
from tests.conftest import make_person

pytestmark = pytest.mark.django_db(transaction=True)
HANDS = 20


@pytest.fixture
def budgets(organisation):
    """Staff have 100 a month, and sums were written before: the first one ever holds up all others."""
    Organisation.objects.update(currency_fixed_at=timezone.now())
    MonthlySum.objects.create(role="staff", amount=Decimal(100), since=date(2020, 1, 1))


def together(acts: list[Callable[[], object]], hands: int = HANDS) -> list[object]:
    """All acts, by many hands that begin at once; what they returned or raised."""
    found: list[object] = []
    start = threading.Barrier(hands)

    def run(mine: list[Callable[[], object]]) -> None:
        try:
            start.wait()
            for act in mine:
                try:
                    found.append(act())
                except Exception as trouble:
                    found.append(trouble)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[acts[hand::hands]]) for hand in range(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


# --- One budget -------------------------------------------------------------------------------------------------


def poster(user) -> Callable[[], int]:
    """Post one moment for 3 as that person; returns the status."""
    first = Client()
    first.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    url, cookies = reverse("moment_new"), first.cookies

    def post() -> int:
        browser = Client(headers={"Accept": "application/json"})
        browser.cookies = cookies
        fields = {"key": str(uuid4()), "whom": "walk-in", "what": "Coffee to go", "cost": "3"}
        return browser.post(url, fields).status_code

    return post


def flood(user, posts: int, hands: int = HANDS) -> Counter:
    return Counter(map(str, together([poster(user)] * posts, hands)))


def given_out(user) -> Decimal:
    """By the entries, whatever the counters say."""
    spent = BudgetEntry.objects.filter(period__user=user, kind="spend")
    return spent.aggregate(total=Sum("amount"))["total"] or Decimal(0)


def assert_exactly_what_fits(user, posts: int, answers: Counter) -> None:
    period = BudgetPeriod.objects.get(user=user)
    assert (given_out(user), period.spent) == (99, 99)
    assert Spend.objects.filter(period=period).count() == 33
    assert answers == {"201": 33, "422": posts - 33}  # taken, or refused with what is left; no error, nobody locked out
    assert not ledger.books_differ()


def test_of_many_posts_at_once_exactly_those_that_fit_are_accepted(budgets, team):
    person = make_person("Ada", team)
    assert_exactly_what_fits(person, 60, flood(person, 60))


@pytest.mark.long
def test_twenty_rounds_of_two_hundred_posts_on_one_budget(budgets, team, figures):
    began = time.monotonic()
    for number in range(20):
        person = make_person(f"Person{number}", team)
        assert_exactly_what_fits(person, 200, flood(person, 200))
    figures(f"20 x 200 posts, 33 accepted each time, {time.monotonic() - began:.0f} s")


def unguarded(period_id: int, counter: str, amount: Decimal, company) -> None:
    """What anybody would write first: look, then write."""
    period = BudgetPeriod.objects.get(pk=period_id)
    if period.left < amount:
        raise Refused("too much")
    time.sleep(0.005)
    setattr(period, counter, getattr(period, counter) + amount)
    period.save(update_fields=[counter])


@pytest.mark.slow
def test_without_the_condition_in_the_write_the_same_flood_overspends(budgets, team, monkeypatch):
    """The control."""
    monkeypatch.setattr(services, "_take_if_it_fits", unguarded)
    person = make_person("Ada", team)
    flood(person, 60)
    assert given_out(person) > 100
    assert ledger.books_differ()


# --- One company's year -----------------------------------------------------------------------------------------


def gifts_at_once(team, make_customer) -> Decimal:
    """Eight colleagues give 20 each to people of one company that takes 50 a year; returns what it got."""
    company = Account.objects.create(name="Studio Nord", gift_rule="up_to", gift_limit=50)
    acts = []
    for number in range(8):
        person, customer = make_person(f"Giver{number}", team), make_customer(f"Guest {number}", account=company)
        acts.append(lambda by=person, to=customer: services.spend(by=by, amount=Decimal(20), customer=to))
    found = together(acts, hands=8)
    assert all(isinstance(each, (Spend, Refused)) for each in found), found
    return gifts.given_this_year(Organisation.get(), account=company)


def test_two_gifts_at_once_never_pass_the_years_limit(budgets, team, make_customer):
    assert gifts_at_once(team, make_customer) == 40


def test_without_the_lock_on_the_company_they_do(budgets, team, make_customer, monkeypatch):
    """The control."""

    def slowly(*args, **kwargs) -> Decimal:
        found = gifts.given_this_year(*args, **kwargs)
        time.sleep(0.2)
        return found

    monkeypatch.setattr(services, "_lock", lambda account: account)
    monkeypatch.setattr(services, "given_this_year", slowly)
    assert gifts_at_once(team, make_customer) > 50


# --- Everything at once -----------------------------------------------------------------------------------------


def mixed(people, boss, rounds: int) -> list[object]:
    """Spending, taking back, extras, other sums from now, and the rounds, on the same few months."""

    def spend_and_take_back(person) -> None:
        spent = services.spend(by=person, amount=Decimal(2))
        if spent.pk % 2:
            services.give_back(by=person, spend=spent)

    acts: list[Callable[[], object]] = []
    for number in range(rounds):
        person = people[number % len(people)]
        acts += [
            lambda person=person: spend_and_take_back(person),
            lambda person=person: top_up(by=boss, user=person, amount=Decimal(1), note="", key=uuid4()),
            lambda number=number: set_sum(by=boss, role="staff", amount=Decimal(40 + number % 9), from_now=True),
            lambda person=person: spend_and_take_back(person),
            services.free_undecided,
        ]
    return together(acts)


def test_extras_other_sums_and_spending_at_once_stand_in_nobodys_way(budgets, team, sponsor):
    people = [make_person(name, team) for name in ("Ada", "Ben", "Eva")]
    found = mixed(people, sponsor, 12)
    assert not [each for each in found if isinstance(each, Exception) and not isinstance(each, Refused)]
    assert not ledger.books_differ()


def test_a_sum_set_from_now_misses_no_month_that_begins_in_the_same_moment(budgets, team, sponsor, monkeypatch):
    """While a first spend has read the old sum and not yet written its month, the new sum has to wait for it."""
    person, reading = make_person("Ada", team), threading.Event()
    plain = services.sum_for

    def slowly(*args):
        found = plain(*args)
        reading.set()
        time.sleep(0.3)
        return found

    monkeypatch.setattr(services, "sum_for", slowly)

    def set_meanwhile() -> None:
        reading.wait(5)
        set_sum(by=sponsor, role="staff", amount=Decimal(10), from_now=True)

    found = together([lambda: services.spend(by=person, amount=Decimal(4)), set_meanwhile], hands=2)
    assert not [each for each in found if isinstance(each, Exception)]
    assert BudgetPeriod.objects.get().granted == 10


def test_an_extra_pressed_twice_at_once_counts_once(budgets, team, sponsor):
    person, key = make_person("Ada", team), uuid4()
    act = lambda: top_up(by=sponsor, user=person, amount=Decimal(5), note="", key=key)  # noqa: E731
    found = together([act] * 10, hands=10)
    assert not [each for each in found if isinstance(each, Exception)]
    assert BudgetPeriod.objects.get().granted == 105
    assert not ledger.books_differ()


# --- Five thousand histories --------------------------------------------------------------------------------------


@pytest.mark.long
def test_five_thousand_histories_overdraw_nothing(budgets, organisation, team, sponsor, figures):
    organisation.approve_over = Decimal(10)
    organisation.save()
    began, person = time.monotonic(), make_person("Ada", team)
    actions = play_histories(5_000, person, sponsor)
    figures(f"5,000 histories, {actions} actions, {time.monotonic() - began:.0f} s")
