"""The agenda builds itself, each thing once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from staff.moments.models import Moment
from staff.wins.agenda import agenda_for
from staff.wins.meetings import NotPlanned, prepare_meeting
from staff.wins.models import AgendaItem, Turn, WinsMeeting
from tests.wins.conftest import kinds


def texts(meeting) -> list[str]:
    from staff.wins.running import words_of

    return [words_of(item) for item in meeting.items.select_related("moment", "recognition", "action", "issue")]


def test_moments_thanks_answers_and_actions_come_by_themselves(plan, team, hold, make_moment, thank, answered, staff):
    from staff.wins.actions import make_action

    first = hold()
    make_action(by=staff, meeting=first, text="Buy towels", owner=staff, due_on=date(2030, 1, 1))
    make_moment(), thank(staff), answered()
    assert kinds(prepare_meeting(team)) == ["action", "issue", "recognition", "moment"]


def test_nothing_of_another_team_no_stub_no_private_thanks(plan, team, other_team, outsider, make_moment, thank, staff):
    make_moment(by=outsider, team=other_team)
    make_moment(state="stub")
    make_moment(state="withdrawn", withdrawn_at=timezone.now())
    thank(staff, is_private=True)
    thank(outsider)
    thank(staff, state="withdrawn")
    assert kinds(prepare_meeting(team)) == []
    thank(outsider, staff)
    assert kinds(prepare_meeting(team)) == ["recognition"]


def test_whoever_does_not_like_public_praise_is_not_praised_in_a_round(plan, team, thank, staff):
    from staff.recognition.models import Taste

    thank(staff)
    Taste.objects.create(user=staff, likes_public=False)
    assert kinds(prepare_meeting(team)) == []


def test_made_again_it_is_the_same_meeting_with_what_is_new(plan, team, make_moment):
    make_moment("One")
    first = prepare_meeting(team)
    make_moment("Two")
    again = prepare_meeting(team)
    assert again == first
    assert texts(again) == ["One", "Two"]
    assert WinsMeeting.objects.count() == 1


def test_without_a_plan_there_is_no_meeting(team):
    with pytest.raises(NotPlanned):
        prepare_meeting(team)


def test_what_was_told_comes_no_more_and_what_was_not_comes_once(plan, team, hold, make_moment):
    make_moment("Told"), make_moment("Not told")
    told = prepare_meeting(team).items.first()
    hold(told=[told])
    following = prepare_meeting(team)
    assert texts(following) == ["Not told"]
    assert following.items.get().carried_from is not None


def test_an_own_item_is_carried_once_with_its_notes(plan, team, hold, staff):
    from staff.wins.running import add_item, add_note

    item = add_item(by=staff, meeting=prepare_meeting(team), text="The window")
    add_note(by=staff, to=item, text="Ask the owner")
    hold()
    prepare_meeting(team)
    carried = prepare_meeting(team).items.get()
    assert (carried.text, carried.notes, carried.added_by) == ("The window", "Ask the owner", staff)


def test_what_is_left_out_does_not_come_again(plan, team, hold, make_moment):
    make_moment()
    AgendaItem.objects.filter(meeting=prepare_meeting(team)).update(state="left")
    hold()
    assert texts(prepare_meeting(team)) == []


def test_what_was_withdrawn_meanwhile_is_not_carried(plan, team, hold, make_moment):
    make_moment()
    hold()
    Moment.objects.update(state="withdrawn", withdrawn_at=timezone.now())
    assert texts(prepare_meeting(team)) == []


def test_a_moment_that_comes_while_the_meeting_begins_is_not_lost(plan, team, hold, make_moment):
    """Its row has the time before the beginning, and was not to be seen then."""
    held = hold()
    late = make_moment("Written meanwhile")
    Moment.objects.filter(pk=late.pk).update(created_at=held.began_at - timedelta(seconds=5))
    assert texts(prepare_meeting(team)) == ["Written meanwhile"]


def test_older_moments_than_a_week_are_not_for_the_first_meeting(plan, team, make_moment):
    Moment.objects.filter(pk=make_moment().pk).update(created_at=timezone.now() - timedelta(days=8))
    assert texts(prepare_meeting(team)) == []


def test_an_action_comes_until_it_is_done(plan, team, hold, staff):
    from staff.wins.actions import finish_action, make_action

    action = make_action(by=staff, meeting=hold(), text="Buy towels", owner=staff, due_on=date(2030, 1, 1))
    second = prepare_meeting(team)
    hold(told=list(second.items.all()))
    assert texts(prepare_meeting(team)) == ["Buy towels"]
    hold()
    finish_action(by=staff, action=action)
    assert texts(prepare_meeting(team)) == []


def test_an_answer_is_shown_in_one_meeting(plan, team, hold, staff, answered):
    from delight.programme.models import Issue
    from staff.wins.running import raise_obstacle

    first = prepare_meeting(team)
    issue = raise_obstacle(by=staff, meeting=first, kind="need", text="More towels")
    hold()
    assert texts(prepare_meeting(team)) == []
    Issue.objects.filter(pk=issue.pk).update(state="done", done="They are here", answered_at=timezone.now())
    second = prepare_meeting(team)
    assert texts(second) == ["More towels"]
    hold(told=list(second.items.all()))
    assert texts(prepare_meeting(team)) == []


def test_a_meeting_not_held_rolls_everything_over(plan, team, make_moment, staff):
    from staff.wins.meetings import hourly

    make_moment("From the first week")
    first = prepare_meeting(team)
    Turn.objects.filter(meeting=first, user=staff).update(story="About the umbrella")
    WinsMeeting.objects.update(starts_at=timezone.now() - timedelta(hours=23))
    hourly()
    assert WinsMeeting.objects.get(pk=first.pk).state == "planned"
    WinsMeeting.objects.update(starts_at=timezone.now() - timedelta(hours=25))
    hourly()
    make_moment("From the second week")
    second = prepare_meeting(team)
    assert WinsMeeting.objects.get(pk=first.pk).state == "not_held"
    assert second != first
    assert texts(second) == ["From the first week", "From the second week"]
    assert Turn.objects.get(meeting=second, user=staff).story == "About the umbrella"


def test_the_preview_says_what_will_stand_there_and_writes_nothing(
    plan, team, make_moment, staff, signed_in, django_assert_num_queries
):
    from staff.wins.meetings import unwritten

    make_moment("For the preview")
    assert [line.moment.what for line in agenda_for(unwritten(team, plan))] == ["For the preview"]
    page = signed_in(staff).get(f"/wins/teams/{team.pk}/")
    assert b"For the preview" in page.content
    assert not WinsMeeting.objects.exists()
    assert signed_in(staff).post(f"/wins/teams/{team.pk}/").status_code == 302
    assert texts(WinsMeeting.objects.get()) == ["For the preview"]


def test_everybody_of_the_team_has_a_turn_and_whoever_leads_is_last(meeting, staff, colleague, manager, outsider):
    turns = list(meeting.turns.all())
    assert {turn.user for turn in turns} == {staff, colleague, manager}
    assert turns[-1].user == meeting.facilitator


def test_the_rota_remembers_and_the_lead_is_passed_once(plan, team, hold, staff, colleague, manager):
    from staff.wins.meetings import pass_lead, rota

    leaders = [hold().facilitator for _week in range(4)]
    assert set(leaders[:3]) == {staff, colleague, manager}
    assert leaders[3] == leaders[0]
    made, order = prepare_meeting(team), rota(team)
    assert made.facilitator == order[0]
    assert pass_lead(by=staff, meeting=made, current=order[0].pk, to=order[1].pk)
    assert not pass_lead(by=colleague, meeting=made, current=order[0].pk, to=order[2].pk)  # both pressed at once
    assert hold().facilitator == order[1]
    assert rota(team)[0] == order[0]  # who was skipped is asked again next time
