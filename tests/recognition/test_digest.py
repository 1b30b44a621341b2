"""The mail of the week, the mail at once, and the press that ends both."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from delight.organisation.models import Organisation
from delight.outbox.models import Message
from delight.outbox.pump import run_due
from staff.recognition import services
from staff.recognition.digest import plan_digests, told_to
from staff.recognition.models import Recognition, Taste
from staff.recognition.taste import set_taste
from tests.conftest import html_of, text_of
from tests.recognition.conftest import WORDS

OPEN, PRIVATE, BRIGHT, ELSEWHERE = (f"{what} – {WORDS}" for what in ("Open", "Private", "Bright", "Elsewhere"))


@pytest.fixture
def hour_has_come(db):
    """Everybody's day and hour is the one that has just begun."""

    def do(*users):
        now = timezone.localtime(timezone.now(), Organisation.get().zone)
        for user in users:
            set_taste(user=user, digest_weekday=now.isoweekday(), digest_hour=now.hour)

    return do


@pytest.fixture
def this_hour(monkeypatch):
    """Told half a minute before the hour, so that a mail due on the hour has it."""

    def do():
        hour = timezone.now().replace(minute=0, second=0, microsecond=0)
        Recognition.objects.update(told_at=hour - timedelta(seconds=30))

    return do


def everybody_thanks(thank, staff, colleague, manager, other_manager, outsider):
    thank(text=OPEN)  # Sam thanks Cleo
    thank(by=manager, text=PRIVATE, is_private=True)
    services.spotlight(by=other_manager, to=[outsider], text=BRIGHT)
    thank(by=other_manager, to=[outsider], text=ELSEWHERE)


def test_it_tells_thanks_to_the_reader_spotlights_and_what_own_teams_were_thanked_for(
    thank, staff, colleague, manager, other_manager, outsider, post_office, hour_has_come, this_hour, round_now
):
    everybody_thanks(thank, staff, colleague, manager, other_manager, outsider)
    Message.objects.all().delete()
    this_hour()
    hour_has_come(staff, colleague, manager, other_manager, outsider)
    round_now()
    told = {user.name: text_of(*post_office.to(user.email)) for user in (staff, colleague, manager, outsider)}
    reads = {name: [each in text for each in (OPEN, PRIVATE, BRIGHT, ELSEWHERE)] for name, text in told.items()}
    assert reads == {
        "Sam": [False, False, True, False],  # what he gave himself is no news
        "Cleo": [True, True, True, False],
        "Mert": [True, False, True, False],
        "Otto": [False, False, True, True],
    }
    assert not post_office.to(other_manager.email)


def test_it_comes_once_a_week(thank, colleague, hour_has_come, this_hour, round_now, post_office):
    thank()
    this_hour()
    hour_has_come(colleague)
    for _hour in range(3):
        round_now()
    assert len(post_office.to(colleague.email)) == len(post_office.mails) == 1


def test_a_week_without_thanks_sends_nothing(colleague, staff, hour_has_come, round_now):
    hour_has_come(colleague, staff)
    assert round_now() == []
    assert not Message.objects.exists()


def test_what_was_taken_back_before_it_leaves_is_not_in_it(
    thank, staff, colleague, hour_has_come, this_hour, post_office
):
    made = thank()
    this_hour()
    hour_has_come(colleague)
    plan_digests()
    services.withdraw(by=staff, recognition=made)
    assert post_office.deliver() == []
    assert set(Message.objects.values_list("state", "reason")) == {("skipped", "gone")}


@pytest.mark.parametrize("change", ["off", "left"])
def test_who_wants_none_or_has_left_gets_none(change, thank, colleague, hour_has_come, this_hour, post_office):
    thank()
    this_hour()
    hour_has_come(colleague)
    plan_digests()
    assert Message.objects.filter(object_id=colleague.pk).exists()
    if change == "off":
        set_taste(user=colleague, digest=False)
    else:
        colleague.is_active = False
        colleague.save()
    assert not [mail for mail in post_office.deliver() if colleague.email in mail["To"]]
    Message.objects.all().delete()
    plan_digests()
    assert not Message.objects.filter(object_id=colleague.pk).exists()


def due_at(user) -> datetime | None:
    Message.objects.all().delete()
    plan_digests()
    return Message.objects.filter(object_id=user.pk).values_list("due_at", flat=True).first()


def test_it_is_friday_at_four_by_the_readers_clock_unless_they_say_otherwise(thank, colleague):
    with time_machine.travel(datetime(2026, 7, 17, 13, 59, tzinfo=UTC), tick=False) as clock:  # Friday, Brussels 15:59
        thank()
        assert due_at(colleague) is None
        clock.move_to(datetime(2026, 7, 17, 14, 0, tzinfo=UTC))
        assert due_at(colleague) == datetime(2026, 7, 17, 14, tzinfo=UTC)
        clock.move_to(datetime(2026, 7, 19, 13, 0, tzinfo=UTC))
        assert due_at(colleague) == datetime(2026, 7, 17, 14, tzinfo=UTC)  # a worker that was off
        clock.move_to(datetime(2026, 7, 19, 14, 0, tzinfo=UTC))
        assert due_at(colleague) is None  # too late
        colleague.time_zone = "Asia/Tokyo"
        colleague.save()
        set_taste(user=colleague, digest_weekday=1, digest_hour=8)
        clock.move_to(datetime(2026, 7, 19, 23, 0, tzinfo=UTC))  # Monday, 08:00 in Tokyo
        assert due_at(colleague) == datetime(2026, 7, 19, 23, tzinfo=UTC)


def test_a_second_day_in_the_same_week_brings_no_second_mail(thank, colleague):
    with time_machine.travel(datetime(2026, 7, 15, 9, tzinfo=UTC), tick=False) as clock:
        thank()
        set_taste(user=colleague, digest_weekday=4, digest_hour=9)
        clock.move_to(datetime(2026, 7, 16, 9, tzinfo=UTC))
        plan_digests()
        set_taste(user=colleague, digest_weekday=5, digest_hour=9)
        clock.move_to(datetime(2026, 7, 17, 9, tzinfo=UTC))
        plan_digests()
    assert Message.objects.filter(object_id=colleague.pk).values_list("key", flat=True).get().endswith(":2026-W29")


def test_who_changes_the_day_misses_nothing_and_reads_nothing_twice(thank, colleague):
    first = datetime(2026, 7, 13, 9, tzinfo=UTC)
    Message.objects.create(
        kind="recognition-digest", object_id=colleague.pk, key="x", due_at=first, promised_at=first, state="sent",
        ended_at=first,
    )  # fmt: skip
    early, late = thank(), thank(text=f"{WORDS} Again.")
    Recognition.objects.filter(pk=early.pk).update(told_at=first - timedelta(hours=1))
    Recognition.objects.filter(pk=late.pk).update(told_at=first + timedelta(hours=1))
    assert list(told_to(colleague, datetime(2026, 7, 24, 9, tzinfo=UTC))) == [late]  # eleven days later
    assert list(told_to(colleague, datetime(2026, 7, 15, 9, tzinfo=UTC))) == [late]


# --- At once ----------------------------------------------------------------------------------------------------


def test_a_spotlight_and_private_thanks_are_told_at_once_and_nothing_else(
    thank, manager, staff, colleague, post_office
):
    thank()
    services.treat(by=manager, to=colleague, text=WORDS)
    assert post_office.deliver() == []
    services.spotlight(by=manager, to=[staff], text=WORDS)
    thank(is_private=True, text=PRIVATE)
    mails = post_office.deliver()
    assert {mail["To"].addresses[0].username for mail in mails} == {"sam", "cleo"}
    assert PRIVATE in text_of(*post_office.to(colleague.email))
    assert WORDS in html_of(*post_office.to(staff.email))


@pytest.mark.parametrize("change", ["off", "no_address", "withdrawn"])
def test_not_to_who_wants_none_or_has_no_address_and_not_what_was_taken_back(
    change, thank, staff, colleague, post_office
):
    if change == "no_address":
        colleague.email, colleague.login_name = None, "cleo"
        colleague.save()
    made = thank(is_private=True)
    if change == "off":
        set_taste(user=colleague, digest=False)
    elif change == "withdrawn":
        services.withdraw(by=staff, recognition=made)
    assert post_office.deliver() == []


# --- The press that ends them -----------------------------------------------------------------------------------


@pytest.fixture
def off(thank, colleague, post_office):
    """The address in the header of a mail to Cleo."""
    thank(is_private=True)
    (mail,) = post_office.deliver()
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = mail["List-Unsubscribe"].strip("<>")
    assert address in text_of(mail)
    assert address in html_of(mail)
    return "/" + address.split("/", 3)[3]


def wants(user) -> bool:
    return Taste.objects.get(user=user).digest


def test_one_click_in_the_mail_program_ends_them_without_login_or_cookie(off, colleague):
    browser = Client(enforce_csrf_checks=True)
    assert wants(colleague)
    assert browser.post(off, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not wants(colleague)


def test_opening_the_link_changes_nothing_its_button_does_and_undo_takes_it_back(off, colleague):
    browser = Client()
    page = browser.get(off)
    assert wants(colleague)
    nonce = page.content.decode().partition('name="nonce" value="')[2].partition('"')[0]
    assert browser.post(off, {"nonce": "x"}).status_code == 422
    assert wants(colleague)
    assert "No more mails of thanks come to you" in browser.post(off, {"nonce": nonce}).content.decode()
    assert not wants(colleague)
    browser.post(off, {"nonce": nonce, "undo": "1"})
    assert wants(colleague)


def test_the_link_names_nobody_and_opens_nothing_else(off, colleague, thank, staff):
    other = thank(by=colleague, to=[staff], is_private=True)
    run_due()
    assert str(colleague.pk) not in off.split("/")
    assert Client().post(off[:-3] + "/", {"List-Unsubscribe": "One-Click"}).status_code == 404
    assert Client().get(off.replace("/digest/", "/wall/")).status_code == 404
    assert other.state == "told"
    Client().post(off, {"List-Unsubscribe": "One-Click"})
    assert wants(staff)
