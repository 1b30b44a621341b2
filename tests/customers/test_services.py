"""Verbs on customers, companies, segments, and on addresses that must not be written to."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from delight.customers.models import Account, Customer, Segment, Suppression
from delight.customers.services import (
    change_account,
    change_customer,
    create_customer,
    is_suppressed,
    lift_suppression,
    rename_segment,
    suppress,
    suppressed_among,
)
from delight.lib.addresses import normal_email, normal_phone
from delight.organisation.models import AuditEntry

ANNA = "anna@mail.example"


def test_change_customer_writes_history_for_what_is_different(organisation, sponsor, make_customer):
    anna = make_customer("Anna", phone="0478")
    change_customer(by=sponsor, customer=anna, name="Anna Maes", phone="0478", email=anna.email.upper())

    anna.refresh_from_db()
    entry = AuditEntry.objects.get(object_type="customers.customer", object_id=anna.pk)
    assert (entry.verb, entry.actor, entry.fields) == ("change", sponsor, ["name"])
    assert list(Customer.objects.search("maes")) == [anna]


def test_change_customer_without_a_difference_writes_nothing(organisation, sponsor, make_customer):
    anna = make_customer("Anna")
    change_customer(by=sponsor, customer=anna, name="Anna", team=None)
    assert not AuditEntry.objects.filter(object_type="customers.customer").exists()


def test_create_customer_refuses_a_second_one_with_the_address(organisation, sponsor, make_customer):
    make_customer("Anna", email=ANNA)
    with pytest.raises(IntegrityError):
        create_customer(by=sponsor, name="Other", email="ANNA@mail.example")


def test_people_are_found_by_the_new_name_of_their_company(organisation, sponsor, make_customer):
    account = Account.objects.create(name="Old Mill")
    people = {make_customer(f"Person{number}", account=account) for number in range(3)}
    make_customer("Stranger")

    change_account(by=sponsor, account=account, name="New Mill")

    assert set(Customer.objects.search("new mill")) == people
    assert not Customer.objects.search("old").exists()


def test_renaming_a_segment_keeps_its_customers(organisation, sponsor, make_customer):
    segment = Segment.objects.create(name="Regulars")
    anna = make_customer("Anna", segment=segment)
    rename_segment(by=sponsor, segment=segment, name="Friends")
    anna.refresh_from_db()
    assert anna.segment.name == "Friends"


# --- Suppression --------------------------------------------------------------------------------------------------


def test_suppress_holds_for_its_scope_whatever_the_case(db):
    suppress(" Anna@MAIL.example", "relationship", "unsubscribed")
    assert is_suppressed(ANNA, "relationship").reason == "unsubscribed"
    assert is_suppressed(ANNA, "transactional") is None
    assert is_suppressed("other@mail.example", "relationship") is None


def test_suppress_for_all_holds_for_every_scope(db):
    suppress(ANNA, "all", "asked")
    assert all(is_suppressed(ANNA, scope) for scope in ("relationship", "transactional", "all"))


def test_suppress_twice_is_suppress_once(db):
    first, second = suppress(ANNA, "all", "unsubscribed"), suppress(ANNA, "all", "unsubscribed")
    assert first == second
    assert Suppression.objects.count() == 1
    assert AuditEntry.objects.filter(verb="suppress").count() == 1


@pytest.mark.parametrize(
    ("stands", "comes", "holds"),
    [
        ("paused", "unsubscribed", "unsubscribed"),
        ("unsubscribed", "paused", "unsubscribed"),
        ("asked", "bounced", "asked"),
    ],
)
def test_a_weightier_reason_stays_or_replaces(db, stands, comes, holds):
    suppress(ANNA, "all", stands)
    suppress(ANNA, "all", comes)
    assert is_suppressed(ANNA, "all").reason == holds


def test_an_end_that_is_over_suppresses_no_longer(db):
    suppress(ANNA, "all", "paused", timezone.now() - timedelta(seconds=1))
    assert is_suppressed(ANNA, "all") is None
    suppress(ANNA, "all", "paused", timezone.now() + timedelta(days=1))
    assert is_suppressed(ANNA, "all")


def test_the_longer_end_holds(db):
    soon, later = timezone.now() + timedelta(days=1), timezone.now() + timedelta(days=9)
    suppress(ANNA, "all", "paused", later)
    assert suppress(ANNA, "all", "paused", soon).until == later
    assert suppress(ANNA, "all", "paused").until is None
    assert suppress(ANNA, "all", "paused", later).until is None


def test_lift_takes_back_its_scope_only_and_may_be_repeated(db):
    suppress(ANNA, "all", "unsubscribed")
    suppress(ANNA, "relationship", "asked")
    assert lift_suppression(ANNA, "all") is True
    assert lift_suppression(ANNA, "all") is False
    assert is_suppressed(ANNA, "relationship").reason == "asked"
    assert is_suppressed(ANNA, "transactional") is None


def test_suppression_outlives_a_new_key(db, settings):
    suppress(ANNA, "all", "unsubscribed")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key that is long enough for it"
    assert is_suppressed(ANNA, "all")
    suppress(ANNA, "all", "unsubscribed")
    assert Suppression.objects.count() == 1
    assert lift_suppression(ANNA, "all")
    assert not is_suppressed(ANNA, "all")


def test_suppression_keeps_no_address(db):
    suppress(ANNA, "all", "unsubscribed")
    assert "anna" not in str([*Suppression.objects.values(), *AuditEntry.objects.values()])


def test_suppressed_among_many_takes_one_query(db, django_assert_num_queries):
    suppress(ANNA, "all", "unsubscribed")
    suppress("jan@mail.example", "transactional", "asked")
    emails = [ANNA, "jan@mail.example", *(f"a{number}@mail.example" for number in range(50))]
    with django_assert_num_queries(1):
        assert suppressed_among(emails=emails, scope="relationship") == {ANNA}


# --- Keys ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("+32 478/11.22-33", "+32478112233"),
        ("0032 478 11 22 33", "+32478112233"),
        ("+32 (0)478 11 22 33", "+32478112233"),
        ("(0478) 11 22 33", "0478112233"),
        ("'+32478112233", "+32478112233"),
        ("٠١٢٣", "0123"),
        ("x²", ""),
        ("00", ""),
        ("+", ""),
        ("", ""),
    ],
)
def test_phone_numbers_are_one_however_they_are_written(typed, key):
    assert normal_phone(typed) == key


@given(st.text(max_size=40))
def test_normal_phone_is_normal(text):
    key = normal_phone(text)
    assert normal_phone(key) == key
    assert set(key) <= set("+0123456789")
    assert len(key) <= 40


@given(st.emails())
def test_normal_email_is_normal(email):
    assert normal_email(f" {email.upper()} ") == normal_email(normal_email(email.upper()))


@pytest.mark.parametrize(("reason", "held"), [("unsubscribed", True), ("paused", True), ("bounced", False)])
def test_a_new_address_takes_the_persons_wish_along(make_customer, sponsor, reason, held):
    customer = make_customer(email="old@mail.example")
    suppress("old@mail.example", "relationship", reason)
    change_customer(by=sponsor, customer=customer, email="new@mail.example")
    assert bool(is_suppressed("new@mail.example", "relationship")) is held
    assert is_suppressed("old@mail.example", "relationship")
