"""The margin holds what it says."""

from itertools import product
from math import comb

import pytest

from delight.lib.statistics import NetPromoterScore


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
