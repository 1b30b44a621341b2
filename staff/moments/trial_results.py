"""What a trial says once it is over: did customers come again more often where the hint was shown?

Nothing is worked out before the last customer's sixty days are over: whoever looks every day finds an effect some day.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import DateField, Exists, ExpressionWrapper, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from delight.customers.models import Visit
from delight.lib.statistics import Difference, difference_of_shares
from delight.organisation.models import Organisation
from staff.moments.models import Occasion, OccasionTrial
from staff.moments.trials import in_care

AGAIN_WITHIN = timedelta(days=60)
SHOWN, LEFT_OUT = Occasion.Arm.SHOWN, Occasion.Arm.LEFT_OUT


@dataclass(frozen=True)
class Group:
    """How many customers, and how many of them came again."""

    n: int
    came: int

    @property
    def percent(self) -> int:
        return round(100 * self.came / self.n) if self.n else 0


@dataclass(frozen=True)
class Result:
    shown: Group
    left_out: Group

    @property
    def difference(self) -> Difference | None:
        """The share of those with the hint less that of those without; None where a group is empty."""
        if not (self.shown.n and self.left_out.n):
            return None
        return difference_of_shares(self.shown.came, self.shown.n, self.left_out.came, self.left_out.n)

    @property
    def words(self) -> str:
        """An effect only where the interval excludes zero."""
        if self.difference is None or not self.difference.is_one:
            return _("No difference could be shown.")
        if self.difference.low > 0:
            return _("An effect: where the hint was shown, more customers came again.")
        return _("An effect, the other way round: where the hint was shown, fewer customers came again.")


def readable_on(trial: OccasionTrial, company: Organisation) -> date:
    """The day from which the result can be read: sixty days after the last one who may have been left out."""
    end = trial.ends_on
    if trial.stopped_at is not None:
        end = min(end, timezone.localdate(trial.stopped_at, company.zone) + timedelta(days=1))
    return end + AGAIN_WITHIN


def groups_of(trials: Iterable[OccasionTrial]) -> dict[int, Counter[str]]:
    """By trial: how many customers each group has so far."""
    rows = _customers(trials).values_list("trial_id", "arm")
    counts: dict[int, Counter[str]] = {trial.pk: Counter() for trial in trials}
    for trial_id, arm in rows:
        counts[trial_id or 0][arm] += 1
    return counts


def result_of(trial: OccasionTrial, company: Organisation) -> Result:
    """Who came again, by the group that chance put them into, whatever was done with the hint."""
    last_day = ExpressionWrapper(OuterRef("due_on") + AGAIN_WITHIN, output_field=DateField())
    visits = Visit.objects.filter(customer=OuterRef("customer"), state=Visit.State.CAME)
    with timezone.override(company.zone):
        again = Exists(visits.filter(starts_at__date__gt=OuterRef("due_on"), starts_at__date__lte=last_day))
        found = Counter(_customers([trial]).annotate(again=again).values_list("arm", "again"))
    return Result(*(Group(found[arm, True] + found[arm, False], found[arm, True]) for arm in (SHOWN, LEFT_OUT)))


def _customers(trials: Iterable[OccasionTrial]) -> QuerySet[Occasion]:
    """Each customer once in each trial, with their first occasion in it; without those of whom care was due, then or
    since, and those who have been erased.
    """
    found = Occasion.objects.filter(trial__in=list(trials), customer__erased_at=None).exclude(in_care())
    return found.order_by("trial_id", "customer_id", "due_on", "pk").distinct("trial_id", "customer_id")
