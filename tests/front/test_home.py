"""The first page: what is to be done for staff, how it goes for managers, how to begin for sponsors."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from delight.lib.statistics import ENOUGH_ANSWERS, NetPromoterScore
from delight.organisation.models import Organisation
from delight.organisation.services import finish_set_up
from delight.results.queries import Comparison
from surveys.answering.models import Response
from surveys.followups.models import FollowUp


def home(browser) -> str:
    answer = browser.get("/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_strangers_are_asked_to_sign_in(client, organisation):
    assert client.get("/").url == "/account/login/?next=/"


def test_staff_see_who_waits_for_them_the_most_urgent_first(answered, make_customer, staff, colleague, signed_in):
    answered(make_customer("Later", owner=staff), 3)
    answered(make_customer("Overdue", owner=staff), 2, "Nobody said a word.")
    answered(make_customer("Cleo's", owner=colleague), 1)
    FollowUp.objects.filter(customer__name="Overdue").update(due_at=timezone.now() - timedelta(days=2))
    page = home(signed_in(staff))
    assert page.index("Overdue") < page.index("Later")
    assert "Nobody said a word." in page
    assert "2 days late" in page
    assert "Cleo&#x27;s" not in page
    assert "Would recommend" not in page


def test_with_nothing_to_do_the_page_says_so_kindly(staff, signed_in):
    assert "Nobody waits for you" in home(signed_in(staff))


@pytest.mark.parametrize(
    ("hour", "words"), [(7, "Good morning, Sam"), (13, "Good day, Sam"), (20, "Good evening, Sam")]
)
def test_the_greeting_follows_the_readers_clock(hour, words, staff, signed_in):
    browser = signed_in(staff)
    staff.time_zone = "Pacific/Auckland"
    staff.save()
    with time_machine.travel(timezone.now().replace(hour=(hour - 13) % 24, minute=0), tick=False):
        assert words in home(browser)


def test_managers_see_the_score_the_answers_and_who_is_overdue(
    answered, make_customer, staff, manager, survey, team, signed_in
):
    for score in [10] * 8 + [7] * 2:
        Response.objects.create(
            version=survey.current, language="en", score=score, team=team, client="x", is_active=True,
            submitted_at=timezone.now() - timedelta(days=2),
        )  # fmt: skip
    answered(make_customer("Mark Oduya", owner=staff, team=team), 3, "Waited forty minutes.")
    FollowUp.objects.update(due_at=timezone.now() - timedelta(days=1))
    page = home(signed_in(manager))
    for words in ("7 of 10 would recommend us", "from 11 answers", "Mark Oduya", "Waited forty minutes.", "1 overdue"):
        assert words in page, words


def test_what_waits_and_is_late_is_said_in_a_line(answered, make_customer, staff, manager, team, signed_in):
    browser = signed_in(manager)
    assert "none overdue" not in home(browser)
    answered(make_customer(owner=staff, team=team), 3)
    page = home(browser)
    assert ">1 waiting<" in page
    assert ">none overdue<" in page
    FollowUp.objects.update(due_at=timezone.now() - timedelta(days=1))
    assert "none overdue" not in home(browser)


def test_promoters_less_detractors_are_the_score_whatever_the_counts():
    for n in range(ENOUGH_ANSWERS, 48):
        for promoters in range(n + 1):
            for detractors in range(n - promoters + 1):
                now = NetPromoterScore(promoters, n - promoters - detractors, detractors)
                shares = Comparison(now=now, before=now).shares
                assert shares["promoters"] - shares["detractors"] == now.score, now
                assert sum(shares.values()) == 100
                assert min(shares.values()) >= 0, now
                assert abs(shares["promoters"] - 100 * promoters / n) <= 1.5


def test_another_teams_manager_sees_none_of_it(answered, make_customer, staff, other_manager, team, signed_in):
    answered(make_customer("Mark Oduya", owner=staff, team=team), 3, "Waited forty minutes.")
    page = home(signed_in(other_manager))
    assert "Mark Oduya" not in page
    assert "Too few answers yet" in page
    assert "No answers yet" in page


def test_managers_are_told_of_answers_to_check(answered, make_customer, manager, team, signed_in):
    response = answered(make_customer(team=team), 8)
    Response.objects.filter(pk=response.pk).update(verdict="check")
    assert "1 answer needs checking" in home(signed_in(manager))


def test_a_sponsor_is_led_through_set_up_until_it_is_finished(sponsor, manager, organisation, signed_in):
    Organisation.objects.update(set_up_at=None)
    assert 'href="/setup/"' in home(signed_in(sponsor)).split("<main")[1]
    assert "/setup/" not in home(signed_in(manager))
    finish_set_up(by=sponsor)
    assert "Before the first real day" not in home(signed_in(sponsor))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_same_number_of_questions_at_any_length(
    rows, answered, make_customer, manager, team, signed_in, django_assert_num_queries
):
    for number in range(rows):
        answered(make_customer(f"Customer {number}", owner=manager, team=team), 3, "Slow")
    FollowUp.objects.update(due_at=datetime(2026, 1, 1, tzinfo=UTC))
    browser = signed_in(manager)
    with django_assert_num_queries(43):
        home(browser)
