"""The memory's card and page: a line and Enter, one tap for the rest; who may not see or do what; desks."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from delight.customers.memory import services
from delight.customers.models import Fact, NextTime, Visit
from tests.customers.test_memory import came, customer, noon, remember, sensitive  # noqa: F401 - fixtures

HTMX = {"HX-Request": "true"}


@pytest.fixture
def page(customer, signed_in):  # noqa: F811 - the fixture
    """`page(user)`: the customer's memory as that person reads it."""

    def read(user) -> str:
        return signed_in(user).get(reverse("memory", args=[customer.pk])).content.decode()

    return read


@pytest.fixture
def post(customer, signed_in):  # noqa: F811 - the fixture
    """`post(user, "fact_pin", fact, to="pin")`."""

    def send(user, name, *objects, headers=None, **data):
        url = reverse(name, args=[customer.pk, *(each.pk for each in objects)])
        return signed_in(user).post(url, data, headers=headers or {})

    return send


# --- Adding ---------------------------------------------------------------------------------------------------------


def test_one_line_and_enter_is_all_a_fact_needs(post, page, staff):
    answer = post(staff, "memory", text="takes oat milk")
    assert answer.status_code == 302
    fact = Fact.objects.get()
    assert (fact.source, fact.visit, fact.expires_on, fact.sensitive, fact.never_say) == ("told", None, None, "", False)
    assert "takes oat milk" in page(staff)


def test_by_htmx_the_card_comes_back_with_the_keyboard_in_the_line(post, staff, customer):  # noqa: F811
    card = post(staff, "memory", headers=HTMX, text="takes oat milk", back="customer").content.decode()
    assert card.lstrip().startswith("<section")
    assert "takes oat milk" in card
    assert "autofocus" in card.split('id="fact_text"')[0].rsplit("<input", 1)[1] + card.split('id="fact_text"')[1][:200]


def test_all_the_details_arrive(post, staff, came, customer, page):  # noqa: F811
    visit, today = came(customer), timezone.localdate()
    post(staff, "memory", text="tired today", source="noticed", holds="visit", never_say="on", pin="on",
         sensitive="health", agreed="on")  # fmt: skip
    fact = Fact.objects.get()
    assert (fact.source, fact.visit, fact.never_say, fact.pin_place) == ("noticed", visit, True, 1)
    assert (fact.sensitive, fact.consent_on) == ("health", today)
    shown = page(staff)
    for words in ("never say aloud", "#eye-off", "health", "for the visit on", "agreed to on", "noticed by us · Sam"):
        assert words in shown


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": ""}, "This field is required"),
        ({"sensitive": "diet"}, "only with consent"),
        ({"text": "allergic to lavender"}, "say which, or that it is about none"),
        ({"text": "Orta şekerli; ALERJİSİ var"}, "say which, or that it is about none"),
        ({"expires_on": "2020-01-01"}, "Choose a day to come"),
    ],
)
def test_what_is_wrong_comes_back_as_it_was_typed(wrong, said, post, staff):
    answer = post(staff, "memory", **({"text": "takes oat milk"} | wrong))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert wrong.get("text", "takes oat milk") in answer.content.decode()
    assert not Fact.objects.exists()
    by_htmx = post(staff, "memory", headers=HTMX, **({"text": "takes oat milk"} | wrong))
    assert (by_htmx.status_code, said in by_htmx.content.decode()) == (200, True)


def test_a_colleague_elsewhere_may_add_a_fact_but_nothing_sensitive_or_pinned(post, page, outsider):
    assert 'name="sensitive"' not in page(outsider)
    post(outsider, "memory", text="likes jazz", sensitive="diet", agreed="on", pin="on")
    fact = Fact.objects.get()
    assert (fact.by, fact.sensitive, fact.pin_place) == (outsider, "", None)


# --- Who may do what ------------------------------------------------------------------------------------------------


def test_readers_confirm_and_neither_change_pin_nor_remove(remember, post, page, outsider):  # noqa: F811
    fact = remember()
    assert "Still true" in page(outsider)
    assert "Put right" not in page(outsider)
    assert post(outsider, "fact_confirm", fact).status_code == 302
    for name, data in (("fact_change", {"text": "x"}), ("fact_remove", {}), ("fact_pin", {"to": "pin"})):
        assert post(outsider, name, fact, **data).status_code == 403, name
    fact.refresh_from_db()
    assert (fact.confirmed, fact.text, fact.removed_at, fact.pin_place) == (1, "takes oat milk", None, None)


def test_who_wrote_it_changes_and_removes_it_but_does_not_pin(remember, post, page, outsider):  # noqa: F811
    fact = remember(by=outsider)
    assert "Put right" in page(outsider)
    assert "Pin on top" not in page(outsider)
    assert post(outsider, "fact_pin", fact, to="pin").status_code == 403
    assert post(outsider, "fact_change", fact, text="takes soy milk").status_code == 302
    assert post(outsider, "fact_remove", fact).status_code == 302
    fact.refresh_from_db()
    assert fact.text == "takes soy milk"
    assert fact.removed_by == outsider


def test_who_serves_the_customer_does_all_of_it(remember, post, colleague, came, customer):  # noqa: F811
    fact = remember()
    assert post(colleague, "fact_pin", fact, to="pin").status_code == 403
    came(customer)
    assert post(colleague, "fact_pin", fact, to="pin").status_code == 302
    assert post(colleague, "fact_change", fact, text="takes soy milk").status_code == 302
    fact.refresh_from_db()
    assert (fact.pin_place, fact.text) == (1, "takes soy milk")
    post(colleague, "fact_pin", fact, to="unpin")
    fact.refresh_from_db()
    assert fact.pin_place is None


@pytest.mark.parametrize("name", ["fact_change", "fact_confirm", "fact_pin", "fact_remove", "fact_bring_back"])
def test_what_is_sensitive_cannot_be_told_from_what_is_not_there(name, sensitive, post, page, staff, outsider):  # noqa: F811
    data = {"to": "pin", "text": "x"}
    assert post(outsider, name, sensitive, **data).status_code == 404
    assert sensitive.text not in page(outsider)
    Fact.objects.filter(pk=sensitive.pk).update(removed_at=timezone.now(), removed_by=staff)
    assert post(outsider, name, sensitive, **data).status_code == 404
    Fact.objects.filter(pk=sensitive.pk).update(removed_at=None, removed_by=None)
    assert post(staff, name, sensitive, **data).status_code == 302


def test_a_fact_of_another_customer_is_not_reached_through_this_one(make_customer, post, staff):
    other = services.add_fact(by=staff, customer=make_customer("Lotte Maes"), text="x")
    assert post(staff, "fact_remove", other).status_code == 404


def test_an_erased_customer_has_no_page(customer, signed_in, staff):  # noqa: F811
    customer.erased_at = timezone.now()
    customer.save()
    assert signed_in(staff).get(reverse("memory", args=[customer.pk])).status_code == 404


# --- Taps -----------------------------------------------------------------------------------------------------------


def test_removed_it_stands_there_with_undo_for_who_removed_it(remember, post, page, staff, manager):  # noqa: F811
    fact = remember()
    post(staff, "fact_remove", fact)
    assert "Undo" in page(staff)
    assert "takes oat milk" not in page(manager)
    assert post(manager, "fact_bring_back", fact).status_code == 404
    post(staff, "fact_bring_back", fact)
    assert "takes oat milk" in page(manager)


@pytest.mark.parametrize(("headers", "status"), [({}, 409), (HTMX, 200)])
def test_a_sixth_pin_asks_which_to_unpin(headers, status, remember, post, staff):  # noqa: F811
    facts = [remember(f"fact {number}") for number in range(6)]
    for fact in facts[:5]:
        services.pin_fact(by=staff, fact=fact)
    answer = post(staff, "fact_pin", facts[5], headers=headers, to="pin")
    asked = answer.content.decode()
    assert answer.status_code == status
    assert asked.count("Unpin this one") == 5
    post(staff, "fact_pin", facts[5], to="pin", instead=facts[0].pk)
    assert set(Fact.objects.exclude(pin_place=None)) == set(facts[1:])


def test_added_as_the_sixth_pin_it_is_kept_and_the_page_asks(remember, post, staff):  # noqa: F811
    for number in range(5):
        services.pin_fact(by=staff, fact=remember(f"fact {number}"))
    assert post(staff, "memory", text="the sixth", pin="on").status_code == 409
    assert Fact.objects.get(text="the sixth").pin_place is None


def test_the_card_folds_more_than_five_and_says_how_many_more(remember, page, staff):  # noqa: F811
    for number in range(7):
        remember(f"fact {number}")
    assert "2 more" in page(staff)


def test_who_has_confirmed_today_is_not_asked_again(remember, page, post, manager):  # noqa: F811
    fact = remember()
    assert "Still true" in page(manager)
    post(manager, "fact_confirm", fact)
    shown = page(manager)
    assert "Still true" not in shown
    assert "confirmed once: Mert" in shown


# --- Ask next time --------------------------------------------------------------------------------------------------


def test_a_question_is_kept_ticked_and_its_answer_kept_as_a_fact(post, page, staff, outsider):
    post(staff, "next_time_new", question="Did the shampoo help?")
    question = NextTime.objects.get()
    assert "Did the shampoo help?" in page(outsider)
    post(outsider, "next_time_answer", question, answer="Yes, no itching.")
    shown = page(staff)
    assert "Yes, no itching." in shown
    assert "Keep it as a fact" in shown
    post(staff, "next_time_keep", question)
    assert Fact.objects.get().text == "Did the shampoo help? Yes, no itching."
    assert "Keep it as a fact" not in page(staff)


def test_without_an_answer_it_is_not_ticked(post, staff, customer):  # noqa: F811
    question = services.ask_next_time(by=staff, customer=customer, question="Did it help?")
    post(staff, "next_time_answer", question, answer=" ")
    question.refresh_from_db()
    assert question.asked_at is None
    assert "Write what they said" in post(staff, "next_time_answer", question, headers=HTMX).content.decode()


def test_who_comes_second_hears_of_the_first_answer(post, staff, manager, customer):  # noqa: F811
    question = services.ask_next_time(by=staff, customer=customer, question="Did it help?")
    post(manager, "next_time_answer", question, answer="Yes")
    answer = post(staff, "next_time_answer", question, headers=HTMX, answer="No", back="brief").content.decode()
    assert "Yes" in answer
    assert "No</blockquote>" not in answer


def test_it_stands_where_the_customer_is_expected(staff, signed_in, came, customer, other_team):  # noqa: F811
    services.ask_next_time(by=staff, customer=customer, question="Did the shampoo help?")
    visit = came(customer, state="planned")
    browser = signed_in(staff)
    for address in ("/visits/", "/", f"/visits/{visit.pk}/", "/visits/brief/"):
        assert "Did the shampoo help?" in browser.get(address).content.decode(), address
    tapped = browser.post(f"/visits/{visit.pk}/state/", {"was": "planned", "to": "came"}, headers=HTMX)
    assert "Did the shampoo help?" in tapped.content.decode()


# --- A shared device ------------------------------------------------------------------------------------------------


@pytest.fixture
def at_desk(staff, monkeypatch):
    from staff.people.models import User

    monkeypatch.setattr(User, "at_desk", True)


def test_at_a_shared_device_nothing_is_on_the_screen_until_somebody_taps(
    at_desk, staff, signed_in, remember, came, customer  # noqa: F811
):  # fmt: skip
    remember("takes oat milk")
    services.ask_next_time(by=staff, customer=customer, question="Did the shampoo help?")
    visit = came(customer, state="planned")
    browser = signed_in(staff)
    for address in (f"/customers/{customer.pk}/memory/", "/visits/brief/", f"/visits/{visit.pk}/"):
        page = browser.get(address).content.decode()
        folded = page.split('<details class="disclosure"><summary>Show', 1)[1]
        assert "Did the shampoo help?" not in page.split('<details class="disclosure"><summary>Show', 1)[0], address
        assert "Did the shampoo help?" in folded, address
    assert "shampoo" not in browser.get("/visits/").content.decode()


def test_after_a_tap_on_it_the_card_stays_open(at_desk, post, staff):
    card = post(staff, "memory", headers=HTMX, text="takes oat milk").content.decode()
    assert '<details class="disclosure" open>' in card


# --- How much it asks the database ----------------------------------------------------------------------------------


def test_three_of_everything_ask_as_much_as_one(
    signed_in, staff, manager, remember, customer, django_assert_num_queries  # noqa: F811
):  # fmt: skip
    browser, url = signed_in(staff), reverse("memory", args=[customer.pk])

    def more(number):
        fact = remember(f"fact {number}", for_visit=number == 1)
        services.confirm_fact(by=manager, fact=fact)
        services.pin_fact(by=staff, fact=remember(f"pinned {number}"))
        services.remove_fact(by=staff, fact=remember(f"removed {number}"))
        services.ask_next_time(by=staff, customer=customer, question=f"question {number}")
        asked = services.ask_next_time(by=manager, customer=customer, question=f"asked {number}")
        services.answer_question(by=manager, question=asked, answer="Yes")

    Visit.objects.create(
        customer=customer, team=customer.team, starts_at=timezone.now() + timedelta(days=2), state="planned"
    )
    more(0)
    browser.get(url)
    with django_assert_num_queries(11):
        browser.get(url)
    more(1)
    more(2)
    with django_assert_num_queries(11):
        browser.get(url)


# --- What sounds delicate -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "stands"),
    [({"sensitive": "health", "agreed": "on"}, "health"), ({"neither": "on"}, "")],
)
def test_a_sentence_that_sounds_like_health_is_kept_once_its_writer_has_said_how_it_is_meant(said, stands, post, staff):
    asked = post(staff, "memory", text="Allergic to lavender").content.decode()
    assert 'name="neither"' in asked
    assert not Fact.objects.exists()
    post(staff, "memory", text="Allergic to lavender", **said)
    assert Fact.objects.get().sensitive == stands


def test_a_name_that_begins_like_such_a_word_is_no_reason_to_ask(post, staff):
    post(staff, "memory", text="A friend of Camila and Prayut; drinks alcohol-free beer")
    assert Fact.objects.exists()


def test_who_does_not_serve_the_customer_leaves_it_to_those_who_do(post, outsider):
    answer = post(outsider, "memory", text="Алергія на лаванду")
    assert "only by those who serve the customer" in answer.content.decode()
    assert not Fact.objects.exists()
    post(outsider, "memory", text="Алергія на понеділки", neither="on")
    assert Fact.objects.get().sensitive == ""


def test_what_is_put_right_is_asked_only_where_it_is_another_sentence(remember, post, staff):  # noqa: F811
    fact = remember("vegan")
    post(staff, "fact_change", fact, text="vegan", source="noticed")
    assert Fact.objects.get().source == "noticed"
    assert "say which" in post(staff, "fact_change", fact, text="vegan and halal").content.decode()


def test_what_is_sensitive_or_never_said_stands_on_top(remember, page, staff):  # noqa: F811
    remember("likes the corner")
    remember("no nuts", sensitive="diet", consent_on=timezone.localdate())
    remember("between two jobs", never_say=True)
    shown = page(staff)
    on_top, rest = shown.split('aria-label="On top"')[1].split('id="fact_text"')
    assert "no nuts" in on_top
    assert "between two jobs" in on_top
    assert "likes the corner" in rest


def test_an_answer_whose_fact_is_sensitive_is_kept_by_the_fact_alone(post, page, staff, outsider, customer):  # noqa: F811
    """A question is open to all; what was made of its answer was marked as health afterwards."""
    services.ask_next_time(by=staff, customer=customer, question="Which medicine was it?")
    question = NextTime.objects.get()
    post(staff, "next_time_answer", question, answer="Insulin")
    assert "Insulin" in page(outsider)
    fact = services.keep_answer(by=staff, question=question)
    services.change_fact(by=staff, fact=fact, text=fact.text, sensitive="health", consent_on=timezone.localdate())
    assert "Insulin" in page(staff)
    assert "Insulin" not in page(outsider)
    for name in ("next_time_answer", "next_time_keep", "next_time_drop"):
        assert post(outsider, name, question, answer="x").status_code == 404
