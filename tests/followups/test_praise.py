"""A customer who is happy and names somebody: a draft of recognition for a manager of theirs."""

from __future__ import annotations

import pytest

from staff.recognition.models import Recognition
from surveys.answering.models import Response
from surveys.answering.services import check_response
from surveys.followups.praise import people_named_in
from tests.conftest import make_person


@pytest.fixture
def answered(invited, as_customer, make_customer, team, staff, colleague):
    """`answered(score, words)`: a customer of Mill Lane answers."""

    def do(score: int, words: str, **options):
        invitation = invited(make_customer("Olena Koval", team=team, owner=staff))
        guest = as_customer(invitation, **options)
        guest.answer(score, words)
        return guest

    return do


def drafts() -> list[tuple[str, list[str]]]:
    found = Recognition.objects.filter(kind="praise", state="draft")
    return [(each.text, sorted(to.user.name for to in each.recipients.all())) for each in found]


def test_a_high_answer_that_names_somebody_becomes_a_draft(answered):
    answered(10, "Sam was wonderful.")
    assert drafts() == [("Sam was wonderful.", ["Sam"])]
    made = Recognition.objects.get()
    assert (made.by, made.customer.name, made.source) == (None, "Olena Koval", f"response:{Response.objects.get().pk}")


@pytest.mark.parametrize(
    ("score", "words"), [(7, "Sam was there."), (2, "Sam was rude."), (10, "All was well."), (10, "")]
)
def test_no_other_answer_does(score, words, answered):
    answered(score, words)
    assert drafts() == []


def test_several_who_are_named_share_it_and_people_of_other_teams_do_not(answered, outsider):
    answered(9, "Thanks, cleo and SAM’s mate Otto!")
    assert drafts() == [("Thanks, cleo and SAM’s mate Otto!", ["Cleo", "Sam"])]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Anna Berg cut my hair", ["Anna Berg"]),
        ("Anna did", []),  # two of them have that first name
        ("anna kos did", ["Anna Kos"]),
        ("Çağla is great, olena too", ["Cagla Ak", "Олена Коваль"][:1]),
        ("Дякую, Олена!", ["Олена Коваль"]),
        ("Samson and the Cleopatra", []),
        ("Kos is my name", []),
    ],
)
def test_whole_names_and_first_names_that_nobody_shares(text, named, team, staff, colleague):
    for number, name in enumerate(("Anna Berg", "Anna Kos", "Cagla Ak", "Олена Коваль")):
        person = make_person(f"p{number}", team)
        person.name = name
        person.save()
    assert [person.name for person in people_named_in(text, team.pk)] == named


def test_who_has_left_the_team_is_not_named(team, colleague):
    from staff.people.models import Membership, today

    assert people_named_in("Cleo", team.pk) == [colleague]
    Membership.objects.filter(user=colleague).update(until=today())
    assert people_named_in("Cleo", team.pk) == []


def test_changed_words_change_the_draft_and_without_the_name_it_goes(answered):
    guest = answered(10, "Sam was wonderful.")
    guest.answer(10, "Sam and Cleo were wonderful.")
    assert drafts() == [("Sam and Cleo were wonderful.", ["Cleo", "Sam"])]
    guest.answer(10, "All of them were wonderful.")
    assert drafts() == []
    guest.answer(10, "Cleo, above all.")
    assert drafts() == [("Cleo, above all.", ["Cleo"])]
    assert Recognition.objects.count() == 1


def test_an_answer_that_needs_checking_makes_none_until_a_manager_says_it_is_a_person(answered, manager):
    answered(10, "Sam was wonderful.")
    response = Response.objects.get()
    response.verdict = "check"
    response.save()
    check_response(by=manager, response=response, is_person=False)
    assert drafts() == []
    check_response(by=manager, response=response, is_person=True)
    assert drafts() == [("Sam was wonderful.", ["Sam"])]


def test_a_machines_answer_makes_none(invited, as_customer, make_customer, team, staff):
    invitation = invited(make_customer("Olena Koval", team=team, owner=staff))
    guest = as_customer(invitation)
    for score in range(11):
        guest.open(score)
    guest.web.get(guest.answer_url + "more/")
    guest.answer(10, "Sam was wonderful.")
    assert Response.objects.get().verdict == "check"
    assert drafts() == []
