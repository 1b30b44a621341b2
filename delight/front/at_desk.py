"""What a shared device shows first: how much there is to do, and nobody's name until somebody taps."""

from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from delight.front.home import greeting
from staff.people.models import User
from surveys.followups.models import FollowUp


def home_at_desk(user: User) -> dict[str, Any]:
    now = timezone.now()
    counts = FollowUp.objects.open().filter(owner=user).aggregate(
        waiting=Count("pk"), overdue=Count("pk", filter=Q(due_at__lt=now))
    )  # fmt: skip
    return {"greeting": greeting(user), "counts": counts}
