"""What a closed pulse may show.

A figure is the mean of a group's scores. Two figures side by side are a figure of the people by whom their groups
differ, too: whoever believes that the others answer as before takes one from the other and reads what is left. So:

1. A group is shown from five people who answered.
2. Against every group that was shown in the two years before it differs by nobody, or by at least five people. One who
   joins, leaves, or does not answer this time hides the team's month, and not that person's answer.
3. The company as a whole is shown when those who belong to no shown team are nobody or at least five; they count as
   a group that is shown, since anybody can work it out. So do groups put together (each with each, up to six of
   them; beyond that two at a time, and all).

Neither how many nor who answered is told. Only whole rounds are shown, after they have closed; figures are not
changed later. It costs something: in a small team in which different people answer each month many months stay
empty. Means near either end are shown as the end's neighbour, or a ten would tell what each of five has answered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations

FEWEST, EACH_WITH_EACH = 5, 6
LOWEST, HIGHEST = Decimal("0.5"), Decimal("9.5")

People = frozenset[int]


@dataclass(frozen=True)
class Shown:
    """Which teams, and whether the company; `parts` are the groups without overlap that can be told apart by it."""

    teams: frozenset[int]
    company: bool
    parts: tuple[People, ...]


def decide(teams: Mapping[int | None, People], before: Iterable[tuple[People, ...]]) -> Shown:
    """What may be shown of a month: who has answered, by team (None: in no team), beside the parts of months before."""
    earlier = [group for parts in before for group in together(parts)]
    chosen: dict[int, People] = {}
    for team, people in sorted((team, people) for team, people in teams.items() if team is not None):
        if may_join(people, tuple(chosen.values()), earlier):
            chosen[team] = people
    parts = tuple(chosen.values())
    everybody = frozenset[int]().union(*teams.values())
    rest = everybody.difference(*parts)
    company = len(everybody) >= FEWEST and (not rest or may_join(rest, parts, earlier))
    return Shown(frozenset(chosen), company, (*parts, rest) if company and rest else parts)


def may_join(people: People, parts: tuple[People, ...], earlier: Iterable[People]) -> bool:
    """Whether a group may be shown beside the others of its month, alone and put together with them."""
    groups = [people, *(people | other for other in together(parts))]
    return len(people) >= FEWEST and all(fits(group, earlier) for group in groups)


def together(parts: tuple[People, ...]) -> list[People]:
    """Every group that can be worked out from these."""
    sizes: Iterable[int] = range(1, len(parts) + 1)
    if len(parts) > EACH_WITH_EACH:
        sizes = (1, 2, len(parts))
    return [frozenset[int]().union(*some) for size in sizes for some in combinations(parts, size)]


def fits(people: People, others: Iterable[People]) -> bool:
    """Whether it tells nothing of fewer than five beside any of the others."""
    return all(len(people ^ other) == 0 or len(people ^ other) >= FEWEST for other in others)


def mean(scores: Iterable[int]) -> Decimal:
    """One decimal, and never quite an end of the scale."""
    values = list(scores)
    exact = (Decimal(sum(values)) / len(values)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return min(max(exact, LOWEST), HIGHEST)
