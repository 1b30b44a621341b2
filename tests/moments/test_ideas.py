"""The bank of ideas: what to do and say, where it comes from, what it led to."""

from decimal import Decimal

import pytest
from django.utils import timezone

from delight.organisation.models import Organisation
from staff.budget.models import BudgetPeriod, Spend
from staff.moments.ideas import add_idea, starter_idea
from staff.moments.models import Idea, IdeaPin, Moment
from staff.moments.starters import STARTERS, starters_of


def page_of(browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.fixture
def idea(staff):
    return add_idea(by=staff, kind="do", text="Walk them to the door.", credited=staff, usual_cost=Decimal(0))


@pytest.fixture
def tell(staff, team):
    """`tell(what, cost=…)`: a story, with what it cost."""

    def do(what="", cost=None, by=None, **fields):
        moment = Moment.objects.create(user=by or staff, team=team, what=what, **fields)
        if cost is not None:
            month = timezone.localdate().replace(day=1)
            period, _new = BudgetPeriod.objects.get_or_create(
                user=moment.user, month=month, defaults={"granted": 1000, "spent": 0}
            )
            moment.spend = Spend.objects.create(period=period, asked=cost, amount=cost, state="spent")
            moment.save()
        return moment

    return do


NEW = {"kind": "say", "text": "I really appreciate it, Mr Johnson", "source": "team", "usual_cost": "0"}


# --- Into the bank ----------------------------------------------------------------------------------------------


def test_what_is_said_stands_in_quotation_marks_with_thanks_to_whom(staff, colleague, signed_in):
    browser = signed_in(staff)
    answer = browser.post("/ideas/new/", NEW | {"credited": colleague.pk, "source": "elsewhere"})
    made = Idea.objects.get()
    assert answer.url == f"/ideas/{made.pk}/"
    page = page_of(browser, "/ideas/")
    assert '<q class="words">I really appreciate it, Mr Johnson</q>' in page
    assert "seen as a customer elsewhere" in page
    assert "Thanks to: Cleo" in page


def test_pressed_twice_it_is_in_the_bank_once(staff, signed_in):
    browser = signed_in(staff)
    urls = {browser.post("/ideas/new/", NEW).url for _press in range(3)}
    assert len(urls) == Idea.objects.count() == 1
    browser.post("/ideas/new/", NEW | {"text": "Something else"})
    assert Idea.objects.count() == 2


def test_an_idea_needs_words(staff, signed_in):
    assert signed_in(staff).post("/ideas/new/", NEW | {"text": "  "}).status_code == 422
    assert not Idea.objects.exists()


@pytest.mark.parametrize("cost", ["-1", "12.345"])
def test_a_cost_that_cannot_be_is_refused(cost, staff, signed_in):
    assert signed_in(staff).post("/ideas/new/", NEW | {"usual_cost": cost}).status_code == 422


def test_a_customer_who_gave_it_is_found_by_name(staff, make_customer, signed_in):
    olena = make_customer("Olena Koval")
    browser = signed_in(staff)
    browser.post("/ideas/new/", NEW | {"source": "customer", "who": "olena"})
    made = Idea.objects.get()
    assert made.customer == olena
    assert "from a customer · Olena Koval" in page_of(browser, f"/ideas/{made.pk}/")


def test_of_several_who_fit_one_is_chosen(staff, make_customer, signed_in):
    first, second = make_customer("Olena Koval"), make_customer("Olena Moroz")
    browser = signed_in(staff)
    answer = browser.post("/ideas/new/", NEW | {"source": "customer", "who": "olena"})
    assert answer.status_code == 422
    assert "choose one of them" in answer.content.decode()
    assert not Idea.objects.exists()
    browser.post("/ideas/new/", NEW | {"source": "customer", "who": "olena", "customer": second.pk})
    assert Idea.objects.get().customer == second != first


def test_nobody_is_credited_whom_nobody_knows(staff, make_customer, signed_in):
    make_customer("Olena Koval")
    answer = signed_in(staff).post("/ideas/new/", NEW | {"source": "customer", "who": "Mark"})
    assert answer.status_code == 422
    assert "Nobody found" in answer.content.decode()


def test_a_name_that_was_typed_for_another_source_is_left_out(staff, make_customer, signed_in):
    make_customer("Olena Koval")
    signed_in(staff).post("/ideas/new/", NEW | {"who": "olena"})
    assert Idea.objects.get().customer is None


# --- Changing, kits, retiring -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"), [("staff", 302), ("manager", 302), ("sponsor", 302), ("colleague", 403), ("outsider", 403)]
)
def test_who_made_it_and_managers_change_it(who, status, idea, request, signed_in):
    browser = signed_in(request.getfixturevalue(who))
    answer = browser.post(f"/ideas/{idea.pk}/change/", NEW | {"kind": "do", "text": "Hold the door."})
    assert answer.status_code == status
    idea.refresh_from_db()
    assert idea.text == ("Hold the door." if status == 302 else "Walk them to the door.")


@pytest.mark.parametrize(("who", "status"), [("manager", 302), ("staff", 403)])
def test_a_manager_makes_it_a_kit_that_everybody_reads(who, status, idea, colleague, request, signed_in):
    browser = signed_in(request.getfixturevalue(who))
    assert browser.post(f"/ideas/{idea.pk}/kit/", {"kit": "Two umbrellas by the door."}).status_code == status
    assert ("Two umbrellas by the door." in page_of(signed_in(colleague), f"/ideas/{idea.pk}/")) == (status == 302)


def test_without_words_it_is_no_kit_any_more(idea, manager, staff, signed_in):
    boss = signed_in(manager)
    boss.post(f"/ideas/{idea.pk}/kit/", {"kit": "Two umbrellas."})
    boss.post(f"/ideas/{idea.pk}/kit/", {"kit": ""})
    idea.refresh_from_db()
    assert (idea.kit, idea.kit_by, idea.kit_at) == ("", None, None)
    assert "What to keep in the drawer" not in page_of(signed_in(staff), f"/ideas/{idea.pk}/")


def test_a_retired_idea_leaves_the_list_and_keeps_its_page_and_stories(idea, manager, staff, tell, signed_in):
    tell("Walked Olena to the door.", idea=idea)
    boss, sam = signed_in(manager), signed_in(staff)
    boss.post(f"/ideas/{idea.pk}/retire/")
    assert "Walk them to the door." not in page_of(sam, "/ideas/")
    assert "Walked Olena to the door." in page_of(sam, f"/ideas/{idea.pk}/")
    assert "Walk them to the door." in page_of(boss, "/ideas/?retired=on")
    assert "Walk them to the door." not in page_of(sam, "/ideas/?retired=on")
    boss.post(f"/ideas/{idea.pk}/back/")
    assert "Walk them to the door." in page_of(sam, "/ideas/")


def test_staff_retire_nothing(idea, staff, signed_in):
    assert signed_in(staff).post(f"/ideas/{idea.pk}/retire/").status_code == 403
    assert Idea.objects.in_use().count() == 1


# --- Starters ---------------------------------------------------------------------------------------------------


def test_twenty_for_each_trade_to_do_and_to_say():
    assert len({starter.key for starter in STARTERS}) == 80
    for trade in ("salon", "restaurant", "hotel", "services"):
        kinds = [starter.kind for starter in starters_of(trade)]
        assert len(kinds) == 20
        assert 6 <= kinds.count("say") <= 14


@pytest.mark.parametrize("language", ["en", "tr", "uk", "ru"])
def test_they_stand_in_the_readers_language(language, staff, signed_in):
    from django.utils import translation

    Organisation.objects.update(trade="salon")
    staff.language = language
    staff.save()
    page = page_of(signed_in(staff), "/ideas/")
    with translation.override(language):
        words = [str(starter.text) for starter in starters_of("salon")]
    english = [str(starter.text) for starter in starters_of("salon")]
    assert all(each.replace("'", "&#x27;") in page for each in words)
    assert (words == english) == (language == "en")


def test_those_of_the_chosen_trade_are_shown_and_no_row_is_made_by_looking(staff, signed_in):
    Organisation.objects.update(trade="salon")
    page = page_of(signed_in(staff), "/ideas/")
    assert "Greet regulars by name at the door" in page
    assert "bowl of water for the dog" not in page
    assert "bowl of water for the dog" in page_of(signed_in(staff), "/ideas/?trade=restaurant")
    assert not Idea.objects.exists()


def test_without_a_trade_there_is_a_mix_and_a_sponsor_is_led_to_the_settings(staff, sponsor, signed_in):
    page = page_of(signed_in(staff), "/ideas/")
    assert "Greet regulars by name at the door" in page
    assert "A sponsor chooses it in the settings." in page
    assert 'href="/organisation/">Choose the trade' in page_of(signed_in(sponsor), "/ideas/")


def test_a_sponsor_chooses_the_trade_in_the_settings(sponsor, signed_in):
    browser = signed_in(sponsor)
    form = browser.get("/organisation/").context["form"]
    values = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    browser.post("/organisation/", values | {"trade": "hotel"})
    assert Organisation.get().trade == "hotel"
    assert "at the lift and at breakfast" in page_of(browser, "/ideas/")


def test_the_first_use_makes_the_row_and_pressed_again_it_is_the_same(staff, colleague, signed_in):
    Organisation.objects.update(trade="salon")
    for person in (staff, colleague, staff):
        signed_in(person).post("/ideas/starters/salon-coffee/", {"do": "pin"})
    row = Idea.objects.get()
    assert (row.starter, row.usual_cost, row.pins.count()) == ("salon-coffee", 0, 2)
    page = page_of(signed_in(staff), "/ideas/")
    assert f'href="/ideas/{row.pk}/"' in page
    assert "/ideas/starters/salon-coffee/" not in page
    assert signed_in(staff).get("/ideas/starters/salon-coffee/").url == f"/ideas/{row.pk}/"


def test_a_starter_that_nobody_knows_is_not_there(staff, signed_in):
    assert signed_in(staff).get("/ideas/starters/salon-coffee/").status_code == 200
    assert signed_in(staff).get("/ideas/starters/salon-nothing/").status_code == 404


def test_a_manager_says_a_starter_in_other_words_and_a_retired_one_does_not_come_back(manager, staff, signed_in):
    Organisation.objects.update(trade="salon")
    boss = signed_in(manager)
    row = starter_idea("salon-coffee")
    boss.post(f"/ideas/{row.pk}/change/", {"kind": "do", "text": "Bring them their tea.", "usual_cost": "0"})
    assert "Bring them their tea." in page_of(signed_in(staff), "/ideas/")
    boss.post(f"/ideas/{row.pk}/retire/")
    page = page_of(signed_in(staff), "/ideas/")
    assert "Bring them their tea." not in page
    assert "how they take their coffee" not in page
    assert "Greet regulars by name" in page


def test_a_starter_that_is_saved_as_it_was_follows_the_reader_still(manager, signed_in):
    row = starter_idea("salon-coffee")
    signed_in(manager).post(f"/ideas/{row.pk}/change/", {"kind": "do", "text": row.words, "usual_cost": "1"})
    row.refresh_from_db()
    assert (row.text, row.usual_cost) == ("", 1)


# --- Finding ----------------------------------------------------------------------------------------------------


@pytest.fixture
def three(staff):
    return [
        add_idea(by=staff, kind="do", text="Walk them to the door.", usual_cost=Decimal(0)),
        add_idea(by=staff, kind="say", text="Safe home, Mr Johnson.", usual_cost=None, source="customer"),
        add_idea(by=staff, kind="do", text="A box of pralines.", usual_cost=Decimal("7.50")),
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("words=DOOR", {0}), ("words=johnson+home", {1}), ("words=nothing", set()), ("kind=say&source=customer", {1}),
        ("kind=do&source=team", {0, 2}), ("cost=paid", {2}), ("cost=free&source=team", {0}), ("source=customer", {1}),
        ("kind=odd&source=team", {0, 2}),
    ],
)  # fmt: skip
def test_search_and_filters(query, found, three, staff, signed_in):
    page = page_of(signed_in(staff), f"/ideas/?{query}")
    assert {number for number, each in enumerate(three) if f'href="/ideas/{each.pk}/"' in page} == found


def test_starters_are_found_by_their_words_too(staff, signed_in):
    Organisation.objects.update(trade="salon")
    row = starter_idea("salon-child")
    page = page_of(signed_in(staff), "/ideas/?words=scissors")
    assert page.count('class="item"') == 1
    assert f'href="/ideas/{row.pk}/"' in page
    page = page_of(signed_in(staff), "/ideas/?words=coffee")
    assert page.count('class="item"') == 1
    assert 'href="/ideas/starters/salon-coffee/"' in page


def test_fifty_on_a_page_rows_first_then_starters(staff, signed_in):
    Organisation.objects.update(trade="salon")
    Idea.objects.bulk_create(Idea(text=f"Number {n}", created_by=staff) for n in range(45))
    browser = signed_in(staff)
    first, second = page_of(browser, "/ideas/"), page_of(browser, "/ideas/?page=2")
    assert (first.count('class="item"'), second.count('class="item"')) == (50, 15)
    assert (first.count("/ideas/starters/salon-"), second.count("/ideas/starters/salon-")) == (5 * 3, 15 * 3)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_often_for_three_as_for_one(
    rows, staff, colleague, tell, signed_in, make_customer, django_assert_num_queries
):
    for number in range(rows):
        idea = add_idea(
            by=staff, kind="do", text=f"Number {number}", credited=colleague, source="customer",
            customer=make_customer(f"Olena {number}"),
        )  # fmt: skip
        tell("Story", idea=idea)
    browser = signed_in(staff)
    browser.get("/ideas/")
    with django_assert_num_queries(9):
        browser.get("/ideas/")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_as_often_for_three_stories_as_for_one(
    rows, idea, staff, tell, signed_in, make_customer, django_assert_num_queries
):
    for number in range(rows):
        tell(f"Story {number}", cost=5, idea=idea, customer=make_customer(f"Olena {number}"), reaction="pleased")
    browser = signed_in(staff)
    with django_assert_num_queries(10):
        browser.get(f"/ideas/{idea.pk}/")


# --- What it led to ---------------------------------------------------------------------------------------------


def test_an_idea_collects_its_stories_and_reactions_in_words(idea, staff, tell, signed_in):
    for reaction in ["delighted"] * 4 + ["pleased"] * 3 + ["calm"] * 2 + ["unseen", ""]:
        tell("A story.", idea=idea, reaction=reaction)
    tell("A stub.", idea=idea, state="stub")
    tell("Taken back.", idea=idea, state="withdrawn")
    page = page_of(signed_in(staff), f"/ideas/{idea.pk}/")
    assert "7 of 9 delighted or pleased." in page
    assert "Free of charge 11 times." in page
    assert page.count("A story.") == 11
    assert "A stub." not in page
    assert "Taken back." not in page
    assert "11 stories" in page_of(signed_in(staff), "/ideas/")


def test_a_sum_is_named_only_where_it_is_nobodys_own(idea, staff, tell, signed_in):
    browser = signed_in(staff)
    tell("One", cost=Decimal(4), idea=idea)
    tell("Two", cost=Decimal(5), idea=idea)
    page = page_of(browser, f"/ideas/{idea.pk}/")
    assert "too few to name a sum" in page
    assert "on average" not in page
    tell("Three", cost=Decimal("10.50"), idea=idea)
    tell("Given back", cost=Decimal(90), idea=idea)
    Spend.objects.filter(amount=90).update(state="refunded")
    assert "from 4 to 10.50 EUR, 6.50 on average" in page_of(browser, f"/ideas/{idea.pk}/")


def test_who_pinned_it_is_nobodys_business(idea, staff, colleague, signed_in):
    IdeaPin.objects.create(user=colleague, idea=idea)
    for path in ("/ideas/", f"/ideas/{idea.pk}/"):
        assert "Cleo" not in page_of(signed_in(staff), path)


# --- At hand ----------------------------------------------------------------------------------------------------


def test_pinned_and_not_pinned_any_more(idea, staff, signed_in):
    browser = signed_in(staff)
    for _press in range(2):
        browser.post(f"/ideas/{idea.pk}/pin/")
        assert IdeaPin.objects.filter(user=staff, idea=idea).count() == 1
    assert 'aria-pressed="true"' in page_of(browser, f"/ideas/{idea.pk}/")
    browser.post(f"/ideas/{idea.pk}/unpin/")
    assert not IdeaPin.objects.exists()
    assert 'aria-pressed="false"' in page_of(browser, f"/ideas/{idea.pk}/")


def test_in_the_list_only_the_button_comes_back(idea, staff, signed_in):
    answer = signed_in(staff).post(f"/ideas/{idea.pk}/pin/", headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert f'action="/ideas/{idea.pk}/unpin/"' in answer.content.decode()
    assert "<html" not in answer.content.decode()


# --- Stealing ---------------------------------------------------------------------------------------------------


def test_a_story_becomes_an_idea_thanks_to_its_author_once(staff, colleague, outsider, tell, signed_in):
    moment = tell("Kept the shop open for ten more minutes.")
    for person in (colleague, outsider, colleague):
        signed_in(person).post(f"/ideas/steal/{moment.pk}/")
    idea = Idea.objects.get()
    assert (idea.words, idea.credited, idea.created_by) == (moment.what, staff, colleague)
    assert {pin.user for pin in idea.pins.all()} == {colleague, outsider}
    assert "Kept the shop open" in page_of(signed_in(staff), f"/ideas/{idea.pk}/").split("Stories")[1]


def test_a_story_that_has_an_idea_gives_that_one(idea, colleague, tell, signed_in):
    moment = tell("Walked her to the door.", idea=idea)
    signed_in(colleague).post(f"/ideas/steal/{moment.pk}/")
    assert Idea.objects.get() == idea
    assert IdeaPin.objects.get().user == colleague


def test_the_customers_name_stays_out_of_the_bank(colleague, tell, make_customer, signed_in):
    customer = make_customer("Olena Koval", address_as="Olena")
    moment = tell("Had Olena's tea ready; Koval comes on Mondays. Olenka smiled.", customer=customer)
    signed_in(colleague).post(f"/ideas/steal/{moment.pk}/")
    assert Idea.objects.get().words == "Had … tea ready; … comes on Mondays. … smiled."


@pytest.mark.parametrize("state", ["stub", "withdrawn"])
def test_nobody_takes_an_idea_from_what_is_not_told(state, staff, colleague, tell, signed_in):
    moment = tell("Kept the shop open.", state=state)
    for person in (staff, colleague):
        assert signed_in(person).post(f"/ideas/steal/{moment.pk}/").status_code == 404
    assert not Idea.objects.exists()


def test_a_story_without_words_makes_none(colleague, tell, signed_in):
    moment = tell("")
    assert signed_in(colleague).post(f"/ideas/steal/{moment.pk}/").url == "/ideas/new/"
    assert not Idea.objects.exists()


def erase(browser, customer):
    assert browser.post(f"/customers/{customer.pk}/erase/", {"never_write": "on"}).status_code == 302


def test_a_story_that_nobody_has_said_anew_goes_with_its_customer(sponsor, colleague, tell, make_customer, signed_in):
    customer = make_customer("Olena Koval")
    signed_in(colleague).post(
        f"/ideas/steal/{tell('Fetched the medicine after the operation.', customer=customer).pk}/"
    )
    erase(signed_in(sponsor), customer)
    idea = Idea.objects.get()
    assert idea.text == "…"
    assert idea.retired_at


def test_an_idea_in_words_for_anybody_stays_without_the_name(sponsor, colleague, tell, make_customer, signed_in):
    customer = make_customer("Olena Koval")
    browser = signed_in(colleague)
    idea_url = browser.post(f"/ideas/steal/{tell('Had her tea ready.', customer=customer).pk}/").url
    anew = {"kind": "do", "text": "Tea as they like it, as for Olena.", "source": "team", "usual_cost": "0"}
    assert browser.post(f"{idea_url}change/", anew).status_code == 302
    Idea.objects.update(kit="Olena’s cup")
    erase(signed_in(sponsor), customer)
    idea = Idea.objects.get()
    assert (idea.text, idea.kit, idea.retired_at) == ("Tea as they like it, as for ….", "… cup", None)


def test_an_idea_that_a_customer_gave_stays_without_them(sponsor, staff, make_customer, signed_in):
    customer = make_customer("Olena Koval")
    add_idea(by=staff, kind="do", text="Tea for everybody.", source="customer", customer=customer)
    erase(signed_in(sponsor), customer)
    idea = Idea.objects.get()
    assert (idea.text, idea.customer, idea.retired_at) == ("Tea for everybody.", None, None)
