"""One box over everything, and nothing of what the reader may not see."""

import pytest
from django.utils import timezone

from delight.customers.models import Account, Visit
from delight.front import help
from delight.organisation.models import Organisation
from surveys.design.services import create_survey


def found(browser, words: str) -> dict[str, list[str]]:
    """Group → titles."""
    answer = browser.get("/search/", {"q": words})
    assert answer.status_code == 200
    return {str(group["label"]): [hit.title for hit in group["hits"]] for group in answer.context["groups"]}


def test_everything_of_a_name_is_found_in_its_group(answered, make_customer, staff, manager, team, signed_in):
    company = Account.objects.create(name="Mill Works")
    answered(make_customer("Mila Mill", owner=staff, team=team, account=company), 2, "The mill was late.")
    hits = found(signed_in(manager), "mill")
    assert hits["Customers"] == ["Mila Mill"]
    assert hits["Follow-ups"] == ["Mila Mill"]
    assert hits["Answers"] == ["The mill was late."]
    assert hits["Companies"] == ["Mill Works"]
    assert hits["Teams"] == ["Mill Lane"]


def test_people_surveys_and_help_are_found_too(manager, colleague, sponsor, signed_in):
    create_survey(by=sponsor, name="Cleopatra survey")
    hits = found(signed_in(manager), "cleo")
    assert (hits["People"], hits["Surveys"]) == (["Cleo"], ["Cleopatra survey"])
    assert "Who sees and does what" in found(signed_in(manager), "manager")["Help"]


def test_strangers_to_a_customer_find_no_answer_no_conversation_and_no_address(
    answered, make_customer, staff, outsider, team, signed_in
):
    customer = make_customer("Olena Koval", owner=staff, team=team, phone="+32 470 12 34 56")
    answered(customer, 2, "The scissors pulled my hair.")
    assert found(signed_in(staff), "scissors")["Answers"] == ["The scissors pulled my hair."]
    assert "Answers" not in found(signed_in(outsider), "scissors")
    assert found(signed_in(staff), "koval")["Follow-ups"] == ["Olena Koval"]
    hits = found(signed_in(outsider), "koval")
    assert hits == {"Customers": ["Olena Koval"]}
    assert found(signed_in(staff), "470 12").get("Customers") == ["Olena Koval"]
    assert found(signed_in(outsider), "470 12") == {}


def test_staff_find_no_companies_surveys_or_helps_of_managers(survey, staff, manager, make_customer, signed_in):
    Account.objects.create(name="Doing Well Ltd")
    assert set(found(signed_in(manager), "doing")) >= {"Companies", "Surveys"}
    assert found(signed_in(staff), "doing").keys() & {"Companies", "Surveys"} == set()
    assert "The score and its ±" not in found(signed_in(staff), "promoters").get("Help", [])


def test_rooms_that_are_hidden_are_not_searched(answered, make_customer, manager, team, signed_in):
    answered(make_customer("Mark Oduya", team=team), 2, "Oduya was here.")
    assert set(found(signed_in(manager), "oduya")) == {"Customers", "Follow-ups", "Answers"}
    Organisation.objects.update(hidden_rooms=["surveys", "follow_ups"])
    assert set(found(signed_in(manager), "oduya")) == {"Customers"}


@pytest.mark.parametrize("words", ["", "o", " o ", "x" * 101])
def test_too_little_or_too_much_finds_nothing(words, manager, make_customer, signed_in):
    make_customer("Olena")
    assert found(signed_in(manager), words) == {}


def test_five_of_a_kind_and_a_way_to_more(manager, make_customer, team, signed_in):
    for number in range(6):
        make_customer(f"Koval {number}", team=team)
    answer = signed_in(manager).get("/search/", {"q": "koval"})
    [group] = answer.context["groups"]
    assert (len(group["hits"]), group["more"]) == (5, "/customers/?words=koval")
    assert "Koval" in signed_in(manager).get(group["more"]).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_questions_does_not_grow(
    rows, answered, make_customer, manager, team, signed_in, django_assert_num_queries
):
    for number in range(rows):
        answered(make_customer(f"Koval {number}", owner=manager, team=team), 3, "Koval was slow.")
    browser = signed_in(manager)
    browser.get("/search/")
    with django_assert_num_queries(18):
        found(browser, "koval")


def test_the_box_is_in_the_header_of_every_page_and_once_on_the_search_page(staff, signed_in):
    browser = signed_in(staff)
    assert browser.get("/").content.decode().count('role="search"') == 1
    assert browser.get("/search/").content.decode().count('role="search"') == 1


# --- Help -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["staff", "manager", "sponsor"])
def test_every_topic_opens_for_its_readers_and_for_nobody_else(who, request, signed_in):
    user = request.getfixturevalue(who)
    browser, listed = signed_in(user), {topic.slug for topic in help.topics_for(user)}
    index = browser.get("/help/").content.decode()
    for topic in help.TOPICS:
        shown = topic.slug in listed
        assert browser.get(f"/help/{topic.slug}/").status_code == (200 if shown else 404), topic.slug
        assert (f'href="/help/{topic.slug}/"' in index) == shown


def test_what_managers_and_sponsors_read_differs(staff, manager, sponsor):
    few, more, most = (len(help.topics_for(user)) for user in (staff, manager, sponsor))
    assert few < more < most


def test_pages_lead_to_the_fitting_topic(staff, manager, signed_in):
    assert 'href="/help/follow-ups/"' in signed_in(staff).get("/follow-ups/").content.decode()
    assert 'href="/help/import/"' in signed_in(manager).get("/customers/import/").content.decode()
    assert "help-link" not in signed_in(staff).get("/profile-that-is-not/").content.decode()


@pytest.mark.parametrize(
    ("who", "page", "topic"),
    [
        ("staff", "/", "today"), ("staff", "/me/", "codes"), ("staff", "/me/data/", "privacy"),
        ("staff", "/visits/", "visits"), ("manager", "/visits/calendars/", "calendars"),
        ("manager", "/customers/companies/", "companies"), ("manager", "/customers/duplicates/", "duplicates"),
        ("manager", "/people/invite/", "codes"), ("sponsor", "/organisation/", "settings"),
        ("sponsor", "/organisation/holidays/", "holidays"), ("sponsor", "/organisation/audit/", "audit"),
        ("sponsor", "/organisation/rooms/", "rooms"), ("sponsor", "/setup/", "address"),
    ],
)  # fmt: skip
def test_every_room_has_its_topic(who, page, topic, request, team, organisation, signed_in):
    assert f'href="/help/{topic}/"' in signed_in(request.getfixturevalue(who)).get(page).content.decode()


def test_every_question_mark_leads_somewhere():
    assert {slug for _start, slug in help.ASKED_AT} <= set(help.BY_SLUG)


def test_who_is_here_under_a_reference_comes_first_and_says_where(make_customer, staff, team, signed_in):
    named = make_customer("Abel T4man", team=team)
    here = make_customer("Zoe Maes", team=team)
    Visit.objects.create(customer=here, team=team, starts_at=timezone.now(), reference="T4")
    groups = signed_in(staff).get("/search/", {"q": "T4"}).context["groups"]
    first, second = next(group["hits"] for group in groups if str(group["label"]) == "Customers")
    assert (first.title, second.title) == (here.name, named.name)
    assert first.note.startswith("T4 · ")
    assert first.note.endswith(f" · {team.name}")
    assert second.note == ""
