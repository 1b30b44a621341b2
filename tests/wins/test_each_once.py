"""Nothing is told twice, carried twice or lost, also when two press at the same moment."""

from __future__ import annotations

import threading
from datetime import time

import pytest
import time_machine
from django.db import connection

from staff.wins import meetings
from staff.wins import running as meeting_room
from staff.wins.agenda import agenda_for
from staff.wins.meetings import prepare_meeting
from staff.wins.models import AgendaItem, Turn, WinsMeeting
from tests.wins.conftest import key


def test_a_moment_that_is_picked_while_the_meeting_runs_is_told_once(running, staff, team, make_moment, signed_in):
    moment = make_moment("Just now, at the door")
    signed_in(staff).post(f"/wins/teams/{team.pk}/mine/", {"moment": moment.pk, "story": ""})
    turn = running.turns.get(user=staff)
    assert turn.moment == moment
    meeting_room.move_turn(by=staff, turn=turn, seen="waiting", to="told")
    meeting_room.end_meeting(by=staff, meeting=running)
    assert moment not in [line.moment for line in agenda_for(WinsMeeting(team=team))]


@pytest.mark.parametrize("how", ["told", "left"])
def test_a_story_that_was_put_off_and_then_told_is_nobodys_turn_again(how, running, staff, team, make_moment, hold):
    moment = make_moment("Tea in the rain")
    item = AgendaItem.objects.create(meeting=running, kind="moment", moment=moment)
    turn = running.turns.get(user=staff)
    meeting_room.prepare_turn(by=staff, turn=turn, moment=moment, story="", is_absent=False)
    turn.refresh_from_db()
    meeting_room.move_turn(by=staff, turn=turn, seen="waiting", to="skipped")
    meeting_room.mark_item(by=staff, item=item, seen="waiting", to=how)
    meeting_room.end_meeting(by=staff, meeting=running)
    coming = prepare_meeting(team)
    assert coming.turns.get(user=staff).moment is None
    assert not coming.items.filter(moment=moment).exists()


def test_stopped_and_set_again_it_is_still_this_weeks(team, manager, staff, make_moment):
    """A slip of a manager's on Monday takes no meeting from Tuesday."""
    with time_machine.travel("2026-09-07 09:00:00+00:00", tick=False):  # a Monday
        plan = meetings.set_plan(by=manager, team=team, weekday=2, at=time(10), time_zone="Europe/Brussels")
        first = prepare_meeting(team).starts_at
        item = meeting_room.add_item(by=staff, meeting=prepare_meeting(team), text="The window")
        meetings.stop_plan(by=manager, team=team)
    with time_machine.travel("2026-09-07 09:05:00+00:00", tick=False):
        meetings.set_plan(by=manager, team=team, weekday=2, at=time(10), time_zone="Europe/Brussels")
        again = prepare_meeting(team)
        assert again.starts_at == first
        assert [each.carried_from for each in again.items.all()] == [item]
        assert plan.team == team


def at_once(*presses) -> list[BaseException]:
    """Everybody presses at the same moment; what went wrong."""
    start, wrong = threading.Barrier(len(presses)), []

    def run(press) -> None:
        connection.ensure_connection()
        start.wait()
        try:
            press()
        except BaseException as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[press]) for press in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


@pytest.mark.django_db(transaction=True)
def test_an_item_that_is_sent_twice_at_the_same_moment_is_one(running, staff):
    same, made = key(), []
    wrong = at_once(
        *[lambda: made.append(meeting_room.add_item(by=staff, meeting=running, text="The window", key=same).pk)] * 6
    )
    assert not wrong
    assert len(made) == 6
    assert len(set(made)) == 1


@pytest.mark.django_db(transaction=True)
def test_made_while_it_begins_nothing_stands_twice(plan, team, hold, staff, colleague, make_moment):
    last = hold()
    meeting_room.add_item(by=staff, meeting=prepare_meeting(team), text="The window")
    meeting_room.begin_meeting(by=staff, meeting=prepare_meeting(team))
    meeting_room.end_meeting(by=staff, meeting=WinsMeeting.objects.get(team=team, state="running"))
    coming = prepare_meeting(team)
    for _round in range(5):
        AgendaItem.objects.filter(meeting=coming).delete()
        Turn.objects.filter(meeting=coming).delete()
        WinsMeeting.objects.filter(pk=coming.pk).update(state="planned", version=10)
        wrong = at_once(
            lambda: meeting_room.begin_meeting(by=staff, meeting=coming),
            lambda: prepare_meeting(team),
            lambda: prepare_meeting(team),
            lambda: meeting_room.begin_meeting(by=colleague, meeting=coming),
        )
        assert not wrong
        assert [item.text for item in AgendaItem.objects.filter(meeting=coming)] == ["The window"]
    assert last.state == "held"


def test_what_is_sent_again_with_other_words_is_not_lost(running, staff, signed_in):
    """The line went after the first sending had arrived; the words were changed, and sent again."""
    same, browser = key(), signed_in(staff)
    for text in ("The window", "The window is broken", "The window is broken"):
        browser.post(f"/wins/{running.pk}/add/", {"text": text, "key": same})
        browser.post(f"/wins/{running.pk}/obstacle/", {"text": text, "kind": "need", "key": same})
    own = [item.text for item in running.items.filter(kind="own")]
    assert own == ["The window", "The window is broken"]
    assert [item.issue.text for item in running.items.filter(kind="issue")] == own
