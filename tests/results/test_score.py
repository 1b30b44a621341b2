"""The score with its margin, of what a person may see, and whether it has changed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from delight.results.queries import compared_score, latest_answers, net_promoter_score
from surveys.answering.models import Response

DAY = timedelta(days=1)


@pytest.fixture
def said(survey):
    """`said([9, 3, …], days_ago=1)`: answers that count, unless told otherwise."""

    def do(scores, days_ago=1, **fields):
        fields = {"is_active": True, "verdict": "clean", **fields}
        at = timezone.now() - days_ago * DAY
        return [
            Response.objects.create(
                version=survey.current, language="en", score=score, submitted_at=at, client="x", **fields
            )
            for score in scores
        ]  # fmt: skip

    return do


def counts(user, days: int = 90) -> tuple[int, int, int]:
    now = timezone.now()
    found = net_promoter_score(user, now - days * DAY, now)
    return found.promoters, found.passives, found.detractors


def test_three_bands_in_one_query(said, django_assert_num_queries):
    said(range(11))
    with django_assert_num_queries(1):
        assert counts(None) == (2, 2, 7)


@pytest.mark.parametrize(
    "fields",
    [{"is_active": False}, {"verdict": "check"}, {"verdict": "machine"}, {"is_active": False, "verdict": "clean"}],
)
def test_what_is_not_a_persons_is_not_in_the_numbers(fields, said):
    said([10, 9])
    said([0, 0, 0], **fields)
    assert counts(None) == (2, 0, 0)


def test_what_a_manager_calls_a_persons_counts(said):
    said([10], verdict="person")
    assert counts(None) == (1, 0, 0)


def test_only_the_period_counts(said):
    said([10], days_ago=1)
    said([0], days_ago=91)
    assert counts(None) == (1, 0, 0)


def test_managers_see_their_teams_and_staff_their_own(said, manager, other_manager, staff, sponsor, team, other_team):
    said([10], team=team, owner=staff)
    said([9], team=team)
    said([8], team=other_team)
    said([0])
    assert counts(sponsor) == (2, 1, 1)
    assert counts(manager) == (2, 0, 1)
    assert counts(other_manager) == (0, 1, 1)
    assert counts(staff) == (1, 0, 0)


def test_two_periods_in_one_query(said, sponsor, django_assert_num_queries):
    said([10] * 40 + [0] * 2, days_ago=10)
    said([10] * 5 + [0] * 40, days_ago=100)
    with django_assert_num_queries(1):
        comparison = compared_score(sponsor)
    assert (comparison.now.n, comparison.before.n) == (42, 45)
    assert comparison.is_change
    assert comparison.points > 100
    assert comparison.figure["words"] == "10 of 10 would recommend us"
    assert sum(comparison.shares.values()) == 100


def test_a_difference_inside_the_noise_is_no_change(said, sponsor):
    said([10] * 6 + [0] * 6, days_ago=10)
    said([10] * 5 + [0] * 7, days_ago=100)
    comparison = compared_score(sponsor)
    assert comparison.comparable
    assert not comparison.is_change


def test_too_few_answers_make_no_score(said, sponsor):
    said([10] * 9)
    comparison = compared_score(sponsor)
    assert comparison.figure["score"] is None
    assert (comparison.figure["answers"], comparison.figure["needed"]) == (9, 10)
    assert not comparison.comparable


def test_latest_answers_come_newest_first(said, sponsor):
    said([1], days_ago=3)
    said([2], days_ago=1)
    said([3], days_ago=2)
    said([9], days_ago=0, verdict="check")
    assert [response.score for response in latest_answers(sponsor, 2)] == [2, 3]
