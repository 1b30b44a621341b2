"""A survey starts with good words in every language; what was sent stays as it was."""

import pytest
from django.conf import settings

from surveys.design.models import Survey
from surveys.design.services import change_words, freeze, words_of
from surveys.design.wording import fill, starting_words


def words(**changes) -> dict[str, str]:
    return {**starting_words("en"), **changes}


def test_a_new_survey_has_words_in_every_language(signed_in, manager):
    answer = signed_in(manager).post("/surveys/new/", {"name": "Autumn"})
    survey = Survey.objects.get()
    assert answer.url == f"/surveys/{survey.pk}/"
    for code, _name in settings.LANGUAGES:
        found = words_of(survey.current, code)
        assert found.language == code
        assert "{company}" in found.question


@pytest.mark.parametrize("who", ["staff", "manager", "other_manager", "sponsor"])
def test_managers_make_surveys_and_staff_do_not(request, signed_in, survey, who):
    web = signed_in(request.getfixturevalue(who))
    expected = 403 if who == "staff" else 200
    for path in ("/surveys/", "/surveys/new/", f"/surveys/{survey.pk}/"):
        assert web.get(path).status_code == expected


def test_changing_words_before_the_first_sending_changes_the_version(survey, sponsor, signed_in):
    answer = signed_in(sponsor).post(f"/surveys/{survey.pk}/?language=en", words(question="Would you come back?"))
    assert answer.status_code == 302
    assert survey.versions.count() == 1
    assert words_of(survey.current, "en").question == "Would you come back?"
    assert words_of(survey.current, "tr").question != "Would you come back?"


def test_changing_words_after_a_sending_makes_the_next_version(survey, sponsor):
    sent = survey.current
    freeze(sent)
    sent.refresh_from_db()
    before = words_of(sent, "en").question
    change_words(by=sponsor, survey=survey, language="en", words=words(question="Something else?"))
    assert words_of(sent, "en").question == before
    assert survey.current.number == 2
    assert words_of(survey.current, "en").question == "Something else?"
    assert words_of(survey.current, "tr").question == words_of(sent, "tr").question


def test_unknown_placeholders_are_refused_with_a_sentence_and_the_words_are_kept(survey, sponsor, signed_in):
    page = signed_in(sponsor).post(f"/surveys/{survey.pk}/", words(subject="Hello {first_name}", why="Kept words"))
    assert page.status_code == 200
    assert "{first_name} is not known here" in page.content.decode()
    assert "Kept words" in page.content.decode()


def test_placeholders_are_filled_once_and_nothing_else_is_read_as_a_template():
    values = {"company": "{name} & Sons", "name": "Ada", "sender": "Olga"}
    assert fill("{company}: {name}, {{ settings.SECRET_KEY }} {% now %} {0}", values) == (
        "{name} & Sons: Ada, {{ settings.SECRET_KEY }} {% now %} {0}"
    )


def test_an_unknown_language_is_not_found(survey, sponsor, signed_in):
    assert signed_in(sponsor).get(f"/surveys/{survey.pk}/?language=xx").status_code == 404


@pytest.mark.parametrize(
    ("text", "with_name", "without"),
    [
        ("A quick one, {name}?", "A quick one, Ada?", "A quick one?"),
        ("{name}, a word", "Ada, a word", "a word"),
        ("For {name}", "For Ada", "For"),
    ],
)
def test_a_name_that_is_not_known_goes_with_its_comma(text, with_name, without):
    assert fill(text, {"name": "Ada"}) == with_name
    assert fill(text, {"name": ""}) == without
