"""What carries the programme. Today: issues, raised by whoever meets customers, each with an owner and an answer."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from delight.customers.models import Customer
from staff.people.models import Team


class IssueQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(state__in=[Issue.State.OPEN, Issue.State.DOING])

    def overdue(self, day: date) -> Self:
        return self.open().filter(due_on__lt=day)

    def with_names(self) -> Self:
        return self.select_related("raised_by", "owner", "team")


class Issue(models.Model):
    """Something in the way of delighted customers or staff: raised in seconds, owned, answered."""

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", _("complaint")
        OBSTACLE = "obstacle", _("obstacle")
        NEED = "need", _("need: training, tool, information")
        RULE = "rule", _("rule to question")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DOING = "doing", _("being worked on")
        DONE = "done", _("done")
        DECLINED = "declined", _("stays as it is")

    kind = models.CharField(_("what it is"), max_length=10, choices=Kind)
    text = models.TextField(_("in your words"), max_length=1000)
    customers = models.ManyToManyField(Customer, blank=True, related_name="issues", verbose_name=_("customers touched"))
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(auto_now_add=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="issues",
        verbose_name=_("looked after by"),
    )  # fmt: skip
    owner_since = models.DateTimeField(null=True, editable=False)
    due_on = models.DateField(_("until"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    done = models.TextField(_("what was done"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    key = models.UUIDField(null=True, unique=True, editable=False, help_text="what was pressed twice counts once")

    objects = IssueQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["complaint", "obstacle", "need", "rule"]), name="issue_kind"),
            models.CheckConstraint(condition=Q(state__in=["open", "doing", "done", "declined"]), name="issue_state"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "doing"]) | Q(answered_at__isnull=False),
                name="issue_ends_with_an_answer",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "due_on"], name="issue_by_owner"),
            models.Index(fields=["team", "-raised_at"], name="issue_by_team"),
        ]

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.OPEN, self.State.DOING)
