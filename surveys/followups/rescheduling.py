"""Open follow-ups get another date when the days on which people work change."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from delight.organisation.models import AuditEntry, Organisation
from delight.organisation.worktime import end_of_working_day
from staff.people.models import User
from surveys.followups import reminders
from surveys.followups.models import FollowUp


@transaction.atomic
def reschedule(by: User | None) -> list[FollowUp]:
    """Count the time of each open follow-up once more, and move its reminders along; returns those that moved.

    What is overdue stays so, and nobody becomes late by it: where the new date has passed, the old one stands.
    """
    now = timezone.now()
    waiting = FollowUp.objects.open().filter(due_at__gte=now).select_for_update(of=("self",)).order_by("pk")
    due = _Calendar()
    moved = []
    for follow_up in waiting:
        due_at = due.after(follow_up.counted_from, follow_up.counted_days)
        if due_at == follow_up.due_at or due_at < now:
            continue
        follow_up.due_at = due_at
        AuditEntry.record(by=by, verb="reschedule_follow_up", obj=follow_up, fields=["due_at"])
        moved.append(follow_up)
    FollowUp.objects.bulk_update(moved, ["due_at"], batch_size=500)
    reminders.move(moved)
    return moved


class _Calendar:
    """Answers the same question once: many follow-ups begin on the same day."""

    def __init__(self) -> None:
        self.organisation = Organisation.get()
        self.known: dict[tuple[date, int], datetime] = {}

    def after(self, moment: datetime, days: int) -> datetime:
        key = moment.astimezone(self.organisation.zone).date(), days
        if key not in self.known:
            self.known[key] = end_of_working_day(moment, days, self.organisation)
        return self.known[key]
