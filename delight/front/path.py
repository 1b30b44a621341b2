"""The first weeks: one room after the other, and nobody has to wait for a week to begin."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone

from delight.front.rooms import Room, shown_rooms
from delight.organisation.models import Organisation

WEEKS = 4
SHOWN_FOR_WEEKS = 8


@dataclass(frozen=True)
class Stop:
    """A room on the path: in use already or not."""

    room: Room
    used: bool

    @property
    def url(self) -> str:
        return reverse(self.room.url_name)


def week_of(company: Organisation) -> int:
    """The programme's week, counted from one; 0 while it has not begun."""
    began = company.programme_began_on
    return (timezone.localdate(timezone=company.zone) - began).days // 7 + 1 if began else 0


def path(company: Organisation) -> list[dict[str, Any]]:
    """The weeks with their rooms; a week that has none yet is left out."""
    stops = [Stop(room, room.is_used()) for room in shown_rooms(company)]
    weeks = {stop.room.week for stop in stops}
    return [{"number": week, "stops": [stop for stop in stops if stop.room.week == week]} for week in sorted(weeks)]


def this_week(company: Organisation | None) -> dict[str, Any] | None:
    """The one thing to do next: the first room that is not in use, of this week or an earlier one."""
    week = week_of(company) if company else 0
    if company is None or not 0 < week <= SHOWN_FOR_WEEKS:
        return None
    for room in shown_rooms(company):
        if room.week <= week and not room.is_used():
            return {"week": min(week, WEEKS), "stop": Stop(room, used=False)}
    return None
