"""A holiday that comes or goes moves what is open and not yet late, with its reminders."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from delight.customers.models import Account
from delight.organisation.models import AuditEntry, Holiday, Organisation
from delight.organisation.services import update_organisation
from delight.outbox.models import Message
from surveys.followups.models import FollowUp


@pytest.fixture
def close_on(sponsor, signed_in):
    """`close_on(day)`: the sponsor adds a holiday."""
    browser = signed_in(sponsor)
    return lambda day: browser.post(reverse("holidays"), {"day": day.isoformat(), "name": "Closed"})


@pytest.fixture
def open_again(sponsor, signed_in):
    browser = signed_in(sponsor)
    return lambda: browser.post(reverse("holiday_remove", args=[Holiday.objects.get().pk]))


def day_of(follow_up):
    return follow_up.due_at.astimezone(Organisation.get().zone).date()


def next_open(day, organisation) -> datetime:
    """Closing time of the first working day after this one."""
    day += timedelta(days=1)
    while day.isoweekday() > 5:
        day += timedelta(days=1)
    return datetime.combine(day, organisation.closes_at, tzinfo=organisation.zone)


def reminders_of(follow_up) -> list[datetime]:
    rows = Message.objects.filter(key__in=[f"follow-up:{follow_up.pk}:{step}" for step in (1, 2)]).order_by("key")
    assert all(row.due_at == row.promised_at for row in rows)
    return [row.due_at for row in rows]


def test_another_closing_time_moves_it_too(follow_up, sponsor, organisation):
    update_organisation(by=sponsor, closes_at=time(20))
    before = follow_up.due_at
    follow_up.refresh_from_db()
    assert follow_up.due_at.astimezone(organisation.zone).time() == time(20)
    assert reminders_of(follow_up)[0] == follow_up.due_at != before


def test_a_holiday_on_the_day_it_is_due_moves_it_with_its_reminders_and_back(
    follow_up, close_on, open_again, sponsor, organisation
):
    before, later = follow_up.due_at, next_open(day_of(follow_up), organisation)
    close_on(day_of(follow_up))
    follow_up.refresh_from_db()
    assert follow_up.due_at == later
    assert reminders_of(follow_up) == [later, later + timedelta(hours=1)]
    open_again()
    follow_up.refresh_from_db()
    assert follow_up.due_at == before
    assert reminders_of(follow_up) == [before, before + timedelta(hours=1)]
    entries = AuditEntry.objects.filter(verb="reschedule_follow_up", object_id=follow_up.pk, actor=sponsor)
    assert [entry.fields for entry in entries] == [["due_at"], ["due_at"]]


def test_a_holiday_that_touches_nothing_moves_nothing(follow_up, close_on):
    close_on(day_of(follow_up) + timedelta(days=400))
    assert FollowUp.objects.get().due_at == follow_up.due_at
    assert not AuditEntry.objects.filter(verb="reschedule_follow_up").exists()


@pytest.mark.parametrize("state", ["overdue", "closed"])
def test_what_is_late_or_closed_stays_as_it_is(state, follow_up, close_on):
    now = timezone.now()
    moment = {"overdue": {"due_at": now - timedelta(hours=1)}, "closed": {"closed_at": now}}[state]
    FollowUp.objects.update(**moment)
    before = FollowUp.objects.get().due_at
    close_on(day_of(follow_up))
    assert FollowUp.objects.get().due_at == before


def test_nobody_becomes_late_because_a_holiday_goes(follow_up, close_on, open_again):
    close_on(day_of(follow_up))
    FollowUp.objects.update(counted_from=timezone.now() - timedelta(days=20))  # without it, due long ago
    before = FollowUp.objects.get().due_at
    open_again()
    assert FollowUp.objects.get().due_at == before


def test_a_reminder_that_has_left_is_not_sent_again(follow_up, close_on, fall_due):
    fall_due(follow_up)
    sent = Message.objects.get(key=f"follow-up:{follow_up.pk}:1")
    assert sent.state == "sent"
    FollowUp.objects.update(due_at=follow_up.due_at)
    close_on(day_of(follow_up))
    assert FollowUp.objects.get().due_at > follow_up.due_at
    assert Message.objects.get(pk=sent.pk).due_at == sent.due_at


def test_a_happy_one_counts_its_five_days_and_a_hastened_one_its_one(
    answered, make_customer, staff, close_on, open_again, organisation
):
    customer = make_customer(account=Account.objects.create(name="Studio Nord"), owner=staff)
    answered(customer, 10)
    happy = FollowUp.objects.get()
    close_on(day_of(happy))
    assert FollowUp.objects.get().due_at == next_open(day_of(happy), organisation)
    open_again()
    answered(customer, 3)
    hastened = FollowUp.objects.get()
    assert hastened.due_at < happy.due_at
    close_on(day_of(hastened))
    assert FollowUp.objects.get().due_at == next_open(day_of(hastened), organisation)


def test_many_are_moved_at_once(follow_up, make_customer, close_on, django_assert_max_num_queries):
    fields = {"asked": "unhappy", "due_at": follow_up.due_at, "counted_from": follow_up.counted_from}
    FollowUp.objects.bulk_create(FollowUp(customer=make_customer(f"Customer {n}"), **fields) for n in range(30))
    with django_assert_max_num_queries(30 + 40):  # a line of the trail for each
        close_on(day_of(follow_up))
    assert FollowUp.objects.filter(due_at__gt=follow_up.due_at).count() == 31
