"""Who was introduced to somebody useful, and the one question what came of it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from staff.moments.asking import asked_of, to_tell
from staff.moments.models import Moment
from staff.moments.services import change_moment, withdraw_moment


@pytest.fixture
def sam(signed_in, staff):
    return signed_in(staff)


@pytest.fixture
def introduced(make_moment, make_customer):
    """Olena has been introduced to Ivan, two weeks ago."""
    moment = make_moment(introduced_to=make_customer("Ivan Bondar"))
    Moment.objects.update(created_at=timezone.now() - timedelta(days=14))
    moment.refresh_from_db()
    return moment


def test_the_form_takes_another_customer_or_a_name(sam, customer, make_customer):
    from uuid import uuid4

    other = make_customer("Ivan Bondar")
    data = {"whom": str(customer.pk), "what": "Coffee together"}
    sam.post("/moments/new/", data | {"key": str(uuid4()), "introduced": str(other.pk), "introduced_whom": "Ivan"})
    assert (Moment.objects.get().introduced_to, Moment.objects.get().introduced_whom) == (other, "")
    sam.post("/moments/new/", data | {"key": str(uuid4()), "introduced_whom": "The notary"})
    assert Moment.objects.filter(introduced_whom="The notary").exists()
    answer = sam.post("/moments/new/", data | {"key": str(uuid4()), "introduced": str(customer.pk)})
    assert answer.status_code == 422
    assert "another customer" in answer.content.decode()


def test_it_is_asked_once_by_mail_two_weeks_later(introduced, post_office, later, staff):
    later(days=13)
    assert not post_office.deliver()
    later(days=1, minutes=1)
    (mail,) = post_office.deliver()
    text = mail.get_body(("plain",)).get_content()
    assert "Olena Koval" in mail["Subject"]
    assert "Ivan Bondar" in text
    assert f"/moments/{introduced.pk}/" in text
    change_moment(by=staff, moment=introduced, what="Coffee")
    later(days=30)
    assert not post_office.deliver()


@pytest.mark.parametrize("end", ["told", "withdrawn", "no introduction", "left"])
def test_nothing_is_asked_any_more(end, introduced, post_office, later, staff, sam):
    if end == "told":
        sam.post(reverse("moment_told", args=[introduced.pk]), {"text": "They work together."})
    elif end == "withdrawn":
        withdraw_moment(by=staff, moment=introduced)
    elif end == "no introduction":
        change_moment(by=staff, moment=introduced, introduced_to=None)
    else:
        staff.is_active = False
        staff.save()
    later(days=15)
    assert not post_office.deliver()
    assert end == "left" or not to_tell(staff).exists()


def test_what_came_of_it_is_said_once_and_read_by_all(introduced, sam, signed_in, colleague):
    url, told = (reverse(name, args=[introduced.pk]) for name in ("moment", "moment_told"))
    assert "What came of the introduction?" in sam.get(url).content.decode()
    assert signed_in(colleague).post(told, {"text": "Mine"}).status_code == 403
    assert sam.post(told, {"text": "They work together."}).status_code == 302
    assert sam.post(told, {"text": "Second thoughts"}).status_code == 302
    page = signed_in(colleague).get(url).content.decode()
    assert "They work together." in page
    assert "Second thoughts" not in page
    assert "What came of the introduction?" not in sam.get(url).content.decode()


def test_nothing_yet_is_an_answer(introduced, sam, staff):
    sam.post(reverse("moment_told", args=[introduced.pk]), {"nothing": "1", "text": "half a sen"})
    introduced.refresh_from_db()
    assert (introduced.came_of_it, bool(introduced.told_at)) == ("", True)
    assert not to_tell(staff).exists()


def test_home_asks_those_without_mail_too(introduced, make_moment, staff, colleague, make_customer):
    make_moment(introduced_whom="The notary")  # today: too early
    make_moment(finish_later=True)
    asked = asked_of(staff)
    assert asked
    assert [[m.pk for m in asked["introduced"]], len(asked["stubs"])] == [[introduced.pk], 1]
    assert asked_of(colleague) is None
