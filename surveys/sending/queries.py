"""What a sending's page and the page before it show."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from delight.organisation.models import Organisation
from delight.outbox.registry import REASONS
from surveys.sending.models import Invitation, Sending
from surveys.sending.services import customers_of, why_not_asked

PREVIEW_BATCH = 2000


@dataclass(frozen=True)
class Preview:
    """How many would be asked, and how many not and why."""

    asked: int
    not_asked: list[tuple[str, int]]

    @property
    def total(self) -> int:
        return self.asked + sum(count for _reason, count in self.not_asked)


def preview(sending: Sending, picked: list[Any] | None = None) -> Preview:
    """What preparing this (unsaved) sending would find now."""
    organisation = Organisation.get()
    counts: Counter[str] = Counter()
    people = customers_of(sending) if picked is None else customers_of(sending, picked)
    batch = []
    for customer in people.iterator(chunk_size=PREVIEW_BATCH):
        batch.append(customer)
        if len(batch) == PREVIEW_BATCH:
            counts.update(why_not_asked(batch, organisation).values())
            batch = []
    counts.update(why_not_asked(batch, organisation).values())
    asked = counts.pop("", 0)
    return Preview(asked, in_words(counts))


def in_words(counts: dict[str, int]) -> list[tuple[str, int]]:
    """Reasons in words with their counts, the most frequent first."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [(str(REASONS.get(reason, reason)), count) for reason, count in ordered]


@dataclass(frozen=True)
class SendingFigures:
    """Where a sending stands. There is no open rate: opens are not people."""

    invited: int
    waiting: int
    sent: int
    reminded: int
    answered: int
    not_sent: list[tuple[str, int]]

    @property
    def answered_percent(self) -> int:
        return round(100 * self.answered / self.sent) if self.sent else 0


def figures(sending: Sending) -> SendingFigures:
    """Two queries, whatever the size of the sending."""
    rows = Invitation.objects.filter(sending=sending)
    totals = rows.aggregate(
        invited=Count("pk"),
        waiting=Count("pk", filter=Q(sent_at=None, not_sent_reason="")),
        sent=Count("pk", filter=Q(sent_at__isnull=False)),
        reminded=Count("pk", filter=Q(reminded_at__isnull=False)),
        answered=Count("pk", filter=Q(answered_at__isnull=False)),
    )
    reasons = rows.exclude(not_sent_reason="").values_list("not_sent_reason").annotate(n=Count("pk"))
    return SendingFigures(**totals, not_sent=in_words(dict(reasons)))


def state_words(sending: Sending, found: SendingFigures) -> str:
    """Where a sending stands, in a sentence."""
    if sending.state == Sending.State.STOPPED:
        return _("Stopped. Nothing more of it goes out; links that were sent keep working.")
    if found.waiting:
        return _("On its way. You may close this page: the work goes on.")
    due = sending.created_at + timedelta(days=sending.remind_after_days)
    if sending.remind_after_days and due > timezone.now():
        day = date_format(timezone.localtime(due), "SHORT_DATE_FORMAT")
        return _("All sent. Who has not answered is reminded once, about %(day)s.") % {"day": day}
    return _("All sent.")


def with_counts(sendings: QuerySet[Sending]) -> QuerySet[Sending]:
    """Sendings with `sent` and `answered` counts for a list."""
    return sendings.annotate(
        sent=Count("invitations", filter=Q(invitations__sent_at__isnull=False)),
        answered=Count("invitations", filter=Q(invitations__answered_at__isnull=False)),
    ).order_by("-created_at", "-pk")
