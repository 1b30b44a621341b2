"""The monthly staff pulse, anonymous by construction: who has answered and what was answered are never one row.

A ticket says that somebody has answered and nothing of what. An answer says what, without a person, a time or an
order: its key is random, so that even the order of writing is lost.
"""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from staff.people.models import Team


class PulseRound(models.Model):
    """One month's pulse of the company. A team's figures are frozen when it closes."""

    month = models.DateField(unique=True)
    opened_at = models.DateTimeField(auto_now_add=True)
    closes_on = models.DateField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-month"]
        constraints = [models.CheckConstraint(condition=Q(month__day=1), name="pulse_begins_on_the_first")]


class PulseTicket(models.Model):
    """Somebody has answered this month."""

    round = models.ForeignKey(PulseRound, on_delete=models.CASCADE, related_name="tickets")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "user"], name="pulse_ticket_once")]


class PulseAnswer(models.Model):
    """What somebody of a team has answered: two scores from 0 to 10."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(PulseRound, on_delete=models.CASCADE, related_name="answers")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    glad = models.PositiveSmallIntegerField(validators=[MaxValueValidator(10)], help_text="glad to work here")
    able = models.PositiveSmallIntegerField(
        validators=[MaxValueValidator(10)], help_text="has what it takes to delight customers"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(glad__range=(0, 10), able__range=(0, 10)), name="pulse_scores")
        ]
