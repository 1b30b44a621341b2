"""A wish not to be asked holds for the address that was mailed, too; and its owner takes it back from any device."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from delight.customers.models import Customer
from delight.customers.services import change_customer, is_suppressed, suppress
from surveys.answering.models import Hit, Unsubscription
from surveys.sending.models import Invitation
from tests.conftest import fields_of

MAILED, NEW = "olena@mail.example", "koval@mail.example"


def held(email: str) -> str:
    found = is_suppressed(email=email, scope="relationship")
    return found.reason if found else ""


@pytest.fixture
def invitation(invited, make_customer) -> Invitation:
    return invited(make_customer(email=MAILED))


@pytest.fixture
def moved(invitation) -> Invitation:
    """The customer has another address since."""
    change_customer(by=None, customer=invitation.customer, email=NEW)
    return Invitation.objects.get(pk=invitation.pk)


# --- The address that was mailed ---------------------------------------------------------------------------------


@pytest.mark.parametrize("one_click", [False, True])
def test_leaving_holds_for_the_address_that_was_mailed_and_for_the_present_one(moved, as_customer, one_click):
    customer = as_customer(moved)
    if one_click:
        customer.web.post(customer.leave_url, {"List-Unsubscribe": "One-Click"})
    else:
        customer.leave()
    assert (held(MAILED), held(NEW)) == ("unsubscribed", "unsubscribed")


def test_whoever_gets_the_former_address_later_is_not_asked_there(moved, as_customer, make_customer, send, post_office):
    as_customer(moved).leave()
    another = make_customer("Bohdan Koval", email=MAILED)
    post_office.mails.clear()
    send(another)
    assert post_office.deliver() == []


def test_undo_takes_back_both(moved, as_customer):
    customer = as_customer(moved)
    page = customer.leave().content
    undo = re.search(rb'action="(/u/[^"]+/undo/[^"]+)"', page).group(1).decode()
    customer.web.post(undo, fields_of(page))
    assert (held(MAILED), held(NEW)) == ("", "")


def test_a_reminder_that_went_elsewhere_counts_as_mailed(moved, as_customer, post_office):
    from delight.outbox.models import Message

    now = timezone.now()
    Message.objects.filter(key=f"remind:{moved.pk}:1").update(due_at=now, promised_at=now)
    assert [mail["To"] for mail in post_office.deliver()] == [f"Olena Koval <{NEW}>"]
    change_customer(by=None, customer=moved.customer, email="third@mail.example")
    as_customer(moved).leave()
    assert {held(email) for email in (MAILED, NEW, "third@mail.example")} == {"unsubscribed"}


def test_no_address_stands_in_the_row(invitation):
    assert len(invitation.mailed_to) == 1
    assert "@" not in str(invitation.mailed_to)


def test_an_erased_customers_press_still_holds_for_the_address(invitation, as_customer):
    Customer.objects.filter(pk=invitation.customer_id).update(email=None, erased_at=timezone.now())
    as_customer(invitation).leave()
    assert held(MAILED) == "unsubscribed"


# --- Write to me again -------------------------------------------------------------------------------------------


def later(invitation, as_customer):
    """The same link, opened tomorrow on another device."""
    Hit.objects.update(at=timezone.now() - timedelta(days=1))
    return as_customer(invitation, "Mozilla/5.0 (Windows)", "203.0.113.9")


def ask_again(device, **fields):
    page = device.web.get(device.leave_url)
    address = re.search(rb'action="(/u/[^"]+/again/)"', page.content).group(1).decode()
    return device.web.post(address, {**fields_of(page.content), **fields})


def test_whoever_names_the_address_is_asked_again_from_any_device(invitation, as_customer):
    as_customer(invitation).leave()
    device = later(invitation, as_customer)
    assert "Write to me again" in device.web.get(device.leave_url).content.decode()
    assert "Undone" in ask_again(device, email=" Olena@Mail.EXAMPLE ").content.decode()
    assert held(MAILED) == ""
    assert "Shall we stop asking" in device.web.get(device.leave_url).content.decode()
    device.leave()
    assert held(MAILED) == "unsubscribed"


def test_it_takes_back_all_that_the_person_pressed(invited, make_customer, as_customer):
    customer = make_customer(email=MAILED)
    first = invited(customer)
    Customer.objects.update(last_asked_at=None)
    second = invited(customer)
    for each in (first, second):
        as_customer(each).leave()
    ask_again(later(second, as_customer), email=MAILED)
    assert held(MAILED) == ""
    assert not Unsubscription.objects.filter(undone_at=None).exists()


@pytest.mark.parametrize("named", [MAILED, NEW])
def test_either_address_will_do_and_both_are_written_to_again(moved, as_customer, named):
    as_customer(moved).leave()
    ask_again(later(moved, as_customer), email=named)
    assert (held(MAILED), held(NEW)) == ("", "")


@pytest.mark.parametrize("fields", [{}, {"email": ""}, {"email": "test@mail.example"}, {"email": "x"}])
def test_a_scanner_that_posts_every_form_asks_nobody_again(invitation, as_customer, fields):
    as_customer(invitation).leave()
    answer = ask_again(later(invitation, as_customer), **fields)
    assert answer.status_code == 422
    assert "That did not work" in answer.content.decode()
    assert held(MAILED) == "unsubscribed"


def test_without_the_page_nothing_is_taken_back(invitation, as_customer):
    as_customer(invitation).leave()
    device = later(invitation, as_customer)
    assert device.web.post(f"{device.leave_url}again/", {"email": MAILED}).status_code == 422
    assert held(MAILED) == "unsubscribed"


def test_a_machine_that_knows_the_address_shows_itself(invitation, as_customer):
    as_customer(invitation).leave()
    device = later(invitation, as_customer)
    device.web.get(f"{device.answer_url}more/")
    assert ask_again(device, email=MAILED).status_code == 422
    assert held(MAILED) == "unsubscribed"


def test_who_guesses_is_stopped_for_an_hour(invitation, as_customer):
    as_customer(invitation).leave()
    device = later(invitation, as_customer)
    for number in range(10):
        ask_again(device, email=f"guess{number}@mail.example")
    assert ask_again(device, email=MAILED).status_code == 422
    ask = later(invitation, as_customer)
    assert ask_again(ask, email=MAILED).status_code == 200


def test_another_reason_that_stands_is_not_talked_away(invitation, as_customer):
    as_customer(invitation).leave()
    suppress(MAILED, "all", "asked")
    assert ask_again(later(invitation, as_customer), email=MAILED).status_code == 422
    assert held(MAILED)


def test_opening_the_address_takes_nothing_back(invitation, as_customer):
    customer = as_customer(invitation)
    customer.leave()
    customer.web.get(f"{customer.leave_url}again/?email={MAILED}")
    assert held(MAILED) == "unsubscribed"
