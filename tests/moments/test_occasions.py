"""Occasions are found in data at hand, come once, and go to whoever serves the customer."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from delight.customers.merging import merge_customers
from delight.customers.models import Customer, Visit
from staff.moments.models import Occasion, OccasionKind
from staff.moments.occasions import (
    dismiss_occasion,
    make_occasions,
    reopen_occasion,
    same_day,
    suggest,
    take_care_of,
    use_occasion,
)

DAY = date(2026, 5, 20)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.fixture
def visit(team, staff):
    """`visit(customer, day)`: they came on that day, served by Sam; or are expected."""

    def make(customer, day: date, state: str = "came", **fields) -> Visit:
        fields.setdefault("served_by", staff)
        return Visit.objects.create(customer=customer, team=team, starts_at=noon(day), state=state, **fields)

    return make


@pytest.fixture
def known(make_customer):
    """A customer whom we have known since a day."""

    def make(since: date = DAY, **fields) -> Customer:
        customer = make_customer(**fields)
        Customer.objects.filter(pk=customer.pk).update(created_at=noon(since))
        return customer

    return make


def found(day: date = DAY) -> list[tuple[str, str]]:
    make_occasions(day)
    return sorted(Occasion.objects.values_list("kind", "customer__name"))


def test_a_first_visit_of_somebody_new_is_one(known, visit):
    visit(known(name="Olena"), DAY, "planned")
    assert found() == [("first_visit", "Olena")]


def test_a_customer_known_for_long_has_no_first_visit_only_because_visits_were_not_noted(known, visit):
    visit(known(since=DAY - timedelta(days=61)), DAY)
    assert found() == []


def test_a_missed_visit_is_no_occasion(known, visit):
    visit(known(), DAY, "missed")
    assert found() == []


@pytest.mark.parametrize(("before", "kinds"), [(3, []), (4, ["fifth_visit"]), (5, [])])
def test_the_fifth_visit_is_the_one_after_four(known, visit, before, kinds):
    customer = known(since=DAY - timedelta(days=200))
    for number in range(before):
        visit(customer, DAY - timedelta(days=20 * (number + 1)))
    visit(customer, DAY, "planned")
    assert [kind for kind, _name in found()] == kinds


def test_the_anniversary_of_the_first_visit_comes_each_year_once(known, visit):
    customer = known()
    visit(customer, date(2024, 5, 20))
    visit(customer, date(2026, 5, 1))
    assert found() == found() == [("anniversary", customer.name)]
    make_occasions(date(2027, 5, 20))
    assert set(Occasion.objects.filter(kind="anniversary").values_list("cycle", flat=True)) == {"2026", "2027"}


def test_the_29th_of_february_is_kept_on_the_28th_of_short_years():
    leap = date(2024, 2, 29)
    assert same_day(leap, date(2028, 2, 29))
    assert same_day(leap, date(2027, 2, 28))
    assert not same_day(leap, date(2028, 2, 28))


@pytest.mark.parametrize(("day", "is_one"), [(date(2027, 2, 28), True), (date(2028, 2, 28), False)])
def test_a_birthday_on_the_29th_of_february_too(known, day, is_one):
    known(birth_day=29, birth_month=2)
    assert bool(found(day)) is is_one


def test_long_silence_is_twice_the_usual_time_and_two_months(known, visit):
    monthly, rare = known(name="Monthly"), known(name="Rare")
    for number in range(4):
        visit(monthly, DAY - timedelta(days=70 + 30 * number))
        visit(rare, DAY - timedelta(days=70 + 90 * number))
    assert found() == [("silence", "Monthly")]


def test_nobody_is_silent_who_has_a_visit_to_come(known, visit):
    customer = known()
    for number in range(4):
        visit(customer, DAY - timedelta(days=100 + 30 * number))
    visit(customer, DAY + timedelta(days=3), "planned")
    assert found() == []


def test_the_owner_gets_it_else_who_served_last_and_nobody_who_has_left(known, visit, staff, colleague, manager):
    for name, owner in (("Owned", manager), ("Served", None), ("Left", None)):
        visit(known(name=name, owner=owner), DAY, served_by=colleague if name == "Left" else staff)
    colleague.is_active = False
    colleague.save()
    make_occasions(DAY)
    assert dict(Occasion.objects.values_list("customer__name", "user__name")) == {
        "Owned": "Mert", "Served": "Sam", "Left": None,
    }  # fmt: skip


def test_the_month_s_edge_is_the_organisation_s(known, visit, organisation):
    """Half past eleven in the evening in Brussels is the next day in Auckland."""
    customer = known()
    row = visit(customer, DAY)
    Visit.objects.filter(pk=row.pk).update(starts_at=datetime(2026, 5, 20, 21, 30, tzinfo=UTC))
    organisation.time_zone = "Pacific/Auckland"
    organisation.save()
    assert found(DAY) == []
    assert found(DAY + timedelta(days=1)) == [("first_visit", customer.name)]


def test_used_and_dismissed_are_written_down_once(known, visit, staff, colleague):
    from staff.moments.models import Moment

    visit(known(), DAY)
    make_occasions(DAY)
    occasion = Occasion.objects.get()
    moment = Moment.objects.create(user=staff, what="A coffee on the house")
    assert use_occasion(by=staff, occasion=occasion, moment=moment)
    assert not dismiss_occasion(by=colleague, occasion=occasion)
    occasion.refresh_from_db()
    assert (occasion.state, occasion.decided_by, occasion.moment) == ("used", staff, moment)


def test_a_dismissal_can_be_taken_back(known, visit, staff):
    visit(known(), DAY)
    make_occasions(DAY)
    occasion = Occasion.objects.get()
    dismiss_occasion(by=staff, occasion=occasion)
    assert not Occasion.objects.open(DAY).exists()
    assert reopen_occasion(by=staff, occasion=occasion)
    assert Occasion.objects.open(DAY).get() == occasion


def test_it_is_open_from_its_day_until_it_is_too_late(known, visit):
    visit(known(), DAY)
    make_occasions(DAY)
    for days, is_open in ((-1, False), (0, True), (1, True), (2, False)):
        assert Occasion.objects.open(DAY + timedelta(days=days)).exists() is is_open


def test_two_entries_that_become_one_customer_keep_each_occasion_once(known, visit, manager, sponsor):
    keep, away = (
        known(name="Olena Koval", birth_day=20, birth_month=5),
        known(name="O Koval", birth_day=20, birth_month=5),
    )
    make_occasions(DAY)
    assert Occasion.objects.count() == 2
    merge_customers(by=sponsor, keep=keep, away=away, values={})
    assert Occasion.objects.get().customer == keep


def test_care_lasts_until_the_later_of_two_days(known):
    customer = known()
    take_care_of(customer, DAY)
    take_care_of(customer, DAY - timedelta(days=9))
    customer.refresh_from_db()
    assert customer.care_until == DAY


def test_a_higher_room_may_suggest_one_and_twice_is_once(known):
    customer = known()
    for _twice in range(2):
        suggest(kind=OccasionKind.REPAIRED, customer=customer, cycle="follow-up:7", due_on=timezone.localdate())
    assert Occasion.objects.filter(kind="repaired").count() == 1


def test_many_customers_take_as_many_queries_as_few(known, django_assert_max_num_queries):
    for number in range(30):
        known(name=f"Guest {number}", birth_day=DAY.day, birth_month=DAY.month)
    with django_assert_max_num_queries(16):
        make_occasions(DAY)
    assert Occasion.objects.count() == 30


def test_a_worker_that_was_off_loses_none(known, visit):
    """The look goes back as far as each kind lasts, and what is found late is dated as it was."""
    known(name="Born", birth_day=(DAY - timedelta(days=2)).day, birth_month=DAY.month)
    visit(known(name="New"), DAY - timedelta(days=1))
    old = known(name="Old")
    visit(old, DAY.replace(year=2025) - timedelta(days=6))
    assert found() == [("anniversary", "Old"), ("birthday", "Born"), ("first_visit", "New")]
    assert Occasion.objects.get(kind="birthday").due_on == DAY - timedelta(days=2)
    assert Occasion.objects.open(DAY).count() == 3


@pytest.mark.parametrize("days", [3, 9])
def test_what_is_too_late_is_not_suggested_any_more(known, days):
    day = DAY - timedelta(days=days)
    known(birth_day=day.day, birth_month=day.month)
    assert found() == []


def test_somebody_expected_yesterday_who_did_not_come_is_none(known, visit):
    visit(known(), DAY - timedelta(days=1), "planned")
    assert found() == []


def test_the_new_year_takes_the_old_years_birthday(known):
    known(birth_day=31, birth_month=12)
    make_occasions(date(2027, 1, 1))
    assert Occasion.objects.get().cycle == "2026"
    make_occasions(date(2027, 12, 31))
    assert Occasion.objects.count() == 2


def test_no_anniversary_of_who_has_been_away_for_two_years(known, visit):
    customer = known()
    visit(customer, date(2020, 5, 20))
    assert found() == []
    visit(customer, date(2025, 1, 1))
    assert found() == [("anniversary", customer.name)]


def test_where_who_served_has_left_it_is_the_teams(known, visit, colleague, team):
    visit(known(), DAY, served_by=colleague)
    colleague.is_active = False
    colleague.save()
    make_occasions(DAY)
    assert (Occasion.objects.get().user, Occasion.objects.get().team) == (None, team)


def test_a_repair_goes_to_who_served_last(known, visit, staff, team):
    customer = known()
    visit(customer, DAY - timedelta(days=4))
    made = suggest(kind=OccasionKind.REPAIRED, customer=customer, cycle="follow-up:7", due_on=DAY)
    assert (made.user, made.team) == (staff, team)
