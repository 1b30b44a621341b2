"""What we remember of a customer: from whom, for how long, for whose eyes; at most five pinned."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from delight.customers.memory import services
from delight.customers.memory.access import facts_visible_to, serves
from delight.customers.memory.forgetting import forget_facts
from delight.customers.memory.showing import memory_of
from delight.customers.merging import merge_customers
from delight.customers.models import Customer, Fact, FactConfirmation, NextTime, Visit
from delight.organisation.models import AuditEntry
from staff.people.models import Membership, User

DAY = timedelta(days=1)


@pytest.fixture
def customer(make_customer, team, staff):
    """Olena; Sam looks after her."""
    return make_customer("Olena Koval", team=team, owner=staff)


@pytest.fixture
def remember(customer, staff):
    """`remember("takes oat milk", …)`: what Sam writes down of Olena."""

    def do(text="takes oat milk", by=None, **fields):
        return services.add_fact(by=by or staff, customer=customer, text=text, **fields)

    return do


@pytest.fixture
def came(team, noon):
    """`came(customer, days=3)`: was here that many days ago."""

    def do(customer, days=0, **fields):
        at = noon - days * DAY
        return Visit.objects.create(**{"customer": customer, "team": team, "starts_at": at, "state": "came"} | fields)

    return do


@pytest.fixture
def noon():
    return timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)


def texts(user, customer) -> list[str]:
    """What the person sees on the customer's page."""
    part = memory_of(user, customer)
    return [line.fact.text for line in [*part["on_top"], *part["facts"], *part["more"]]]


# --- Whom we have it from ------------------------------------------------------------------------------------------


def test_a_fact_says_whom_we_have_it_from(remember, customer, staff):
    fact = remember("likes the window", source="noticed")
    assert (fact.by, fact.source, timezone.localdate(fact.at)) == (staff, "noticed", timezone.localdate())
    assert texts(staff, customer) == ["likes the window"]


def test_the_same_line_sent_twice_is_one_fact_and_a_colleagues_is_another(remember, colleague, customer):
    assert remember() == remember()
    remember(by=colleague)
    assert Fact.objects.count() == 2


def test_put_right_it_keeps_who_wrote_it_and_nobody_has_confirmed_the_new_words(remember, staff, colleague, manager):
    fact = remember()
    services.confirm_fact(by=colleague, fact=fact)
    services.change_fact(by=manager, fact=fact, text="takes soy milk", source="told", never_say=False)
    fact.refresh_from_db()
    assert (fact.by, fact.changed_by, fact.confirmed, fact.confirmed_by) == (staff, manager, 0, None)
    assert not FactConfirmation.objects.exists()
    assert AuditEntry.objects.get(object_type="customers.fact").fields == ["text"]


def test_a_mark_that_changes_leaves_what_was_confirmed(remember, colleague, manager):
    fact = remember()
    services.confirm_fact(by=colleague, fact=fact)
    services.change_fact(by=manager, fact=fact, text=fact.text, source="told", never_say=True)
    fact.refresh_from_db()
    assert (fact.confirmed, fact.never_say) == (1, True)


def test_saved_as_it_was_nothing_is_changed(remember, manager):
    fact = remember()
    services.change_fact(by=manager, fact=fact, text=fact.text, source="told", never_say=False)
    fact.refresh_from_db()
    assert fact.changed_at is None
    assert not AuditEntry.objects.filter(object_type="customers.fact").exists()


# --- Still true -----------------------------------------------------------------------------------------------------


def test_still_true_counts_once_for_a_person_and_day(remember, colleague, manager):
    fact = remember()
    said = [services.confirm_fact(by=who, fact=fact) for who in (colleague, manager, colleague)]
    assert said == [True, True, False]
    fact.refresh_from_db()
    assert (fact.confirmed, fact.confirmed_by) == (2, manager)
    FactConfirmation.objects.update(on=timezone.localdate() - DAY)
    assert services.confirm_fact(by=colleague, fact=fact)
    fact.refresh_from_db()
    assert (fact.confirmed, fact.confirmed_by) == (3, colleague)


def test_who_wrote_it_today_confirms_it_from_tomorrow_on(remember, staff):
    fact = remember()
    assert not services.confirm_fact(by=staff, fact=fact)
    Fact.objects.update(at=timezone.now() - DAY)
    assert services.confirm_fact(by=staff, fact=fact)


# --- For how long ---------------------------------------------------------------------------------------------------


def test_a_fact_is_gone_on_its_day(remember, customer, staff):
    today = timezone.localdate()
    fact = remember(expires_on=today + DAY)
    assert texts(staff, customer) == [fact.text]
    Fact.objects.update(expires_on=today)
    assert texts(staff, customer) == []


def test_for_this_visit_is_gone_the_day_after_the_visit(remember, customer, staff, came):
    visit = came(customer)
    fact = remember(for_visit=True)
    assert (fact.visit, fact.expires_on) == (visit, timezone.localdate() + DAY)
    assert texts(staff, customer) == [fact.text]
    Visit.objects.update(starts_at=visit.starts_at - DAY)
    assert texts(staff, customer) == []


def test_for_this_visit_means_the_next_one_when_nobody_is_here_and_moves_with_it(remember, customer, staff, came, noon):
    visit = came(customer, state="planned", starts_at=noon + 3 * DAY)
    fact = remember(for_visit=True)
    assert fact.visit == visit
    Visit.objects.update(starts_at=noon + 20 * DAY)
    Fact.objects.update(expires_on=timezone.localdate() - DAY)
    assert texts(staff, customer) == [fact.text]


def test_a_stay_keeps_it_to_its_last_day(remember, customer, staff, came, noon):
    came(customer, days=4, ends_at=noon + 2 * DAY)
    assert remember(for_visit=True).expires_on == timezone.localdate() + 3 * DAY
    assert len(texts(staff, customer)) == 1


def test_without_any_visit_it_is_gone_tomorrow(remember, customer):
    fact = remember(for_visit=True)
    assert (fact.visit, fact.expires_on) == (None, timezone.localdate() + DAY)


def test_the_database_wants_an_end_for_what_belongs_to_a_visit(customer, came):
    with pytest.raises(IntegrityError, match="fact_for_a_visit_ends"), transaction.atomic():
        Fact.objects.create(customer=customer, text="x", visit=came(customer))


def test_when_its_visit_is_removed_it_still_ends(remember, customer, staff, came):
    visit = came(customer)
    fact = remember(for_visit=True)
    visit.delete()
    fact.refresh_from_db()
    assert (fact.visit, fact.expires_on) == (None, timezone.localdate() + DAY)


def test_put_right_it_stays_with_its_own_visit(remember, customer, staff, came, noon):
    later = came(customer, state="planned", starts_at=noon + 3 * DAY)
    fact = remember(for_visit=True)
    came(customer)
    services.change_fact(by=staff, fact=fact, text="a window seat", source="told", never_say=False, for_visit=True)
    fact.refresh_from_db()
    assert fact.visit == later


def test_the_clock_removes_what_is_over_and_nothing_else(remember, customer, came, noon):
    today = timezone.localdate()
    Fact.objects.filter(pk=remember("expired", expires_on=today + DAY).pk).update(expires_on=today - 2 * DAY)
    visit = came(customer)
    remember("for a visit long ago", for_visit=True)
    Visit.objects.filter(pk=visit.pk).update(starts_at=noon - 4 * DAY)
    came(customer)
    kept = {"lasting", "until next week", "for today"}
    remember("lasting")
    remember("until next week", expires_on=today + 7 * DAY)
    remember("for today", for_visit=True)
    assert forget_facts() == 2
    assert set(Fact.objects.values_list("text", flat=True)) == kept
    assert forget_facts() == 0


def test_the_clock_rings(remember, customer):
    from delight.outbox.rounds import ROUNDS

    Fact.objects.filter(pk=remember().pk).update(expires_on=date(2024, 1, 1))
    ROUNDS["forget-facts"].run()
    assert not Fact.objects.exists()


# --- Removing -------------------------------------------------------------------------------------------------------


def test_removed_it_can_be_brought_back_for_an_hour_as_it_was(remember, customer, staff, colleague):
    fact = remember(never_say=True)
    services.confirm_fact(by=colleague, fact=fact)
    services.pin_fact(by=staff, fact=fact)
    assert services.remove_fact(by=staff, fact=fact)
    assert texts(staff, customer) == []
    assert [one.pk for one in memory_of(staff, customer)["removed"]] == [fact.pk]
    assert not memory_of(colleague, customer)["removed"]
    assert services.bring_back_fact(by=staff, fact=fact)
    fact.refresh_from_db()
    assert (fact.by, fact.confirmed, fact.never_say, fact.pin_place, fact.removed_by) == (staff, 1, True, 1, None)
    entries = AuditEntry.objects.filter(object_type="customers.fact").order_by("pk")
    assert [entry.verb for entry in entries] == ["remove", "bring_back"]


def test_after_the_hour_the_row_goes(remember, customer, staff):
    fact = remember()
    services.remove_fact(by=staff, fact=fact)
    forget_facts()
    assert Fact.objects.exists()
    Fact.objects.update(removed_at=timezone.now() - timedelta(minutes=61))
    assert not services.bring_back_fact(by=staff, fact=fact)
    assert memory_of(staff, customer)["removed"] == []
    forget_facts()
    assert not Fact.objects.exists()


def test_brought_back_to_a_full_board_it_is_no_longer_pinned(remember, staff):
    facts = [remember(f"fact {number}") for number in range(6)]
    for fact in facts[:5]:
        services.pin_fact(by=staff, fact=fact)
    services.remove_fact(by=staff, fact=facts[0])
    services.pin_fact(by=staff, fact=facts[5])
    services.bring_back_fact(by=staff, fact=facts[0])
    facts[0].refresh_from_db()
    assert facts[0].pin_place is None


# --- Sensitive facts ------------------------------------------------------------------------------------------------


@pytest.fixture
def sensitive(remember):
    return remember("takes no alcohol", sensitive="belief", consent_on=timezone.localdate())


def test_the_database_keeps_nothing_sensitive_without_consent(remember):
    with pytest.raises(IntegrityError, match="fact_sensitive_with_consent"), transaction.atomic():
        remember("no pork", sensitive="diet")


@pytest.mark.parametrize("who", ["staff", "manager", "sponsor"])
def test_who_looks_after_the_customer_sees_what_is_sensitive(who, sensitive, customer, request):
    assert texts(request.getfixturevalue(who), customer) == [sensitive.text]


@pytest.mark.parametrize("who", ["colleague", "outsider", "other_manager"])
def test_for_others_it_is_not_there(who, sensitive, remember, customer, request):
    user = request.getfixturevalue(who)
    remember("likes the window")
    assert texts(user, customer) == ["likes the window"]
    assert sensitive not in facts_visible_to(user, customer)


@pytest.mark.parametrize(
    ("visit", "sees"),
    [
        ({"days": 0, "state": "planned"}, True),
        ({"days": 29}, True),
        ({"days": 31}, False),
        ({"days": 40, "ends_in": -5}, True),
        ({"days": 3, "state": "missed"}, False),
        ({"days": -3, "state": "planned"}, False),
    ],
)
def test_the_team_that_serves_today_or_did_within_thirty_days_sees_it(
    visit, sees, sensitive, customer, colleague, came, noon
):
    fields = dict(visit)
    if "ends_in" in fields:
        fields["ends_at"] = noon + fields.pop("ends_in") * DAY
    came(customer, **fields)
    assert serves(colleague, customer) is sees
    assert (sensitive in facts_visible_to(colleague, customer)) is sees


def test_who_served_sees_it_in_another_team_and_not_once_they_have_left_the_team_that_did(
    sensitive, customer, outsider, colleague, came
):
    came(customer, days=2)
    assert not serves(outsider, customer)
    Visit.objects.update(served_by=outsider)
    assert serves(outsider, customer)
    Membership.objects.filter(user=colleague).update(until=timezone.localdate() - DAY)
    assert not serves(User.objects.get(pk=colleague.pk), customer)


# --- Ask next time --------------------------------------------------------------------------------------------------


def test_a_question_waits_is_ticked_once_with_its_answer_and_becomes_a_fact_once(customer, staff, colleague):
    question = services.ask_next_time(by=staff, customer=customer, question="Did the shampoo help?")
    assert services.ask_next_time(by=colleague, customer=customer, question="did the shampoo help?") == question
    assert services.keep_answer(by=staff, question=question) is None
    assert services.answer_question(by=colleague, question=question, answer="Yes, no itching.")
    assert not services.answer_question(by=staff, question=question, answer="No")
    question.refresh_from_db()
    assert (question.answer, question.asked_by) == ("Yes, no itching.", colleague)
    fact = services.keep_answer(by=staff, question=question)
    assert services.keep_answer(by=colleague, question=question) == fact
    assert (fact.text, fact.by, fact.source) == ("Did the shampoo help? Yes, no itching.", staff, "told")
    assert Fact.objects.count() == 1


def test_the_longest_question_with_the_longest_answer_makes_a_fact(customer, staff):
    question = services.ask_next_time(by=staff, customer=customer, question="q" * 140)
    services.answer_question(by=staff, question=question, answer="a" * 250)
    assert len(services.keep_answer(by=staff, question=question).text) == 391


def test_a_question_that_nobody_needs_goes_and_an_answered_one_stays(customer, staff):
    question = services.ask_next_time(by=staff, customer=customer, question="Did it help?")
    answered = services.ask_next_time(by=staff, customer=customer, question="Was it warm?")
    services.answer_question(by=staff, question=answered, answer="Yes")
    assert services.drop_question(by=staff, question=question)
    assert not services.drop_question(by=staff, question=answered)
    assert list(NextTime.objects.all()) == [answered]


def test_the_database_ticks_nothing_without_an_answer(customer):
    for values in ({"asked_at": timezone.now()}, {"answer": "Yes"}):
        with pytest.raises(IntegrityError, match="next_time_ticked_with_the_answer"), transaction.atomic():
            NextTime.objects.create(customer=customer, question="x", **values)


# --- With the customer ----------------------------------------------------------------------------------------------


def test_merged_all_facts_follow_and_pins_beyond_five_lose_their_pin(make_customer, team, staff, manager, customer):
    other = make_customer("O. Koval", team=team)
    for number in range(3):
        services.pin_fact(by=staff, fact=services.add_fact(by=staff, customer=customer, text=f"kept {number}"))
    for number in range(4):
        fact = services.add_fact(by=staff, customer=other, text=f"moved {number}")
        services.pin_fact(by=staff, fact=fact)
        services.confirm_fact(by=manager, fact=fact)
    services.ask_next_time(by=staff, customer=other, question="Did it help?")
    merge_customers(by=manager, keep=customer, away=other, values={})
    part = memory_of(staff, customer)
    assert [line.fact.text for line in part["on_top"]] == ["kept 0", "kept 1", "kept 2", "moved 0", "moved 1"]
    assert {line.fact.text for line in part["facts"]} == {"moved 2", "moved 3"}
    assert FactConfirmation.objects.count() == 4
    assert [question.question for question in part["questions"]] == ["Did it help?"]
    assert not Fact.objects.filter(customer=other).exists()


def test_nothing_is_written_about_somebody_who_has_been_erased(remember, customer):
    Customer.objects.filter(pk=customer.pk).update(erased_at=timezone.now())
    with pytest.raises(Customer.DoesNotExist):
        remember()
