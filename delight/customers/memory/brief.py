"""The brief: who is expected today, and what one should know before they come in. No phone, no e-mail address."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, Q
from django.utils import timezone

from delight.customers.models import Customer, Fact, NextTime, Visit
from delight.customers.visit_models import bounds_of
from staff.people.models import Team, User

MOST, LATEST = 60, 2


@dataclass(frozen=True)
class Person:
    """One visit of the day. `facts`: what stands on top or is for this visit, and the latest two others; `more`: how
    many there are besides. `is_own`: the reader serves the visit.
    """

    visit: Visit
    is_own: bool
    facts: list[Fact]
    more: int
    questions: list[NextTime]
    times: int
    last: datetime | None


def brief_for(user: User, team: Team, day: date | None = None) -> list[Person]:
    """The people of a team's day in order of time, without those who did not come. For a reader who may see the
    team's visits: as they serve them, sensitive facts are theirs to know.
    """
    day = day or timezone.localdate()
    here = Visit.objects.between(*bounds_of(day)).filter(team=team).exclude(state=Visit.State.MISSED)
    visits = list(here.filter(customer__erased_at=None).with_names().order_by("starts_at", "id")[:MOST])
    customers = {visit.customer_id for visit in visits if visit.customer_id}
    facts, questions = _facts(customers, day), _questions(customers)
    came = _came(customers, bounds_of(day)[0])
    people = []
    for visit in visits:
        shown, more = _worth_knowing(facts.get(visit.customer_id, []), visit)
        earlier = came.get(visit.customer_id, {})
        people.append(
            Person(
                visit,
                is_own=visit.served_by_id == user.pk,
                facts=shown,
                more=more,
                questions=questions.get(visit.customer_id, []),
                times=earlier.get("times", 0),
                last=earlier.get("last"),
            )
        )
    return people


def _facts(customers: set[int], day: date) -> dict[Any, list[Fact]]:
    found: dict[Any, list[Fact]] = {}
    for fact in Fact.objects.valid(day).filter(customer__in=customers).select_related("visit"):
        found.setdefault(fact.customer_id, []).append(fact)
    return found


def _questions(customers: set[int]) -> dict[Any, list[NextTime]]:
    found: dict[Any, list[NextTime]] = {}
    for question in NextTime.objects.filter(customer__in=customers, asked_at=None):
        found.setdefault(question.customer_id, []).append(question)
    return found


def _came(customers: set[int], before: datetime) -> dict[Any, dict[str, Any]]:
    earlier = Q(visits__state=Visit.State.CAME, visits__starts_at__lt=before)
    counted = Customer.objects.filter(pk__in=customers).order_by()
    counted = counted.annotate(times=Count("visits", filter=earlier), last=Max("visits__starts_at", filter=earlier))
    return {row["pk"]: dict(row) for row in counted.values("pk", "times", "last")}


def _worth_knowing(facts: list[Fact], visit: Visit) -> tuple[list[Fact], int]:
    """What to show, and how much more there is. A fact for another visit stays out."""
    ours = [fact for fact in facts if fact.visit_id in (None, visit.pk)]
    chosen = [fact for fact in ours if fact.stands_on_top or fact.visit_id]
    others = [fact for fact in ours if fact not in chosen]
    return chosen + others[:LATEST], len(others[LATEST:])
