"""The margin holds what it says."""

from itertools import product
from math import comb

import pytest

from delight.lib.statistics import NetPromoterScore, difference_of_shares


@pytest.mark.parametrize(
    ("promoters", "detractors", "answers"),
    [(0.5, 0.2, 10), (0.4, 0.4, 10), (0.8, 0.05, 10), (0.95, 0.01, 20), (0.5, 0.2, 30), (0.6, 0.2, 60)],
)
def test_the_margin_holds_the_truth_in_92_of_100_cases_even_with_ten_answers(promoters, detractors, answers):
    truth, held = 100 * (promoters - detractors), 0.0
    for up, down in product(range(answers + 1), repeat=2):
        rest = answers - up - down
        if rest < 0:
            continue
        ways = comb(answers, up) * comb(answers - up, down)
        chance = ways * promoters**up * detractors**down * (1 - promoters - detractors) ** rest
        seen = NetPromoterScore(up, rest, down)
        held += chance * (abs(seen.score - truth) <= seen.margin)
    assert held >= 0.92


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [  # Newcombe (1998), table II, method 10
        ((56, 70, 48, 80), 5.2, 33.4), ((9, 10, 3, 10), 17.1, 80.9), ((10, 10, 0, 10), 60.7, 100.0),
        ((0, 10, 0, 10), -27.8, 27.8), ((5, 56, 0, 29), -3.8, 19.3),
    ],
)  # fmt: skip
def test_the_interval_of_a_difference_is_the_papers(counts, low, high):
    seen = difference_of_shares(*counts)
    assert (seen.low, seen.high) == (pytest.approx(low, abs=0.11), pytest.approx(high, abs=0.11))
    assert seen.is_one is (low > 0)


def test_the_interval_of_no_difference_excludes_zero_in_at_most_six_of_a_hundred_cases():
    share, n, m, wrong = 0.6, 40, 12, 0.0
    for one, other in product(range(n + 1), range(m + 1)):
        if difference_of_shares(one, n, other, m).is_one:
            wrong += (
                comb(n, one) * share**one * (1 - share) ** (n - one)
                * comb(m, other) * share**other * (1 - share) ** (m - other)
            )  # fmt: skip
    assert wrong <= 0.06
