"""The wall: a link without a login that tells stories, and nothing about customers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from delight.files.models import StoredFile
from delight.front.rights import erase_customer
from delight.lib.tokens import make_token
from delight.organisation.models import AuditEntry, Organisation
from staff.moments.models import Moment
from staff.moments.services import withdraw_moment
from staff.recognition import services
from staff.recognition.models import Recognition, Wall
from staff.recognition.taste import set_taste
from tests.recognition.conftest import WORDS, page


@pytest.fixture
def wall(manager, team):
    return services.make_wall(by=manager, name="Kitchen", team=team)


@pytest.fixture
def url(wall):
    return reverse("wall", args=[make_token("wall", wall.public_id)])


def told(url) -> str:
    """The stories alone; the page has the same."""
    stories = page(Client(), f"{url}stories/")
    assert stories.replace(" hidden", "") in page(Client(), url).replace(" hidden", "")
    return stories


# --- The link ---------------------------------------------------------------------------------------------------


def test_it_opens_without_a_login_is_never_kept_and_found_by_no_search(url, thank):
    thank()
    for address in (url, f"{url}stories/"):
        answer = Client().get(address)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert not answer.cookies
    assert Client().post(url).status_code == 405


def test_a_forged_or_foreign_link_opens_nothing(url, wall):
    true = url.split("/")[2]
    forged = ("B" if true[0] == "A" else "A") + true[1:]
    for token in (forged, make_token("answer", wall.public_id), "x"):
        assert Client().get(reverse("wall", args=[token])).status_code == 404
        assert Client().get(reverse("wall_stories", args=[token])).status_code == 404


def test_switched_off_it_shows_nothing_at_once_and_for_good(url, wall, thank, manager, signed_in):
    thank()
    assert WORDS in told(url)
    signed_in(manager).post(reverse("wall_revoke", args=[wall.pk]))
    for address in (url, f"{url}stories/"):
        answer = Client().get(address)
        assert answer.status_code == 404
        assert WORDS not in answer.content.decode()
        assert "switched off" in answer.content.decode()
    assert AuditEntry.objects.filter(verb="revoke_wall", actor=manager).count() == 1
    assert url not in page(signed_in(manager), reverse("wall_link", args=[wall.pk]))


def test_managers_make_them_for_their_teams_sponsors_for_everybody(
    manager, other_manager, sponsor, staff, team, other_team, signed_in
):
    def make(user, of):
        return signed_in(user).post(reverse("walls"), {"name": "Hall", "team": of}).status_code

    assert [make(staff, team.pk), make(manager, other_team.pk), make(manager, "")] == [403, 422, 422]
    assert not Wall.objects.exists()
    assert [make(manager, team.pk), make(sponsor, "")] == [302, 302]
    mine, whole = Wall.objects.order_by("pk")
    shown = page(signed_in(manager), reverse("wall_link", args=[mine.pk]))
    assert make_token("wall", mine.public_id) in shown
    assert "data:image/svg+xml" in shown
    for user, found in ((other_manager, mine), (manager, whole)):
        assert signed_in(user).get(reverse("wall_link", args=[found.pk])).status_code == 404
        assert signed_in(user).post(reverse("wall_revoke", args=[found.pk])).status_code == 404


# --- Which stories ----------------------------------------------------------------------------------------------


def test_open_thanks_and_told_moments_of_the_team(url, thank, make_moment, outsider, other_manager, staff):
    thank()
    thank(by=other_manager, to=[outsider], text=f"{WORDS} At the Harbour.")
    make_moment(what="An umbrella to keep")
    make_moment(by=outsider, what="Something at the Harbour")
    shown = told(url)
    assert "Thanks to: Cleo" in shown
    assert "from: Sam" in shown
    assert "An umbrella to keep" in shown
    assert "Harbour" not in shown


def test_that_of_everybody_has_them_all(sponsor, thank, outsider, other_manager):
    wall = services.make_wall(by=sponsor, name="Hall")
    thank(by=other_manager, to=[outsider], text=f"{WORDS} At the Harbour.")
    assert "At the Harbour" in told(reverse("wall", args=[make_token("wall", wall.public_id)]))


def test_neither_private_ones_nor_drafts_nor_what_was_taken_back(
    url, thank, staff, colleague, manager, make_moment, draft
):
    thank(is_private=True, text=f"{WORDS} Private.")
    services.treat(by=manager, to=staff, text=f"{WORDS} Treat.")
    services.withdraw(by=staff, recognition=thank(text=f"{WORDS} Withdrawn."))
    withdraw_moment(by=colleague, moment=make_moment(what="A withdrawn one"))
    make_moment(what="Only begun", finish_later=True)
    old = thank(text=f"{WORDS} Long ago.")
    Recognition.objects.filter(pk=old.pk).update(told_at=timezone.now() - timedelta(days=61))
    shown = told(url)
    assert WORDS not in shown
    assert [word for word in ("withdrawn", "Only begun", "wonderful") if word in shown] == []
    assert "The first one is yours" in shown


def test_not_of_who_likes_no_praise_in_front_of_others_nor_of_who_has_left(
    url, thank, staff, colleague, manager, make_moment
):
    thank(to=[colleague, manager])
    make_moment(what="An umbrella to keep")
    set_taste(user=colleague, likes_public=False)
    shown = told(url)
    assert WORDS not in shown
    assert "An umbrella to keep" in shown
    assert "Cleo" not in shown
    set_taste(user=colleague, likes_public=True)
    assert "Cleo" in told(url)
    colleague.is_active = False
    colleague.save()
    assert "The first one is yours" in told(url)


def test_customers_are_a_guest(url, thank, make_moment, make_customer, customer, draft, manager):
    other = make_customer("Bohdan Petrenko", address_as="Mr Petrenko")
    moment = make_moment(what="Olena’s coat; Petrenko held it, with Rita.", introduced_to=other)
    make_moment(what="Met Rita and the notary Blok.", introduced_whom="the notary Blok")
    thank(moment=moment, text=f"{WORDS} Olena was so glad. As was Mrs Koval’s boy.")
    thank(text=f"{WORDS} For what you did for Bohdan Petrenko.")
    services.release_praise(by=manager, recognition=draft)
    shown = told(url)
    assert [name for name in ("Olena", "Koval", "Bohdan", "Petrenko", "Blok") if name in shown] == []
    assert "A guest’s coat; a guest held it, with Rita." in shown
    assert "A guest’s praise for: Sam" in shown
    for private in (customer.email, str(customer.pk) + "/", "reaction", "cost"):
        assert private not in shown


def test_an_erased_customer_harms_nothing(url, customer, make_moment, thank, draft, manager):
    services.release_praise(by=manager, recognition=draft)
    moment = make_moment()
    made = thank(moment=moment, text=f"{WORDS} Olena was so glad.")
    erase_customer(by=manager, customer=customer, never_write=False)
    shown = told(url)
    assert "wonderful" not in shown
    made.refresh_from_db()
    assert "Olena" not in made.text
    assert made.text.startswith(WORDS)


def test_long_words_are_cut_to_what_can_be_read(url, thank):
    thank(text="word " * 150)
    shown = told(url)
    assert "…" in shown
    assert len(shown.partition("<blockquote>")[2].partition("</blockquote>")[0]) <= 300


def test_what_is_hidden_in_the_settings_is_not_told(url, thank, make_moment):
    thank(), make_moment(what="An umbrella to keep")
    Organisation.objects.update(hidden_rooms=["moments"])
    shown = told(url)
    assert WORDS in shown
    assert "An umbrella" not in shown
    Organisation.objects.update(hidden_rooms=["recognition"])
    assert [Client().get(f"{url}{part}").status_code for part in ("", "stories/")] == [404, 404]


def test_with_nothing_to_tell_it_is_friendly_and_in_the_companys_language(url):
    assert "The first one is yours" in told(url)
    Organisation.objects.update(default_language="uk")
    assert 'lang="uk"' in page(Client(), url)


def test_without_a_script_the_page_loads_itself_with_the_next_story(url, thank):
    for number in range(3):
        thank(text=f"{WORDS} Number {number}.")
    shown = page(Client(), url, n=1)
    assert f'<noscript><meta http-equiv="refresh" content="15; url={url}?n=2"></noscript>' in shown
    stories = [part.partition(">")[0] for part in shown.split("<article")[1:]]
    assert ["hidden" in each for each in stories] == [True, False, True]
    assert f"{url}?n=0" in page(Client(), url, n=2)
    for odd in ("x", "-1", "99999999999999", "²"):
        assert Client().get(url, {"n": odd}).status_code == 200


def test_it_asks_the_same_however_much_there_is(url, thank, make_moment, django_assert_num_queries):
    thank(moment=make_moment())
    with django_assert_num_queries(8):
        Client().get(f"{url}stories/")
    for number in range(4):
        thank(text=f"{WORDS} {number}", moment=make_moment())
    with django_assert_num_queries(8):
        assert page(Client(), f"{url}stories/").count("<article") == 10


# --- Photos -----------------------------------------------------------------------------------------------------


@pytest.fixture
def photographed(make_moment, colleague):
    moment = make_moment(what="A birthday")
    photo = StoredFile.store(by=colleague, name="cake.jpg", content_type="image/jpeg", chunks=[b"jpeg"])
    Moment.objects.filter(pk=moment.pk).update(photo=photo, people_agreed=True)
    return moment


def test_a_photo_to_which_its_people_agreed_is_shown(url, photographed):
    address = f"{url}photo/{photographed.pk}/"
    assert address in told(url)
    answer = Client().get(address)
    assert (answer.content, answer.headers["Content-Type"]) == (b"jpeg", "image/jpeg")
    assert answer.headers["Cache-Control"] == "no-store"


def test_no_photo_of_what_the_wall_does_not_tell(url, photographed, other_team, colleague, sponsor):
    address = f"{url}photo/{photographed.pk}/"
    Moment.objects.update(team=other_team)
    assert Client().get(address).status_code == 404
    whole = services.make_wall(by=sponsor, name="Hall")
    elsewhere = reverse("wall_photo", args=[make_token("wall", whole.public_id), photographed.pk])
    assert Client().get(elsewhere).status_code == 200
    withdraw_moment(by=colleague, moment=photographed)
    assert Client().get(elsewhere).status_code == 404
