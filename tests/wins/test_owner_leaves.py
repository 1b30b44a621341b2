"""What somebody who leaves had agreed to do is done by a colleague, who is reminded of it."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from staff.wins.actions import finish_action, make_action
from tests.conftest import text_of


def test_open_actions_go_to_a_colleague_with_their_reminders(
    plan, hold, staff, colleague, manager, signed_in, post_office, later
):
    held, day = hold(), timezone.localdate() + timedelta(days=3)
    waiting = make_action(by=staff, meeting=held, text="Buy towels", owner=staff, due_on=day)
    over = make_action(by=staff, meeting=held, text="Wash the capes", owner=staff, due_on=day)
    finish_action(by=staff, action=over)
    browser, page = signed_in(manager), reverse("person_deactivate", args=[staff.pk])
    assert "1 open action" in browser.get(page).content.decode()
    assert browser.post(page, {"to": colleague.pk}).status_code == 302
    waiting.refresh_from_db()
    over.refresh_from_db()
    assert (waiting.owner, over.owner) == (colleague, staff)  # the past stays as it was
    later(days=3)
    post_office.deliver()
    assert any("Buy towels" in text_of(mail) for mail in post_office.to(colleague.email))
    assert "Buy towels" in signed_in(colleague).get("/").content.decode()


def test_who_has_only_agreed_to_something_does_not_leave_without_a_successor(plan, hold, staff, manager, signed_in):
    make_action(by=staff, meeting=hold(), text="Buy towels", owner=staff, due_on=timezone.localdate())
    page = signed_in(manager).post(reverse("person_deactivate", args=[staff.pk]), {"to": ""})
    assert "to" in page.context["form"].errors
    staff.refresh_from_db()
    assert staff.is_active
