"""What stands below a recognition: reactions and comments."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from delight.organisation.models import AuditEntry
from staff.recognition import services
from staff.recognition.models import Comment, Reaction
from tests.recognition.conftest import page


def react(browser, made, kind="heart", on=1, **headers):
    return browser.post(reverse("recognition_react", args=[made.pk]), {"kind": kind, "on": on}, **headers)


def comment(browser, made, text="So true.", key=None):
    fields = {"text": text, "key": str(key or uuid4())}
    return browser.post(reverse("recognition_comment", args=[made.pk]), fields)


def test_a_reaction_is_left_and_taken_back_and_pressing_twice_does_no_harm(thank, outsider, signed_in):
    made, browser = thank(), signed_in(outsider)
    for _press in range(2):
        assert react(browser, made).status_code == 302
    assert Reaction.objects.count() == 1
    shown = page(browser, reverse("feed"))
    assert 'value="0" aria-pressed="true"' in shown
    assert "Otto" in shown
    for _press in range(2):
        react(browser, made, on=0)
    assert not Reaction.objects.exists()


def test_with_a_script_only_the_signs_come_back(thank, outsider, signed_in):
    made = thank()
    answer = react(signed_in(outsider), made, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert f'id="signs-{made.pk}"' in answer.content.decode()
    assert "<html" not in answer.content.decode()


@pytest.mark.parametrize("wrong", [{"kind": "thumbs_down"}, {"on": 7}])
def test_there_is_no_negative_one(wrong, thank, outsider, signed_in):
    react(signed_in(outsider), thank(), **wrong)
    assert not Reaction.objects.exists()


def test_below_private_thanks_only_those_who_read_them(thank, outsider, manager, colleague, signed_in):
    made = thank(is_private=True)
    for user in (outsider, manager):
        assert react(signed_in(user), made).status_code == 404
        assert comment(signed_in(user), made).status_code == 404
    assert react(signed_in(colleague), made).status_code == 302
    assert comment(signed_in(colleague), made).status_code == 302


def test_a_comment_is_read_by_all_and_pressed_twice_stands_once(thank, outsider, staff, signed_in):
    made, key = thank(), uuid4()
    for _press in range(2):
        assert comment(signed_in(outsider), made, key=key).status_code == 302
    assert Comment.objects.count() == 1
    assert "So true." in page(signed_in(staff), reverse("feed"))
    assert comment(signed_in(outsider), made, "Other words.", key).status_code == 422
    assert comment(signed_in(staff), made, "Mine.", key).status_code == 302


def test_an_empty_comment_comes_back(thank, outsider, signed_in):
    assert comment(signed_in(outsider), thank(), "  ").status_code == 422
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"), [("outsider", 302), ("manager", 302), ("sponsor", 302), ("staff", 403), ("other_manager", 403)]
)
def test_ones_own_is_removed_and_by_managers_of_the_team_anybodys(who, status, thank, outsider, signed_in, request):
    made = thank()
    said = services.comment(by=outsider, recognition=made, text="So true.")
    answer = signed_in(request.getfixturevalue(who)).post(reverse("comment_remove", args=[said.pk]))
    assert answer.status_code == status
    assert ("So true." in page(signed_in(outsider), reverse("feed"))) is (status == 403)
    assert AuditEntry.objects.filter(verb="remove_comment").exists() is (who in ("manager", "sponsor"))


def test_what_is_removed_is_gone_from_the_table_too(thank, outsider):
    said = services.comment(by=outsider, recognition=thank(), text="So true.")
    services.remove_comment(by=outsider, comment=said)
    said.refresh_from_db()
    assert said.text == ""


def test_what_was_said_below_in_private_stays_there_when_the_rest_is_told(manager, staff, outsider, signed_in):
    """The two agree to tell what was done, not what they wrote to each other about it."""
    from staff.recognition.services import treat

    made = treat(by=manager, to=staff, text="Two days off, no questions asked.", may_tell=True)
    url = f"/recognition/{made.pk}/"
    signed_in(staff).post(f"{url}comment/", {"text": "The divorce is through now.", "key": str(uuid4())})
    signed_in(staff).post(f"/recognition/treats/{made.pk}/agree/", {"agrees": "yes"})
    signed_in(outsider).post(f"{url}comment/", {"text": "Well done!", "key": str(uuid4())})
    for where in (url, "/recognition/"):
        seen = signed_in(outsider).get(where).content.decode()
        assert "Well done!" in seen
        assert "divorce" not in seen
        assert "divorce" in signed_in(staff).get(where).content.decode()
        assert "divorce" in signed_in(manager).get(where).content.decode()
