"""Whatever happens in whatever order: no month is overdrawn, and each counter is the sum of its entries."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import transaction

from delight.organisation.models import Organisation
from staff.budget.models import BudgetEntry, BudgetPeriod
from staff.budget.sums import budget_now
from tests.budget.conftest import give
from tests.budget.story import ZONES, Story, play_histories


@pytest.mark.usefixtures("threshold")
def test_no_history_overdraws_a_month_or_loses_an_entry(staff, manager):
    """Some of them; the long tier plays five thousand."""
    assert play_histories(80, staff, manager) > 300


def test_the_judge_sees_an_entry_that_is_lost_and_a_month_that_is_overdrawn(staff, manager):
    story = Story(staff, manager, None)
    give(staff, 5)
    story.check()
    with transaction.atomic():
        BudgetPeriod.objects.update(spent=6)
        with pytest.raises(AssertionError):
            story.check()
        transaction.set_rollback(True)
    with transaction.atomic():
        BudgetEntry.objects.filter(kind="spend").update(amount=21)
        with pytest.raises(AssertionError):
            story.check()
        transaction.set_rollback(True)


def test_a_month_is_the_first_of_the_month_in_every_zone(organisation, staff):
    """At one moment it is July in New York and August in Auckland."""
    with time_machine.travel(datetime(2026, 8, 1, 1, 0, tzinfo=UTC), tick=False):
        months = {}
        for zone in ZONES:
            Organisation.objects.update(time_zone=zone)
            months[zone] = budget_now(staff, Organisation.get()).month
    assert months["America/New_York"] == date(2026, 7, 1)
    assert months["Pacific/Auckland"] == months["Europe/Kyiv"] == date(2026, 8, 1)
