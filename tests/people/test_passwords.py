"""The rules for passwords speak our words: one word per thing, on the whole page."""

import pytest
from django.urls import reverse

from staff.people.models import User
from staff.people.services import invite_person, join_token

REFUSED = {
    "short": "too short: it needs at least 10 characters",
    "1234567890": "Too many people use this password",
    "adalovelace": "too much like your name or e-mail address",
}


@pytest.fixture
def link(manager, team):
    invitation = invite_person(by=manager, email="adalovelace@barber.example", name="Ada", team=team)
    return lambda language: _link(invitation, language)


def _link(invitation, language):
    invitation.language = language
    invitation.save()
    return reverse("join", args=[join_token(invitation)])


@pytest.mark.parametrize("password", REFUSED)
def test_a_weak_password_is_refused_with_what_to_do(password, link, client):
    page = client.post(link("en"), {"name": "Ada", "password": password, "language": "en"}).content.decode()
    assert REFUSED[password] in page
    assert not User.objects.filter(email="adalovelace@barber.example").exists()


@pytest.mark.parametrize("password", ["", *REFUSED])
def test_in_turkish_no_page_says_parola_beside_our_sifre(password, link, client):
    answers = {"name": "Ada", "password": password, "language": "tr"}
    page = client.post(link("tr"), answers) if password else client.get(link("tr"))
    assert 'lang="tr"' in page.content.decode()
    assert "arola" not in page.content.decode()
    assert "ifre" in page.content.decode()


def test_those_who_change_their_password_read_the_same_words(staff, signed_in):
    staff.language = "tr"
    staff.save()
    answers = {"oldpassword": "a long enough password", "password1": "short", "password2": "other"}
    page = signed_in(staff).post(reverse("account_change_password"), answers).content.decode()
    assert "arola" not in page
