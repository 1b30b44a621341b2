"""What the mail looks like is seen before it is sent, in every language, and it can do nothing there."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from delight.outbox.models import Message
from surveys.answering.models import Hit
from surveys.design.services import change_words
from surveys.design.wording import starting_words
from surveys.sending.models import Invitation
from tests.conftest import html_of


def look(browser, survey, sender) -> str:
    data = {"audience": "all", "sender": sender.pk, "remind_after_days": 4}
    return browser.post(reverse("sending_new", args=[survey.pk]), data).content.decode()


def frames(page: str) -> list[str]:
    return [
        found.replace("&amp;", "&")
        for found in re.findall(r'<iframe src="([^"]+)"[^>]* sandbox="allow-same-origin">', page)
    ]


def test_the_page_before_sending_frames_the_mail_in_each_language(survey, manager, colleague, signed_in, make_customer):
    make_customer()
    browser = signed_in(manager)
    shown = [browser.get(url).content.decode() for url in frames(look(browser, survey, colleague))]
    assert len(shown) == len(settings.LANGUAGES)
    assert all("Cleo<br>Barber &amp; Sons" in mail for mail in shown)
    assert 'lang="en"' in shown[0]
    assert "Good day," in shown[0]
    assert 'lang="tr"' in shown[1]
    assert "Good day," not in shown[1]


def test_it_looks_as_the_mail_that_arrives(survey, sponsor, signed_in, make_customer, send, post_office):
    change_words(by=sponsor, survey=survey, language="en", words={**starting_words("en"), "message": "Rain & <sun>."})
    url, *_others = frames(look(signed_in(sponsor), survey, sponsor))
    shown = signed_in(sponsor).get(url).content.decode()
    send(make_customer())
    (mail,) = post_office.deliver()
    bare = re.compile(r'/[au]/[\w-]+/|<base target="_blank">|\s+')
    assert "Rain &amp; &lt;sun&gt;." in shown
    assert bare.sub("", shown) == bare.sub("", html_of(mail))


def test_looking_at_it_invites_nobody_and_its_links_lead_nowhere(survey, sponsor, signed_in, client, make_customer):
    make_customer()
    page = signed_in(sponsor).get(reverse("sending_mail", args=[survey.pk, "en"])).content.decode()
    assert not Invitation.objects.exists()
    assert not Message.objects.exists()
    links = set(re.findall(r"http://[^/\"]+(/[au]/[\w-]+/)", page))
    assert len(links) == 2
    assert {client.get(link).status_code for link in links} == {404}
    assert not Hit.objects.exists()


def test_it_is_shown_in_our_own_frame_only_and_runs_nothing(survey, sponsor, signed_in):
    response = signed_in(sponsor).get(reverse("sending_mail", args=[survey.pk, "en"]))
    policy = {part.split()[0]: part.split()[1:] for part in response.headers["Content-Security-Policy"].split(";")}
    assert policy["sandbox"] == ["allow-same-origin"]  # no scripts, no popups, no navigation
    assert policy["default-src"] == ["'none'"]
    assert policy["frame-ancestors"] == ["'self'"]
    assert "script-src" not in policy
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize(("language", "sender", "status"), [
    ("en", "", 200), ("tr", "colleague", 200), ("en", "outsider", 404), ("xx", "", 404), ("en", "x", 404),
])  # fmt: skip
def test_languages_and_senders_are_those_there_are(
    request, survey, manager, colleague, outsider, signed_in, language, sender, status
):
    pk = {"colleague": colleague.pk, "outsider": outsider.pk}.get(sender, sender)
    url = f"{reverse('sending_mail', args=[survey.pk, language])}?sender={pk}"
    assert signed_in(manager).get(url).status_code == status
