"""The moments of the demo company are believable, and nothing of them is due."""

from datetime import timedelta

import pytest
from django.utils import timezone

from staff.moments.asking import lacking_receipts, to_tell
from staff.moments.models import Moment


@pytest.fixture
def demo(demo_company):
    """Dated from the beginning of the run."""


def test_three_months_of_moments(demo):
    now, told = timezone.now(), Moment.objects.told()
    assert told.count() > 60
    assert not Moment.objects.filter(happened_at__gt=now).exists()
    assert not Moment.objects.filter(created_at__gt=now - timedelta(minutes=30)).exists()
    assert told.filter(happened_at__lt=now - timedelta(days=60)).exists()
    assert told.values("team").distinct().count() == 3
    assert told.exclude(reaction="").exists()
    assert told.exclude(introduced_to=None).count() == 2
    assert Moment.objects.filter(state="withdrawn").count() == 1
    assert list(Moment.objects.filter(state="stub").values_list("user__email", flat=True)) == ["stylist@barber.example"]


def test_nothing_of_them_is_due(demo):
    from delight.outbox.models import Message

    assert not Message.objects.filter(kind__in=["receipt", "introduced"]).exists()
    for moment in Moment.objects.all():
        assert not to_tell(moment.user).exists()
        assert not lacking_receipts(moment.user).exists()


def test_what_was_spent_was_for_a_moment(demo):
    from staff.budget.models import Spend

    assert not Spend.objects.filter(moment=None).exists()
