"""Moments stand where they are looked for: on the first page, at the customer's, in the search."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from delight.customers.models import Visit
from delight.organisation.models import Organisation
from staff.budget.models import MonthlySum
from staff.moments.models import Idea, Occasion, OccasionTrial
from staff.moments.services import log_moment


@pytest.fixture
def log(organisation):
    """`log(user, …)`: a moment with a key of its own."""
    from uuid import uuid4

    return lambda user, **what: log_moment(by=user, key=uuid4(), **what)


def test_the_latest_stories_stand_on_the_first_page_of_everybody(log, staff, outsider, make_customer, signed_in):
    log(staff, what="Walked her to the bus in the rain", customer=make_customer("Olena"))
    page = signed_in(outsider).get("/").content.decode()
    assert "Walked her to the bus in the rain" in page
    assert "Log a moment" in page


def test_a_stub_is_its_authors_to_finish_and_nobody_elses_to_see(log, staff, colleague, signed_in):
    log(staff, what="Something with the umbrella", finish_later=True)
    assert "Finish what you have begun" in signed_in(staff).get("/").content.decode()
    assert "umbrella" not in signed_in(colleague).get("/").content.decode()


def test_an_occasion_leads_to_the_page_on_which_it_is_logged(staff, team, make_customer, signed_in):
    customer, day = make_customer("Olena", owner=staff), timezone.localdate()
    occasion = Occasion.objects.create(
        kind="birthday", customer=customer, cycle="now", user=staff, due_on=day, until=day + timedelta(days=3)
    )
    for address in ("/", f"/customers/{customer.pk}/"):
        page = signed_in(staff).get(address).content.decode()
        assert f"occasion={occasion.pk}" in page, address


def test_a_hidden_room_leaves_nothing_behind(log, staff, make_customer, signed_in):
    customer = make_customer("Olena")
    log(staff, what="Walked her to the bus", customer=customer)
    Organisation.objects.update(hidden_rooms=["moments", "budget"])
    for address in ("/", f"/customers/{customer.pk}/", "/search/?q=bus"):
        page = signed_in(staff).get(address).content.decode()
        assert "bus" not in page.replace('value="bus"', "").replace("“bus”", ""), address
        assert "Log a moment" not in page, address
    assert signed_in(staff).get("/moments/").status_code == 404


def test_what_a_customer_was_given_is_told_to_who_looks_after_them(
    log, staff, outsider, make_customer, organisation, signed_in
):
    MonthlySum.objects.create(role="staff", amount=50, since=timezone.localdate().replace(day=1))
    Organisation.objects.update(gifts_noticed_over=10)
    customer = make_customer("Olena", owner=staff)
    log(staff, what="Flowers", customer=customer, cost=Decimal("12.50"))
    page = signed_in(staff).get(f"/customers/{customer.pk}/").content.decode()
    assert "Gifts this year: 12.50 EUR" in page
    assert "more than you want to give to one customer" in page
    assert "12.50" not in signed_in(outsider).get(f"/customers/{customer.pk}/").content.decode()


def test_the_search_finds_stories_and_ideas_by_their_words(log, staff, colleague, make_customer, signed_in):
    log(staff, what="Mended the stroller in the back room")
    log(staff, what="A stroller of my own", finish_later=True)
    Idea.objects.create(text="Offer to carry the stroller up the stairs")
    page = signed_in(colleague).get("/search/?q=stroller").content.decode()
    assert "Mended the stroller" in page
    assert "carry the stroller" in page
    assert "of my own" not in page


def test_everybody_reads_of_a_trial_on_the_first_page(sponsor, staff, signed_in):
    day = timezone.localdate()
    assert "by chance" not in signed_in(staff).get("/").content.decode()
    OccasionTrial.objects.create(
        kind="birthday", begins_on=day, ends_on=day + timedelta(days=91), seed="a", points=10, needed=1, expected=2,
        started_by=sponsor,
    )  # fmt: skip
    assert "for one customer in five, by chance" in signed_in(staff).get("/").content.decode()


def test_at_a_visit_of_today_the_moment_is_tied_to_it(log, staff, team, make_customer):
    customer = make_customer("Olena")
    visit = Visit.objects.create(customer=customer, team=team, starts_at=timezone.now(), state="came")
    assert log(staff, what="A second cup", customer=customer).visit == visit
