"""A team that meets on Tuesdays at ten, and things that happened there."""

from __future__ import annotations

from datetime import time
from uuid import uuid4

import pytest
from django.utils import timezone


@pytest.fixture
def plan(team, manager):
    """Mill Lane meets on Tuesdays at ten, Brussels time."""
    from staff.wins.meetings import set_plan

    return set_plan(by=manager, team=team, weekday=2, at=time(10), time_zone="Europe/Brussels")


@pytest.fixture
def make_moment(staff, team):
    """`make_moment("Tea", by=…)`: a free moment that was told."""
    from staff.moments.models import Moment

    def make(what="Tea in the rain", by=None, **fields):
        return Moment.objects.create(**{"user": by or staff, "team": team, "what": what} | fields)

    return make


@pytest.fixture
def thank(colleague):
    """`thank(staff)`: public thanks from Cleo."""
    from staff.recognition.models import Recipient, Recognition

    def make(*users, by=colleague, text="For staying late with the new apprentice.", **fields):
        made = Recognition.objects.create(by=by, text=text, **fields)
        for user in users:
            Recipient.objects.create(recognition=made, user=user, by=by)
        return made

    return make


@pytest.fixture
def answered(team, staff):
    """`answered("The dryer")`: what got in Sam's way, with its answer."""
    from delight.programme.models import Issue

    def make(text="The dryer is too loud.", **fields):
        facts = {"state": "done", "done": "A new one is here.", "answered_at": timezone.now()}
        return Issue.objects.create(
            **{"kind": "obstacle", "text": text, "team": team, "raised_by": staff} | facts | fields
        )

    return make


@pytest.fixture
def meeting(plan, team, staff, colleague):
    """The next meeting, made and not begun: Mert, Sam and Cleo are expected."""
    from staff.wins.meetings import prepare_meeting

    return prepare_meeting(team)


@pytest.fixture
def running(meeting, staff):
    """It runs."""
    from staff.wins.running import begin_meeting

    begin_meeting(by=staff, meeting=meeting)
    meeting.refresh_from_db()
    return meeting


@pytest.fixture
def hold(team, staff):
    """`hold()`: the next meeting is made, begun and ended."""
    from staff.wins.meetings import prepare_meeting
    from staff.wins.models import WinsMeeting
    from staff.wins.running import begin_meeting, end_meeting

    def do(*, told=()):
        from staff.wins.models import AgendaItem

        made = prepare_meeting(team)
        begin_meeting(by=staff, meeting=made)
        AgendaItem.objects.filter(meeting=made, pk__in=[item.pk for item in told]).update(state="told")
        end_meeting(by=staff, meeting=made)
        return WinsMeeting.objects.get(pk=made.pk)

    return do


@pytest.fixture
def later(db):
    """`later(days=3)`: what waits in the outbox is due that much sooner; the database's clock decides what is due."""
    from datetime import timedelta

    from django.db.models import F

    from delight.outbox.models import Message

    def do(**time):
        step = timedelta(**time)
        Message.objects.filter(state="waiting").update(due_at=F("due_at") - step, promised_at=F("promised_at") - step)

    return do


def kinds(meeting) -> list[str]:
    """What stands on the agenda, in order."""
    return [item.kind for item in meeting.items.all()]


def key() -> str:
    return str(uuid4())
