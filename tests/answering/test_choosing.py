"""Two people answered the same mail: the first one's answer stands, unless a manager says otherwise."""

import pytest

from delight.organisation.models import AuditEntry
from surveys.answering.models import Response
from surveys.followups.models import FollowUp


@pytest.fixture
def two(invited, as_customer, make_customer, team, staff):
    """A 9 from the phone, which stands, and a 2 from elsewhere beside it."""
    invitation = invited(make_customer(team=team, owner=staff))
    as_customer(invitation).answer(9, "All well.")
    as_customer(invitation, "Mozilla/5.0 (Windows)", "203.0.113.9").answer(2, "Said by the one who was there.")
    first, second = Response.objects.order_by("pk")
    assert (first.is_active, second.is_active) == (True, False)
    return first, second


def choose(browser, response):
    return browser.post(f"/answers/{response.pk}/count/", follow=True)


def standing() -> list[int]:
    return [response.score for response in Response.objects.filter(is_active=True)]


def test_a_manager_lets_the_second_count_and_the_first_is_kept(two, manager, signed_in):
    browser = signed_in(manager)
    first, second = two
    button = f"/answers/{second.pk}/count/"
    assert button in browser.get(f"/answers/{second.pk}/").content.decode()
    assert "counts now" in choose(browser, second).content.decode()
    assert standing() == [2]
    assert Response.objects.count() == 2
    assert button not in browser.get(f"/answers/{second.pk}/").content.decode()
    assert f"/answers/{first.pk}/count/" in browser.get(f"/answers/{first.pk}/").content.decode()
    second.invitation.refresh_from_db()
    assert second.invitation.answered_at == second.submitted_at
    entry = AuditEntry.objects.get(verb="let_count")
    assert (entry.actor, entry.object_id) == (manager, second.pk)


def test_what_it_asks_for_begins_to_be_asked_for_and_back_again(two, manager, signed_in):
    first, second = two
    assert not FollowUp.objects.exists()
    choose(signed_in(manager), second)
    assert FollowUp.objects.get().response == second
    choose(signed_in(manager), first)
    assert standing() == [9]
    assert not FollowUp.objects.open().exists()
    assert "no longer counts" in FollowUp.objects.get().outcome.get_result_display()


@pytest.mark.parametrize("who", ["staff", "other_manager"])
def test_only_whoever_may_judge_says_so(request, two, signed_in, who):
    browser = signed_in(request.getfixturevalue(who))
    second = two[1]
    assert b"/count/" not in browser.get(f"/answers/{second.pk}/").content
    assert choose(browser, second).status_code in (403, 404)
    assert standing() == [9]


def test_it_lasts_when_a_third_answer_comes(two, manager, signed_in, as_customer):
    second = two[1]
    choose(signed_in(manager), second)
    as_customer(second.invitation, "Mozilla/5.0 (X11)", "192.0.2.44").answer(5)
    assert standing() == [2]
    assert Response.objects.count() == 3


def test_a_machines_answer_cannot_be_made_to_count(two, manager, signed_in):
    Response.objects.filter(pk=two[1].pk).update(verdict="check", signs=["no_page", "too_soon"])
    assert choose(signed_in(manager), two[1]).status_code == 403
    assert standing() == [9]


def test_a_chosen_one_that_turns_out_a_machines_gives_way(two, manager, signed_in):
    browser = signed_in(manager)
    choose(browser, two[1])
    Response.objects.filter(pk=two[1].pk).update(signs=["no_page", "too_soon"])
    browser.post(f"/answers/{two[1].pk}/check/", {"is": "machine"})
    assert standing() == [9]


def test_pressing_twice_is_pressing_once(two, manager, signed_in):
    browser = signed_in(manager)
    choose(browser, two[1])
    assert choose(browser, two[1]).status_code == 200
    assert AuditEntry.objects.filter(verb="let_count").count() == 1
