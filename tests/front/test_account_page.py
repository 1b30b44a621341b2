"""A company's page: who belongs to it, who answered, who is silent, what was promised."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from delight.customers.models import Account, Visit
from surveys.followups.models import FollowUp, Outcome
from surveys.sending.models import Invitation


@pytest.fixture
def hotel(manager):
    return Account.objects.create(
        name="Hotel Leie", owner=manager, value_per_year=12500, renews_on=timezone.localdate() + timedelta(days=23)
    )


def page_of(browser, account) -> str:
    response = browser.get(f"/customers/companies/{account.pk}/")
    assert response.status_code == 200
    return response.content.decode()


def test_facts_renewal_and_people_with_their_role(hotel, make_customer, manager, signed_in):
    make_customer(
        "Olena Koval", account=hotel, account_role="decides", email="olena@mail.example", phone="0470 12 34 56"
    )
    make_customer("Gone Away", account=hotel, erased_at=timezone.now())
    page = page_of(signed_in(manager), hotel)
    for shown in ("Hotel Leie", "Mert", "12,500 EUR", "in 23 days", "Olena Koval", "decides", "1 person"):
        assert shown in page
    for hidden in ("Gone Away", "olena@mail.example", "0470"):
        assert hidden not in page


@pytest.mark.parametrize(("days", "words"), [(0, "today"), (1, "in 1 day"), (-1, "is over")])
def test_the_renewal_is_counted_in_days(hotel, manager, signed_in, days, words):
    hotel.renews_on = timezone.localdate() + timedelta(days=days)
    hotel.save()
    assert words in page_of(signed_in(manager), hotel)


@pytest.mark.parametrize(
    ("who", "status"), [("manager", 200), ("sponsor", 200), ("staff", 404), ("outsider", 404), ("other_manager", 404)]
)
def test_who_may_open_it(request, hotel, signed_in, who, status):
    browser = signed_in(request.getfixturevalue(who))
    assert browser.get(f"/customers/companies/{hotel.pk}/").status_code == status


def test_staff_who_look_after_one_of_its_people_read_it(hotel, make_customer, staff, signed_in):
    customer = make_customer("Olena Koval", account=hotel, owner=staff)
    browser = signed_in(staff)
    page = page_of(browser, hotel)
    assert "Olena Koval" in page
    assert "/edit/" not in page
    assert browser.get(f"/customers/companies/{hotel.pk}/edit/").status_code == 403
    assert f"/customers/companies/{hotel.pk}/" in browser.get(f"/customers/{customer.pk}/").content.decode()


def test_nobody_is_led_to_a_company_that_is_closed_to_them(hotel, make_customer, colleague, signed_in):
    customer = make_customer("Olena Koval", account=hotel)
    page = signed_in(colleague).get(f"/customers/{customer.pk}/").content.decode()
    assert "Hotel Leie" in page
    assert f"/customers/companies/{hotel.pk}/" not in page


def test_who_answered_and_who_is_silent(hotel, answered, invited, make_customer, manager, team, signed_in):
    spoke = make_customer("Anna Maes", account=hotel, owner=manager, team=team)
    silent = make_customer("Bram Claes", account=hotel, owner=manager, team=team)
    long_ago = make_customer("Cato Wouters", account=hotel, owner=manager, team=team)
    make_customer("Dirk Segers", account=hotel, owner=manager, team=team)
    answered(spoke, 4, "Slow")
    invited(silent)
    invited(long_ago)
    Invitation.objects.filter(customer=long_ago).update(sent_at=timezone.now() - timedelta(days=400))
    page = page_of(signed_in(manager), hotel)
    assert "4 people" in page
    assert "1 answered in twelve months" in page
    assert "1 silent" in page
    assert page.count("silent, asked on") == 1
    assert page.count("not asked in twelve months") == 2


def test_the_lowest_score_is_shown_to_those_who_may_read_it(
    hotel, answered, make_customer, manager, staff, signed_in, team
):
    first = make_customer("Anna Maes", account=hotel, owner=manager, team=team)
    low = answered(first, 3, "Cold coffee")
    answered(make_customer("Bram Claes", account=hotel, owner=manager, team=team), 9, "Fine")
    make_customer("Cato Wouters", account=hotel, owner=staff)
    page = page_of(signed_in(manager), hotel)
    lowest = page[page.index("Lowest score") :]
    assert f"/answers/{low.pk}/" in lowest
    assert "Cold coffee" in lowest
    unseen = page_of(signed_in(staff), hotel)
    assert "Cold coffee" not in unseen
    assert "score-low" not in unseen
    assert "answer of" in unseen


def test_promises_and_the_last_conversation(hotel, make_customer, manager, team, staff, signed_in):
    customer = make_customer("Anna Maes", account=hotel, owner=manager, team=team)
    other = make_customer("Bram Claes", account=hotel, owner=staff, team=team)
    now = timezone.now()
    fields = {"owner": manager, "team": team, "asked": "unhappy", "due_at": now + timedelta(days=1)}
    promise = FollowUp.objects.create(customer=customer, **fields)
    over = FollowUp.objects.create(customer=other, **fields | {"closed_at": now})
    Outcome.objects.create(follow_up=over, result="solved", happened="We found the towels.", by=manager)
    page = page_of(signed_in(manager), hotel)
    assert f"/follow-ups/{promise.pk}/" in page[page.index("Open promises") : page.index('id="people"')]
    assert "We found the towels." in page[page.index("Last conversation") :]
    assert "We found the towels." not in page_of(signed_in(staff), hotel)


def test_visits_of_its_people(hotel, make_customer, manager, team, signed_in):
    customer, now = make_customer("Anna Maes", account=hotel), timezone.now()
    Visit.objects.create(customer=customer, team=team, starts_at=now - timedelta(days=3), state="came")
    Visit.objects.create(customer=customer, team=team, starts_at=now - timedelta(days=500), state="came")
    Visit.objects.create(customer=customer, team=team, starts_at=now + timedelta(days=3))
    page = page_of(signed_in(manager), hotel)
    assert "Last visit" in page
    assert "Next visit" in page
    assert '<dd class="num">1</dd>' in page


def test_an_empty_company_says_what_to_do(hotel, manager, signed_in):
    assert "Nobody yet." in page_of(signed_in(manager), hotel)


def test_the_page_asks_as_often_for_one_and_three_people(hotel, answered, make_customer, manager, team, signed_in):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page_of(browser, hotel)
        return len(captured)

    def add(name):
        customer = make_customer(name, account=hotel, owner=manager, team=team)
        answered(customer, 5, "Slow")
        Visit.objects.create(customer=customer, team=team, starts_at=timezone.now(), state="came")

    browser = signed_in(manager)
    add("Anna Maes")
    one = queries()
    add("Bram Claes")
    add("Cato Wouters")
    assert queries() == one


def test_changing_leads_back_to_the_page(hotel, manager, signed_in):
    browser = signed_in(manager)
    form = {"name": "Hotel Leie", "owner": manager.pk, "value_per_year": "1", "renews_on": "2027-01-31"}
    form["gift_rule"] = "none"
    response = browser.post(f"/customers/companies/{hotel.pk}/edit/", form)
    assert response.url == f"/customers/companies/{hotel.pk}/"
    hotel.refresh_from_db()
    assert str(hotel.renews_on) == "2027-01-31"
