"""Five facts are pinned at most, whoever presses at once."""

import threading

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
    assert [line.fact for line in memory_of(staff, customer)["pinned"]] == [*facts[:2], facts[5], *facts[3:5]]


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


@pytest.mark.django_db(transaction=True)
def test_two_who_pin_at_once_do_not_make_six(remember, staff):  # noqa: F811
    facts = [remember(f"fact {number}") for number in range(8)]
    for fact in facts[:4]:
        services.pin_fact(by=staff, fact=fact)
    refused, start = [], threading.Barrier(4)

    def press(fact):
        start.wait()
        try:
            services.pin_fact(by=staff, fact=fact)
        except PinsFull:
            refused.append(fact)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(fact,)) for fact in facts[4:]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 3
    assert Fact.objects.exclude(pin_place=None).count() == 5
