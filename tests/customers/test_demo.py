"""The demo company's customers."""

import random
import time
from collections import Counter

import pytest
from django.utils import timezone

from delight.customers import demo
from delight.customers.models import Account, Customer, Fact, NextTime, Segment, Visit, VisitCalendar
from delight.organisation.models import Organisation

pytestmark = pytest.mark.slow


@pytest.fixture
def shops(organisation, team, other_team, staff, colleague, outsider):
    return [team, other_team]


def test_demo_has_six_hundred_believable_customers(shops):
    began = time.monotonic()
    demo.make(rng=random.Random(1), now=timezone.now())
    assert time.monotonic() - began < 5

    customers = list(Customer.objects.select_related("account"))
    assert len(customers) == 600
    assert {customer.team for customer in customers} == set(shops)
    by_phone = [customer for customer in customers if customer.email is None]
    assert 25 < len(by_phone) < 75
    assert all(
        customer.email.isascii() and customer.email.endswith("@mail.example")
        for customer in customers
        if customer.email
    )
    assert 0 < sum(not customer.may_be_mailed(Organisation.get()) for customer in customers) < 40
    assert {"en", "tr"} <= {customer.language for customer in customers}
    assert Segment.objects.count() == 4
    contacts = Counter(customer.account for customer in customers if customer.account)
    assert len(contacts) == Account.objects.filter(owner__isnull=False, value_per_year__gt=0).count() == 6
    assert all(2 <= number <= 4 for number in contacts.values())
    assert not any(customer.last_asked_at for customer in customers)
    assert all(customer.created_at < timezone.now() for customer in customers)


def test_demo_customers_keep_the_rules_of_the_form(shops):
    demo.make(rng=random.Random(2), now=timezone.now())
    for customer in Customer.objects.select_related("account")[:60]:
        customer.full_clean()
    name = Customer.objects.first().name
    assert Customer.objects.search(name).filter(name=name).exists()


def test_demo_is_the_same_each_time(shops):
    now = timezone.now()
    demo.make(rng=random.Random(3), now=now)
    first = list(Customer.objects.order_by("pk").values_list("name", "email", "phone", "consent_on"))
    NextTime.objects.all().delete()
    Fact.objects.all().delete()
    Visit.objects.all().delete()
    VisitCalendar.objects.all().delete()
    Customer.objects.all().delete()
    Account.objects.all().delete()
    Segment.objects.all().delete()
    demo.make(rng=random.Random(3), now=now)
    assert list(Customer.objects.order_by("pk").values_list("name", "email", "phone", "consent_on")) == first


def test_demo_has_a_day_under_way_in_each_shop_and_visits_behind_it(shops, manager):
    now = timezone.now().replace(hour=12)
    demo.make(rng=random.Random(4), now=now)
    for shop in shops:
        day = Visit.objects.filter(team=shop, starts_at__date=now.date())
        assert set(day.values_list("state", flat=True)) == {"planned", "came", "missed"}
        assert day.filter(reference="214").exists()
        assert day.filter(customer=None).exclude(guest="").count() == 1
    past = Visit.objects.filter(starts_at__lt=now, state="came", value__gt=0)
    assert past.values("customer").distinct().count() > 300
    assert not Visit.objects.filter(state="came", starts_at__gt=now).exists()
    assert VisitCalendar.objects.get().read_at < now
    assert Account.objects.filter(renews_on__gt=now.date()).count() == 5
    assert {"decides", "influences", "uses"} <= set(Customer.objects.values_list("account_role", flat=True))


def test_demo_remembers_its_customers_and_has_questions_for_those_who_come(shops):
    now = timezone.now()
    demo.make(rng=random.Random(1), now=now)
    facts = Fact.objects.valid(timezone.localdate())
    assert facts.filter(at__lt=now).count() > 100
    assert not facts.filter(at__gte=now).exists()
    for some in (facts.filter(never_say=True), facts.exclude(sensitive=""), facts.exclude(visit=None)):
        assert some.exists()
    assert NextTime.objects.filter(asked_at=None).exists()
    assert NextTime.objects.exclude(asked_at=None).exists()
