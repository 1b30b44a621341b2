"""The room's own clock: what was kept to a day, or for a visit, goes; what was removed goes an hour later.

The retention clock of the whole house knows one date for a table. Here a fact ends by its day, its visit or its
removing, so a round of this room looks each hour.
"""

from datetime import timedelta

from django.utils import timezone

from delight.customers.memory.access import UNDO_FOR
from delight.customers.models import Fact
from delight.organisation.models import Organisation

EVERY = timedelta(hours=1)


def forget_facts() -> int:
    """Delete what is over, a day late for the sake of people in other time zones; returns how many facts went."""
    company = Organisation.objects.first()
    if company is None:
        return 0
    with timezone.override(company.zone):
        over = Fact.objects.over(timezone.localdate() - timedelta(days=1))
        gone = over.delete()[1].get("customers.Fact", 0)
    removed = Fact.objects.filter(removed_at__lt=timezone.now() - UNDO_FOR)
    return gone + removed.delete()[1].get("customers.Fact", 0)
