"""How many wrong PINs a shared device takes for one name in a day.

Four figures are quick to type between two customers, and few: the pauses alone would let a patient guesser try more
than a hundred a day, and whoever comes in rightly in between begins them anew. This count goes on until the day ends.
"""

from collections.abc import Iterable
from typing import Any

from allauth.core.internal import ratelimit
from django.http import HttpRequest
from django.utils import timezone

from delight.organisation.models import Organisation
from staff.people.models import Desk, Membership, User

MOST_A_DAY = 15
CONFIG = {"pin-day": f"{MOST_A_DAY}/d/key"}


def _limit(here: Desk, person: User) -> dict[str, Any]:
    company = Organisation.objects.first()
    day = timezone.localdate(timezone=company.zone if company else None)
    return {"app": "staff.people", "action": "pin-day", "config": CONFIG, "key": f"{here.pk} {person.pk} {day}"}


def take_one(request: HttpRequest, here: Desk, person: User) -> Any:
    """One try: to be rolled back when it was right; None when there is none left."""
    return ratelimit.consume(request, **_limit(here, person))


def is_closed(request: HttpRequest, here: Desk, person: User) -> bool:
    """Whether the person's PIN is looked at no more there today."""
    return ratelimit.consume(request, **_limit(here, person), dry_run=True, limit_get=True) is None


def begin_anew(request: HttpRequest, person: User, desks: Iterable[Desk]) -> None:
    """Whoever typed their password there, or whom a manager knows, is not the guesser."""
    for here in desks:
        ratelimit.clear(request, **_limit(here, person))


def is_blocked(request: HttpRequest, person: User) -> bool:
    """Whether the person's PIN opens some shared device no more today, or none for some minutes."""
    if not person.pin:
        return False
    pause = person.pin_blocked_until
    paused = pause is not None and pause > timezone.now()
    return paused or any(is_closed(request, here, person) for here in desks_of(person))


def desks_of(person: User) -> Iterable[Desk]:
    teams = Membership.objects.now().filter(user=person).values("team_id")
    return Desk.objects.filter(team__in=teams, revoked_at=None)
