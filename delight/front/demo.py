"""The demo company's audit trail, told by what the other rooms have made, and what the retention clock has removed."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model

from delight.customers.models import Customer
from delight.organisation.models import AuditEntry, CleanUp, Holiday, Organisation
from staff.people.models import Team, User
from surveys.design.models import Survey
from surveys.followups.models import FollowUp
from surveys.sending.models import Sending

MOST_TALKS = 60
CLEAN_UPS = 5

Line = tuple[datetime, User | None, str, Model, list[str]]


def make(*, rng: random.Random, now: datetime) -> list[AuditEntry]:
    """Entries dated by the rows that they speak of; those of today's making go."""
    AuditEntry.objects.all().delete()
    lines = sorted([*_company(now), *_sendings(), *_talks(rng), *_customers(rng, now)], key=lambda line: line[0])
    entries = AuditEntry.objects.bulk_create(
        AuditEntry(actor=by, verb=verb, object_type=obj._meta.label_lower, object_id=obj.pk, fields=fields)
        for _at, by, verb, obj, fields in lines
    )
    for entry, line in zip(entries, lines, strict=True):
        entry.at = line[0]
    AuditEntry.objects.bulk_update(entries, ["at"], batch_size=500)
    CleanUp.objects.bulk_create(_clean_ups(rng, now))
    return entries


def _company(now: datetime) -> Iterator[Line]:
    owner, company = _owner(), Organisation.get()
    yield company.created_at, owner, "set_up", company, []
    for team in Team.objects.all():
        yield company.created_at + timedelta(hours=1), owner, "create_team", team, []
    for holiday in Holiday.objects.all():
        yield now - timedelta(days=90), owner, "add_holiday", holiday, []
    yield now - timedelta(days=33), owner, "update_organisation", company, ["closes_at"]


def _owner() -> User:
    return User.objects.filter(is_sponsor=True).order_by("pk")[0]


def _sendings() -> Iterator[Line]:
    for survey in Survey.objects.select_related("created_by"):
        yield survey.created_at, survey.created_by, "create", survey, []
    for sending in Sending.objects.select_related("created_by"):
        yield sending.created_at, sending.created_by, "send", sending, []


def _talks(rng: random.Random) -> Iterator[Line]:
    """Opened by the program, looked up and closed by whoever called."""
    latest = FollowUp.objects.select_related("customer", "outcome__by").order_by("-opened_at")[:MOST_TALKS]
    for follow_up in latest:
        yield follow_up.opened_at, None, "open_follow_up", follow_up, []
        outcome: Any = getattr(follow_up, "outcome", None)
        if outcome is not None and outcome.by:
            before = outcome.at - timedelta(minutes=rng.randint(4, 25))
            yield before, outcome.by, "reveal", follow_up.customer, ["phone"]
            yield outcome.at, outcome.by, "close_follow_up", follow_up, []


def _customers(rng: random.Random, now: datetime) -> Iterator[Line]:
    changed = rng.sample(list(Customer.objects.filter(erased_at=None).order_by("pk")), 8)
    for number, customer in enumerate(changed):
        fields = rng.choice([["phone"], ["address_as"], ["email"], ["owner", "team"]])
        yield now - timedelta(days=3 * number + 1, minutes=rng.randrange(600)), _owner(), "change", customer, fields


def _clean_ups(rng: random.Random, now: datetime) -> Iterator[CleanUp]:
    for ago in range(1, CLEAN_UPS + 1):
        counts = {"answering.Hit": rng.randint(20, 90), "outbox.Message": rng.randint(10, 60)}
        if ago % 2:
            counts["sessions.Session"] = rng.randint(1, 6)
        day = now - timedelta(days=ago)
        yield CleanUp(day=day.date(), counts=counts, ended_at=day)
