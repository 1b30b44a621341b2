"""What is kept of a meeting: the same on the page and in the mail, and nothing comes again that is done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from delight.outbox.models import Message
from staff.moments.models import Idea
from staff.wins import running as meeting_room
from staff.wins.actions import make_action
from staff.wins.meetings import prepare_meeting
from staff.wins.models import AgendaItem, Turn
from tests.conftest import text_of
from tests.wins.test_agenda import texts


@pytest.fixture
def minutes(staff, signed_in, post_office, later):
    """`minutes(meeting)`: it ends; what the page and Sam's mail say, in one line each."""

    def read(meeting):
        meeting_room.end_meeting(by=staff, meeting=meeting)
        later(minutes=1)
        post_office.deliver()
        mail = text_of(post_office.to(staff.email)[-1])
        page = signed_in(staff).get(f"/wins/{meeting.pk}/").content.decode()
        return [" ".join(words.split()) for words in (page, mail)]

    return read


def move(meeting, user, to) -> None:
    turn = meeting.turns.get(user=user)
    assert meeting_room.move_turn(by=user, turn=turn, seen=turn.state, to=to)


def test_whoever_was_not_there_is_named_though_their_story_was_read_out(running, staff, colleague, manager, minutes):
    Turn.objects.filter(meeting=running, user=colleague).update(story="Read this out")
    move(running, colleague, "absent")
    move(running, colleague, "told")
    move(running, manager, "absent")
    names = ", ".join(turn.user.name for turn in running.turns.exclude(user=staff).select_related("user"))
    for words in minutes(running):
        assert "Read this out" in words
        assert f"Not there: {names}" in words


def test_back_from_being_read_out_is_still_not_there_and_back_again_is_there(running, staff, colleague, signed_in):
    Turn.objects.filter(meeting=running, user=colleague).update(story="Read this out")
    move(running, colleague, "absent")
    move(running, colleague, "told")
    assert 'name="to" value="absent"' in signed_in(staff).get(f"/wins/{running.pk}/").content.decode()
    move(running, colleague, "absent")
    assert Turn.objects.get(meeting=running, user=colleague).is_away
    move(running, colleague, "waiting")
    assert not Turn.objects.get(meeting=running, user=colleague).is_away


def test_whoever_is_heard_next_time_is_named(running, staff, colleague, manager, minutes):
    move(running, staff, "told")
    move(running, colleague, "skipped")
    names = [turn.user.name for turn in running.turns.exclude(user=staff).select_related("user")]
    for words in minutes(running):
        assert f"To be heard next time: {', '.join(names)}" in words


def test_whoever_told_without_a_word_written_stands_without_an_empty_line(running, staff, colleague, minutes):
    for user in (staff, colleague):
        move(running, user, "told")
    meeting_room.add_note(by=staff, to=running.turns.get(user=staff), text="About the bus")
    for words in minutes(running):
        assert f"Also heard: {colleague.name}" in words
        assert f"{colleague.name}: " not in words


def test_only_ideas_made_in_the_meeting_are_new(running, staff, make_moment, minutes):
    old = Idea.objects.create(kind="do", text="An old idea", created_by=staff)
    Idea.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=30))
    known = AgendaItem.objects.create(meeting=running, kind="moment", moment=make_moment("Tea", idea=old))
    item = meeting_room.add_item(by=staff, meeting=running, text="A new idea")
    for each in (known, item):
        meeting_room.make_item_idea(by=staff, item=each)
    for words in minutes(running):
        assert "New ideas" in words
        assert "A new idea" in words.split("New ideas")[1]
        assert "An old idea" not in words


def test_what_waits_for_the_next_time_stands_on_the_page_and_in_the_mail(running, staff, make_moment, minutes):
    AgendaItem.objects.create(meeting=running, kind="moment", moment=make_moment("Tea for the postman"))
    for words in minutes(running):
        assert "Tea for the postman" in words.split("Next time")[1]


# --- Nothing twice ------------------------------------------------------------------------------------------------


def test_a_story_that_became_an_action_comes_again_only_as_the_action(plan, team, staff, hold, make_moment):
    make_moment("An umbrella for the way home")
    made = prepare_meeting(team)
    due_on = timezone.now().date() + timedelta(days=7)
    meeting_room.begin_meeting(by=staff, meeting=made)
    meeting_room.make_item_action(by=staff, item=made.items.get(), text="Buy umbrellas", owner=staff, due_on=due_on)
    meeting_room.end_meeting(by=staff, meeting=made)
    assert texts(prepare_meeting(team)) == ["Buy umbrellas"]


def test_a_story_in_own_words_that_became_something_is_not_left_for_the_next_time(running, staff, team):
    turn = running.turns.get(user=staff)
    Turn.objects.filter(pk=turn.pk).update(story="The umbrella")
    item = meeting_room.stand_for_story(by=staff, turn=turn)
    meeting_room.make_item_idea(by=staff, item=item)
    meeting_room.end_meeting(by=staff, meeting=running)
    assert Turn.objects.get(meeting=prepare_meeting(team), user=staff).story == ""


def test_customers_praise_and_what_was_agreed_come_before_what_is_left_over(
    plan, team, staff, hold, make_moment, thank
):
    make_moment("Left over")
    make_action(by=staff, meeting=hold(), text="Agreed", owner=staff, due_on=timezone.now().date())
    thank(staff, text="Thanks among colleagues, at length.")
    thank(staff, by=None, kind="praise", text="Praise from a customer, at length.")
    assert [text.split(",")[0] for text in texts(prepare_meeting(team))] == [
        "Agreed", "Praise from a customer", "Left over", "Thanks among colleagues",
    ]  # fmt: skip


# --- The history --------------------------------------------------------------------------------------------------


def test_what_was_found_is_shown_with_the_words_marked(running, staff, signed_in):
    turn = running.turns.get(user=staff)
    Turn.objects.filter(pk=turn.pk).update(story="It rained. The umbrella went out and came back the next day, dry.")
    move(running, staff, "told")
    meeting_room.end_meeting(by=staff, meeting=running)
    page = signed_in(staff).get("/wins/", {"words": "UMBRELLA"}).content.decode()
    assert "It rained. The <mark>umbrella</mark> went out" in page
    assert "<mark>" not in signed_in(staff).get("/wins/").content.decode()


def test_thanks_that_were_taken_back_are_found_no_more(running, staff, thank, signed_in):
    thanks = thank(staff, text="For the lighthouse keeper’s haircut.")
    AgendaItem.objects.create(meeting=running, kind="recognition", recognition=thanks, state="told")
    meeting_room.end_meeting(by=staff, meeting=running)
    found = signed_in(staff).get("/wins/", {"words": "lighthouse"}).content.decode()
    assert "<mark>lighthouse</mark>" in found
    thanks.is_private = True
    thanks.save()
    assert "Nothing with these words." in signed_in(staff).get("/wins/", {"words": "lighthouse"}).content.decode()


def test_lines_are_looked_for_as_often_for_many_meetings_as_for_one(
    plan, staff, hold, signed_in, django_assert_max_num_queries
):
    browser = signed_in(staff)
    for _week in range(3):
        make_action(by=staff, meeting=hold(), text="Buy towels", owner=staff, due_on=timezone.now().date())
        with django_assert_max_num_queries(16):
            browser.get("/wins/", {"words": "towels"})


def test_no_minutes_are_mailed_twice(running, staff, post_office, later):
    for _time in range(2):
        meeting_room.end_meeting(by=staff, meeting=running)
    assert Message.objects.filter(kind="wins-minutes").count() == 3
