"""Spotlights, what a manager did for somebody, customers' praise, and whom nobody has thanked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from delight.organisation.models import AuditEntry, Organisation
from staff.people.models import Membership, User
from staff.recognition import services
from staff.recognition.models import Recognition
from staff.recognition.news import news_for
from staff.recognition.reading import recognitions_of_moment, recognitions_of_person, unthanked
from staff.recognition.refusing import Refused
from staff.recognition.taste import set_taste
from tests.conftest import make_person
from tests.recognition.conftest import WORDS, page

FEED = reverse("feed")


def post(browser, name: str, *args, **fields):
    return browser.post(reverse(name, args=args), {"key": str(uuid4()), "text": WORDS} | fields)


# --- Spotlights -------------------------------------------------------------------------------------------------


def test_a_managers_spotlight_is_open(manager, staff, outsider, signed_in):
    assert post(signed_in(manager), "spotlight_new", to=[staff.pk], is_private="on").status_code == 302
    made = Recognition.objects.get()
    assert (made.kind, made.is_private) == ("spotlight", False)
    assert "spotlight" in page(signed_in(outsider), FEED)
    with pytest.raises(IntegrityError, match="recognition_of_a_team_is_open"), transaction.atomic():
        Recognition.objects.update(is_private=True)


def test_staff_have_none(staff, colleague, signed_in):
    assert post(signed_in(staff), "spotlight_new", to=[colleague.pk]).status_code == 403
    with pytest.raises(Refused, match="managers"):
        services.spotlight(by=staff, to=[colleague], text=WORDS)


def test_one_a_week_is_enough_and_it_is_said_kindly(manager, staff, colleague, outsider, other_manager, signed_in):
    with time_machine.travel(datetime(2026, 7, 15, 9, tzinfo=UTC), tick=False) as clock:
        services.spotlight(by=manager, to=[staff], text=WORDS)
        answer = post(signed_in(manager), "spotlight_new", to=[colleague.pk])
        assert answer.status_code == 422
        assert "it shines because it is rare" in answer.content.decode()
        assert Recognition.objects.count() == 1
        services.spotlight(by=other_manager, to=[staff], text=WORDS)
        clock.move_to(datetime(2026, 7, 19, 21, 30, tzinfo=UTC))  # Sunday night in Brussels
        with pytest.raises(Refused):
            services.spotlight(by=manager, to=[colleague], text=WORDS)
        clock.move_to(datetime(2026, 7, 19, 22, 30, tzinfo=UTC))  # Monday there
        services.spotlight(by=manager, to=[colleague], text=WORDS)
    assert Recognition.objects.count() == 3


def test_the_week_begins_when_the_company_says(manager, staff, colleague):
    Organisation.objects.update(first_weekday=7)
    with time_machine.travel(datetime(2026, 7, 18, 9, tzinfo=UTC), tick=False) as clock:  # a Saturday
        services.spotlight(by=manager, to=[staff], text=WORDS)
        clock.move_to(datetime(2026, 7, 19, 9, tzinfo=UTC))
        services.spotlight(by=manager, to=[colleague], text=WORDS)


def test_the_database_itself_holds_to_one(manager, staff):
    services.spotlight(by=manager, to=[staff], text=WORDS)
    week = services.this_week()
    with pytest.raises(IntegrityError, match="once_a_week"), transaction.atomic():
        Recognition.objects.create(by=manager, kind="spotlight", text=WORDS, week=week)


def test_one_that_was_taken_back_leaves_room_for_another(manager, staff, colleague):
    services.withdraw(by=manager, recognition=services.spotlight(by=manager, to=[staff], text=WORDS))
    assert services.spotlight(by=manager, to=[colleague], text=WORDS).state == "told"


def test_it_does_not_fall_on_who_likes_thanks_in_private(manager, staff, colleague):
    set_taste(user=staff, likes_public=False)
    with pytest.raises(Refused, match="in private"):
        services.spotlight(by=manager, to=[staff, colleague], text=WORDS)


# --- What a manager did -----------------------------------------------------------------------------------------


@pytest.fixture
def treat(manager, staff):
    return services.treat(by=manager, to=staff, text=WORDS)


def sees(user, made, signed_in) -> bool:
    return signed_in(user).get(reverse("recognition", args=[made.pk])).status_code == 200


def test_what_a_manager_did_is_between_the_two(treat, manager, staff, colleague, sponsor, signed_in):
    seen = {user.name: sees(user, treat, signed_in) for user in (manager, staff, colleague, sponsor)}
    assert seen == {"Mert": True, "Sam": True, "Cleo": False, "Olga": False}


def test_only_when_both_agree_others_read_it_and_either_takes_that_back(
    treat, manager, staff, colleague, outsider, signed_in
):
    def says(user, word):
        signed_in(user).post(reverse("treat_agree", args=[treat.pk]), {"agrees": word})
        return sees(outsider, treat, signed_in)

    assert says(staff, "yes") is False
    assert says(manager, "yes") is True
    assert signed_in(colleague).post(reverse("treat_agree", args=[treat.pk]), {"agrees": "no"}).status_code == 403
    assert says(staff, "no") is False
    assert says(staff, "yes") is True
    assert says(manager, "no") is False


def test_it_is_noted_for_own_people_only(manager, staff, outsider, colleague, signed_in):
    assert post(signed_in(manager), "treat_new", to=outsider.pk).status_code == 422
    with pytest.raises(Refused, match="own teams"):
        services.treat(by=manager, to=outsider, text=WORDS)
    assert post(signed_in(colleague), "treat_new", to=staff.pk).status_code == 403
    assert post(signed_in(manager), "treat_new", to=staff.pk, may_tell="on").status_code == 302
    assert Recognition.objects.get().may_tell


def test_nobody_says_so_of_plain_thanks(thank, staff, colleague, signed_in):
    made = thank(is_private=True)
    assert signed_in(colleague).post(reverse("treat_agree", args=[made.pk]), {"agrees": "yes"}).status_code == 403


# --- Customers' praise ------------------------------------------------------------------------------------------


def decide(user, draft, what, signed_in):
    return signed_in(user).post(reverse("draft_decide", args=[draft.pk]), {"what": what})


def test_a_draft_is_known_to_those_who_may_release_it_alone(
    draft, staff, colleague, manager, other_manager, sponsor, signed_in
):
    for user in (manager, sponsor):
        assert "Sam was wonderful" in page(signed_in(user), reverse("drafts"))
    assert "Sam was wonderful" not in page(signed_in(other_manager), reverse("drafts"))
    for user in (staff, colleague, manager, sponsor):
        assert not sees(user, draft, signed_in)
    for user in (staff, colleague, other_manager):
        assert decide(user, draft, "open", signed_in).status_code == 404
    assert Recognition.objects.get().state == "draft"


def test_released_it_is_told_without_the_customers_name(draft, manager, outsider, staff, signed_in):
    decide(manager, draft, "open", signed_in)
    url = reverse("recognition", args=[draft.pk])
    assert "Sam was wonderful" in page(signed_in(outsider), FEED)
    assert "Olena Koval" not in page(signed_in(outsider), url)
    assert "Olena Koval" in page(signed_in(staff), url)
    assert AuditEntry.objects.filter(verb="release_praise", actor=manager).exists()


def test_released_in_private_only_they_read_it(draft, manager, outsider, staff, sponsor, signed_in):
    decide(manager, draft, "private", signed_in)
    seen = {user.name: sees(user, draft, signed_in) for user in (staff, manager, outsider, sponsor)}
    assert seen == {"Sam": True, "Mert": True, "Otto": False, "Olga": False}


def test_so_it_is_by_itself_for_who_likes_it_so(draft, manager, staff, outsider, signed_in):
    set_taste(user=staff, likes_public=False)
    decide(manager, draft, "open", signed_in)
    assert not sees(outsider, draft, signed_in)


def test_dropped_it_is_gone_and_does_not_come_back(draft, manager, staff, customer, signed_in):
    decide(manager, draft, "drop", signed_in)
    again = services.draft_praise(source="response:1", customer=customer, text="Sam!", people=[staff])
    assert again.state == "withdrawn"
    assert "Nothing waits" in page(signed_in(manager), reverse("drafts"))
    assert decide(manager, draft, "open", signed_in).status_code == 404


def test_nobody_releases_praise_of_themselves(make_customer, manager, sponsor, signed_in):
    draft = services.draft_praise(source="x", customer=None, text="Mert is great.", people=[manager])
    assert decide(manager, draft, "open", signed_in).status_code == 404
    assert decide(sponsor, draft, "open", signed_in).status_code == 302


def test_two_managers_at_once_decide_once(draft, manager, sponsor):
    assert services.release_praise(by=manager, recognition=draft)
    assert services.release_praise(by=sponsor, recognition=draft) is None
    assert services.drop_praise(by=sponsor, recognition=draft) is False


def test_a_draft_is_made_once_and_follows_the_words(draft, staff, colleague, customer):
    services.draft_praise(source="response:1", customer=customer, text="Sam and Cleo!", people=[staff, colleague])
    made = Recognition.objects.get()
    assert (made.text, {each.user for each in made.recipients.all()}) == ("Sam and Cleo!", {staff, colleague})


def test_the_managers_page_today_says_that_praise_waits(draft, manager, staff):
    assert [line.kind for line in news_for(manager)] == ["draft"]
    assert news_for(staff) == []


# --- Whom nobody has thanked ------------------------------------------------------------------------------------


@pytest.fixture
def long_here(manager, staff, colleague, outsider):
    User.objects.update(joined_at=timezone.now() - timedelta(days=200))


def ago(made, days):
    Recognition.objects.filter(pk=made.pk).update(told_at=timezone.now() - timedelta(days=days))


def names(user) -> list[str]:
    return [person.name for each in unthanked(user) for person in each.people]


@pytest.mark.usefixtures("long_here")
def test_people_of_own_teams_whom_nobody_has_thanked_for_eight_weeks_by_name(
    thank, manager, staff, colleague, other_manager
):
    assert names(manager) == ["Cleo", "Sam"]
    assert names(other_manager) == ["Otto"]
    ago(thank(), 57)
    assert names(manager) == ["Cleo", "Sam"]
    ago(thank(is_private=True), 55)
    assert names(manager) == ["Sam"]


@pytest.mark.usefixtures("long_here")
def test_what_was_taken_back_or_waits_does_not_count_nor_a_thank_you_to_the_whole_team(
    thank, manager, staff, colleague, team, draft
):
    services.withdraw(by=staff, recognition=thank())
    thank(to=[], team=team)
    assert names(manager) == ["Cleo", "Sam"]


@pytest.mark.usefixtures("long_here")
def test_who_has_just_come_is_not_on_it_and_who_has_left_neither(manager, team, colleague, staff):
    make_person("Aya", team)
    colleague.is_active = False
    colleague.save()
    Membership.objects.filter(user=staff).update(until=timezone.now().date())
    assert names(manager) == []


@pytest.mark.usefixtures("long_here")
def test_the_page_shows_names_and_nothing_else_and_staff_have_none(thank, manager, staff, colleague, signed_in):
    ago(thank(), 70)
    shown = page(signed_in(manager), reverse("quiet")).partition("<main")[2]
    assert shown.index("Cleo") < shown.index("Sam")
    assert "20" not in shown.partition("Mill Lane")[2].partition("</section>")[0].replace(f"to={staff.pk}", "")
    assert signed_in(staff).get(reverse("quiet")).status_code == 403


@pytest.mark.usefixtures("long_here")
def test_the_page_asks_the_same_however_many_there_are(manager, team, signed_in, django_assert_num_queries):
    browser = signed_in(manager)
    browser.get(reverse("quiet"))
    with django_assert_num_queries(7):
        browser.get(reverse("quiet"))
    for name in ("Ada", "Ben", "Eva"):
        make_person(name, team)
    User.objects.update(joined_at=timezone.now() - timedelta(days=200))
    with django_assert_num_queries(7):
        browser.get(reverse("quiet"))


# --- Values and taste -------------------------------------------------------------------------------------------


def test_sponsors_offer_values_and_retire_them(sponsor, manager, staff, signed_in):
    browser = signed_in(sponsor)
    browser.post(reverse("values"), {"name": "One house", "meaning": "We fill in."})
    offered = page(signed_in(staff), reverse("recognition_new"))
    assert "One house" in offered
    value = services.Value.objects.get()
    assert signed_in(manager).post(reverse("value_retire", args=[value.pk])).status_code == 403
    browser.post(reverse("value_retire", args=[value.pk]))
    assert "One house" not in page(signed_in(staff), reverse("recognition_new"))
    browser.post(reverse("values"), {"name": "One house", "meaning": ""})
    assert services.Value.objects.get().retired_at is None


def test_ones_taste_stands_in_the_own_profile(staff, signed_in):
    browser = signed_in(staff)
    assert f'action="{reverse("taste")}"' in page(browser, reverse("profile"))
    fields = {"digest": "on", "digest_weekday": 2, "digest_hour": 8}
    assert browser.post(reverse("taste"), fields).headers["Location"] == reverse("profile")
    staff.refresh_from_db()
    taste = staff.taste
    assert (taste.likes_public, taste.digest, taste.digest_weekday, taste.digest_hour) == (False, True, 2, 8)
    assert browser.post(reverse("taste"), fields | {"digest_hour": 24}).status_code == 422


# --- For other pages --------------------------------------------------------------------------------------------


def test_on_a_persons_and_a_moments_page_stands_what_the_reader_may_see(thank, staff, colleague, outsider, make_moment):
    moment = make_moment()
    open_one = thank(moment=moment)
    private = thank(moment=moment, is_private=True)
    assert set(recognitions_of_person(colleague, colleague)) == {open_one, private}
    assert set(recognitions_of_person(outsider, colleague)) == {open_one}
    assert set(recognitions_of_person(outsider, staff)) == set()
    assert set(recognitions_of_moment(staff, moment)) == {open_one, private}
    assert set(recognitions_of_moment(outsider, moment)) == {open_one}


def test_today_tells_what_was_said_to_oneself_within_a_week(thank, manager, staff, colleague):
    ago(thank(), 8)
    thank(is_private=True)
    services.spotlight(by=manager, to=[colleague], text=WORDS)
    services.treat(by=manager, to=colleague, text=WORDS, may_tell=True)
    lines = news_for(colleague)
    assert sorted(line.kind for line in lines) == ["spotlight", "thanks", "treat"]
    assert "Thanks to you, from: Sam" in [line.text for line in lines]
    assert news_for(staff) == []
