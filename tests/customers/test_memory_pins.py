"""Five facts are pinned at most, whoever presses at once."""

import threading
import time

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from delight.customers.memory import services
from delight.customers.memory.services import PinsFull
from delight.customers.memory.showing import memory_of
from delight.customers.models import Fact
from tests.customers.test_memory import DAY, customer, remember  # noqa: F401 - fixtures


def test_a_sixth_pin_says_which_five_there_are_and_takes_the_place_of_one(remember, customer, staff):  # noqa: F811
    facts = [remember(f"fact {number}") for number in range(6)]
    for fact in facts[:5]:
        services.pin_fact(by=staff, fact=fact)
    with pytest.raises(PinsFull) as full:
        services.pin_fact(by=staff, fact=facts[5])
    assert full.value.pinned == facts[:5]
    services.pin_fact(by=staff, fact=facts[5], instead=facts[2])
    assert [line.fact for line in memory_of(staff, customer)["on_top"]] == [*facts[:2], facts[5], *facts[3:5]]


def test_what_is_over_holds_no_place(remember, staff):  # noqa: F811
    today = timezone.localdate()
    for number in range(5):
        services.pin_fact(by=staff, fact=remember(f"fact {number}", expires_on=today + DAY))
    Fact.objects.update(expires_on=today)
    assert services.pin_fact(by=staff, fact=remember("new")).pin_place == 1


def test_the_database_knows_no_sixth_place_and_no_place_twice(customer):  # noqa: F811
    Fact.objects.create(customer=customer, text="x", pin_place=1)
    for place, name in ((1, "fact_pin_once"), (6, "fact_pin_one_to_five"), (0, "fact_pin_one_to_five")):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Fact.objects.create(customer=customer, text="x", pin_place=place)


@pytest.fixture
def pressed_at_once(remember, staff, monkeypatch):  # noqa: F811
    """Four are pinned, and four people pin another one each at the same moment; returns what they were told."""
    facts = [remember(f"fact {number}") for number in range(8)]
    for fact in facts[:4]:
        services.pin_fact(by=staff, fact=fact)
    look, start = services._free_places, threading.Barrier(4)

    def look_long(customer):  # noqa: F811
        found = look(customer)
        time.sleep(0.1)  # so that all have looked before the first has written
        return found

    monkeypatch.setattr(services, "_free_places", look_long)

    def press(fact, told):
        connection.ensure_connection()
        start.wait()
        try:
            services.pin_fact(by=staff, fact=fact)
            told.append("pinned")
        except (PinsFull, IntegrityError) as error:
            told.append(type(error).__name__)
        finally:
            connection.close()

    def do() -> list[str]:
        told: list[str] = []
        threads = [threading.Thread(target=press, args=(fact, told)) for fact in facts[4:]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sorted(told)

    return do


@pytest.mark.django_db(transaction=True)
def test_who_pin_at_once_do_not_make_six_and_the_others_are_told_why(pressed_at_once):
    assert pressed_at_once() == ["PinsFull", "PinsFull", "PinsFull", "pinned"]
    assert Fact.objects.exclude(pin_place=None).count() == 5


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_only_the_database_stands_in_the_way(pressed_at_once, monkeypatch):
    monkeypatch.setattr(services, "_lock", lambda _customer: None)
    assert pressed_at_once() == ["IntegrityError", "IntegrityError", "IntegrityError", "pinned"]
    assert Fact.objects.exclude(pin_place=None).count() == 5
