"""One customer: facts for all, answers and conversations for those whom they concern, mails for managers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from delight.customers.services import is_suppressed, suppress
from delight.organisation.models import AuditEntry
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


def test_an_empty_page_speaks_of_what_may_be_seen_to_those_only_who_do_not_see_all(
    make_customer, sponsor, colleague, signed_in
):
    customer = make_customer()
    page = page_of(signed_in(sponsor), customer)
    assert page.count("None yet.</p>") == 2
    assert "you may see" not in page
    assert "No answers that you may see." in page_of(signed_in(colleague), customer)


# --- Whether the customer may be asked --------------------------------------------------------------------------


def held(customer) -> str | None:
    entry = is_suppressed(customer.email, "relationship")
    return entry and entry.reason


@pytest.mark.parametrize(("who", "sees"), [("staff", True), ("manager", True), ("colleague", False)])
def test_who_asked_us_not_to_write_is_told_to_those_who_see_the_address(
    who, sees, request, make_customer, staff, team, signed_in
):
    customer = make_customer(owner=staff, team=team)
    browser = signed_in(request.getfixturevalue(who))
    assert "asked us not to write" not in page_of(browser, customer)
    suppress(customer.email, "all", "unsubscribed")
    assert ("asked us not to write" in page_of(browser, customer)) == sees


def test_a_manager_notes_that_a_customer_does_not_want_to_be_asked_and_takes_it_back(
    make_customer, manager, team, signed_in
):
    customer, browser = make_customer(team=team), signed_in(manager)
    assert f'action="/customers/{customer.pk}/suppress/"' in page_of(browser, customer)
    assert browser.post(f"/customers/{customer.pk}/suppress/").url == f"/customers/{customer.pk}/"
    assert held(customer) == "asked"
    page = page_of(browser, customer)
    assert "asked us not to write" in page
    assert "/suppress/" not in page
    assert f'action="/customers/{customer.pk}/lift/"' in page
    browser.post(f"/customers/{customer.pk}/lift/")
    assert held(customer) is None
    assert set(AuditEntry.objects.filter(actor=manager).values_list("verb", flat=True)) >= {
        "suppress", "lift_suppression",
    }  # fmt: skip


@pytest.mark.parametrize("scope", ["all", "relationship"])
def test_nobody_takes_back_what_the_customer_did(scope, make_customer, sponsor, signed_in):
    customer, browser = make_customer(), signed_in(sponsor)
    suppress(customer.email, scope, "unsubscribed")
    page = page_of(browser, customer)
    assert "/lift/" not in page
    assert "/suppress/" not in page
    browser.post(f"/customers/{customer.pk}/lift/")
    assert held(customer) == "unsubscribed"


def test_a_pause_can_be_made_firm(make_customer, sponsor, signed_in):
    customer, browser = make_customer(), signed_in(sponsor)
    suppress(customer.email, "relationship", "paused", timezone.now() + timedelta(days=9))
    assert "unsubscribed, perhaps by a machine" in page_of(browser, customer)
    browser.post(f"/customers/{customer.pk}/suppress/")
    assert held(customer) == "asked"


def test_a_customer_without_an_address_cannot_be_asked_anyway(make_customer, sponsor, signed_in):
    customer, browser = make_customer(email=None, phone="+32 470 12 34 56"), signed_in(sponsor)
    assert "/suppress/" not in page_of(browser, customer)
    assert browser.post(f"/customers/{customer.pk}/suppress/").status_code == 302
    assert browser.post(f"/customers/{customer.pk}/lift/").status_code == 302


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_same_number_of_questions_at_any_length(
    rows, answered, make_customer, manager, team, signed_in, django_assert_num_queries
):
    customer = make_customer(owner=manager, team=team)
    for _number in range(rows):
        answered(customer, 8, "Slow")
    browser = signed_in(manager)
    with django_assert_num_queries(35):
        page_of(browser, customer)
