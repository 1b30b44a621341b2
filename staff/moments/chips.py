"""What lies under the thumb when a moment is logged: ideas at hand, and the people of today."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from delight.customers.models import Customer, Visit
from delight.customers.visit_models import today
from delight.customers.visits.access import own_teams
from delight.organisation.models import Organisation
from staff.moments.ideas import starter_idea
from staff.moments.models import Idea, Moment
from staff.moments.starters import BY_KEY, SAY, starters_of
from staff.people.models import User

MOST_CHIPS = 8
MOST_PEOPLE = 6
STARTER = "s:"


@dataclass(frozen=True)
class Chip:
    """An idea as a button. `value` is its id, or a starter's key behind "s:" while it has no row yet."""

    value: str
    words: str
    is_said: bool = False
    cost: Decimal | None = None


def chips_for(user: User) -> list[Chip]:
    """Pinned ideas, then those that the person has used lately, then the team's, then the trade's starters."""
    ideas: dict[int, Idea] = {}
    for found in (_pinned(user), _recent(Q(user=user)), _recent(Q(team__in=own_teams(user).values("pk")))):
        if len(ideas) < MOST_CHIPS:
            ideas |= {idea.pk: idea for idea in found if idea.pk not in ideas}
    chips = [chip_of(idea) for idea in list(ideas.values())[:MOST_CHIPS]]
    if len(chips) < MOST_CHIPS:
        chips += _starters({idea.starter for idea in ideas.values()})[: MOST_CHIPS - len(chips)]
    return chips


def chip_of(idea: Idea) -> Chip:
    return Chip(str(idea.pk), idea.words, idea.kind == Idea.Kind.SAY, idea.usual_cost)


def _pinned(user: User) -> QuerySet[Idea]:
    return Idea.objects.in_use().filter(pins__user=user).order_by("-pins__pinned_at")[:MOST_CHIPS]


def _recent(whose: Q) -> list[Idea]:
    """The latest first; one that was used twice stands once."""
    used = Moment.objects.told().filter(whose, idea__retired_at=None, idea__isnull=False)
    latest = used.order_by().values("idea").annotate(last=Max("happened_at")).order_by("-last")[:MOST_CHIPS]
    order = {row["idea"]: place for place, row in enumerate(latest)}
    return sorted(Idea.objects.filter(pk__in=order), key=lambda idea: order[idea.pk])


def _starters(shown: set[str]) -> list[Chip]:
    """Those of the trade, as rows where they have one; retired ones stay away."""
    rows = {idea.starter: idea for idea in Idea.objects.exclude(starter="")}
    chips = []
    for starter in starters_of(Organisation.get().trade):
        idea = rows.get(starter.key)
        if starter.key in shown or (idea is not None and idea.retired_at):
            continue
        chips.append(chip_of(idea) if idea else Chip(STARTER + starter.key, str(starter.text), starter.kind == SAY))
    return chips


def idea_behind(value: str) -> Idea | None:
    """The idea that a chip stands for, without writing: a starter that has no row yet is an unsaved one."""
    if value.startswith(STARTER):
        key = value[len(STARTER) :]
        known = BY_KEY.get(key)
        if known is None:
            return None
        row = Idea.objects.filter(starter=key).first()
        return row or Idea(starter=key, kind=known.kind, trade=known.trade, source=Idea.Source.STARTER)
    return Idea.objects.in_use().filter(pk=int(value)).first() if value.isascii() and value.isdigit() else None


def kept(idea: Idea | None) -> Idea | None:
    """Its row; a starter that is used for the first time gets one."""
    return starter_idea(idea.starter) if idea is not None and idea.pk is None else idea


def people_today(user: User) -> list[Customer]:
    """Customers who visit the person's teams today: their own first, then who is nearest in time."""
    mine = Q(team__in=own_teams(user).values("pk")) | Q(served_by=user)
    found = Visit.objects.between(*today()).filter(mine, customer__isnull=False, customer__erased_at=None)
    visits = list(found.exclude(state=Visit.State.MISSED).with_names().order_by("starts_at", "id")[:200])
    now = timezone.now()
    visits.sort(key=lambda visit: (visit.served_by_id != user.pk, abs(visit.starts_at - now)))
    people: dict[int, Customer] = {}
    for visit in visits:
        if visit.customer is not None:
            people.setdefault(visit.customer.pk, visit.customer)
    return list(people.values())[:MOST_PEOPLE]
