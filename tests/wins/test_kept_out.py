"""What does not belong into meetings: words that were taken back, names of erased customers, hidden rooms."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from delight.front.rights import erase_customer
from delight.outbox.models import Message
from delight.programme.models import Issue
from staff.moments.models import Idea, Moment
from staff.recognition.models import Recognition
from staff.wins import running as meeting_room
from staff.wins.agenda import agenda_for
from staff.wins.meetings import prepare_meeting
from staff.wins.models import ActionItem, AgendaItem, Turn, WinsMeeting
from tests.conftest import html_of, text_of

SECRET = "Two days off, since the divorce is hard enough."


@pytest.fixture
def taken_back(plan, team, manager, staff, thank):
    """What Mert did for Sam stood on the agenda while both agreed; then one of them did not any more."""
    made = thank(staff, by=manager, kind="treat", text=SECRET)
    meeting = prepare_meeting(team)
    meeting_room.begin_meeting(by=manager, meeting=meeting)
    item = meeting.items.get(recognition=made)
    meeting_room.mark_item(by=manager, item=item, seen="waiting", to="told")
    Recognition.objects.filter(pk=made.pk).update(is_private=True)
    return item


@pytest.mark.parametrize("what", ["issue", "action", "idea"])
def test_nothing_is_made_of_words_that_are_private_again(what, taken_back, colleague, signed_in):
    day = (taken_back.meeting.starts_at + timedelta(days=7)).date()
    values = {"kind": "need", "owner": colleague.pk, "due_on": f"{day}"}
    answer = signed_in(colleague).post(f"/wins/items/{taken_back.pk}/{what}/", values)
    assert answer.status_code == 302
    assert not Issue.objects.exists()
    assert not ActionItem.objects.exists()
    assert not Idea.objects.exists()
    if what == "action":  # in words of one's own it may be
        signed_in(colleague).post(f"/wins/items/{taken_back.pk}/{what}/", values | {"text": "A new roster"})
        assert ActionItem.objects.get().text == "A new roster"


def test_nothing_is_made_of_a_moment_that_was_withdrawn(running, colleague, staff, team, signed_in, make_moment):
    moment = make_moment("Told to me alone")
    item = AgendaItem.objects.create(meeting=running, kind="moment", moment=moment)
    Moment.objects.filter(pk=moment.pk).update(state="withdrawn")
    for what in ("issue", "idea"):
        signed_in(colleague).post(f"/wins/items/{item.pk}/{what}/", {"kind": "need"})
    assert not Issue.objects.exists()
    assert not Idea.objects.exists()


def test_what_is_private_again_is_not_found_by_its_words(taken_back, colleague, signed_in):
    meeting_room.end_meeting(by=colleague, meeting=taken_back.meeting)
    page = f'href="/wins/{taken_back.meeting_id}/"'
    found = signed_in(colleague).get("/wins/", {"words": "divorce"}).content.decode().split("</nav>")[-1]
    assert page not in found
    Recognition.objects.update(is_private=False)
    assert page in signed_in(colleague).get("/wins/", {"words": "divorce"}).content.decode()


# --- Moments without words of their own -------------------------------------------------------------------------


@pytest.fixture
def by_idea(make_moment, staff):
    idea = Idea.objects.create(kind="do", text="Walk them to the door", created_by=staff)
    return make_moment("", idea=idea)


def test_an_issue_of_it_says_what_its_idea_says(by_idea, running, staff, signed_in):
    item = running.items.get(moment=by_idea)
    signed_in(staff).post(f"/wins/items/{item.pk}/issue/", {"kind": "need"})
    assert Issue.objects.get().text == "Walk them to the door"


def test_mails_say_it_too(by_idea, team, plan, staff, post_office, later):
    meeting = prepare_meeting(team)
    Message.objects.filter(kind="wins-before").update(due_at=timezone.now(), promised_at=timezone.now())
    mail = next(mail for mail in post_office.deliver() if staff.email in mail["To"])
    assert "Walk them to the door" in text_of(mail)
    assert "Walk them to the door" in html_of(mail)
    meeting_room.begin_meeting(by=staff, meeting=meeting)
    item = meeting.items.get()
    meeting_room.mark_item(by=staff, item=item, seen="waiting", to="told")
    meeting_room.end_meeting(by=staff, meeting=meeting)
    later(minutes=1)
    mail = next(mail for mail in post_office.deliver() if staff.email in mail["To"])
    assert "Walk them to the door" in text_of(mail)
    assert "Walk them to the door" in html_of(mail)


# --- An erased customer -----------------------------------------------------------------------------------------


def test_the_name_of_an_erased_customer_is_in_no_minutes(
    running, staff, colleague, sponsor, make_customer, make_moment, signed_in, team
):
    olena = make_customer("Olena Koval", team=team, address_as="Olena")
    moment = make_moment("Olena lost her keys, and we found them.", customer=olena)
    item = AgendaItem.objects.create(meeting=running, kind="moment", moment=moment)
    meeting_room.add_note(by=staff, to=item, text="For Olena a spare key at the desk")
    own = meeting_room.add_item(by=staff, meeting=running, text="Olena Koval asks for a parking place")
    meeting_room.add_note(by=staff, to=own, text="Olena’s car is long")
    turn = running.turns.get(user=staff)
    meeting_room.prepare_turn(by=staff, turn=turn, moment=moment, story="Olena was so glad.", is_absent=False)
    meeting_room.add_note(by=colleague, to=turn, text="Write to Olena Koval")
    day = (running.starts_at + timedelta(days=7)).date()
    meeting_room.make_item_action(by=staff, item=item, text="Write to Olena Koval", owner=staff, due_on=day)
    meeting_room.make_item_issue(by=staff, item=item, kind="need", owner=None)
    other = meeting_room.add_item(by=staff, meeting=running, text="The window is broken")
    erase_customer(by=sponsor, customer=olena, never_write=False)
    told = [*AgendaItem.objects.values_list("text", "notes"), *Turn.objects.values_list("story", "notes")]
    told += [*ActionItem.objects.values_list("text"), *Issue.objects.values_list("text", "done")]
    assert "Olena" not in str(told)
    assert "Koval" not in str(told)
    assert AgendaItem.objects.get(pk=other.pk).text == "The window is broken"
    assert "parking place" in AgendaItem.objects.get(pk=own.pk).text
    assert "spare key at the desk" in AgendaItem.objects.get(pk=item.pk).notes
    meeting_room.end_meeting(by=staff, meeting=running)
    assert b"Olena" not in signed_in(colleague).get(f"/wins/{running.pk}/").content


def test_praise_and_issues_without_words_are_not_carried(
    plan, team, hold, make_customer, thank, staff, answered, sponsor
):
    olena = make_customer(team=team)
    thank(staff, by=None, kind="praise", customer=olena, text="Sam was wonderful to me.")
    answered().customers.add(olena)
    assert {item.kind for item in hold().items.all()} == {"recognition", "issue"}
    erase_customer(by=sponsor, customer=olena, never_write=False)
    assert not agenda_for(WinsMeeting(team=team))


# --- Hidden rooms -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("room", "stays"), [("recognition", "moment"), ("moments", "recognition")])
def test_what_is_hidden_in_the_settings_is_on_no_agenda(
    room, stays, organisation, plan, team, hold, make_moment, thank, staff, signed_in
):
    hold()
    make_moment("Tea in the rain")
    thank(staff)
    made = prepare_meeting(team)
    assert {line.kind for line in made.items.all()} == {"moment", "recognition"}
    organisation.hidden_rooms = [room]
    organisation.save()
    AgendaItem.objects.all().delete()
    assert [line.kind for line in agenda_for(made)] == [stays]
    page = signed_in(staff).get(f"/wins/teams/{team.pk}/mine/").content.decode()
    assert ("Tea in the rain" in page) is (room != "moments")


# --- Odd input --------------------------------------------------------------------------------------------------


def test_the_end_of_the_calendar_is_no_day_for_an_action(running, staff, signed_in):
    item = meeting_room.add_item(by=staff, meeting=running, text="The window")
    values = {"owner": staff.pk, "due_on": "9999-12-31"}
    assert signed_in(staff).post(f"/wins/items/{item.pk}/action/", values).status_code == 302
    assert not ActionItem.objects.exists()


def test_nobody_is_called_to_read_out_what_was_withdrawn(running, staff, colleague, make_moment, signed_in):
    moment, turn = make_moment("Tea in the rain"), running.turns.get(user=staff)
    meeting_room.prepare_turn(by=staff, turn=turn, moment=moment, story="", is_absent=True)
    called = signed_in(colleague).get(f"/wins/{running.pk}/").context
    assert turn in [called["turn"], *called["queue"]]
    Moment.objects.filter(pk=moment.pk).update(state="withdrawn")
    called = signed_in(colleague).get(f"/wins/{running.pk}/").context
    assert turn not in [called["turn"], *called["queue"]]
