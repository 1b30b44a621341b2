"""Months begin and end at the organisation's midnight, summer time or not; what is left lapses."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine

from staff.budget import ledger
from staff.budget.granting import set_sum
from staff.budget.models import BudgetPeriod
from staff.budget.services import Refused, change_amount, free_undecided, give_back
from staff.people.models import Membership
from tests.budget.conftest import extra, give, kinds, left

# The last second of a month and the first of the next one, by the clock on the wall there. In each zone one pair in
# winter, one in summer, and one right after the clocks change.
EDGES = [
    ("Europe/Kyiv", (2026, 2)), ("Europe/Kyiv", (2026, 3)), ("Europe/Kyiv", (2026, 10)), ("Europe/Kyiv", (2026, 12)),
    ("Pacific/Auckland", (2026, 3)), ("Pacific/Auckland", (2026, 4)), ("Pacific/Auckland", (2026, 9)),
    ("America/New_York", (2026, 2)), ("America/New_York", (2026, 3)), ("America/New_York", (2026, 10)),
]  # fmt: skip


def first_after(year: int, month: int) -> date:
    return (date(year, month, 1) + timedelta(days=32)).replace(day=1)


@pytest.mark.parametrize(("zone", "month"), EDGES)
def test_the_month_turns_at_the_organisations_midnight(zone, month, organisation, staff):
    organisation.time_zone = zone
    organisation.save()
    coming = first_after(*month)
    midnight = datetime(coming.year, coming.month, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    with time_machine.travel(midnight - timedelta(seconds=1), tick=False):
        give(staff, 20)
        with pytest.raises(Refused):
            give(staff, 1)
    with time_machine.travel(midnight, tick=False):
        assert left(staff) == 20
        give(staff, 20)
    months = list(BudgetPeriod.objects.order_by("month").values_list("month", flat=True))
    assert months == [date(*month, 1), coming]


@pytest.fixture
def july():
    """The middle of July; `july.move_to(…)` travels on."""
    with time_machine.travel(datetime(2026, 7, 15, 10, tzinfo=UTC), tick=False) as clock:
        yield clock


AUGUST = datetime(2026, 8, 2, 3, tzinfo=UTC)


def test_what_is_left_lapses_and_late_is_soon_enough(staff, july):
    give(staff, 6)
    july.move_to(AUGUST + timedelta(days=70))
    ledger.nightly()
    ledger.nightly()
    period = BudgetPeriod.objects.get()
    assert (period.lapsed, period.left) == (14, 0)
    assert kinds(staff)[-1] == ("lapse", 14)
    assert left(staff) == 20


def test_a_refund_comes_back_only_within_its_month(staff, july):
    early, late = give(staff, 5), give(staff, 6)
    assert give_back(by=staff, spend=early)
    july.move_to(AUGUST)
    assert not give_back(by=staff, spend=late)
    with pytest.raises(Refused, match="month is over"):
        change_amount(by=staff, spend=late, amount=Decimal(1))
    assert BudgetPeriod.objects.get(month=date(2026, 7, 1)).spent == 6
    assert left(staff) == 20


def test_what_waits_over_the_edge_goes_back_to_the_old_month_and_lapses_there(staff, july, threshold):
    july.move_to(datetime(2026, 7, 30, tzinfo=UTC))
    asked = give(staff, 15)
    july.move_to(AUGUST)
    ledger.nightly()
    old = BudgetPeriod.objects.get(month=date(2026, 7, 1))
    assert (old.held, old.lapsed) == (15, 5)
    assert give_back(by=staff, spend=asked)
    ledger.nightly()
    old.refresh_from_db()
    assert (old.held, old.lapsed, old.left) == (0, 20, 0)


def test_who_joins_on_the_last_day_has_the_whole_sum(team, july):
    from tests.conftest import make_person

    july.move_to(datetime(2026, 7, 31, 12, tzinfo=UTC))
    newcomer = make_person("Nora")
    Membership.objects.create(team=team, user=newcomer)
    assert left(newcomer) == 20
    give(newcomer, 20)


def test_a_changed_sum_counts_from_next_month(staff, manager, sponsor, july):
    give(staff, 5)
    set_sum(by=sponsor, amount=Decimal(50), role="staff")
    assert left(staff) == 15
    july.move_to(AUGUST)
    assert left(staff) == 50
    assert left(manager) == 40


def test_from_now_it_changes_the_month_that_has_begun_and_keeps_the_extras(staff, colleague, sponsor, july):
    give(staff, 5)
    extra(sponsor, staff, 10)
    set_sum(by=sponsor, amount=Decimal(30), role="staff", from_now=True)
    assert left(staff) == 35
    assert left(colleague) == 30
    assert kinds(staff)[-1] == ("grant", 10)


def test_from_now_it_never_goes_below_what_is_spent_and_waits(staff, sponsor, july, threshold):
    give(staff, 6)
    give(staff, 11)
    set_sum(by=sponsor, amount=Decimal(5), role="staff", from_now=True)
    period = BudgetPeriod.objects.get()
    assert (period.granted, period.left) == (17, 0)
    assert kinds(staff)[-1] == ("lower", 3)
    july.move_to(AUGUST)
    assert left(staff) == 5


def test_what_was_set_last_holds_also_where_another_sum_was_planned_before(staff, sponsor, july):
    """Seen: 30 planned for August won over 15 "from now", although that was said later."""
    set_sum(by=sponsor, user=staff, amount=Decimal(30))
    set_sum(by=sponsor, user=staff, amount=Decimal(15), from_now=True)
    assert left(staff) == 15
    july.move_to(AUGUST)
    assert left(staff) == 15


def test_an_own_sum_goes_before_the_roles_and_leads_back_to_it(staff, colleague, manager, july):
    set_sum(by=manager, user=staff, amount=Decimal(33), from_now=True)
    assert (left(staff), left(colleague)) == (33, 20)
    set_sum(by=manager, role="staff", amount=Decimal(25), from_now=True)
    assert (left(staff), left(colleague)) == (33, 25)
    set_sum(by=manager, user=staff, amount=None)
    assert left(staff) == 33
    july.move_to(AUGUST)
    assert left(staff) == 25


def test_what_nobody_decides_in_seven_days_is_free_again(staff, threshold, july):
    asked = give(staff, 15)
    july.shift(timedelta(days=7) - timedelta(seconds=1))
    assert free_undecided() == 0
    july.shift(1)
    assert free_undecided() == 1
    asked.refresh_from_db()
    assert (asked.state, left(staff)) == ("lapsed", 20)
    assert kinds(staff)[-2:] == [("hold", 15), ("release", 15)]
