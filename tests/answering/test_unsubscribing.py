"""Leaving takes one press and holds at once; a machine's press is only a pause that a manager sees."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from delight.customers.models import Suppression
from delight.customers.services import is_suppressed
from delight.outbox.models import Job
from delight.outbox.pump import run_due
from surveys.answering.models import Hit, Unsubscription
from tests.conftest import fields_of


def held(invitation) -> str:
    found = is_suppressed(email=invitation.customer.email, scope="relationship")
    return found.reason if found else ""


def test_opening_the_page_unsubscribes_nobody(invited, as_customer):
    invitation = invited()
    customer = as_customer(invitation)
    page = customer.web.get(customer.leave_url)
    assert b"<button" in page.content
    assert held(invitation) == ""


def test_the_button_holds_at_once_and_undo_takes_it_back(invited, as_customer):
    invitation = invited()
    customer = as_customer(invitation)
    page = customer.leave().content.decode()
    assert held(invitation) == "unsubscribed"
    undo_url = re.search(r'action="(/u/[^"]+/undo/[^"]+)"', page).group(1)
    assert customer.web.get(undo_url).status_code == 200
    assert held(invitation) == "unsubscribed"
    assert "Undone" in customer.web.post(undo_url, fields_of(page.encode())).content.decode()
    assert held(invitation) == ""


def test_only_whoever_pressed_is_offered_undo(invited, as_customer):
    invitation = invited()
    as_customer(invitation).leave()
    robot = as_customer(invitation, "scanner", "192.0.2.9")
    assert b"/undo/" not in robot.web.get(robot.leave_url).content
    assert b"/undo/" not in robot.web.post(robot.leave_url).content
    assert held(invitation) == "unsubscribed"


def undo_url_in(page: bytes) -> str:
    return re.search(r'action="(/u/[^"]+/undo/[^"]+)"', page.decode()).group(1)


def test_a_scanner_that_pressed_first_cannot_undo_what_the_person_pressed_after_it(invited, as_customer):
    invitation = invited()
    robot = as_customer(invitation, "scanner", "192.0.2.9")
    page = robot.leave().content
    as_customer(invitation).leave()
    answer = robot.web.post(undo_url_in(page), fields_of(page))
    assert b"Undone" not in answer.content
    assert held(invitation) == "unsubscribed"


def test_without_the_person_the_same_undo_is_obeyed(invited, as_customer):
    invitation = invited()
    robot = as_customer(invitation, "scanner", "192.0.2.9")
    page = robot.leave().content
    robot.web.post(undo_url_in(page), fields_of(page))
    assert held(invitation) == ""


def test_a_persons_press_after_a_machines_is_no_pause(invited, as_customer):
    invitation = invited()
    robot = as_customer(invitation, "scanner", "192.0.2.9")
    for score in range(11):
        robot.open(score)
    robot.leave()
    assert held(invitation) == "paused"
    Hit.objects.update(at=timezone.now() - timedelta(minutes=5))
    as_customer(invitation).leave()
    assert held(invitation) == "unsubscribed"
    assert Unsubscription.objects.get().verdict == "clean"


def test_the_mail_programs_own_button_is_obeyed_without_cookie_or_page(invited, post_office, client):
    invitation = invited()
    mail = post_office.mails[0]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = mail["List-Unsubscribe"].strip("<>").replace("\n", "").replace(" ", "")
    path = address.removeprefix("http://127.0.0.1").partition("/")[2]
    answer = client.post("/" + path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert held(invitation) == "unsubscribed"


def test_nobody_who_left_is_asked_again_by_a_new_sending_or_reminded(invited, as_customer, send, post_office):
    invitation = invited()
    as_customer(invitation).leave()
    post_office.mails.clear()
    send(invitation.customer)
    assert post_office.deliver() == []
    assert invitation.customer.invitations.latest("pk").not_sent_reason == "unsubscribed"


def test_a_press_with_two_signs_is_a_pause_that_a_manager_decides(
    invited, as_customer, make_customer, manager, team, signed_in
):
    invitation = invited(make_customer(team=team))
    robot = as_customer(invitation, "scanner")
    for score in range(11):
        robot.open(score)
    robot.leave()
    assert held(invitation) == "paused"
    web = signed_in(manager)
    assert "perhaps by a machine" in web.get("/answers/").content.decode()
    row = Unsubscription.objects.get()
    web.post(f"/answers/unsubscribed/{row.pk}/check/", {"is": "machine"})
    assert held(invitation) == ""


def test_a_machine_that_presses_first_and_shows_itself_later_becomes_a_pause(invited, as_customer):
    invitation = invited()
    robot = as_customer(invitation, "scanner")
    robot.leave()
    assert held(invitation) == "unsubscribed"
    for score in range(11):
        robot.open(score)
    Job.objects.update(due_at=timezone.now())
    run_due()
    assert held(invitation) == "paused"


@pytest.mark.parametrize("who", ["staff", "other_manager"])
def test_only_the_customers_manager_decides(request, invited, as_customer, make_customer, team, signed_in, who):
    invitation = invited(make_customer(team=team))
    as_customer(invitation).leave()
    Unsubscription.objects.update(verdict="check")
    row = Unsubscription.objects.get()
    answer = signed_in(request.getfixturevalue(who)).post(f"/answers/unsubscribed/{row.pk}/check/", {"is": "machine"})
    assert answer.status_code in (403, 404)
    assert held(invitation) == "unsubscribed"


@pytest.mark.parametrize("said", [{"is": "machine"}, {}])
@pytest.mark.parametrize("one_click", [False, True])
def test_a_persons_wish_is_nobodys_to_take_back(
    invited, as_customer, make_customer, manager, team, signed_in, said, one_click
):
    invitation = invited(make_customer(team=team))
    customer = as_customer(invitation)
    if one_click:
        customer.web.post(customer.leave_url, {"List-Unsubscribe": "One-Click"})
    else:
        customer.leave()
    row = Unsubscription.objects.get()
    answer = signed_in(manager).post(f"/answers/unsubscribed/{row.pk}/check/", said)
    assert answer.status_code == 404
    assert held(invitation) == "unsubscribed"


def test_a_decision_without_a_word_decides_nothing(invited, as_customer, make_customer, manager, team, signed_in):
    invitation = invited(make_customer(team=team))
    as_customer(invitation).leave()
    Unsubscription.objects.update(verdict="check")
    row = Unsubscription.objects.get()
    assert signed_in(manager).post(f"/answers/unsubscribed/{row.pk}/check/").status_code == 400
    assert held(invitation) == "unsubscribed"


def test_suppression_outlives_a_change_of_key(invited, as_customer, settings):
    invitation = invited()
    as_customer(invitation).leave()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key that is long enough to be one"
    assert held(invitation) == "unsubscribed"
    assert Suppression.objects.count() == 1


def test_a_machines_press_taken_back_leaves_what_staff_were_told(invited, as_customer, sponsor):
    from delight.customers.services import suppress
    from surveys.answering.unsubscribing import check_unsubscription

    invitation = invited()
    robot = as_customer(invitation, "scanner")
    for score in range(11):
        robot.open(score)
    robot.leave()
    suppress(invitation.customer.email, "relationship", "asked")
    check_unsubscription(by=sponsor, row=Unsubscription.objects.get(), is_person=False)
    assert held(invitation) == "asked"
