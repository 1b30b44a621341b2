"""When a team meets, its calendar, and the mails around a meeting."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

import icalendar
import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from delight.outbox.models import Message
from staff.people.models import Membership
from staff.wins.meetings import hourly, prepare_meeting, set_plan, stop_plan
from staff.wins.models import MeetingPlan, WinsMeeting
from staff.wins.news import minutes_news, next_meeting_for
from tests.conftest import text_of

FORM = {"weekday": "2", "at": "10:00", "minutes": "10", "time_zone": "Europe/Brussels"}


def test_a_manager_sets_it_once_and_staff_may_not(team, staff, manager, other_manager, signed_in):
    url = f"/wins/teams/{team.pk}/plan/"
    assert signed_in(staff).post(url, FORM).status_code == 403
    assert signed_in(other_manager).post(url, FORM).status_code == 404
    assert not MeetingPlan.objects.exists()
    assert signed_in(manager).post(url, FORM).status_code == 302
    plan = MeetingPlan.objects.get()
    assert (plan.weekday, plan.at, plan.set_by) == (2, time(10), manager)
    assert signed_in(manager).post(url, FORM | {"time_zone": "Mars"}).status_code == 422


@pytest.mark.parametrize(
    ("now", "starts_at"),
    [
        ("2026-03-23 12:00", "2026-03-24 09:00"),  # Monday, winter time: ten in Brussels is nine in UTC
        ("2026-03-24 12:00", "2026-03-24 09:00"),  # two hours late it may still begin
        ("2026-03-25 12:00", "2026-03-31 08:00"),  # the next one is in summer time
        ("2026-10-22 12:00", "2026-10-27 09:00"),
    ],
)
def test_the_hour_is_the_teams_whatever_the_clocks_do(team, manager, now, starts_at):
    with time_machine.travel("2026-03-01 12:00Z"):
        set_plan(by=manager, team=team, weekday=2, at=time(10), time_zone="Europe/Brussels")
    with time_machine.travel(f"{now}Z"):
        made = prepare_meeting(team)
    assert made.starts_at == datetime.fromisoformat(f"{starts_at}Z")


def test_a_meeting_that_was_held_early_is_not_held_again_in_its_week(plan, team, hold):
    first = hold()
    assert prepare_meeting(team).starts_at - first.starts_at in (
        timedelta(days=7), timedelta(days=7, hours=1), timedelta(days=6, hours=23),
    )  # fmt: skip


def test_a_meeting_that_is_made_moves_with_its_agenda(meeting, team, manager, make_moment):
    from staff.wins.running import add_item

    add_item(by=manager, meeting=meeting, text="The window")
    set_plan(by=manager, team=team, weekday=4, at=time(16), time_zone="Europe/Brussels")
    moved = WinsMeeting.objects.get()
    assert moved.pk == meeting.pk
    assert moved.starts_at.isoweekday() == 4
    assert moved.items.get().text == "The window"


def planned_for(when) -> dict[str, str]:
    return FORM | {"weekday": str(when.isoweekday()), "at": f"{when:%H:%M}", "time_zone": "UTC"}


@pytest.mark.parametrize(
    ("ahead", "said", "mails"),
    [
        (timedelta(days=3), "everybody gets a mail the day before", 0),
        (timedelta(hours=2), "everybody gets a mail about it now", 3),
    ],
)
def test_what_is_said_of_the_mail_is_true(team, staff, colleague, manager, signed_in, post_office, ahead, said, mails):
    when = timezone.now() + ahead
    url = f"/wins/teams/{team.pk}/plan/"
    page = signed_in(manager).post(url, planned_for(when), follow=True).content.decode()
    assert said in page
    assert len(post_office.deliver()) == mails
    again = signed_in(manager).post(url, planned_for(when), follow=True).content.decode()
    assert ("no further mail" in again) == bool(mails)
    assert post_office.deliver() == []


def test_who_was_asked_for_another_time_is_told_of_the_new_one(tomorrow, team, manager, staff, signed_in, post_office):
    post_office.deliver()
    soon = timezone.now() + timedelta(hours=2)
    signed_in(manager).post(f"/wins/teams/{team.pk}/plan/", planned_for(soon))
    assert len(post_office.deliver()) == 3
    mail = post_office.to(staff.email)[-1]
    assert mail["Subject"].startswith("Another time:")
    assert "has another time" in text_of(mail)


def test_paused_meetings_are_called_paused(plan, team, manager, signed_in):
    browser, url = signed_in(manager), f"/wins/teams/{team.pk}/plan/"
    assert "Pause the weekly meetings?" in browser.get(url).content.decode()
    browser.post(f"/wins/teams/{team.pk}/stop/")
    page = browser.get("/wins/").content.decode()
    assert "Meetings are paused." in page
    assert "Nobody has set yet" not in page
    assert "Meetings are paused since" in browser.get(url).content.decode()


# --- The calendar -----------------------------------------------------------------------------------------------


def feed_of(browser, team) -> str:
    page = browser.get(f"/wins/teams/{team.pk}/plan/").content.decode()
    return re.search(r"(/wins/calendar/[\w-]+\.ics)", page)[1]


def test_the_feed_needs_no_login_names_nobody_and_repeats_weekly(plan, team, manager, staff, signed_in):
    answer = Client().get(feed_of(signed_in(manager), team))
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert "no-store" in answer.headers["Cache-Control"]
    feed = icalendar.Calendar.from_ical(answer.content)
    (event,) = feed.walk("VEVENT")
    assert event["summary"] == "Wins meeting: Mill Lane"
    assert event["rrule"] == {"FREQ": ["WEEKLY"], "BYDAY": ["TU"]}
    assert event["dtstart"].params["TZID"] == "Europe/Brussels"
    assert (event.start.hour, event.end - event.start) == (10, timedelta(minutes=10))
    assert [str(zone["tzid"]) for zone in feed.walk("VTIMEZONE")] == ["Europe/Brussels"]
    for person in (manager, staff):
        assert person.name.encode() not in answer.content
        assert person.email.encode() not in answer.content


def test_the_feed_is_right_on_both_sides_of_summer_time(plan, team, manager, signed_in):
    """Read as a calendar program does: by the rules that the feed itself carries, and not by our own."""
    feed = icalendar.Calendar.from_ical(Client().get(feed_of(signed_in(manager), team)).content)
    (zone,) = feed.walk("VTIMEZONE")
    rules = zone.to_tz(lookup_tzid=False)
    for day, offset in (("2027-01-05", 1), ("2027-07-06", 2)):
        there = datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=rules)
        assert there.utcoffset() == timedelta(hours=offset)


def test_a_new_link_ends_the_old_one_and_only_managers_make_it(plan, team, manager, staff, signed_in):
    old = feed_of(signed_in(manager), team)
    url = f"/wins/teams/{team.pk}/link/"
    assert signed_in(staff).post(url).status_code == 403
    assert Client().get(old).status_code == 200
    signed_in(manager).post(url)
    assert Client().get(old).status_code == 404
    assert Client().get(feed_of(signed_in(manager), team)).status_code == 200
    assert Client().get("/wins/calendar/forged.ics").status_code == 404


def test_a_link_of_another_purpose_opens_no_calendar(plan):
    from delight.lib.tokens import make_token

    assert Client().get(f"/wins/calendar/{make_token('answer', plan.public_id)}.ics").status_code == 404


def test_calendars_hear_that_meetings_were_stopped(plan, team, manager, signed_in):
    url = feed_of(signed_in(manager), team)
    stop_plan(by=manager, team=team)
    assert b"STATUS:CANCELLED" in Client().get(url).content


# --- The mail of the day before ---------------------------------------------------------------------------------


@pytest.fixture
def tomorrow(plan, team, staff, colleague, make_moment, manager):
    """The round of the day before has made the meeting, whose mails are due."""
    make_moment("Walked her to the bus")
    day = timezone.now() + timedelta(hours=23)
    MeetingPlan.objects.update(weekday=day.isoweekday(), at=day.time(), time_zone="UTC")
    hourly()
    return WinsMeeting.objects.get()


def test_the_day_before_everybody_is_asked_which_story_they_will_tell(tomorrow, post_office, staff, colleague):
    post_office.deliver()
    assert len(post_office.mails) == 3
    sams, cleos = text_of(post_office.to(staff.email)[0]), text_of(post_office.to(colleague.email)[0])
    assert "Walked her to the bus" in sams
    assert "Walked her to the bus" not in cleos
    assert f"/wins/teams/{tomorrow.team_id}/mine/" in sams
    hourly()
    assert post_office.deliver() == []


def test_nobody_is_asked_much_too_early(plan):
    MeetingPlan.objects.update(weekday=(timezone.now() + timedelta(days=3)).isoweekday())
    hourly()
    assert not WinsMeeting.objects.exists()


def test_no_mail_to_who_left_the_team(tomorrow, post_office, staff):
    staff.memberships.update(until=timezone.now().date())
    post_office.deliver()
    assert post_office.to(staff.email) == []
    assert Message.objects.get(key__contains=f":{staff.pk}:").reason == "gone"
    assert len(post_office.mails) == 2


def test_no_mail_about_a_meeting_that_was_moved_stopped_or_has_begun(tomorrow, post_office, team, manager, staff):
    from staff.wins.running import begin_meeting

    begin_meeting(by=staff, meeting=tomorrow)
    assert post_office.deliver() == []
    assert set(Message.objects.values_list("reason", flat=True)) == {"done"}


def test_when_it_was_moved_the_mail_comes_before_the_new_time(tomorrow, post_office, team, manager):
    when = timezone.now() + timedelta(days=3)
    set_plan(by=manager, team=team, weekday=when.isoweekday(), at=when.time().replace(microsecond=0), time_zone="UTC")
    assert post_office.deliver() == []
    waiting = Message.objects.filter(state="waiting")
    assert waiting.count() == 3
    assert waiting[0].due_at == WinsMeeting.objects.get().starts_at - timedelta(hours=24)


def test_no_mail_when_it_was_stopped(tomorrow, post_office, team, manager):
    stop_plan(by=manager, team=team)
    assert post_office.deliver() == []


def test_no_mail_from_a_hidden_room(tomorrow, post_office, organisation):
    organisation.hidden_rooms = ["wins"]
    organisation.save()
    assert post_office.deliver() == []
    assert set(Message.objects.values_list("reason", flat=True)) == {"room_hidden"}


# --- Minutes and actions ----------------------------------------------------------------------------------------


def test_the_minutes_come_within_a_minute_to_members_with_an_address(
    running, post_office, staff, colleague, manager, later
):
    from staff.wins import running as meeting_room
    from staff.wins.actions import make_action

    colleague.email = None
    colleague.save()
    turn = running.turns.get(user=staff)
    meeting_room.move_turn(by=staff, turn=turn, seen="waiting", to="told")
    meeting_room.add_note(by=staff, to=turn, text="About the bus")
    make_action(by=staff, meeting=running, text="Buy towels", owner=staff, due_on=timezone.now().date())
    for _time in range(2):
        meeting_room.end_meeting(by=staff, meeting=running)
    assert post_office.deliver() == []
    later(seconds=45)
    assert {mail["To"].addresses[0].addr_spec for mail in post_office.deliver()} == {staff.email, manager.email}
    words = text_of(post_office.to(staff.email)[0])
    assert "About the bus" in words
    assert "You will do:\r\n- Buy towels" in words
    assert "You will do" not in text_of(post_office.to(manager.email)[0])


@pytest.fixture
def action(meeting, staff):
    from staff.wins.actions import make_action

    return make_action(
        by=staff, meeting=meeting, text="Buy towels", owner=staff, due_on=timezone.now().date() + timedelta(days=7)
    )


def is_due(which: str) -> None:
    now = timezone.now()
    Message.objects.filter(kind="wins-action", key__endswith=which).update(due_at=now, promised_at=now)


def test_who_has_an_action_is_reminded_the_day_before_and_once_when_it_is_late(action, post_office, staff):
    Message.objects.exclude(kind="wins-action").delete()
    due = {m.key.split(":")[2]: m.due_at.date() for m in Message.objects.filter(kind="wins-action")}
    assert due == {"soon": action.due_on - timedelta(days=1), "over": action.due_on + timedelta(days=1)}
    is_due("soon")
    assert [mail["Subject"] for mail in post_office.deliver()] == ["Due tomorrow: Buy towels"]
    is_due("over")
    assert [mail["Subject"] for mail in post_office.deliver()] == ["Still open: Buy towels"]
    assert post_office.deliver() == []


@pytest.mark.parametrize("end", ["finish_action", "drop_action"])
def test_what_is_done_or_dropped_reminds_nobody(action, post_office, staff, end):
    from staff.wins import actions

    Message.objects.exclude(kind="wins-action").delete()
    getattr(actions, end)(by=staff, action=action)
    is_due("soon"), is_due("over")
    assert post_office.deliver() == []
    assert set(Message.objects.filter(kind="wins-action").values_list("reason", flat=True)) == {"done"}


@pytest.mark.parametrize("do", ["done", "drop"])
def test_only_its_owner_whoever_leads_and_managers_close_an_action(
    action, colleague, staff, manager, outsider, signed_in, do
):
    from staff.wins.actions import reopen_action

    WinsMeeting.objects.update(facilitator=staff)
    url = f"/wins/actions/{action.pk}/"
    assert signed_in(outsider).post(url, {"do": do}).status_code == 404
    assert signed_in(colleague).post(url, {"do": do}).status_code == 403
    assert url not in signed_in(colleague).get("/wins/").content.decode()
    for person in (staff, manager):
        assert url in signed_in(person).get("/wins/").content.decode()
        assert signed_in(person).post(url, {"do": do}).status_code == 302
        action.refresh_from_db()
        assert action.done_by == person
        reopen_action(by=person, action=action)
    WinsMeeting.objects.update(facilitator=colleague)
    assert signed_in(colleague).post(url, {"do": do}).status_code == 302


# --- History and lists ------------------------------------------------------------------------------------------


def test_past_meetings_are_found_by_what_was_told_noted_and_agreed(running, staff, outsider, signed_in, make_moment):
    from staff.wins import running as meeting_room
    from staff.wins.actions import make_action
    from staff.wins.models import AgendaItem

    AgendaItem.objects.create(meeting=running, kind="moment", moment=make_moment("An umbrella"), notes="for the bride")
    turn = running.turns.get(user=staff)
    meeting_room.add_note(by=staff, to=turn, text="The lighthouse")
    meeting_room.move_turn(by=staff, turn=turn, seen="waiting", to="told")
    make_action(by=staff, meeting=running, text="Buy towels", owner=staff, due_on=timezone.now().date())
    meeting_room.end_meeting(by=staff, meeting=running)
    for words, found in (("umbrella", 1), ("BRIDE", 1), ("lighthouse", 1), ("towels", 1), ("zeppelin", 0)):
        page = signed_in(staff).get("/wins/", {"words": words}).content.decode()
        assert page.count(f"/wins/{running.pk}/") == found, words
        assert f"/wins/{running.pk}/" not in signed_in(outsider).get("/wins/", {"words": words}).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_ask_the_database_as_often_for_many_as_for_one(
    plan,
    team,
    manager,
    staff,
    colleague,
    hold,
    make_moment,
    thank,
    answered,
    signed_in,
    django_assert_num_queries,
    number,
):
    from staff.wins.actions import make_action
    from staff.wins.running import add_item, begin_meeting

    for _each in range(number):
        held = hold()
        make_action(by=staff, meeting=held, text="Towels", owner=staff, due_on=timezone.now().date())
    for _each in range(number):
        make_moment(), thank(staff), answered()
        made = prepare_meeting(team)
        add_item(by=staff, meeting=made, text="The window")
    browser = signed_in(staff)
    browser.get("/wins/")
    with django_assert_num_queries(14):
        browser.get("/wins/")
    with django_assert_num_queries(27):
        browser.get(f"/wins/{made.pk}/")
    begin_meeting(by=staff, meeting=made)
    with django_assert_num_queries(14):
        browser.get(f"/wins/{made.pk}/live/?v=0")
    with django_assert_num_queries(5):
        made.refresh_from_db()
        browser.get(f"/wins/{made.pk}/live/?v={made.version}")
    with django_assert_num_queries(13):
        browser.get(f"/wins/{held.pk}/")


def test_the_first_page_says_what_is_next_what_to_do_and_what_can_be_read(plan, team, staff, outsider, hold):
    from staff.wins.actions import make_action
    from staff.wins.news import actions_of, minutes_news, next_meeting_for

    assert next_meeting_for(staff).team_pk == team.pk
    assert next_meeting_for(outsider) is None
    held = hold()
    make_action(by=staff, meeting=held, text="Towels", owner=staff, due_on=timezone.now().date() - timedelta(days=1))
    assert [action.is_late for action in actions_of(staff)] == [True]
    assert list(minutes_news(staff)) == [held]
    assert list(minutes_news(outsider)) == []


def test_the_first_page_leads_to_a_meeting_that_runs_whenever_it_was_planned(running, staff, signed_in):
    WinsMeeting.objects.update(starts_at=timezone.now() + timedelta(days=8))
    page = signed_in(staff).get("/").content.decode()
    assert "runs now" in page
    assert f'href="/wins/{running.pk}/"' in page


def test_the_results_of_the_two_questions_are_found_from_the_meetings(team, staff, signed_in):
    assert 'href="/pulse/"' in signed_in(staff).get("/wins/").content.decode()


def test_the_first_page_is_about_teams_in_which_one_is_today(plan, team, sponsor, staff, hold):
    """A sponsor who has left the team tells nothing there; who leaves next month still reads the minutes."""
    Membership.objects.create(user=sponsor, team=team, since="2020-01-01", until="2020-02-01")
    Membership.objects.filter(user=staff).update(until=timezone.now().date() + timedelta(days=20))
    assert next_meeting_for(sponsor) is None
    assert next_meeting_for(staff) is not None
    hold()
    assert not minutes_news(sponsor)
    assert minutes_news(staff)
