"""A trial leaves out a fifth by chance, and only where it will come to an answer."""

from datetime import timedelta

import pytest

from delight.customers.models import Customer
from delight.lib.statistics import cases_needed
from staff.budget.models import today
from staff.moments import trials
from staff.moments.models import Occasion, OccasionKind
from staff.moments.occasions import make_occasions, take_care_of
from staff.moments.trials import CannotBeAnswered, is_left_out, outlook, start_trial

BIRTHDAY = OccasionKind.BIRTHDAY


@pytest.fixture
def day(organisation):
    return today(organisation)


@pytest.fixture
def enough(monkeypatch):
    """As if a handful were enough, so that a test need not write thousands of rows."""
    monkeypatch.setattr(trials, "cases_needed", lambda points, left_out: 0)


@pytest.fixture
def running(sponsor, enough, day):
    """A trial of birthdays that runs today."""
    from staff.moments.models import OccasionTrial

    trial = start_trial(by=sponsor, kind=BIRTHDAY, begins_on=day + timedelta(days=3))
    OccasionTrial.objects.update(begins_on=day, ends_on=day + timedelta(days=91), seed="a seed")
    trial.refresh_from_db()
    return trial


@pytest.fixture
def guests(organisation, day):
    """Three hundred customers whose birthday it is."""
    return Customer.objects.bulk_create(
        Customer(name=f"G{n}", phone=f"+3210{n:05}", phone_key=f"+3210{n:05}", birth_day=day.day, birth_month=day.month)
        for n in range(300)
    )


def test_the_numbers_are_those_of_the_formula():
    assert cases_needed(10, 20) == pytest.approx(1150, rel=0.01)
    assert cases_needed(5, 20) == pytest.approx(4700, rel=0.01)


def test_none_begins_where_there_are_too_few_occasions(sponsor, guests, day):
    make_occasions(day)
    assert outlook(BIRTHDAY, day).expected == 300
    with pytest.raises(CannotBeAnswered, match="too few"):
        start_trial(by=sponsor, kind=BIRTHDAY, begins_on=day + timedelta(days=3))


def test_it_takes_the_finest_difference_that_will_be_found(monkeypatch, sponsor, guests, day):
    make_occasions(day)
    monkeypatch.setattr(trials, "cases_needed", lambda points, left_out: {5: 301, 10: 300}[points])
    trial = start_trial(by=sponsor, kind=BIRTHDAY, begins_on=day + timedelta(days=3))
    assert (trial.points, trial.needed, trial.expected) == (10, 300, 300)
    assert (trial.ends_on - trial.begins_on).days == 91


def test_everybody_is_told_first(sponsor, enough, day):
    with pytest.raises(CannotBeAnswered, match="told first"):
        start_trial(by=sponsor, kind=BIRTHDAY, begins_on=day + timedelta(days=2))


def test_one_of_a_kind_at_a_time(sponsor, running, day):
    with pytest.raises(CannotBeAnswered, match="already"):
        start_trial(by=sponsor, kind=BIRTHDAY, begins_on=day + timedelta(days=5))


def test_chance_leaves_out_a_fifth_and_says_the_same_again():
    left_out = [number for number in range(20_000) if is_left_out("a seed", number)]
    assert left_out == [number for number in range(20_000) if is_left_out("a seed", number)]
    assert len(left_out) == pytest.approx(4000, abs=170)  # three standard deviations
    other = {number for number in range(20_000) if is_left_out("another", number)}
    assert len(other & set(left_out)) == pytest.approx(800, abs=85)


def test_the_group_is_recorded_and_can_be_worked_out_again(running, guests, day):
    make_occasions(day)
    rows = Occasion.objects.values_list("customer_id", "arm", "trial_id")
    assert len(rows) == 300
    assert {trial for _customer, _arm, trial in rows} == {running.pk}
    assert all((arm == "left_out") == is_left_out("a seed", customer) for customer, arm, _trial in rows)
    assert {arm for _customer, arm, _trial in rows} == {"shown", "left_out"}


def test_who_is_left_out_is_not_suggested(running, guests, day):
    make_occasions(day)
    left_out = set(Occasion.objects.filter(arm="left_out").values_list("pk", flat=True))
    assert left_out
    assert left_out.isdisjoint(Occasion.objects.open(day).values_list("pk", flat=True))


def test_nobody_is_left_out_after_a_complaint_a_low_answer_or_a_promise(running, guests, day):
    for customer in guests:
        take_care_of(customer, day + timedelta(days=30))
    make_occasions(day)
    assert Occasion.objects.open(day).count() == 300
    assert set(Occasion.objects.values_list("arm", "trial")) == {("", None)}


def test_a_complaint_that_comes_afterwards_brings_the_hint_back(running, guests, day):
    make_occasions(day)
    hidden = Occasion.objects.filter(arm="left_out").first()
    take_care_of(hidden.customer, day + timedelta(days=1))
    assert Occasion.objects.open(day).filter(pk=hidden.pk).exists()


def test_other_kinds_are_as_ever(running, day, make_customer, visit_today):
    visit_today(make_customer())
    make_occasions(day)
    assert Occasion.objects.get(kind="first_visit").arm == ""


@pytest.fixture
def visit_today(team, staff):
    from django.utils import timezone

    from delight.customers.models import Visit

    return lambda customer: Visit.objects.create(customer=customer, team=team, starts_at=timezone.now(), state="came")
