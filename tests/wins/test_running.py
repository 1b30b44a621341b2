"""Running a meeting from several phones: nothing is lost, nothing counts twice."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from staff.wins import running as meeting_room
from staff.wins.models import AgendaItem, Turn, WinsMeeting
from tests.wins.conftest import key


def press(browser, url, **values):
    return browser.post(url, values, headers={"HX-Request": "true"})


def test_begin_puts_the_latest_on_the_agenda_and_twice_is_once(meeting, staff, colleague, make_moment, signed_in):
    make_moment("At the last minute")
    for person in (staff, colleague):
        assert signed_in(person).post(f"/wins/{meeting.pk}/begin/", {"sure": "1"}).status_code == 302
    row = WinsMeeting.objects.get(pk=meeting.pk)
    assert row.state == "running"
    assert row.items.get().moment.what == "At the last minute"
    began = row.began_at
    signed_in(staff).post(f"/wins/{meeting.pk}/begin/", {"sure": "1"})
    assert WinsMeeting.objects.get(pk=meeting.pk).began_at == began


def test_whoever_left_the_team_does_not_lead(meeting, staff):
    from staff.people.models import Membership

    gone = meeting.facilitator
    Membership.objects.filter(user=gone).update(until=timezone.now().date())
    meeting_room.begin_meeting(by=staff, meeting=meeting)
    row = WinsMeeting.objects.get(pk=meeting.pk)
    assert row.facilitator not in (gone, None)
    assert not row.turns.filter(user=gone).exists()


def test_the_others_phones_hear_only_of_changes(running, staff, colleague, signed_in):
    sams, cleos = signed_in(staff), signed_in(colleague)
    live = f"/wins/{running.pk}/live/?v="
    assert cleos.get(f"{live}{running.version}").status_code == 204
    turn = running.turns.first()
    press(sams, f"/wins/turns/{turn.pk}/mark/", seen="waiting", to="told")
    page = cleos.get(f"{live}{running.version}")
    assert page.status_code == 200
    assert f'v={WinsMeeting.objects.get(pk=running.pk).version}"' in page.content.decode()


def test_when_it_is_over_the_others_load_the_minutes(running, staff, colleague, signed_in):
    signed_in(staff).post(f"/wins/{running.pk}/end/")
    heard = signed_in(colleague).get(f"/wins/{running.pk}/live/?v={running.version}")
    assert heard.headers["HX-Refresh"] == "true"
    assert b"Minutes" in signed_in(colleague).get(f"/wins/{running.pk}/").content


def test_two_who_press_at_once_are_one_change_and_the_second_sees_what_stands(running, staff, colleague, signed_in):
    turn = running.turns.first()
    url = f"/wins/turns/{turn.pk}/mark/"
    press(signed_in(staff), url, seen="waiting", to="told")
    version = WinsMeeting.objects.get(pk=running.pk).version
    second = press(signed_in(colleague), url, seen="waiting", to="skipped")
    assert second.status_code == 200
    assert Turn.objects.get(pk=turn.pk).state == "told"
    assert WinsMeeting.objects.get(pk=running.pk).version == version


def test_a_press_may_be_taken_back(running, staff, signed_in):
    turn = running.turns.first()
    press(signed_in(staff), f"/wins/turns/{turn.pk}/mark/", seen="waiting", to="told")
    press(signed_in(staff), f"/wins/turns/{turn.pk}/mark/", seen="told", to="waiting")
    assert Turn.objects.get(pk=turn.pk).state == "waiting"


def test_a_told_moment_is_told_on_the_agenda_too(running, staff, make_moment, hold, team):
    moment = make_moment()
    AgendaItem.objects.create(meeting=running, kind="moment", moment=moment)
    turn = running.turns.get(user=staff)
    Turn.objects.filter(pk=turn.pk).update(moment=moment)
    turn.refresh_from_db()
    meeting_room.move_turn(by=staff, turn=turn, seen="waiting", to="told")
    assert running.items.get().state == "told"


def test_nothing_is_told_before_it_begins_or_after_it_ended(meeting, staff):
    turn = meeting.turns.first()
    assert not meeting_room.move_turn(by=staff, turn=turn, seen="waiting", to="told")
    meeting_room.begin_meeting(by=staff, meeting=meeting)
    meeting_room.end_meeting(by=staff, meeting=meeting)
    assert not meeting_room.move_turn(by=staff, turn=turn, seen="waiting", to="told")
    assert Turn.objects.get(pk=turn.pk).state == "waiting"


def test_notes_of_two_people_are_both_kept_and_the_same_words_are_once(running, staff, colleague, signed_in):
    item = meeting_room.add_item(by=staff, meeting=running, text="The window")
    url = f"/wins/items/{item.pk}/note/"
    for person, text in ((staff, "From Sam"), (colleague, "From Cleo"), (staff, "From Sam")):
        press(signed_in(person), url, text=text)
    assert AgendaItem.objects.get(pk=item.pk).notes == "From Sam\nFrom Cleo"


def test_a_note_that_comes_after_the_end_is_kept(running, staff, signed_in):
    turn = running.turns.first()
    meeting_room.end_meeting(by=staff, meeting=running)
    press(signed_in(staff), f"/wins/turns/{turn.pk}/mark/", seen="waiting", to="told", text="Typed while it ended")
    turn.refresh_from_db()
    assert (turn.notes, turn.state) == ("Typed while it ended", "waiting")


def test_an_item_that_is_sent_twice_is_one_and_after_the_end_it_is_the_next_meetings(running, staff, signed_in, team):
    url, values = f"/wins/{running.pk}/add/", {"text": "The window", "key": key()}
    for _time in range(2):
        press(signed_in(staff), url, **values)
    assert running.items.count() == 1
    meeting_room.end_meeting(by=staff, meeting=running)
    signed_in(staff).post(url, {"text": "Too late", "key": key()})
    following = WinsMeeting.objects.get(state="planned")
    assert [item.text for item in following.items.order_by("text")] == ["The window", "Too late"]


def test_items_move_up_and_down_and_stay_where_they_are_at_the_ends(running, staff, signed_in):
    made = [meeting_room.add_item(by=staff, meeting=running, text=text) for text in "ABC"]
    browser = signed_in(staff)

    def order() -> str:
        return "".join(item.text for item in running.items.all())

    press(browser, f"/wins/items/{made[2].pk}/move/", to="up")
    assert order() == "ACB"
    press(browser, f"/wins/items/{made[0].pk}/move/", to="up")
    assert order() == "ACB"
    press(browser, f"/wins/items/{made[0].pk}/move/", to="down")
    assert order() == "CAB"


def test_one_press_makes_an_action_an_idea_or_an_issue_and_two_make_no_second(
    running, staff, manager, signed_in, make_moment
):
    from delight.programme.models import Issue
    from staff.moments.models import Idea
    from staff.wins.actions import default_due
    from staff.wins.models import ActionItem

    moment = make_moment("An umbrella for the way home")
    item = AgendaItem.objects.create(meeting=running, kind="moment", moment=moment)
    browser = signed_in(staff)
    agreed = {"text": "Buy umbrellas", "owner": staff.pk, "due_on": default_due(running).isoformat()}
    for _time in range(2):
        press(browser, f"/wins/items/{item.pk}/action/", **agreed)
        press(browser, f"/wins/items/{item.pk}/idea/")
        press(browser, f"/wins/items/{item.pk}/issue/", kind="need")
    action, idea, issue = ActionItem.objects.get(), Idea.objects.get(), Issue.objects.get()
    assert (action.owner, action.text, action.due_on) == (staff, "Buy umbrellas", default_due(running))
    assert (idea.credited, idea.born_of) == (staff, moment)
    assert (issue.kind, issue.owner, issue.team) == ("need", manager, running.team)


def test_an_action_is_for_the_next_meeting_and_for_people_of_the_team(running, staff, outsider, signed_in):
    from staff.wins.actions import default_due
    from staff.wins.models import ActionItem

    assert default_due(running) == running.starts_at.date() + timedelta(days=7)
    item = meeting_room.add_item(by=staff, meeting=running, text="The window")
    for owner, due_on in ((outsider.pk, "2030-01-01"), (staff.pk, "2020-01-01")):
        press(signed_in(staff), f"/wins/items/{item.pk}/action/", text="Clean it", owner=owner, due_on=due_on)
    assert not ActionItem.objects.exists()


def test_what_got_in_the_way_is_an_issue_with_an_owner_and_stands_in_the_minutes(running, staff, manager, signed_in):
    from delight.programme.models import Issue

    values = {"text": "The dryer is too loud", "kind": "obstacle", "owner": manager.pk, "key": key()}
    for _time in range(2):
        said = press(signed_in(staff), f"/wins/{running.pk}/obstacle/", **values)
    assert b"Noted." in said.content
    issue = Issue.objects.get()
    assert (issue.raised_by, issue.owner, issue.team) == (staff, manager, running.team)
    meeting_room.end_meeting(by=staff, meeting=running)
    assert b"The dryer is too loud" in signed_in(staff).get(f"/wins/{running.pk}/").content


def test_absent_people_leave_a_story_that_is_read_out(plan, team, staff, colleague, signed_in):
    saved = signed_in(staff).post(f"/wins/teams/{team.pk}/mine/", {"story": "She came back", "is_absent": "on"})
    made = WinsMeeting.objects.get()
    assert saved.headers["Location"] == f"/wins/{made.pk}/"
    Turn.objects.filter(meeting=made).exclude(user=staff).update(state="told")
    meeting_room.begin_meeting(by=colleague, meeting=made)
    page = signed_in(colleague).get(f"/wins/{made.pk}/").content.decode()
    assert "to be read out for" in page
    assert "She came back" in page


def test_one_picks_among_ones_own_moments_only(plan, team, staff, colleague, signed_in, make_moment):
    own, others = make_moment("Mine"), make_moment("Not mine", by=colleague)
    browser, url = signed_in(staff), f"/wins/teams/{team.pk}/mine/"
    page = browser.get(url).content.decode()
    assert "Mine" in page
    assert "Not mine" not in page
    assert browser.post(url, {"moment": others.pk, "story": ""}).status_code == 422
    assert browser.post(url, {"moment": own.pk, "story": ""}).status_code == 302
    assert Turn.objects.get(user=staff).moment == own


def test_a_meeting_that_was_left_running_ends_by_itself(running):
    from staff.wins.meetings import hourly

    WinsMeeting.objects.update(began_at=timezone.now() - timedelta(hours=3))
    hourly()
    assert WinsMeeting.objects.get(pk=running.pk).state == "running"
    WinsMeeting.objects.update(began_at=timezone.now() - timedelta(hours=5))
    hourly()
    assert WinsMeeting.objects.get(pk=running.pk).state == "held"


@pytest.mark.django_db(transaction=True)
def test_many_phones_at_the_same_moment_lose_nothing(running, staff, colleague):
    """Each adds an item and a note, and all of them press the same turn."""
    item = meeting_room.add_item(by=staff, meeting=running, text="The window")
    turn, phones, won = running.turns.first(), 6, []
    start = threading.Barrier(phones)

    def phone(number: int) -> None:
        start.wait()
        try:
            meeting_room.add_note(by=staff, to=item, text=f"Note {number}")
            meeting_room.add_item(by=staff, meeting=running, text=f"Item {number}", key=key())
            won.append(meeting_room.move_turn(by=staff, turn=turn, seen="waiting", to="told"))
        finally:
            connection.close()

    threads = [threading.Thread(target=phone, args=[number]) for number in range(phones)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 5 + [True]
    assert sorted(AgendaItem.objects.get(pk=item.pk).notes.split("\n")) == [f"Note {n}" for n in range(phones)]
    assert running.items.filter(text__startswith="Item").count() == phones
    positions = list(running.items.values_list("position", flat=True))
    assert len(set(positions)) == len(positions)
    assert WinsMeeting.objects.get(pk=running.pk).version == running.version + 1 + 2 * phones + 1
