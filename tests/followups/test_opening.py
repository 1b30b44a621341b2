"""Which answers ask for a conversation, with whom, until when; and that there is one per customer."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from delight.customers.models import Account
from delight.organisation.models import Holiday
from delight.outbox.models import Message
from staff.people.models import Membership
from surveys.answering.models import Response
from surveys.answering.services import check_response
from surveys.followups.models import FollowUp, Outcome
from surveys.followups.services import after_response, close_follow_up


@pytest.fixture
def account(organisation):
    return Account.objects.create(name="Studio Nord")


@pytest.mark.parametrize(
    ("score", "private", "company"),
    [
        (0, "unhappy", "unhappy"),
        (6, "unhappy", "unhappy"),
        (7, None, None),
        (8, None, None),
        (9, None, "happy"),
        (10, None, "happy"),
    ],
)
def test_score_and_kind_of_customer_decide(score, private, company, answered, make_customer, account):
    answered(make_customer("Jonas Berg"), score)
    answered(make_customer("Ada Nord", account=account), score)
    asked = dict(FollowUp.objects.values_list("customer__name", "asked"))
    assert (asked.get("Jonas Berg"), asked.get("Ada Nord")) == (private, company)


@pytest.mark.parametrize(
    ("score", "due"), [(3, datetime(2027, 3, 8, 17, tzinfo=UTC)), (10, datetime(2027, 3, 12, 17, tzinfo=UTC))]
)
def test_due_at_the_end_of_a_working_day(score, due, answered, make_customer, account):
    response = answered(make_customer(account=account), 8)
    response.score = score
    with time_machine.travel(datetime(2027, 3, 5, 14, tzinfo=UTC), tick=False):  # a Friday in Brussels
        after_response(response)
    assert FollowUp.objects.get().due_at == due


def test_a_holiday_is_no_working_day(answered, make_customer):
    response = answered(make_customer(), 8)
    response.score = 3
    Holiday.objects.create(day="2027-03-08", name="Inventory")
    with time_machine.travel(datetime(2027, 3, 5, 14, tzinfo=UTC), tick=False):
        after_response(response)
    assert FollowUp.objects.get().due_at == datetime(2027, 3, 9, 17, tzinfo=UTC)


# --- Whose it is ------------------------------------------------------------------------------------------------


def test_the_customers_owner_gets_it(answered, make_customer, staff, colleague, manager, team, account):
    account.owner = colleague
    account.save()
    answered(make_customer(owner=staff, team=team, account=account), 2)
    assert FollowUp.objects.get().owner == staff


def test_without_an_owner_the_accounts_owner_gets_it(answered, make_customer, colleague, manager, team, account):
    account.owner = colleague
    account.save()
    answered(make_customer(team=team, account=account), 2)
    assert FollowUp.objects.get().owner == colleague


def test_else_the_manager_of_the_team_that_served(answered, make_customer, manager, other_manager, team):
    answered(make_customer(team=team), 2)
    found = FollowUp.objects.get()
    assert (found.owner, found.team) == (manager, team)


def test_else_a_sponsor(answered, make_customer, sponsor, manager):
    answered(make_customer(), 2)
    assert FollowUp.objects.get().owner == sponsor


def test_people_who_have_left_get_nothing(answered, make_customer, staff, manager, sponsor, team):
    staff.is_active = False
    staff.save()
    Membership.objects.filter(user=manager).update(until=timezone.localdate())
    answered(make_customer(owner=staff, team=team), 2)
    assert FollowUp.objects.get().owner == sponsor


def test_the_team_that_served_counts_and_not_the_team_of_today(
    invited, as_customer, make_customer, team, other_team, manager, other_manager
):
    customer = make_customer(team=team)
    invitation = invited(customer)
    customer.team = other_team
    customer.save()
    as_customer(invitation).answer(2)
    assert FollowUp.objects.get().owner == manager


# --- One open per customer --------------------------------------------------------------------------------------


def test_a_second_bad_answer_opens_no_second_one(answered, make_customer):
    customer = make_customer()
    first = answered(customer, 2)
    answered(customer, 4)
    assert FollowUp.objects.get().response == first


def test_a_worse_answer_pulls_a_happy_one_forward_with_its_reminders(
    answered, make_customer, account, staff, post_office
):
    customer = make_customer(account=account, owner=staff)
    answered(customer, 10)
    before = FollowUp.objects.get()
    worse = answered(customer, 3, "The invoice was wrong twice.")
    after = FollowUp.objects.get()
    assert (after.asked, after.response) == ("unhappy", worse)
    assert after.due_at < before.due_at
    due = Message.objects.get(key=f"follow-up:{after.pk}:1")
    overdue = Message.objects.get(key=f"follow-up:{after.pk}:2")
    assert (due.due_at, due.promised_at) == (after.due_at, after.due_at)
    assert overdue.due_at == after.due_at + timedelta(hours=1)
    post_office.deliver()
    mails = post_office.to("sam@barber.example")
    assert len(mails) == 2
    assert "Please call" in mails[-1]["Subject"]


def test_a_better_answer_leaves_the_open_one_as_it_is(answered, make_customer, account):
    customer = make_customer(account=account)
    bad = answered(customer, 3)
    answered(customer, 10)
    found = FollowUp.objects.get()
    assert (found.asked, found.response) == ("unhappy", bad)


def test_an_edited_answer_keeps_the_follow_up_and_shows_the_new_score(
    invited, as_customer, make_customer, staff, signed_in
):
    customer = as_customer(invited(make_customer(owner=staff)))
    customer.answer(3, "Slow")
    customer.answer(8, "They called me at once!")
    found = FollowUp.objects.get()
    assert found.is_open
    page = signed_in(staff).get(f"/follow-ups/{found.pk}/")
    assert "They called me at once!" in page.content.decode()
    assert (page.context["follow_up"].score, page.context["follow_up"].band) == (8, "mid")


def test_an_answer_edited_for_the_worse_opens_one(invited, as_customer, make_customer):
    customer = as_customer(invited(make_customer()))
    customer.answer(8)
    assert not FollowUp.objects.exists()
    customer.answer(5)
    assert FollowUp.objects.get().asked == "unhappy"


def test_after_the_conversation_an_edited_comment_does_not_open_it_again(invited, as_customer, make_customer, sponsor):
    customer = as_customer(invited(make_customer()))
    customer.answer(3, "Slow")
    close_follow_up(by=sponsor, follow_up=FollowUp.objects.get(), result="talked", happened="Talked.")
    customer.answer(3, "Slow, but you called. Thanks!")
    assert not FollowUp.objects.open().exists()


def test_a_new_bad_answer_after_the_conversation_opens_a_new_one(answered, make_customer, sponsor):
    customer = make_customer()
    answered(customer, 3)
    close_follow_up(by=sponsor, follow_up=FollowUp.objects.get(), result="talked", happened="Talked.")
    answered(customer, 3)
    assert FollowUp.objects.open().count() == 1


# --- Answers that are not a person's ----------------------------------------------------------------------------


def test_an_answer_that_needs_checking_opens_none_until_a_manager_says_person(answered, make_customer, sponsor):
    response = answered(make_customer(), 8)
    Response.objects.filter(pk=response.pk).update(verdict="check", score=2)
    response.refresh_from_db()
    after_response(response)
    assert not FollowUp.objects.exists()
    check_response(by=sponsor, response=response, is_person=True)
    assert FollowUp.objects.get().is_open


def test_an_answer_that_turns_out_to_be_a_machines_withdraws_it_and_a_persons_brings_it_back(
    answered, make_customer, sponsor
):
    response = answered(make_customer(), 2)
    check_response(by=sponsor, response=response, is_person=False)
    assert FollowUp.objects.get().outcome.result == Outcome.Result.WITHDRAWN
    check_response(by=sponsor, response=response, is_person=True)
    assert FollowUp.objects.open().count() == 1


def test_a_complaint_that_a_machines_answer_pushed_aside_is_not_lost(answered, make_customer, sponsor):
    customer = make_customer()
    first = answered(customer, 5)
    second = answered(customer, 2)
    assert FollowUp.objects.get().response == second
    check_response(by=sponsor, response=second, is_person=False)
    assert FollowUp.objects.open().get().response == first


def test_an_erased_customer_is_left_alone(answered, make_customer):
    response = answered(make_customer(), 8)
    response.customer.erased_at = timezone.now()
    response.score = 2
    after_response(response)
    assert not FollowUp.objects.exists()
