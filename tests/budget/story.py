"""A person's budget in any history: what may happen, and the judge who looks after every action."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from delight.organisation.models import Organisation
from staff.budget import ledger, services
from staff.budget.granting import set_sum, top_up
from staff.budget.models import NOTHING, BudgetEntry, BudgetPeriod, Spend
from staff.budget.services import Refused
from staff.budget.sums import budget_now
from tests.budget.conftest import give

ZONES = ("Europe/Kyiv", "Pacific/Auckland", "America/New_York")
# Days before months end, some of them beside the nights in which the clocks change.
STARTS = [
    datetime(2026, month, day, 21, 30, tzinfo=UTC) for month, day in ((3, 28), (4, 3), (10, 24), (10, 31), (12, 30))
]
CENTS = st.integers(1, 3000).map(lambda cents: Decimal(cents) / 100)
WHICH = st.integers(0, 5)
ACTION = st.one_of(
    st.tuples(st.just("spend"), CENTS),
    st.tuples(st.just("spend"), CENTS),  # twice: most of what happens
    st.tuples(st.just("change"), WHICH, CENTS),
    st.tuples(st.just("give back"), WHICH),
    st.tuples(st.just("approve"), WHICH, st.sampled_from([Decimal("0.5"), Decimal(1), Decimal(2)])),
    st.tuples(st.just("decline"), WHICH),
    st.tuples(st.just("extra"), CENTS, st.integers(1, 3)),
    st.tuples(st.just("sum"), CENTS, st.booleans(), st.booleans()),
    st.tuples(st.just("days"), st.sampled_from([1, 2, 8, 31])),
    st.tuples(st.just("hourly")),
    st.tuples(st.just("nightly")),
)
HISTORY = st.tuples(st.sampled_from(ZONES), st.sampled_from(STARTS), st.lists(ACTION, min_size=1, max_size=16))


class Story:
    """One person's months, played action by action."""

    def __init__(self, user, manager, clock) -> None:
        self.user, self.manager, self.clock = user, manager, clock

    def play(self, what: str, *values) -> None:
        before = budget_now(self.user, Organisation.get()).left if what == "spend" else NOTHING
        refused = False
        try:
            with transaction.atomic():
                self._do(what, *values)
        except Refused:
            refused = True
        self.check()
        if what == "spend":
            assert refused is (values[0] > before)

    def _do(self, what: str, *values) -> None:
        verbs: dict[str, Callable[..., object]] = {
            "spend": lambda amount: give(self.user, amount),
            "change": lambda which, amount: services.change_amount(
                by=self.user, spend=self._spend(which), amount=amount
            ),
            "give back": lambda which: services.give_back(by=self.user, spend=self._spend(which)),
            "approve": self._approve,
            "decline": lambda which: services.decline(by=self.manager, spend=self._spend(which), reason="No"),
            "extra": lambda amount, key: top_up(
                by=self.manager, user=self.user, amount=amount, note="", key=UUID(int=key)
            ),
            "sum": lambda amount, own, now: set_sum(
                by=self.manager, amount=amount, from_now=now, **({"user": self.user} if own else {"role": "staff"})
            ),
            "days": lambda days: self.clock.shift(timedelta(days=days)),
            "hourly": services.free_undecided,
            "nightly": ledger.nightly,
        }
        verbs[what](*values)

    def _spend(self, which: int) -> Spend:
        found = list(Spend.objects.order_by("pk"))
        if not found:
            raise Refused("nothing there")
        return found[which % len(found)]

    def _approve(self, which: int, part: Decimal) -> None:
        spend = self._spend(which)
        services.approve(by=self.manager, spend=spend, amount=(spend.amount * part).quantize(Decimal("0.01")))

    def check(self) -> None:
        """The judge: it adds up the entries itself."""
        entries = list(BudgetEntry.objects.order_by("pk").values_list("period_id", "kind", "amount"))
        for period in BudgetPeriod.objects.all():
            total = dict.fromkeys(BudgetEntry.Kind.values, Decimal(0))
            for period_id, kind, amount in entries:
                if period_id == period.pk:
                    total[kind] += amount
            assert period.granted == total["grant"] + total["top_up"] - total["lower"]
            assert period.held == total["hold"] - total["release"] >= 0
            assert period.spent == total["spend"] - total["refund"] >= 0
            assert period.lapsed == total["lapse"] >= 0
            assert period.spent + period.held + period.lapsed <= period.granted


def play_histories(how_many: int, user, manager) -> int:
    """Any history of some months, each in a transaction that is rolled back; returns how many actions there were."""
    steps: list[int] = []

    @settings(max_examples=how_many, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(history=HISTORY)
    def play(history):
        zone, start, actions = history
        with transaction.atomic(), time_machine.travel(start, tick=False) as clock:
            Organisation.objects.update(time_zone=zone)
            story = Story(user, manager, clock)
            for action in actions:
                story.play(*action)
            assert not ledger.books_differ()
            steps.append(len(actions))
            transaction.set_rollback(True)

    play()
    assert len(steps) >= how_many
    return sum(steps)
