"""Sent again, such as after going back in the browser: it stands once, and what was typed is not given back."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from staff.recognition import services
from staff.recognition.models import Comment, Recognition
from tests.recognition.conftest import WORDS, page

THERE_ALREADY = "are not sent twice"


def give(browser, *to, name="recognition_new", **fields):
    data = {"key": str(uuid4()), "text": WORDS, "to": [each.pk for each in to]} | fields
    return browser.post(reverse(name), data, follow=True)


def say(browser, made, text="So true.", **fields):
    return browser.post(reverse("recognition_comment", args=[made.pk]), {"text": text, "key": str(uuid4())} | fields)


# --- Thanks -----------------------------------------------------------------------------------------------------


def test_back_and_sent_again_are_the_thanks_that_stand_already(staff, colleague, outsider, signed_in):
    browser = signed_in(staff)
    first = give(browser, colleague, outsider)
    again = give(browser, outsider, colleague, is_private="on")
    made = Recognition.objects.get()
    assert not made.is_private
    assert again.redirect_chain == first.redirect_chain
    assert (THERE_ALREADY in first.content.decode(), THERE_ALREADY in again.content.decode()) == (False, True)
    assert page(browser, reverse("feed")).count(WORDS) == 1


def test_other_words_other_people_and_another_giver_are_others(staff, colleague, outsider, manager, signed_in):
    give(signed_in(staff), colleague)
    give(signed_in(staff), colleague, text=f"{WORDS} And more.")
    give(signed_in(staff), colleague, outsider)
    give(signed_in(manager), colleague)
    assert Recognition.objects.count() == 4


def test_taken_back_or_an_hour_later_they_may_be_said_anew(staff, colleague, signed_in):
    give(signed_in(staff), colleague)
    services.withdraw(by=staff, recognition=Recognition.objects.get())
    give(signed_in(staff), colleague)
    assert Recognition.objects.told().count() == 1
    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=1)):
        give(signed_in(staff), colleague)
    assert Recognition.objects.told().count() == 2


def test_a_spotlight_sent_again_is_the_one_that_shines(manager, staff, signed_in):
    browser = signed_in(manager)
    give(browser, staff, name="spotlight_new")
    assert THERE_ALREADY in give(browser, staff, name="spotlight_new").content.decode()
    assert Recognition.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["thanks", "comment"])
def test_sent_at_once_from_two_pages_it_stands_once(what, staff, colleague, thank, signed_in):
    made, login, start = thank(by=colleague, to=[staff]), signed_in(staff).cookies, threading.Barrier(4)

    def press():
        browser = Client()
        browser.cookies = login
        try:
            start.wait()
            give(browser, colleague) if what == "thanks" else say(browser, made)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (Recognition.objects.filter(by=staff).count(), Comment.objects.count()) == (
        (1, 0) if what == "thanks" else (0, 1)
    )


# --- Comments ---------------------------------------------------------------------------------------------------


def test_the_same_comment_within_minutes_is_one(thank, staff, outsider, signed_in):
    made = thank()
    for _press in range(2):
        assert say(signed_in(outsider), made).status_code == 302
    assert Comment.objects.count() == 1
    say(signed_in(outsider), made, "So very true.")
    say(signed_in(staff), made)
    say(signed_in(outsider), thank(text=f"{WORDS} Other thanks."))
    assert Comment.objects.count() == 4
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        say(signed_in(outsider), made)
    assert Comment.objects.count() == 5


def test_a_removed_comment_may_be_said_again(thank, outsider, signed_in):
    made = thank()
    say(signed_in(outsider), made)
    services.remove_comment(by=outsider, comment=Comment.objects.get())
    say(signed_in(outsider), made)
    assert Comment.objects.filter(removed_at=None).count() == 1


def kept_as(browser, url) -> str:
    """Under which name the browser keeps the words of the comment box."""
    found = re.search(r'data-keeps="(comment-[^"]+)"', page(browser, url))
    assert found
    return found.group(1)


@pytest.mark.parametrize("where", ["feed", "recognition"])
def test_a_comment_that_is_taken_is_not_given_back_and_a_draft_stays_whatever_others_say(
    where, thank, staff, outsider, signed_in
):
    made = thank()
    url = reverse("feed") if where == "feed" else reverse("recognition", args=[made.pk])
    browser = signed_in(outsider)
    before = kept_as(browser, url)
    say(signed_in(staff), made)
    assert kept_as(signed_in(outsider), url) == before
    assert kept_as(signed_in(staff), url) != before
    say(signed_in(outsider), made)
    after = kept_as(signed_in(outsider), url)
    assert after != before
    assert kept_as(signed_in(outsider), url) == after


def test_what_one_has_typed_is_not_given_to_the_next_on_the_same_device(staff, manager, signed_in):
    for name, words in (("recognition_new", "thanks"), ("issue_new", "issue")):
        for user in (staff, manager):
            assert f'data-keeps="{words}-{user.pk}"' in page(signed_in(user), reverse(name))
    assert f'data-keeps="treat-{manager.pk}"' in page(signed_in(manager), reverse("treat_new"))
