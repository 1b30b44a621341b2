"""One customer: facts for all, answers and conversations for those whom they concern, mails for managers."""

import pytest
from django.utils import timezone

from surveys.sending.models import Invitation


def page_of(browser, customer) -> str:
    answer = browser.get(f"/customers/{customer.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("who", "sees"), [("staff", True), ("manager", True), ("sponsor", True), ("colleague", False), ("outsider", False)]
)
def test_answers_and_conversations_are_for_those_whom_they_concern(who, sees, request, follow_up, signed_in):
    person = request.getfixturevalue(who)
    page = page_of(signed_in(person), follow_up.customer)
    assert "Olena Koval" in page
    assert ("Waited forty minutes" in page) == sees
    assert (f"/follow-ups/{follow_up.pk}/" in page) == sees
    assert ("Surveys sent" in page) == sees


def test_a_mail_that_was_not_sent_stands_there_with_its_reason(
    send, make_customer, manager, team, signed_in, post_office
):
    customer = make_customer(team=team, address_source="other")
    send(customer)
    post_office.deliver()
    assert Invitation.objects.get().not_sent_reason == "not_allowed"
    assert "not sent: we may not mail this address" in page_of(signed_in(manager), customer)


def test_what_was_sent_stands_there_too(invited, make_customer, manager, team, signed_in):
    customer = make_customer(team=team)
    invited(customer)
    assert ">sent<" in page_of(signed_in(manager), customer)


def test_an_answer_that_does_not_count_says_so(answered, make_customer, manager, team, signed_in):
    customer = make_customer(team=team)
    response = answered(customer, 9)
    assert "not counted" not in page_of(signed_in(manager), customer)
    type(response).objects.update(verdict="check")
    assert "not counted" in page_of(signed_in(manager), customer)


def test_an_erased_customer_has_no_page(make_customer, sponsor, signed_in):
    customer = make_customer()
    browser = signed_in(sponsor)
    page_of(browser, customer)
    customer.erased_at = timezone.now()
    customer.save()
    assert browser.get(f"/customers/{customer.pk}/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_same_number_of_questions_at_any_length(
    rows, answered, make_customer, manager, team, signed_in, django_assert_num_queries
):
    customer = make_customer(owner=manager, team=team)
    for _number in range(rows):
        answered(customer, 8, "Slow")
    browser = signed_in(manager)
    with django_assert_num_queries(11):
        page_of(browser, customer)
