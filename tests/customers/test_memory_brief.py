"""The brief: the people of a team's day in order of time, with what is good to know of each."""

import pytest
from django.urls import reverse
from django.utils import timezone

from delight.customers.memory import services
from delight.customers.models import Fact, Visit
from tests.customers.test_memory import DAY, noon  # noqa: F401 - a fixture


@pytest.fixture
def expect(team, make_customer, noon):  # noqa: F811 - the fixture
    """`expect("Olena Koval", hour=10)`: who is expected at Mill Lane today."""

    def do(name="Olena Koval", hour=12, customer=None, **fields):
        customer = customer or make_customer(name, phone="+32 470 12 34 56")
        at = noon.replace(hour=hour)
        return Visit.objects.create(**{"customer": customer, "team": team, "starts_at": at} | fields)

    return do


def brief(browser, team=None) -> str:
    return browser.get(reverse("brief") + (f"?team={team.pk}" if team else "")).content.decode()


def test_it_shows_who_comes_in_order_of_time_and_how_they_are_addressed(expect, staff, signed_in, make_customer):
    expect("Late Maes", hour=15)
    expect(customer=make_customer("Early Claes", address_as="Mrs Claes"), hour=9, reference="214")
    expect("Missed Wouters", hour=10, state="missed")
    page = brief(signed_in(staff))
    assert page.index("Early Claes") < page.index("Late Maes")
    for words in ("addressed as: Mrs Claes", "214", "here for the first time"):
        assert words in page
    assert "Missed Wouters" not in page


def test_no_phone_number_and_no_address_stands_on_it(expect, sponsor, team, signed_in):
    visit = expect()
    page = brief(signed_in(sponsor), team)
    assert visit.customer.name in page
    for secret in (visit.customer.email, "470", "tel:", "mailto:"):
        assert secret not in page


def test_pinned_facts_those_for_this_visit_and_sensitive_ones_come_first(expect, staff, signed_in, noon):  # noqa: F811
    visit = expect()
    customer = visit.customer

    def fact(text, **fields):
        return services.add_fact(by=staff, customer=customer, text=text, **fields)

    fact("an old story")
    services.pin_fact(by=staff, fact=fact("takes oat milk", never_say=True))
    fact("a window seat", for_visit=True)
    fact("no peanuts", sensitive="diet", consent_on=timezone.localdate())
    later = Visit.objects.create(customer=customer, team=visit.team, starts_at=noon + 5 * DAY)
    Fact.objects.create(customer=customer, text="for another day", visit=later, expires_on=noon.date() + 6 * DAY)
    services.ask_next_time(by=staff, customer=customer, question="Did the shampoo help?")
    page = brief(signed_in(staff))
    for words in ("takes oat milk", "never say aloud", "a window seat", "no peanuts", "Did the shampoo help?"):
        assert words in page
    assert "for another day" not in page
    assert page.index("no peanuts") < page.index("an old story")


def test_of_the_other_facts_the_latest_two_stand_there_and_how_many_there_are_besides(expect, staff, signed_in):
    visit = expect()
    for number in range(5):
        services.add_fact(by=staff, customer=visit.customer, text=f"fact {number}")
    page = brief(signed_in(staff))
    assert [f"fact {number}" in page for number in range(5)] == [False, False, False, True, True]
    assert "3 more" in page


def test_what_was_written_down_yesterday_is_there_beside_what_is_pinned(expect, staff, signed_in):
    visit = expect()
    services.pin_fact(by=staff, fact=services.add_fact(by=staff, customer=visit.customer, text="takes oat milk"))
    services.add_fact(by=staff, customer=visit.customer, text="likes the window chair")
    assert "likes the window chair" in brief(signed_in(staff))


def test_ones_own_customers_are_marked(expect, make_customer, staff, colleague, signed_in):
    expect(served_by=colleague)
    page = brief(signed_in(staff))
    assert ">yours<" not in page
    expect(customer=make_customer("Own Wouters"), served_by=staff)
    assert brief(signed_in(staff)).count(">yours<") == 1


def test_it_says_how_often_somebody_has_been_here_before(expect, staff, signed_in, team, noon):  # noqa: F811
    visit = expect()
    for days in (9, 3):
        Visit.objects.create(customer=visit.customer, team=team, starts_at=noon - days * DAY, state="came")
    Visit.objects.create(customer=visit.customer, team=team, starts_at=noon - DAY, state="missed")
    assert "here 2 times before" in brief(signed_in(staff))


def test_a_booking_that_is_nobodys_yet_asks_who_it_is(team, staff, signed_in, noon):  # noqa: F811
    visit = Visit.objects.create(team=team, guest="Online booking 7", starts_at=noon)
    page = brief(signed_in(staff))
    assert "Online booking 7" in page
    assert reverse("visit_customer", args=[visit.pk]) in page


def test_one_sees_the_brief_of_ones_own_teams_only(expect, staff, outsider, sponsor, team, other_team, signed_in):
    name = expect("Olena Koval").customer.name
    assert name in brief(signed_in(staff))
    assert name not in brief(signed_in(outsider), team)
    assert name in brief(signed_in(sponsor), team)
    assert name not in brief(signed_in(sponsor), other_team)


def test_who_has_been_erased_stands_on_no_brief(expect, staff, signed_in):
    visit = expect("Olena Koval")
    visit.customer.erased_at = timezone.now()
    visit.customer.save()
    assert "Olena" not in brief(signed_in(staff))


def test_a_question_is_ticked_on_the_brief(expect, staff, signed_in):
    visit = expect()
    question = services.ask_next_time(by=staff, customer=visit.customer, question="Did it help?")
    url = reverse("next_time_answer", args=[visit.customer_id, question.pk])
    browser = signed_in(staff)
    line = browser.post(url, {"answer": "Yes", "back": "brief"}, headers={"HX-Request": "true"}).content.decode()
    assert line.lstrip().startswith("<li")
    assert "Keep it as a fact" in line
    assert browser.post(url, {"answer": "No", "back": "brief"}).url == "/visits/brief/"
    assert "Did it help?" not in brief(browser)


def test_nobody_is_expected_and_no_team(staff, sponsor, signed_in, make_customer):
    assert "Nobody is expected" in brief(signed_in(staff))


def test_without_a_team_it_says_so(organisation, signed_in):
    from tests.conftest import make_person

    assert "You are in no team" in brief(signed_in(make_person("Nomi")))


def test_three_people_ask_as_much_as_one(expect, staff, signed_in, django_assert_num_queries):
    browser = signed_in(staff)

    def one(number):
        visit = expect(f"Person{number} Maes", hour=9 + number)
        services.pin_fact(by=staff, fact=services.add_fact(by=staff, customer=visit.customer, text="x", for_visit=True))
        services.ask_next_time(by=staff, customer=visit.customer, question="Did it help?")

    one(0)
    with django_assert_num_queries(10):
        brief(browser)
    one(1)
    one(2)
    with django_assert_num_queries(10):
        brief(browser)
