"""The weekly wins meeting of a team: its agenda, whose turn it is, and what is to be done afterwards."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from delight.lib.tokens import new_public_id
from delight.organisation.models import Organisation, check_time_zone
from delight.programme.models import Issue
from staff.moments.models import Idea, Moment
from staff.people.models import Team
from staff.recognition.models import Recognition
from staff.wins.pulse_models import PulseAnswer as PulseAnswer
from staff.wins.pulse_models import PulseFigure as PulseFigure
from staff.wins.pulse_models import PulseRound as PulseRound
from staff.wins.pulse_models import PulseTicket as PulseTicket


class MeetingPlan(models.Model):
    """When a team meets each week. Set once."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="meeting_plan")
    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False, help_text="of the calendar feed")
    weekday = models.PositiveSmallIntegerField(_("day"), choices=Organisation.Weekday, default=1)
    at = models.TimeField(_("time"))
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True, validators=[check_time_zone])
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=10)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__range=(1, 7)), name="plan_weekday"),
            models.CheckConstraint(condition=Q(minutes__range=(5, 60)), name="plan_minutes"),
        ]


class WinsMeeting(models.Model):
    """One week's meeting. Made by the first POST or the mail of the day before; until then a page computes it."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        RUNNING = "running", _("running")
        HELD = "held", _("held")
        NOT_HELD = "not_held", _("not held")

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="meetings")
    starts_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    facilitator = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0, help_text="goes up with each change: others see that there is one")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["team", "starts_at"], name="meeting_once"),
            models.UniqueConstraint(
                fields=["team"], condition=Q(state__in=["planned", "running"]), name="meeting_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "running", "held", "not_held"]), name="meeting_state"
            ),
        ]


class Turn(models.Model):
    """One person's place in a meeting. Absent people leave a story beforehand."""

    class State(models.TextChoices):
        WAITING = "waiting", _("to come")
        TOLD = "told", _("told")
        SKIPPED = "skipped", _("skipped")
        ABSENT = "absent", _("absent")

    meeting = models.ForeignKey(WinsMeeting, on_delete=models.CASCADE, related_name="turns")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    is_away = models.BooleanField(default=False, help_text="stays when the story has been read out")
    story = models.TextField(_("your story"), max_length=1000, blank=True, help_text="left beforehand")
    notes = models.TextField(blank=True)
    moment = models.ForeignKey(Moment, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "user"], name="turn_once"),
            models.CheckConstraint(condition=Q(state__in=["waiting", "told", "skipped", "absent"]), name="turn_state"),
        ]


class AgendaItem(models.Model):
    """One thing to tell or to look at. Each comes once; what was not told comes again next time."""

    class Kind(models.TextChoices):
        MOMENT = "moment", _("moment")
        RECOGNITION = "recognition", _("recognition")
        ACTION = "action", _("unfinished action")
        ISSUE = "issue", _("what got in the way")
        OWN = "own", _("added")

    class State(models.TextChoices):
        WAITING = "waiting", _("to come")
        TOLD = "told", _("told")
        SKIPPED = "skipped", _("next time")
        LEFT = "left", _("left out")

    meeting = models.ForeignKey(WinsMeeting, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(max_length=12, choices=Kind)
    text = models.CharField(max_length=300, blank=True)
    notes = models.TextField(blank=True)
    moment = models.ForeignKey(Moment, null=True, on_delete=models.PROTECT, related_name="+")
    recognition = models.ForeignKey(Recognition, null=True, on_delete=models.PROTECT, related_name="+")
    action = models.ForeignKey("ActionItem", null=True, on_delete=models.PROTECT, related_name="+")
    issue = models.ForeignKey(Issue, null=True, on_delete=models.PROTECT, related_name="+")
    turn = models.OneToOneField(
        Turn, null=True, on_delete=models.CASCADE, related_name="own_item", help_text="whose own words it stands for"
    )
    carried_from = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    became_idea = models.ForeignKey(Idea, null=True, on_delete=models.PROTECT, related_name="+")
    became_issue = models.ForeignKey(Issue, null=True, on_delete=models.PROTECT, related_name="+")
    became_action = models.ForeignKey("ActionItem", null=True, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField(null=True, unique=True, editable=False, help_text="what was pressed twice counts once")

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["moment", "recognition", "action", "issue", "own"]), name="item_kind"
            ),
            models.CheckConstraint(condition=Q(state__in=["waiting", "told", "skipped", "left"]), name="item_state"),
            models.UniqueConstraint(fields=["meeting", "moment"], name="item_moment_once"),
            models.UniqueConstraint(fields=["meeting", "recognition"], name="item_recognition_once"),
            models.UniqueConstraint(fields=["meeting", "action"], name="item_action_once"),
            models.UniqueConstraint(fields=["meeting", "issue"], name="item_issue_once"),
        ]


class ActionItemQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(done_at=None, dropped_at=None)

    def overdue(self, day: date) -> Self:
        return self.open().filter(due_on__lt=day)


class ActionItem(models.Model):
    """What somebody will do until when, as was agreed in a meeting."""

    meeting = models.ForeignKey(WinsMeeting, on_delete=models.PROTECT, related_name="actions")
    text = models.CharField(_("what is to be done"), max_length=300)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="actions", verbose_name=_("who")
    )
    due_on = models.DateField(_("until"))
    made_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    dropped_at = models.DateTimeField(null=True)
    key = models.UUIDField(null=True, unique=True, editable=False)

    objects = ActionItemQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
