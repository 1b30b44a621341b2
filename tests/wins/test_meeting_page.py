"""What the page of a meeting asks, offers and keeps: beginning, ending, the lead, notes, and what comes of a story."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from delight.outbox.models import Message
from staff.wins import running as meeting_room
from staff.wins.models import ActionItem, AgendaItem, Turn, WinsMeeting
from tests.wins.test_running import press


def page_of(browser, meeting) -> str:
    return browser.get(f"/wins/{meeting.pk}/").content.decode()


def state_of(meeting) -> str:
    return WinsMeeting.objects.get(pk=meeting.pk).state


def on_day(meeting, **ahead) -> None:
    """Move it so far from now."""
    meeting.starts_at = timezone.now() + timedelta(**ahead)
    meeting.save(update_fields=["starts_at"])


# --- Beginning --------------------------------------------------------------------------------------------------


def test_on_another_day_than_its_own_a_meeting_begins_only_after_a_question(meeting, staff, signed_in):
    on_day(meeting, days=7)
    browser, url = signed_in(staff), f"/wins/{meeting.pk}/begin/"
    assert "It is planned for" in page_of(browser, meeting)
    browser.post(url)
    assert state_of(meeting) == "planned"
    browser.post(url, {"sure": "1"})
    assert state_of(meeting) == "running"


def test_on_its_day_nothing_is_asked(meeting, staff, signed_in):
    on_day(meeting)
    browser = signed_in(staff)
    assert "It is planned for" not in page_of(browser, meeting)
    browser.post(f"/wins/{meeting.pk}/begin/")
    assert state_of(meeting) == "running"


def test_not_begun_after_all_as_long_as_nothing_was_told_or_written(running, staff, signed_in):
    browser, url = signed_in(staff), f"/wins/{running.pk}/unbegin/"
    assert url in page_of(browser, running)
    browser.post(url)
    assert state_of(running) == "planned"
    assert WinsMeeting.objects.get(pk=running.pk).began_at is None


@pytest.mark.parametrize("what", ["told", "note", "item note", "action", "obstacle"])
def test_what_was_told_or_written_in_it_keeps_it_begun(running, staff, signed_in, what):
    turn = running.turns.first()
    item = meeting_room.add_item(by=staff, meeting=running, text="The window")
    {
        "told": lambda: meeting_room.move_turn(by=staff, turn=turn, seen="waiting", to="told"),
        "note": lambda: meeting_room.add_note(by=staff, to=turn, text="A note"),
        "item note": lambda: meeting_room.add_note(by=staff, to=item, text="A note"),
        "action": lambda: meeting_room.make_item_action(
            by=staff, item=item, text="Clean it", owner=staff, due_on=timezone.now().date()
        ),
        "obstacle": lambda: meeting_room.raise_obstacle(by=staff, meeting=running, kind="need", text="Towels"),
    }[what]()
    browser, url = signed_in(staff), f"/wins/{running.pk}/unbegin/"
    assert url not in page_of(browser, running)
    browser.post(url)
    assert state_of(running) == "running"


def test_notes_and_obstacles_from_before_do_not_keep_it_begun(plan, team, staff, hold, signed_in):
    from staff.wins.meetings import prepare_meeting

    item = meeting_room.add_item(by=staff, meeting=prepare_meeting(team), text="The window")
    meeting_room.add_note(by=staff, to=item, text="From last time")
    hold()
    made = prepare_meeting(team)
    meeting_room.raise_obstacle(by=staff, meeting=made, kind="need", text="Towels")
    meeting_room.begin_meeting(by=staff, meeting=made)
    signed_in(staff).post(f"/wins/{made.pk}/unbegin/")
    assert state_of(made) == "planned"


def test_a_page_from_before_the_start_loses_its_button_by_the_refresh(meeting, staff, colleague, signed_in):
    browser = signed_in(colleague)
    live = f"/wins/{meeting.pk}/live/?v=none"
    assert f"/wins/{meeting.pk}/begin/" in browser.get(live).content.decode()
    meeting_room.begin_meeting(by=staff, meeting=meeting)
    shared = browser.get(live).content.decode()
    assert f"/wins/{meeting.pk}/begin/" not in shared
    assert f"/wins/{meeting.pk}/end/" in shared  # and it has the way to the end, which was not there before


# --- Ending -----------------------------------------------------------------------------------------------------


def test_the_end_is_asked_for_and_is_quiet_for_those_who_do_not_lead(running, staff, colleague, signed_in):
    WinsMeeting.objects.filter(pk=running.pk).update(facilitator=staff)
    leads, follows = page_of(signed_in(staff), running), page_of(signed_in(colleague), running)
    assert "Is it over? The minutes go to everybody" in leads
    assert "You do not lead this meeting." in follows
    assert 'class="btn btn-wide">End the meeting' in leads
    assert 'class="btn btn-wide">End the meeting' not in follows


def test_not_over_yet_holds_the_minutes_back_and_the_next_end_sends_them(
    running, staff, manager, signed_in, post_office, later
):
    browser = signed_in(staff)
    browser.post(f"/wins/{running.pk}/end/")
    assert "Not over yet" in page_of(browser, running)
    browser.post(f"/wins/{running.pk}/reopen/")
    assert state_of(running) == "running"
    later(minutes=1)
    assert post_office.deliver() == []
    browser.post(f"/wins/{running.pk}/end/")
    later(minutes=1)
    assert len([mail for mail in post_office.deliver() if "Minutes" in mail["Subject"]]) == 3


def test_what_has_been_mailed_is_over(running, staff, signed_in, post_office, later):
    browser = signed_in(staff)
    browser.post(f"/wins/{running.pk}/end/")
    later(minutes=1)
    post_office.deliver()
    assert "Not over yet" not in page_of(browser, running)
    browser.post(f"/wins/{running.pk}/reopen/")
    assert state_of(running) == "held"
    assert set(Message.objects.filter(kind="wins-minutes").values_list("state", flat=True)) == {"sent"}


# --- Who leads --------------------------------------------------------------------------------------------------


def test_the_lead_goes_to_whoever_is_picked_of_those_who_are_there(meeting, staff, colleague, manager, signed_in):
    WinsMeeting.objects.filter(pk=meeting.pk).update(facilitator=manager)
    meeting_room.prepare_turn(
        by=staff, turn=meeting.turns.get(user=staff), moment=None, story="Read it", is_absent=True
    )
    browser, url = signed_in(colleague), f"/wins/{meeting.pk}/leader/"
    page = page_of(browser, meeting)
    assert f'id="leader-{colleague.pk}"' in page
    assert f'id="leader-{staff.pk}"' not in page
    press(browser, url, current=manager.pk, to=staff.pk)
    assert WinsMeeting.objects.get(pk=meeting.pk).facilitator == manager
    press(browser, url, current=manager.pk, to=colleague.pk)
    assert WinsMeeting.objects.get(pk=meeting.pk).facilitator == colleague


# --- The card of whoever tells ------------------------------------------------------------------------------------


@pytest.mark.parametrize("to", ["told", "skipped", "absent", "waiting"])
def test_each_press_on_the_card_keeps_the_note_that_stands_typed_there(running, staff, signed_in, to):
    turn = running.turns.first()
    press(signed_in(staff), f"/wins/turns/{turn.pk}/mark/", seen="waiting", to=to, text="She laughed")
    turn.refresh_from_db()
    assert (turn.state, turn.notes) == (to, "She laughed")
    if to != "waiting":
        press(signed_in(staff), f"/wins/turns/{turn.pk}/mark/", seen=to, to="waiting")
    assert "She laughed" in page_of(signed_in(staff), running)


def test_the_note_about_a_moment_stays_with_it(running, staff, signed_in, make_moment):
    moment = make_moment()
    item = AgendaItem.objects.create(meeting=running, kind="moment", moment=moment)
    turn = running.turns.get(user=staff)
    Turn.objects.filter(pk=turn.pk).update(moment=moment)
    press(signed_in(staff), f"/wins/turns/{turn.pk}/mark/", seen="waiting", to="told", text="She laughed")
    item.refresh_from_db()
    assert (item.state, item.notes) == ("told", "She laughed")


def test_a_note_typed_beside_an_item_goes_along_when_it_is_told(running, staff, signed_in):
    item = meeting_room.add_item(by=staff, meeting=running, text="The window")
    assert f'hx-include="#note-item-{item.pk}-text"' in page_of(signed_in(staff), running)
    press(signed_in(staff), f"/wins/items/{item.pk}/mark/", seen="waiting", to="told", text="Clean it")
    item.refresh_from_db()
    assert (item.state, item.notes) == ("told", "Clean it")


def test_when_the_round_is_over_it_says_who_was_not_heard(running, staff, colleague, manager, signed_in):
    for user, to in ((staff, "told"), (colleague, "skipped"), (manager, "absent")):
        meeting_room.move_turn(by=staff, turn=running.turns.get(user=user), seen="waiting", to=to)
    page = " ".join(page_of(signed_in(staff), running).split())
    assert "Everybody has been heard" not in page
    assert f"Next time: {colleague.name}" in page
    assert f"Not here: {manager.name}" in page


def test_something_is_made_of_a_story_in_own_words_and_it_stands_nowhere_twice(running, staff, colleague, signed_in):
    turn = running.turns.first()
    Turn.objects.filter(pk=turn.pk).update(story="The umbrella came back, dry.")
    browser, url = signed_in(colleague), f"/wins/turns/{turn.pk}/make/"
    assert url in page_of(browser, running)
    for _time in range(2):
        press(browser, url)
    item = AgendaItem.objects.get(turn=turn)
    press(browser, f"/wins/items/{item.pk}/idea/")
    item.refresh_from_db()
    assert item.became_idea.text == "The umbrella came back, dry."
    press(browser, f"/wins/turns/{turn.pk}/mark/", seen="waiting", to="told")
    meeting_room.end_meeting(by=staff, meeting=running)
    assert page_of(browser, running).count("The umbrella came back, dry.") == 2  # the story, and the new idea


def test_without_words_there_is_no_item_for_a_story(running, staff, signed_in):
    turn = running.turns.first()
    press(signed_in(staff), f"/wins/turns/{turn.pk}/make/")
    assert not AgendaItem.objects.exists()


# --- The agenda -------------------------------------------------------------------------------------------------


def test_an_action_needs_words_and_is_shown_with_its_day(running, staff, signed_in):
    item = meeting_room.add_item(by=staff, meeting=running, text="The window")
    browser, url = signed_in(staff), f"/wins/items/{item.pk}/action/"
    refused = press(browser, url, text=" ", owner=staff.pk, due_on="2030-01-15")
    assert (refused.status_code, refused.content) == (422, b"Say what is to be done.")
    assert not ActionItem.objects.exists()
    page = press(browser, url, text="Clean it", owner=staff.pk, due_on="2030-01-15").content.decode()
    assert "Clean it – " in page
    assert "until 01/15/2030" in page or "until 15 Jan 2030" in page


def test_a_long_agenda_is_folded_and_nothing_of_it_is_lost(running, staff, signed_in):
    for number in range(9):
        meeting_room.add_item(by=staff, meeting=running, text=f"Thing {number}")
    shown, folded = page_of(signed_in(staff), running).split('id="rest"')
    assert "Thing 5" in shown
    assert "3 more" in folded
    assert [f"Thing {number}" in folded for number in range(9)] == [False] * 6 + [True] * 3


def test_one_press_puts_an_item_first(running, staff, signed_in):
    made = [meeting_room.add_item(by=staff, meeting=running, text=text) for text in "ABCD"]
    press(signed_in(staff), f"/wins/items/{made[3].pk}/move/", to="first")
    assert "".join(item.text for item in running.items.all()) == "DABC"


# --- What somebody will tell --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("picked", "said"),
    [
        ({"story": ""}, "You have picked nothing to tell so far"),
        ({"story": "", "is_absent": "on"}, "there is nothing to read out for you"),
        ({"story": "She came back"}, "It is on the agenda."),
    ],
)
def test_what_is_said_about_ones_story_is_true(plan, team, staff, signed_in, picked, said):
    page = signed_in(staff).post(f"/wins/teams/{team.pk}/mine/", picked, follow=True).content.decode()
    assert said in page
    assert ("It is on the agenda." in page) == (picked["story"] != "")


def test_one_sees_ones_own_story_before_the_meeting_and_others_do_not(meeting, staff, colleague, signed_in):
    Turn.objects.filter(meeting=meeting, user=staff).update(story="The umbrella came back")
    assert "The umbrella came back" in page_of(signed_in(staff), meeting)
    others = page_of(signed_in(colleague), meeting)
    assert "has something to tell" in others
    assert "The umbrella came back" not in others
