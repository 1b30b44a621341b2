"""The list of stories, and the page of one."""

from decimal import Decimal

import pytest
from django.urls import reverse

from delight.files.uploads import photo_from
from staff.moments.models import Idea, Moment
from tests.moments.conftest import picture, uploaded


@pytest.fixture
def page(signed_in, staff):
    def do(query: str = "", who=None) -> str:
        return signed_in(who or staff).get(f"/moments/?{query}").content.decode()

    return do


def test_the_newest_stands_first_with_its_customers_name(page, make_moment, outsider):
    make_moment(what="The-first")
    make_moment(what="The-second", reaction="delighted")
    text = page(who=outsider)
    assert text.index("The-second") < text.index("The-first")
    assert "Olena Koval" in text
    assert "delighted" in text


def test_nobody_reads_there_what_it_cost(page, make_moment, budget, colleague, sponsor, signed_in):
    moment = make_moment(cost=Decimal("13.37"))
    for person in (colleague, sponsor):
        assert "13.37" not in page(who=person)
    url = reverse("moment", args=[moment.pk])
    assert "13.37" not in signed_in(colleague).get(url).content.decode()
    assert "13.37" in signed_in(sponsor).get(url).content.decode()


def test_filters(page, make_moment, colleague, outsider, make_customer):
    make_moment(what="Mine")
    make_moment(by=colleague, what="Ours", customer=make_customer("Ivan Bondar"))
    make_moment(by=outsider, what="Theirs", idea=Idea.objects.create(text="Umbrella"))
    make_moment(what="Seen", photo=photo_from(uploaded(picture())), people_agreed=True)

    def shown(query: str) -> set[str]:
        text = page(query)
        return {word for word in ("Mine", "Ours", "Theirs", "Seen") if f">{word}<" in text}

    assert shown("") == {"Mine", "Ours", "Theirs", "Seen"}
    assert shown("whose=mine") == {"Mine", "Seen"}
    assert shown("whose=team") == {"Mine", "Ours", "Seen"}
    assert shown("photo=on") == {"Seen"}
    assert shown("words=bondar") == {"Ours"}
    assert shown("words=umbrella") == {"Theirs"}
    assert shown("words=otto+umbr") == {"Theirs"}
    assert shown("words=nothing") == set()
    assert shown("whose=nonsense") == set()


def test_an_erased_customer_is_not_found_and_not_named(page, make_moment, customer, sponsor, signed_in):
    from delight.customers.models import Customer

    make_moment(what="Tea")
    Customer.objects.filter(pk=customer.pk).update(erased_at="2026-01-01T00:00Z", name="", search_text="olena")
    assert "an erased customer" in page()
    assert "an erased customer" not in page("words=olena")


def test_an_empty_page_says_what_to_do(page):
    assert "The first story is yours" in page()
    assert "/moments/new/" in page()
    assert "No moment fits" in page("words=x")


def test_fifty_on_a_page(page, staff, customer):
    Moment.objects.bulk_create(Moment(user=staff, what=f"Nr {n}.", customer=customer) for n in range(51))
    assert page().count('story">') == 50
    assert page("page=2&whose=mine").count('story">') == 1


def test_constant_queries(signed_in, staff, make_moment, make_customer, colleague, django_assert_num_queries):
    def one_more(name: str) -> None:
        upload = photo_from(uploaded(picture()))
        make_moment(
            by=colleague, customer=make_customer(name), idea=Idea.objects.create(text=name), photo=upload,
            people_agreed=True, introduced_to=make_customer(f"{name} too"),
        )  # fmt: skip

    one_more("One")
    client = signed_in(staff)
    with django_assert_num_queries(7):
        client.get("/moments/")
    one_more("Two")
    one_more("Three")
    with django_assert_num_queries(7):
        client.get("/moments/")


def test_the_history_has_constant_queries(signed_in, staff, make_moment, make_customer, django_assert_num_queries):
    from staff.moments.services import change_moment

    moment = make_moment(idea=Idea.objects.create(text="Tea"))
    url, client = reverse("moment", args=[moment.pk]), signed_in(staff)

    def once_more() -> None:
        other, idea = make_customer(f"Nr {moment.changes.count()}"), Idea.objects.create(text="Other")
        change_moment(by=staff, moment=moment, customer=other, idea=idea)

    once_more()
    with django_assert_num_queries(12):
        client.get(url)
    once_more()
    once_more()
    with django_assert_num_queries(12):
        client.get(url)


def test_no_page_counts_the_moments_of_a_person(page, make_moment, signed_in, sponsor, manager, staff):
    for _time in range(7):
        make_moment()
    for person in (staff, manager, sponsor):
        assert "7 moments" not in page(who=person)
        assert "7 moments" not in signed_in(person).get(f"/people/{staff.pk}/").content.decode()
