"""Trials: by chance, the hint of one kind is left out for a fifth of the customers, to see whether hints pay.

Off unless a sponsor switches one on, and only where the number that is needed will be reached in the time. What is
left out is the program's own hint of an optional extra, and nothing else: never after a complaint, a low answer or a
promise (`Customer.care_until`), and never what an employee does by themselves.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from delight.customers.models import Customer
from delight.lib.statistics import cases_needed
from delight.organisation.models import AuditEntry, Organisation
from delight.outbox.services import cancel, enqueue_many, new_message
from staff.budget.models import today
from staff.moments.models import Occasion, OccasionKind, OccasionTrial
from staff.people.models import User

MAIL = "trial"
LASTS = timedelta(days=91)
TOLD_BEFORE = timedelta(days=3)
LEFT_OUT_PERCENT = 20
POINTS = (5, 10)  # the differences one may look for, the finest first
KINDS = [kind for kind in OccasionKind if kind != OccasionKind.REPAIRED]  # after a repair nothing is left to chance


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
    return outlooks([kind], day)[0]


def outlooks(kinds: Sequence[OccasionKind], day: date) -> list[Outlook]:
    """The same for several kinds: customers who had one and were in nobody's care count, each once."""
    past = Occasion.objects.filter(kind__in=kinds, due_on__gt=day - LASTS, due_on__lte=day).exclude(in_care())
    count = dict(past.order_by().values_list("kind").annotate(Count("customer", distinct=True)))
    needed = {points: cases_needed(points, LEFT_OUT_PERCENT) for points in POINTS}
    return [Outlook(kind, count.get(kind, 0), needed) for kind in kinds]


def in_care() -> Q:
    """Of occasions: the customer has complained, given a low answer or been promised something, then or since."""
    return Q(customer__care_until__gte=F("due_on"))


@transaction.atomic
def start_trial(*, by: User, kind: OccasionKind, begins_on: date) -> OccasionTrial:
    """Three months of chance for one kind of occasion. Raises CannotBeAnswered."""
    Organisation.objects.select_for_update().get(pk=1)  # two sponsors at once start one
    day = today(Organisation.get())
    seen = outlook(kind, day)
    if kind not in KINDS:
        raise CannotBeAnswered(_("Where something was put right, nothing is left out."))
    if seen.points is None:
        raise CannotBeAnswered(_("There would be too few occasions in three months to see a difference."))
    if begins_on < day + TOLD_BEFORE:
        raise CannotBeAnswered(_("Everybody is told first: begin in three days or later."))
    if begins_on > day + LASTS:
        raise CannotBeAnswered(_("Begin within three months: what was counted says nothing about later."))
    if OccasionTrial.objects.filter(kind=kind, stopped_at=None, ends_on__gt=day).exists():
        raise CannotBeAnswered(_("A trial of this kind is planned or running already."))
    trial = OccasionTrial.objects.create(
        kind=kind, begins_on=begins_on, ends_on=begins_on + LASTS, seed=secrets.token_hex(16), points=seen.points,
        needed=seen.needed[seen.points], expected=seen.expected, started_by=by,
    )  # fmt: skip
    tell_everybody(trial)
    AuditEntry.record(by=by, verb="start_trial", obj=trial)
    return trial


@transaction.atomic
def stop_trial(*, by: User, trial: OccasionTrial) -> bool:
    """From now on no hint is left out. False when it is stopped or over already."""
    running = OccasionTrial.objects.filter(pk=trial.pk, stopped_at=None, ends_on__gt=today(Organisation.get()))
    if not running.update(stopped_at=timezone.now(), stopped_by=by):
        return False
    cancel(kinds=[MAIL], object_ids=[trial.pk])
    AuditEntry.record(by=by, verb="stop_trial", obj=trial)
    return True


def tell_everybody(trial: OccasionTrial) -> None:
    """A mail to everybody who works here and has an address; the others read it on their first page."""
    people = User.objects.filter(is_active=True, email__isnull=False).values_list("pk", flat=True)
    rows = [new_message(kind=MAIL, object_id=trial.pk, key=f"{MAIL}:{trial.pk}:{pk}") for pk in people]
    enqueue_many(rows)


def trial_notice(day: date) -> list[str]:
    """What everybody reads on the first page while a trial is planned or running; one sentence for each."""
    planned = OccasionTrial.objects.filter(stopped_at=None, ends_on__gt=day).order_by("begins_on", "pk")
    return [notice_of(trial) for trial in planned]


def notice_of(trial: OccasionTrial) -> str:
    return _(
        "From %(first)s to %(last)s, hints of one kind (%(kind)s) are not shown for one customer in five, by chance, to"
        " see whether hints matter. What you do by yourself stays as it is."
    ) % {
        "first": date_format(trial.begins_on),
        "last": date_format(trial.ends_on - timedelta(days=1)),
        "kind": trial.get_kind_display(),
    }


def running_trials(day: date) -> dict[str, OccasionTrial]:
    """The trials of a day by their kind."""
    found = OccasionTrial.objects.filter(begins_on__lte=day, ends_on__gt=day, stopped_at=None)
    return {trial.kind: trial for trial in found}


def is_left_out(seed: str, customer_id: int) -> bool:
    """Whether chance leaves this customer out: the same for the same seed, a fifth of all customers."""
    digest = hashlib.sha256(f"{seed}:{customer_id}".encode()).digest()
    return int.from_bytes(digest[:8]) % 100 < LEFT_OUT_PERCENT


def arm_of(trial: OccasionTrial, customer: Customer, day: date) -> str:
    """In which group a new occasion is. "" for none: it is older than the trial, or something has to be put right."""
    in_care = customer.care_until is not None and customer.care_until >= day
    if in_care or day < trial.begins_on:
        return ""
    return Occasion.Arm.LEFT_OUT if is_left_out(trial.seed, customer.pk) else Occasion.Arm.SHOWN
