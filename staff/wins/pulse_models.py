"""The monthly staff pulse, anonymous by construction: who has answered and what was answered are never one row.

A ticket says that somebody has answered, by a keyed mark that only the running site can tell; it says nothing of
what. An answer says what, without a person or a time. Both are written anew, in random order and under random keys,
with each answer that comes in (see `pulse.answer`), so that neither the order of the rows nor the transaction that
wrote them joins the two. When a round closes, the answers are turned into figures and deleted.
"""

import uuid

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from staff.people.models import Team

HIGHEST = 10


class PulseRound(models.Model):
    """One month's pulse of the company."""

    month = models.DateField(unique=True)
    opened_at = models.DateTimeField(auto_now_add=True)
    closes_on = models.DateField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-month"]
        constraints = [models.CheckConstraint(condition=Q(month__day=1), name="pulse_begins_on_the_first")]


class PulseTicket(models.Model):
    """Somebody has answered this month. `mark` is a keyed hash of the round and the person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(PulseRound, on_delete=models.CASCADE, related_name="tickets")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    mark = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "mark"], name="pulse_ticket_once")]


class PulseAnswer(models.Model):
    """What somebody of a team has answered: two scores from 0 to 10. Gone when the round closes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(PulseRound, on_delete=models.CASCADE, related_name="answers")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    glad = models.PositiveSmallIntegerField(validators=[MaxValueValidator(HIGHEST)], help_text="glad to work here")
    able = models.PositiveSmallIntegerField(
        validators=[MaxValueValidator(HIGHEST)], help_text="has what it takes to delight customers"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(glad__range=(0, 10), able__range=(0, 10)), name="pulse_scores")
        ]


class PulseFigure(models.Model):
    """What a closed round shows of a team, or of everybody (no team). What may not be shown has no row."""

    round = models.ForeignKey(PulseRound, on_delete=models.CASCADE, related_name="figures")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    glad = models.DecimalField(max_digits=3, decimal_places=1)
    able = models.DecimalField(max_digits=3, decimal_places=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "team"], nulls_distinct=False, name="pulse_figure_once"),
            models.CheckConstraint(condition=Q(glad__range=(0, 10), able__range=(0, 10)), name="pulse_figure_range"),
        ]
