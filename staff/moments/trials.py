"""Trials: by chance, the hint of one kind is left out for a fifth of the customers, to see whether hints pay.

Off unless a sponsor switches one on, and only where the number that is needed will be reached in the time. What is
left out is the program's own hint of an optional extra, and nothing else: never after a complaint, a low answer or a
promise (`Customer.care_until`), and never what an employee does by themselves.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from delight.customers.models import Customer
from delight.lib.statistics import cases_needed
from delight.organisation.models import AuditEntry, Organisation
from staff.budget.models import today
from staff.moments.models import Occasion, OccasionKind, OccasionTrial
from staff.people.models import User

LASTS = timedelta(days=91)
TOLD_BEFORE = timedelta(days=3)
LEFT_OUT_PERCENT = 20
POINTS = (5, 10)  # the differences one may look for, the finest first


class CannotBeAnswered(Exception):
    """A trial that would end without an answer, or stand beside another of its kind."""


@dataclass(frozen=True)
class Outlook:
    """Whether a trial of one kind would come to an answer: occasions to be expected, and needed for each difference."""

    kind: OccasionKind
    expected: int
    needed: dict[int, int]

    @property
    def points(self) -> int | None:
        """The finest difference for which there will be enough, in points of a hundred."""
        return next((points for points, needed in self.needed.items() if needed <= self.expected), None)


def outlook(kind: OccasionKind, day: date) -> Outlook:
    """What the last three months say about the next three."""
    past = Occasion.objects.filter(kind=kind, due_on__gt=day - LASTS, due_on__lte=day).count()
    return Outlook(kind, past, {points: cases_needed(points, LEFT_OUT_PERCENT) for points in POINTS})


@transaction.atomic
def start_trial(*, by: User, kind: OccasionKind, begins_on: date) -> OccasionTrial:
    """Three months of chance for one kind of occasion. Raises CannotBeAnswered."""
    Organisation.objects.select_for_update().get(pk=1)  # two sponsors at once start one
    day = today(Organisation.get())
    seen = outlook(kind, day)
    if seen.points is None:
        raise CannotBeAnswered(_("There would be too few occasions in three months to see a difference."))
    if begins_on < day + TOLD_BEFORE:
        raise CannotBeAnswered(_("Everybody is told first: begin in three days or later."))
    if OccasionTrial.objects.filter(kind=kind, stopped_at=None, ends_on__gt=day).exists():
        raise CannotBeAnswered(_("A trial of this kind is planned or running already."))
    trial = OccasionTrial.objects.create(
        kind=kind, begins_on=begins_on, ends_on=begins_on + LASTS, seed=secrets.token_hex(16), points=seen.points,
        needed=seen.needed[seen.points], expected=seen.expected, started_by=by,
    )  # fmt: skip
    AuditEntry.record(by=by, verb="start_trial", obj=trial)
    return trial


def running_trials(day: date) -> dict[str, OccasionTrial]:
    """The trials of a day by their kind."""
    found = OccasionTrial.objects.filter(begins_on__lte=day, ends_on__gt=day, stopped_at=None)
    return {trial.kind: trial for trial in found}


def is_left_out(seed: str, customer_id: int) -> bool:
    """Whether chance leaves this customer out: the same for the same seed, a fifth of all customers."""
    digest = hashlib.sha256(f"{seed}:{customer_id}".encode()).digest()
    return int.from_bytes(digest[:8]) % 100 < LEFT_OUT_PERCENT


def arm_of(trial: OccasionTrial, customer: Customer, day: date) -> str:
    """In which group a new occasion is; "" when the customer is in none, since something has to be put right."""
    if customer.care_until is not None and customer.care_until >= day:
        return ""
    return Occasion.Arm.LEFT_OUT if is_left_out(trial.seed, customer.pk) else Occasion.Arm.SHOWN
