"""The list of follow-ups and the page of one, as each kind of person sees them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from delight.customers.models import Account
from surveys.followups.models import FollowUp
from surveys.followups.services import close_follow_up


@pytest.fixture
def open_for(make_customer):
    """`open_for(owner, "Name", team=…)`: an open follow-up without an answer behind it."""

    def do(whose, name, *, team=None, days=1, **customer):
        return FollowUp.objects.create(
            customer=make_customer(name, **customer), asked="unhappy", owner=whose, team=team,
            due_at=timezone.now() + timedelta(days=days),
        )  # fmt: skip

    return do


def names(browser, query: str = "") -> list[str]:
    page = browser.get(f"/follow-ups/{query}")
    assert page.status_code == 200
    return [follow_up.customer.name for follow_up in page.context["page_obj"]]


def test_staff_see_their_own_the_most_urgent_first(open_for, staff, colleague, team, signed_in):
    open_for(staff, "Later", days=3)
    open_for(staff, "Sooner", days=-1)
    open_for(colleague, "Another's", team=team)
    browser = signed_in(staff)
    assert names(browser) == ["Sooner", "Later"]
    assert names(browser, "?whose=team") == ["Sooner", "Later"]


def test_managers_see_their_teams_and_those_of_nobodys_customers(
    open_for, manager, staff, outsider, sponsor, team, other_team, signed_in
):
    open_for(staff, "Ours", team=team, days=1)
    open_for(staff, "Our barber's", days=2)
    open_for(sponsor, "Nobody's", days=3)
    open_for(outsider, "Theirs", team=other_team)
    open_for(outsider, "Their barber's", owner=outsider)
    browser = signed_in(manager)
    assert names(browser, "?whose=mine") == []
    assert names(browser, "?whose=team") == ["Ours", "Our barber's", "Nobody's"]


def test_a_manager_without_own_conversations_sees_the_teams_first(open_for, manager, staff, team, signed_in):
    browser = signed_in(manager)
    open_for(staff, "Ours", team=team, days=1)
    assert names(browser) == ["Ours"]
    open_for(manager, "Mine", team=team, days=2)
    assert names(browser) == ["Mine"]


def test_a_sponsor_sees_all(open_for, sponsor, staff, outsider, team, other_team, signed_in):
    open_for(staff, "Ours", team=team)
    open_for(outsider, "Theirs", team=other_team, days=2)
    assert names(signed_in(sponsor), "?whose=team") == ["Ours", "Theirs"]


def test_filters_for_open_overdue_and_closed(open_for, staff, signed_in):
    open_for(staff, "Open")
    open_for(staff, "Late", days=-2)
    done = open_for(staff, "Done")
    close_follow_up(by=staff, follow_up=done, result="talked", happened="Talked.")
    browser = signed_in(staff)
    assert names(browser, "?state=open") == ["Late", "Open"]
    assert names(browser, "?state=overdue") == ["Late"]
    assert names(browser, "?state=closed") == ["Done"]
    assert names(browser, "?state=nonsense&page=x") == ["Late", "Open"]
    assert "2 days late" in browser.get("/follow-ups/").content.decode()


@pytest.mark.parametrize("state", ["open", "overdue", "closed"])
def test_an_empty_list_says_something_kind(state, staff, signed_in):
    assert 'class="empty"' in signed_in(staff).get(f"/follow-ups/?state={state}").content.decode()


def test_a_long_list_has_pages(open_for, staff, signed_in):
    for number in range(51):
        open_for(staff, f"Customer {number:02}", days=number)
    browser = signed_in(staff)
    assert len(names(browser)) == 50
    assert names(browser, "?state=open&page=2") == ["Customer 50"]
    assert "whose=mine&amp;state=open&amp;page=2" in browser.get("/follow-ups/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_number_of_questions_at_any_length(
    rows, answered, make_customer, staff, team, signed_in, django_assert_num_queries
):
    for number in range(rows):
        answered(make_customer(f"Customer {number}", owner=staff, team=team), 3, "Slow")
    browser = signed_in(staff)
    with django_assert_num_queries(8):
        assert len(names(browser)) == rows


# --- One follow-up ----------------------------------------------------------------------------------------------


def test_the_page_gives_what_a_call_needs(follow_up, staff, signed_in):
    page = signed_in(staff).get(f"/follow-ups/{follow_up.pk}/").content.decode()
    assert "<q>Waited forty minutes, nobody said a word.</q>" in page
    assert "Show the phone number" in page
    assert "tel:" not in page
    assert "Show the e-mail address" in page
    assert follow_up.customer.email not in page
    assert "What would put it right for you?" in page
    assert "Who else do you know" not in page


def test_without_a_phone_number_the_page_says_so_and_speaks_of_writing(answered, make_customer, staff, signed_in):
    customer = make_customer(owner=staff)
    answered(customer, 3, "Slow.")
    there = FollowUp.objects.get()
    page = signed_in(staff).get(f"/follow-ups/{there.pk}/").content.decode()
    assert "No phone number known." in page
    assert "I&#x27;m writing because I read your answer." in page
    customer.phone = "+32 470 12 34 56"
    customer.save()
    page = signed_in(staff).get(f"/follow-ups/{there.pk}/").content.decode()
    assert "No phone number known." not in page
    assert "I&#x27;m calling because I read your answer." in page


def test_a_closed_one_names_who_closed_it_and_not_whose_it_was(follow_up, staff, manager, signed_in):
    close_follow_up(by=manager, follow_up=follow_up, result="talked", happened="Talked.")
    browser = signed_in(staff)
    for url in ("/follow-ups/?state=closed", f"/follow-ups/{follow_up.pk}/"):
        page = browser.get(url).content.decode()
        assert "by: Mert" in page.split("<main")[1]
        assert "Sam" not in page.split("<main")[1]


def test_a_happy_company_has_another_script(answered, make_customer, staff, signed_in):
    account = Account.objects.create(name="Studio Nord")
    answered(make_customer(account=account, owner=staff), 10)
    page = signed_in(staff).get(f"/follow-ups/{FollowUp.objects.get().pk}/").content.decode()
    assert "Who else do you know" in page
    assert "What would put it right" not in page
    assert "Studio Nord" in page


def test_earlier_answers_and_outcomes_are_there(answered, make_customer, staff, signed_in):
    customer = make_customer(owner=staff)
    answered(customer, 2, "The fade was uneven.")
    close_follow_up(by=staff, follow_up=FollowUp.objects.get(), result="solved", happened="Came in again on Thursday.")
    answered(customer, 8, "Better now.")
    answered(customer, 4, "Waited again.")
    page = signed_in(staff).get(f"/follow-ups/{FollowUp.objects.open().get().pk}/").content.decode()
    for words in ("Waited again.", "The fade was uneven.", "Better now.", "Came in again on Thursday."):
        assert words in page


def test_words_of_customers_are_shown_as_text(answered, make_customer, staff, signed_in):
    answered(make_customer(owner=staff), 2, "<script>alert(1)</script>")
    page = signed_in(staff).get(f"/follow-ups/{FollowUp.objects.get().pk}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_opening_the_pages_by_get_closes_nothing(follow_up, staff, signed_in):
    browser = signed_in(staff)
    for verb in ("close", "assign"):  # whoever had to sign in again while posting comes here
        assert browser.get(f"/follow-ups/{follow_up.pk}/{verb}/").url == f"/follow-ups/{follow_up.pk}/"
    assert FollowUp.objects.get().is_open


@pytest.mark.parametrize(("who", "reads"), [("staff", False), ("manager", True), ("sponsor", True)])
def test_of_the_customers_other_answers_a_reader_sees_only_those_they_may_read(
    request, answered, make_customer, outsider, staff, team, signed_in, who, reads
):
    customer = make_customer("Olena Koval", team=team, owner=outsider)
    answered(customer, 7, "Said to somebody else.")
    found = FollowUp.objects.create(
        customer=customer, asked="unhappy", owner=staff, team=team, due_at=timezone.now() + timedelta(days=1)
    )
    browser = signed_in(request.getfixturevalue(who))
    assert ("Said to somebody else." in browser.get(f"/follow-ups/{found.pk}/").content.decode()) is reads
