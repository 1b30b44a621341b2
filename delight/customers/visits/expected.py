"""Who comes today, for the page "Today"; and what a customer's visits come to."""

from collections.abc import Collection
from typing import Any

from django.db.models import Count, Max, Q

from delight.customers.memory.showing import with_questions
from delight.customers.models import Customer, Visit
from delight.customers.visit_models import today
from delight.customers.visits.access import own_teams
from staff.people.models import Team, User

SHOWN = 6
LATEST = 10


def expected_today(user: User) -> dict[str, Any] | None:
    """The first of those who are expected in the user's teams and not here yet; None when nobody is."""
    expected = Visit.objects.between(*today()).filter(state=Visit.State.PLANNED, team__in=own_teams(user).values("pk"))
    found = list(with_questions(expected.with_names()).order_by("starts_at", "id")[: SHOWN + 1])
    if not found:
        return None
    more = expected.count() - SHOWN if len(found) > SHOWN else 0
    return {"visits": found[:SHOWN], "more": more}


def visits_of(customer: Customer, teams: Collection[Team]) -> dict[str, Any]:
    """How often somebody has come and when last, today's visits (and whether the reader may settle them, being in
    one of these teams), the next one, and the latest.
    """
    theirs = customer.visits.all()
    came = theirs.aggregate(times=Count("pk", filter=Q(state="came")), last=Max("starts_at", filter=Q(state="came")))
    start, end = today()
    lines = list(theirs.filter(starts_at__lt=end).with_names().order_by("-starts_at", "-id")[:LATEST])
    ours = {team.pk for team in teams}
    return {
        **came,
        "today": [{"visit": one, "may_settle": one.team_id in ours} for one in lines if one.starts_at >= start],
        "next": theirs.coming().filter(starts_at__gte=end).with_names().first(),
        "earlier": [one for one in lines if one.starts_at < start],
    }
