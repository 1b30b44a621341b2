"""Each issue gets an answer, also when whoever looked after it has left; and input that no form expects."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from delight.front.leaving import leave_company
from delight.programme.models import Issue
from delight.programme.services import answer_issue
from tests.conftest import make_person


@pytest.mark.parametrize("chosen", [False, True])
def test_what_a_leaver_looked_after_goes_on(chosen, issue, staff, manager, colleague, team, signed_in, post_office):
    other = make_person("Ines", team)
    waiting, over = issue(owner=staff, by=colleague), issue(owner=staff, by=colleague)
    answer_issue(by=staff, issue=over, state="done", done="A new one is here.")
    post_office.deliver()
    page, heir = reverse("person_deactivate", args=[staff.pk]), other if chosen else manager
    assert f'value="{manager.pk}" selected' in signed_in(manager).get(page).content.decode()
    assert signed_in(manager).post(page, {"to": heir.pk}).status_code == 302
    assert Issue.objects.get(pk=waiting.pk).owner == heir
    assert Issue.objects.get(pk=over.pk).owner == staff  # the past stays as it was
    assert [mail["To"].addresses[0].addr_spec for mail in post_office.deliver()] == (
        [] if heir == manager else [other.email]
    )


def test_raised_in_the_very_last_moment_a_sponsor_has_it(issue, other_manager, outsider, sponsor, other_team):
    waiting = issue(by=outsider, team=other_team)
    assert waiting.owner == other_manager
    leave_company(by=sponsor, person=other_manager, to=None)
    assert Issue.objects.get(pk=waiting.pk).owner == sponsor


def test_the_end_of_the_calendar_is_no_day_for_an_issue(issue, manager, signed_in):
    waiting = issue()
    url = reverse("issue_hand", args=[waiting.pk])
    answer = signed_in(manager).post(url, {"owner": manager.pk, "due_on": "9999-12-31"})
    assert answer.status_code == 422
    waiting.refresh_from_db()
    later = waiting.due_on + timedelta(days=300)
    assert signed_in(manager).post(url, {"owner": manager.pk, "due_on": f"{later}"}).status_code == 302


@pytest.mark.parametrize("value", ["9" * 5000, "9" * 25, "-1", "x\0y", "²"])
@pytest.mark.parametrize("field", ["customers", "team", "key", "words", "kind"])
def test_no_number_is_too_long_for_the_form(field, value, staff, customer, signed_in):
    values = {"key": str(uuid4()), "kind": "need", "text": "A plug.", field: value}
    assert signed_in(staff).post(reverse("issue_new"), values).status_code in (302, 422)
    assert signed_in(staff).post(reverse("issue_new"), values | {"search": "1"}).status_code == 200
    assert signed_in(staff).get(reverse("issue_new"), {field: value}).status_code == 200


def test_the_same_form_sent_again_with_other_words_loses_none(staff, manager, signed_in):
    """Back, more words, sent again: the second sentence is not taken for the first one."""
    values = {"key": str(uuid4()), "kind": "need", "text": "A second dryer."}
    browser = signed_in(staff)
    for text in ("A second dryer.", "A second dryer, and a plug for it.", "A second dryer, and a plug for it."):
        assert browser.post(reverse("issue_new"), values | {"text": text}).status_code == 302
    assert {issue.text for issue in Issue.objects.all()} == {"A second dryer.", "A second dryer, and a plug for it."}
    assert Issue.objects.count() == 2
