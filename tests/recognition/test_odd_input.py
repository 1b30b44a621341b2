"""What people, browsers and mischief send: the page back, words that say something, another form."""

from __future__ import annotations

from uuid import uuid4

import pytest

from staff.people.models import Membership
from staff.recognition.models import Recognition
from tests.recognition.conftest import WORDS

pytestmark = pytest.mark.slow


def post(browser, url="/recognition/new/", **fields):
    return browser.post(url, {"key": str(uuid4()), "text": WORDS, "value": "", "moment": "", "team": "", **fields})


@pytest.mark.parametrize("text", ["\u200b" * 30, "a" + " " * 30 + "b", "a\u2060" * 19, "\u3164" * 25])
def test_letters_that_nobody_sees_say_nothing(text, staff, colleague, signed_in):
    answer = post(signed_in(staff), to=[colleague.pk], text=text)
    assert answer.status_code == 422
    assert "Say a little more" in answer.content.decode()
    assert not Recognition.objects.exists()


@pytest.mark.parametrize(
    "text", ["👩‍👩‍👧 you stayed with them!", "Дякую, що залишилась допомогти.", "Çok iyiydi, teşekkürler!"]
)
def test_words_in_any_script_and_families_do(text, staff, colleague, signed_in):
    assert post(signed_in(staff), to=[colleague.pk], text=text).status_code == 302


@pytest.mark.parametrize("field", ["moment", "to", "team", "value", "key"])
@pytest.mark.parametrize("value", ["9" * 5000, "9" * 25, "-1", "x\0y", "²"])
def test_no_number_is_too_long_for_a_form(field, value, staff, colleague, signed_in):
    fields = {"to": [colleague.pk]} | {field: value}
    assert post(signed_in(staff), **fields).status_code == 422
    assert post(signed_in(staff), find="1", **fields).status_code == 200
    assert signed_in(staff).get("/recognition/new/", {field: value[:500]}).status_code == 200
    assert signed_in(staff).get("/recognition/who/", {field: value[:500]}).status_code == 200


def test_the_same_form_sent_again_as_private_is_refused_and_not_said_to_be_told(staff, colleague, outsider, signed_in):
    """Back, a tick at "Only for them", and sent again: open thanks would stay open."""
    key = str(uuid4())
    browser = signed_in(staff)
    assert post(browser, to=[colleague.pk], key=key).status_code == 302
    again = post(browser, to=[colleague.pk], key=key, is_private="on")
    assert again.status_code == 422
    assert "This page has been used already" in again.content.decode()
    assert post(browser, to=[colleague.pk], key=key).status_code == 302
    assert Recognition.objects.count() == 1


def test_nor_with_another_moment_or_value(staff, colleague, sponsor, make_moment, signed_in):
    from staff.recognition.models import Value

    key, browser = str(uuid4()), signed_in(staff)
    assert post(browser, to=[colleague.pk], key=key).status_code == 302
    assert post(browser, to=[colleague.pk], key=key, moment=make_moment().pk).status_code == 422
    value = Value.objects.create(name="One house")
    assert post(browser, to=[colleague.pk], key=key, value=value.pk).status_code == 422


def test_a_line_break_in_a_name_breaks_no_header(staff, colleague, team, signed_in, post_office):
    staff.name = "Sam\r\nBcc: all@barber.example"
    staff.save()
    post(signed_in(staff), to=[colleague.pk], is_private="on")
    mail = post_office.deliver()[0]
    assert mail["Bcc"] is None
    assert "\n" not in mail["Subject"]


def test_hidden_moments_are_not_offered_to_be_thanked_for(organisation, staff, colleague, make_moment, signed_in):
    moment = make_moment(what="Tea in the rain")
    page = signed_in(staff).get("/recognition/new/").content.decode()
    assert "Tea in the rain" in page
    thanked = post(signed_in(staff), to=[colleague.pk], moment=moment.pk)
    assert "The moment:" in signed_in(staff).get(thanked.url).content.decode()
    organisation.hidden_rooms = ["moments"]
    organisation.save()
    page = signed_in(staff).get("/recognition/new/").content.decode()
    assert "Tea in the rain" not in page
    assert "The moment:" not in signed_in(staff).get(thanked.url).content.decode()
    assert "The moment:" not in signed_in(staff).get("/recognition/").content.decode()


def test_leaving_the_team_ends_what_its_manager_may_do(thank, manager, colleague, signed_in):
    made = thank()
    Membership.objects.filter(user=manager).update(until="2020-02-01")
    assert signed_in(manager).post(f"/recognition/{made.pk}/withdraw/").status_code == 403
