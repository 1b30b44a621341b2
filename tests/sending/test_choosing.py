"""The page before a sending: whom to ask is found by name, and what was seen is what is sent."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from delight.customers.models import Account
from surveys.sending.models import Invitation, Sending


@pytest.fixture
def at(survey):
    return reverse("sending_new", args=[survey.pk])


def choice(sender, words: str = "", *ticked, **more) -> dict:
    data = {"audience": "picked", "sender": sender.pk, "remind_after_days": 4, "picked_words": words}
    return data | {"idempotency_key": str(uuid.uuid4()), "picked": [customer.pk for customer in ticked], **more}


def offered(response) -> dict[str, bool]:
    """Who stands there to be ticked, and who is ticked."""
    boxes = re.findall(r'<input type="checkbox"[^>]*name="picked"[^>]*>', response.content.decode())
    names = re.findall(r'<label for="id_picked_\d+"[^>]*>\s*([^<]*?)\s*<', response.content.decode())
    return {name: "checked" in box for name, box in zip(names, boxes, strict=True)}


def asked() -> set[str]:
    return set(Invitation.objects.values_list("customer__name", flat=True))


def test_customers_are_found_by_name_and_nothing_is_complained_about_yet(at, sponsor, signed_in, make_customer):
    make_customer("Anna Maes"), make_customer("Annabel Claes"), make_customer("Bob Short")
    response = signed_in(sponsor).post(at, choice(sponsor, "ann", search="1"))
    assert offered(response) == {"Anna Maes": False, "Annabel Claes": False}
    assert "invalid-feedback" not in response.content.decode()
    assert not Sending.objects.exists()


def test_two_of_one_name_are_told_apart(at, sponsor, signed_in, make_customer):
    make_customer("Anna Maes", account=Account.objects.create(name="Hotel <b>"), email="work@mail.example")
    make_customer("Anna Maes", email=None, phone="0478 11 22 33")
    page = signed_in(sponsor).post(at, choice(sponsor, "anna maes", search="1")).content.decode()
    assert "Hotel &lt;b&gt; · work@mail.example" in page
    assert "0478 11 22 33" in page


def test_ticks_stay_while_other_names_are_looked_for(at, sponsor, signed_in, make_customer):
    anna, _bob = make_customer("Anna Maes"), make_customer("Bob Short")
    browser = signed_in(sponsor)
    assert offered(browser.post(at, choice(sponsor, "bob", anna, search="1"))) == {
        "Anna Maes": True,
        "Bob Short": False,
    }
    assert offered(browser.post(at, choice(sponsor, "zzz", anna, search="1"))) == {"Anna Maes": True}
    assert offered(browser.post(at, choice(sponsor, "anna", anna, search="1"))) == {"Anna Maes": True}


def test_the_rest_of_the_choice_stays_too(at, sponsor, manager, signed_in):
    data = choice(manager, "bob", search="1", remind_after_days=9)
    page = signed_in(sponsor).post(at, data).content.decode()
    assert f'<option value="{manager.pk}" selected>' in page
    assert 'value="9"' in page
    assert data["idempotency_key"] in page
    assert "Nobody found" in page


def test_looking_for_many_shows_some_and_says_so(at, sponsor, signed_in, make_customer):
    for number in range(21):
        make_customer(f"Zed{number:02} Smith")
    response = signed_in(sponsor).post(at, choice(sponsor, "smith", search="1"))
    assert len(offered(response)) == 20
    assert "There are more" in response.content.decode()


@pytest.mark.parametrize("words", ["a", "", "\0", "%%", "__", "'", "\ud7ff", "x" * 30_000, "1 2", "+", "()"])
def test_odd_words_find_nobody(at, sponsor, signed_in, make_customer, words):
    make_customer("Anna Maes")
    assert offered(signed_in(sponsor).post(at, choice(sponsor, words, search="1"))) == {}


def test_ticked_ones_are_asked_and_nobody_else(at, sponsor, signed_in, make_customer, post_office):
    anna, bob, _other = make_customer("Anna"), make_customer("Bob"), make_customer("Cleo")
    browser = signed_in(sponsor)
    data = choice(sponsor, f"an\n{bob.email.upper()}", anna)
    seen = browser.post(at, data)
    assert "2 of 2 customers" in seen.content.decode()
    assert offered(seen) == {"Anna": True, "Bob": True}
    browser.post(at, data | {"send": "1"})
    post_office.deliver()
    assert asked() == {"Anna", "Bob"}


def test_what_was_seen_is_sent_whatever_stands_in_the_other_form(at, sponsor, signed_in, make_customer, post_office):
    anna, _bob = make_customer("Anna"), make_customer("Bob")
    browser = signed_in(sponsor)
    page = browser.post(at, choice(sponsor, "", anna)).content.decode()
    (form,) = [part for part in re.findall(r"<form.*?</form>", page, re.DOTALL) if 'name="send"' in part]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    assert fields["audience"] == "picked"
    assert fields["picked"] == str(anna.pk)
    assert not re.findall(r"<(?:select|textarea)", form)
    browser.post(at, fields | {"send": "1"})
    post_office.deliver()
    assert asked() == {"Anna"}


def test_without_anybody_chosen_the_page_says_what_to_do(at, sponsor, signed_in, make_customer):
    make_customer("Anna")
    response = signed_in(sponsor).post(at, choice(sponsor, "anna"))
    assert "Tick at least one customer" in response.content.decode()
    assert offered(response) == {"Anna": False}


def test_a_manager_neither_finds_nor_asks_other_peoples_customers(
    at, manager, other_manager, other_team, signed_in, make_customer
):
    theirs = make_customer("Anna Maes", team=other_team)
    for who, may in ((manager, False), (other_manager, True)):
        browser = signed_in(who)
        assert ("Anna Maes" in offered(browser.post(at, choice(who, "anna", search="1")))) == may
        assert ("Anna Maes" in offered(browser.post(at, choice(who, "", theirs, search="1")))) == may
        looked = browser.post(at, choice(who, "", theirs)).content.decode()
        assert ("1 of 1 customers" in looked) == may
        assert ("is not among your customers any more" in looked) != may
        assert ("Anna Maes" in looked) == may


@pytest.mark.parametrize("odd", ["x", "-1", "٣", str(10**30), "\0"])
def test_odd_ticks_are_refused(at, sponsor, signed_in, make_customer, odd):
    make_customer("Anna")
    browser = signed_in(sponsor)
    for more in ({}, {"search": "1"}):
        response = browser.post(at, choice(sponsor, "", picked=[odd], **more))
        assert response.status_code == 200
        assert "Who will be asked" not in response.content.decode()


def test_at_most_two_hundred_are_picked(at, sponsor, signed_in, make_customer):
    page = signed_in(sponsor).post(at, choice(sponsor, "\n".join(f"a{n}@mail.example" for n in range(201))))
    assert "at most 200" in page.content.decode()


@pytest.mark.parametrize("action", ["search", "look"])
def test_the_page_asks_equally_often_for_one_and_for_three(at, sponsor, signed_in, make_customer, action):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            response = browser.post(at, choice(sponsor, "smith", *ticked, **{action: "1"}))
        assert len(offered(response)) == 2 * len(ticked) - (action == "look") * len(ticked)
        return len(captured)

    browser, ticked = signed_in(sponsor), []
    browser.get(at)
    counted = []
    for number in range(3):
        account = Account.objects.create(name=f"Firm {number}")
        make_customer(f"Zed{number} Smith", account=account)
        ticked.append(make_customer(f"Ada{number} Jones", account=account))
        if number != 1:
            counted.append(queries())
    assert counted[0] == counted[1]
