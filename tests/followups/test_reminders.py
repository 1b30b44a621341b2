"""Mails about follow-ups: at opening, when due, and to a manager once when overdue; each decided when it leaves."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from delight.organisation.models import AuditEntry
from delight.outbox.models import Message
from surveys.followups.services import assign_follow_up, close_follow_up
from tests.conftest import html_of, text_of

SAM, MERT, OLGA, CLEO = (f"{name}@barber.example" for name in ("sam", "mert", "olga", "cleo"))


def recipients(mails) -> list[str]:
    return [mail["To"].addresses[0].addr_spec for mail in mails]


def ended(follow_up, step: int) -> tuple[str, str]:
    row = Message.objects.get(key=f"follow-up:{follow_up.pk}:{step}")
    return row.state, row.reason


def test_the_owner_hears_of_it_at_once_and_is_one_tap_from_the_call(follow_up, staff, post_office, signed_in):
    """The mail carries neither number nor address: they show on a tap, and the tap is in the audit."""
    post_office.deliver()
    [mail] = post_office.to(SAM)
    assert mail["Subject"] == "Please call: Olena Koval, 3 of 10"
    for body in (text_of(mail), html_of(mail)):
        assert "Waited forty minutes, nobody said a word." in body
        assert "One tap there shows how to reach this customer." in body
    assert_no_way_round_the_tap(mail, follow_up.customer)
    link = re.search(r'href="https?://[^/]+(/follow-ups/\d+/)"', html_of(mail))[1]
    browser = signed_in(staff)
    url = re.search(r'hx-post="(/customers/\d+/reveal/)"', browser.get(link).content.decode())[1]
    assert not AuditEntry.objects.filter(verb="reveal").exists()
    shown = browser.post(url, {"what": "phone"}, headers={"HX-Request": "true"}).content.decode()
    assert 'href="tel:+32470123456"' in shown
    assert AuditEntry.objects.get(verb="reveal").actor == staff


def assert_no_way_round_the_tap(mail, customer) -> None:
    for body in (text_of(mail), html_of(mail)):
        for way in (customer.phone, customer.phone_key, customer.email, "tel:", "mailto:" + customer.email):
            assert way not in body


def test_mails_speak_the_owners_language(follow_up, staff, post_office):
    staff.language = "tr"
    staff.save()
    post_office.deliver()
    [mail] = post_office.to(SAM)
    assert mail["Content-Language"] == "tr"
    assert '<html lang="tr"' in html_of(mail)


def test_the_owner_is_reminded_when_the_time_is_up(follow_up, post_office, fall_due):
    post_office.deliver()
    mails = fall_due(follow_up, [1])
    assert recipients(mails) == [SAM]
    assert mails[0]["Subject"] == "Due now: your conversation with Olena Koval"


def test_the_manager_hears_once_when_it_is_overdue(follow_up, manager, post_office, fall_due):
    post_office.deliver()
    mails = fall_due(follow_up, [1, 2])
    assert recipients(mails) == [SAM, MERT]
    assert "With: Sam" not in text_of(mails[1])
    assert "It is with: Sam" in text_of(mails[1])
    for mail in mails:
        assert_no_way_round_the_tap(mail, follow_up.customer)
    assert post_office.deliver() == []


def test_a_manager_who_is_late_is_told_of_to_somebody_else(follow_up, manager, sponsor, post_office, fall_due):
    assign_follow_up(by=manager, follow_up=follow_up, owner=manager)
    post_office.deliver()
    assert recipients(fall_due(follow_up, [2])) == [OLGA]


def test_closing_ends_the_reminders(follow_up, staff, manager, post_office, fall_due):
    post_office.deliver()
    close_follow_up(by=staff, follow_up=follow_up, result="solved", happened="Talked.")
    assert fall_due(follow_up, [1, 2]) == []
    assert [ended(follow_up, 1), ended(follow_up, 2)] == [("skipped", "done")] * 2


def test_open_ones_are_reminded_of_where_closed_ones_are_not(follow_up, manager, post_office, fall_due):
    """The control of the test above: the same set-up without closing sends both."""
    post_office.deliver()
    assert len(fall_due(follow_up, [1, 2])) == 2


def test_an_erased_customer_ends_the_reminders(follow_up, post_office, fall_due):
    post_office.deliver()
    customer = follow_up.customer
    customer.erased_at = timezone.now()
    customer.save()
    assert fall_due(follow_up) == []
    assert ended(follow_up, 1) == ("skipped", "gone")


def test_an_owner_without_an_address_gets_no_mail_and_the_row_says_so(follow_up, staff, post_office):
    staff.email = None
    staff.save()
    post_office.deliver()
    assert ended(follow_up, 0) == ("skipped", "no_address")


def test_when_the_owner_has_left_the_manager_is_told(follow_up, staff, manager, post_office, fall_due):
    post_office.deliver()
    staff.is_active = False
    staff.save()
    assert recipients(fall_due(follow_up, [1])) == [MERT]


def test_the_new_owner_is_told_and_gets_the_next_reminders(follow_up, colleague, manager, post_office, fall_due):
    post_office.deliver()
    assign_follow_up(by=manager, follow_up=follow_up, owner=colleague)
    assert recipients(post_office.deliver()) == [CLEO]
    assert recipients(fall_due(follow_up, [1])) == [CLEO]


def test_handed_on_before_the_first_mail_left_tells_the_new_owner_once(follow_up, colleague, manager, post_office):
    assign_follow_up(by=manager, follow_up=follow_up, owner=colleague)
    assert recipients(post_office.deliver()) == [CLEO]
    assert ended(follow_up, 0) == ("skipped", "done")


def test_handed_back_and_forth_tells_each_time(follow_up, staff, colleague, manager, post_office):
    post_office.deliver()
    for owner in (colleague, staff, colleague):
        assign_follow_up(by=manager, follow_up=follow_up, owner=owner)
        post_office.deliver()
    assert len(post_office.to(CLEO)) == 2
    assert len(post_office.to(SAM)) == 2


@pytest.mark.parametrize(("step", "hours"), [(1, 0), (2, 1)])
def test_reminders_are_rows_with_their_time_from_the_beginning(follow_up, step, hours):
    row = Message.objects.get(key=f"follow-up:{follow_up.pk}:{step}")
    assert row.due_at == follow_up.due_at + timedelta(hours=hours)
    assert row.state == "waiting"
