"""The sponsors' page about all mail that leaves."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from delight.organisation.models import Organisation
from delight.outbox.models import Message, State
from delight.outbox.registry import REASONS
from staff.people.services import invite_person
from surveys.followups.models import FollowUp


def row(number: int, state: str = State.SENT, reason: str = "", minutes_ago: int = 1, kind: str = "join") -> Message:
    when = timezone.now() - timedelta(minutes=minutes_ago)
    ended = None if state in ("waiting", "claimed", "handing") else when
    return Message.objects.create(
        kind=kind,
        object_id=number,
        key=f"x:{number}",
        promised_at=when,
        due_at=when,
        state=state,
        reason=reason,
        ended_at=ended,
    )


def text(client, **query) -> str:
    return client.get(reverse("outbox"), query).content.decode()


def test_only_sponsors_see_it(sponsor, manager, staff, signed_in):
    assert signed_in(sponsor).get(reverse("outbox")).status_code == 200
    assert signed_in(manager).get(reverse("outbox")).status_code == 403
    assert signed_in(staff).get(reverse("outbox")).status_code == 403


def test_rows_are_shown_in_words(sponsor, signed_in):
    row(1, State.SKIPPED, "left")
    row(2, State.FAILED, "bad_address", kind="password-reset")
    page = text(signed_in(sponsor))
    for words in ("Invitation to join", "Link for a new password", str(REASONS["left"]), str(REASONS["bad_address"])):
        assert words in page


def test_no_address_is_shown(sponsor, team, signed_in, post_office):
    invite_person(by=sponsor, email="ada@somewhere.example", name="Ada", team=team)
    post_office.deliver()
    page = text(signed_in(sponsor))
    assert "Invitation to join" in page
    assert "ada@somewhere.example" not in page


def test_the_filter_shows_one_state(sponsor, signed_in):
    row(1, State.SENT, kind="join")
    row(2, State.FAILED, "refused", kind="password-reset")
    client = signed_in(sponsor)
    assert "Link for a new password" not in text(client, state="sent")
    assert "Invitation to join" not in text(client, state="failed")
    assert "Link for a new password" in text(client, state="failed")
    assert client.get(reverse("outbox"), {"state": "nonsense"}).status_code == 200


def test_it_counts_what_waits_and_what_is_late(sponsor, signed_in):
    row(1, State.WAITING, minutes_ago=-60)
    row(2, State.WAITING, minutes_ago=1)
    row(3, State.WAITING, minutes_ago=20)
    row(4, State.WAITING, minutes_ago=30)
    page = signed_in(sponsor).get(reverse("outbox")).content.decode()
    counts = dict(re.findall(r'muted">([^<]+)</h2><p class="figure">(\d+)', page))
    assert counts == {"For later": "1", "Due now": "1", "Late": "2"}


def test_long_lists_come_in_pages(sponsor, signed_in):
    for number in range(51):
        row(number)
    client = signed_in(sponsor)
    assert text(client).partition("<tbody>")[2].count("<tr>") == 50
    assert text(client, page=2, state="sent").partition("<tbody>")[2].count("<tr>") == 1


def test_a_sponsor_stops_and_releases_sending(sponsor, signed_in):
    client = signed_in(sponsor)
    client.post(reverse("mail_stop"))
    assert not Organisation.get().sending_on
    assert "Sending is off" in text(client)
    client.post(reverse("mail_release"))
    assert Organisation.get().sending_on
    assert "Sending is on" in text(client)


def test_a_copy_says_that_it_is_one(sponsor, signed_in):
    Organisation.objects.update(released_copy="1:1")
    assert "looks like a copy" in text(signed_in(sponsor))


@pytest.mark.parametrize("name", ["mail_stop", "mail_release"])
def test_the_switch_is_the_sponsors_and_works_by_post_only(name, sponsor, manager, signed_in):
    Organisation.objects.update(sending_on=name == "mail_stop")
    assert signed_in(manager).post(reverse(name)).status_code == 403
    assert signed_in(sponsor).get(reverse(name)).status_code == 405
    assert Organisation.get().sending_on is (name == "mail_stop")
    signed_in(sponsor).post(reverse(name))
    assert Organisation.get().sending_on is (name == "mail_release")


def test_three_rows_take_as_many_queries_as_one(
    sponsor, signed_in, django_assert_num_queries, django_assert_max_num_queries
):
    client = signed_in(sponsor)
    row(1)
    with django_assert_max_num_queries(16) as one:
        client.get(reverse("outbox"))
    row(2), row(3)
    with django_assert_num_queries(len(one.captured_queries)):
        client.get(reverse("outbox"))


def test_a_survey_says_to_whom_it_goes_without_an_address(
    invited, make_customer, sponsor, team, signed_in, django_assert_num_queries, django_assert_max_num_queries
):
    olena = make_customer("Olena Koval", team=team)
    invited(olena)
    client = signed_in(sponsor)
    with django_assert_max_num_queries(18) as one:
        page = text(client)
    assert f'<a href="{reverse("customer", args=[olena.pk])}">Olena Koval</a>' in page
    assert olena.email not in page
    invited(make_customer("Taras Bondar", team=team)), invited(make_customer("Ivan Melnyk", team=team))
    with django_assert_num_queries(len(one.captured_queries)):
        page = text(client)
    assert all(name in page for name in ("Taras Bondar", "Ivan Melnyk"))


def test_an_erased_customer_is_not_named(invited, make_customer, sponsor, signed_in):
    olena = make_customer("Olena Koval")
    invited(olena)
    type(olena).objects.update(erased_at=timezone.now())
    assert "Olena Koval" not in text(signed_in(sponsor))


def test_colleagues_and_follow_ups_are_named_too(
    invited, as_customer, make_customer, sponsor, staff, team, signed_in, post_office
):
    as_customer(invited(make_customer("Olena Koval", team=team, owner=staff))).answer(0)
    invite_person(by=sponsor, email="ada@somewhere.example", name="Ada", team=team)
    row(staff.pk, kind="password-reset")
    look_again_and_open_follow_ups(post_office)
    page = text(signed_in(sponsor), state="sent")
    follow_up = FollowUp.objects.get()
    assert f'<a href="{reverse("follow_up", args=[follow_up.pk])}">Olena Koval</a>' in page
    assert f'<a href="{reverse("team_list")}">Ada</a>' in page
    assert f'<a href="{reverse("person", args=[staff.pk])}">Sam</a>' in page


def look_again_and_open_follow_ups(post_office) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        post_office.deliver()
        post_office.deliver()
