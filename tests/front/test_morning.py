"""The managers' morning mail."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from delight.front.morning import plan_mornings
from delight.organisation.models import Holiday
from delight.outbox.models import Message, Progress
from delight.outbox.pump import run_due
from delight.outbox.rounds import run_rounds
from staff.people.models import Membership, User
from surveys.followups.models import FollowUp
from tests.conftest import html_of, make_person, text_of

MONDAY = datetime(2031, 3, 3, 8, 5, tzinfo=UTC)  # 9.05 in Brussels, where work begins at 9
pytestmark = pytest.mark.django_db


@pytest.fixture
def waits(make_customer):
    """`waits("Olena Koval", owner, team)`: a conversation that is due since an hour (or `due` hours)."""

    def do(name: str, owner, team=None, *, due: float = -1, now=MONDAY) -> FollowUp:
        customer = make_customer(name, owner=owner, team=team)
        return FollowUp.objects.create(
            customer=customer, owner=owner, team=team, asked="unhappy", due_at=now + timedelta(hours=due)
        )

    return do


@pytest.fixture
def nora(team):
    """Nora cuts hair in Mill Lane and has no e-mail address."""
    user = User.objects.create_user(None, name="Nora", login_name="nora")
    Membership.objects.create(user=user, team=team, since=datetime(2020, 1, 1).date())  # noqa: DTZ001
    return user


def planned(at: datetime = MONDAY) -> list[Message]:
    with time_machine.travel(at, tick=False):
        plan_mornings()
    return list(Message.objects.filter(kind="morning").order_by("pk"))


def test_those_without_an_address_stand_first(waits, staff, nora, manager, team, sponsor, post_office):
    waits("Ada Sam", staff, team, due=-30)
    waits("Olena Nora", nora, team)
    rows = planned()
    assert [(row.object_id, row.key) for row in rows] == [(manager.pk, f"morning:{manager.pk}:2031-03-03")]
    now = timezone.now()
    Message.objects.update(due_at=now, promised_at=now)  # the database's clock is today's
    FollowUp.objects.update(due_at=now - timedelta(hours=1))
    (mail,) = [mail for mail in post_office.deliver() if "due today" in mail["Subject"]]
    text = text_of(mail)
    assert mail["To"].addresses[0].addr_spec == manager.email
    assert mail["Subject"].startswith("2 conversations")
    assert text.index("Nora (no e-mail") < text.index("Olena Nora") < text.index("\nSam\r") < text.index("Ada Sam")
    assert "Ada Sam" in html_of(mail)
    assert "whose=team" in text


@pytest.mark.parametrize(
    "day",
    [
        datetime(2031, 3, 3, 7, 55, tzinfo=UTC),  # before work begins
        datetime(2031, 3, 2, 8, 5, tzinfo=UTC),  # a Sunday
        datetime(2031, 3, 4, 8, 5, tzinfo=UTC),  # a holiday
    ],
)
def test_there_is_none_before_work_or_on_a_day_off(waits, staff, manager, team, day):
    Holiday.objects.create(day=datetime(2031, 3, 4).date(), name="Day off")  # noqa: DTZ001
    waits("Olena Koval", staff, team, due=-72)
    assert planned(day) == []
    assert len(planned(MONDAY)) == 1  # the control


def test_there_is_none_when_nothing_is_due_today(waits, staff, manager, team):
    waits("Olena Koval", staff, team, due=30)
    assert planned() == []


def test_a_manager_reads_of_the_own_people_only(waits, staff, outsider, manager, other_manager, team, other_team):
    waits("Olena Koval", staff, team)
    waits("Mark Oduya", manager, team)  # one's own: there is a reminder for it, and it stands on Today
    assert [row.object_id for row in planned()] == [manager.pk]


def test_what_no_manager_hears_of_goes_to_the_sponsor(waits, staff, outsider, manager, sponsor, team, other_team):
    waits("Olena Koval", staff, team)
    waits("Mark Oduya", outsider, other_team)  # a team without a manager
    waits("Ida Berg", None)
    assert {row.object_id for row in planned()} == {manager.pk, sponsor.pk}
    Message.objects.all().delete()
    Progress.objects.all().delete()
    FollowUp.objects.exclude(customer__name="Olena Koval").delete()
    assert {row.object_id for row in planned()} == {manager.pk}


def test_managers_without_an_address_or_who_have_left_get_none(waits, staff, team):
    for name, fields in (("Mira", {"is_active": False}), ("Mona", {})):
        make_person(name, team, "manager", **fields)
    User.objects.filter(name="Mona").update(email=None)
    waits("Olena Koval", staff, team)
    assert planned() == []


def test_once_a_day_and_again_the_next(waits, staff, manager, team):
    later = waits("Mark Oduya", staff, team)
    FollowUp.objects.update(closed_at=MONDAY)
    assert planned() == []
    FollowUp.objects.filter(pk=later.pk).update(closed_at=None)
    assert planned(MONDAY + timedelta(hours=2)) == []  # this morning is over
    assert len(planned(MONDAY + timedelta(days=1))) == 1
    assert len(planned(MONDAY + timedelta(days=1, minutes=1))) == 1


def test_a_worker_that_was_off_makes_up_for_it_and_what_is_too_late_is_listed(waits, staff, manager, team, post_office):
    waits("Olena Koval", staff, team)
    (row,) = planned(MONDAY + timedelta(hours=5))
    assert row.promised_at == datetime(2031, 3, 3, 8, tzinfo=UTC)
    now = timezone.now()
    Message.objects.update(due_at=now, promised_at=now - timedelta(hours=6, minutes=5))
    assert post_office.deliver() == []
    row.refresh_from_db()
    assert (row.state, row.reason) == ("skipped", "too_late")


def test_what_is_done_in_the_meantime_needs_no_mail(waits, staff, manager, team, post_office):
    waits("Olena Koval", staff, team)
    (row,) = planned()
    now = timezone.now()
    Message.objects.update(due_at=now, promised_at=now)
    FollowUp.objects.update(closed_at=now)
    run_due()
    row.refresh_from_db()
    assert (row.state, row.reason) == ("skipped", "done")


def test_every_ring_looks_whether_it_is_morning(waits, staff, manager, team, monkeypatch):
    from delight.outbox.rounds import ROUNDS

    waits("Olena Koval", staff, team)
    assert "morning" in ROUNDS
    for name in set(ROUNDS) - {"morning"}:
        monkeypatch.delitem(ROUNDS, name)
    with time_machine.travel(MONDAY, tick=False):
        run_rounds()
        run_rounds()
    assert Message.objects.filter(kind="morning").count() == 1
    assert Progress.objects.filter(name="round:morning").count() == 1


def test_a_round_that_fails_stops_no_other(monkeypatch, organisation):
    from delight.outbox import rounds

    went = []

    def fails():
        raise RuntimeError("no")

    monkeypatch.setattr(rounds, "ROUNDS", {})
    rounds.register_round("first", timedelta(hours=1), fails)
    rounds.register_round("second", timedelta(hours=1), lambda: went.append(1))
    run_rounds()
    run_rounds()
    assert went == [1]
    Progress.objects.filter(name="round:second").update(at=timezone.now() - timedelta(hours=2))
    run_rounds()
    assert went == [1, 1]
