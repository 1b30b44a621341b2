"""The data map of this room. The pulse names nobody: a ticket is a keyed mark, an answer two numbers."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from delight.lib.privacy import Group, Kept, Table, employees, nobodys
from delight.programme.models import Issue
from staff.moments.models import Moment
from staff.recognition.names import Names, names_of
from staff.wins.models import ActionItem, AgendaItem, Turn

MEETINGS = Group(_("Your turns, stories and actions in the weekly meetings"), _("The people of the team, and sponsors"))

TABLES = (
    Table(
        "wins.MeetingPlan",
        kept=Kept.ALWAYS,
        group=MEETINGS,
        lines=nobodys("id team weekday at time_zone minutes set_at stopped_at")
        | nobodys("public_id", secret=True)
        | employees("set_by"),
    ),
    Table(
        "wins.WinsMeeting",
        kept=Kept.ALWAYS,
        group=MEETINGS,
        lines=nobodys("id team starts_at state began_at ended_at version made_at") | employees("facilitator"),
    ),
    Table(
        "wins.Turn",
        kept=Kept.ALWAYS,
        group=MEETINGS,
        employee="user",
        lines=nobodys("id meeting position state is_away moment") | employees("user story notes"),
    ),
    Table(
        "wins.AgendaItem",
        kept=Kept.ALWAYS,
        group=MEETINGS,
        lines=nobodys(
            "id meeting kind text notes moment recognition action issue turn carried_from position state became_idea"
            " became_issue became_action"
        )
        | nobodys("key", secret=True)
        | employees("added_by"),
    ),
    Table(
        "wins.ActionItem",
        kept=Kept.ALWAYS,
        group=MEETINGS,
        employee="owner",
        lines=nobodys("id meeting text due_on made_at done_at dropped_at")
        | nobodys("key", secret=True)
        | employees("owner done_by"),
    ),
    Table("wins.PulseRound", kept=Kept.ALWAYS, lines=nobodys("id month opened_at closes_on closed_at")),
    Table("wins.PulseTicket", kept=Kept.ALWAYS, lines=nobodys("id round team mark", secret=True)),
    Table("wins.PulseAnswer", kept=Kept.BY_ROOM, lines=nobodys("id round team glad able", secret=True)),
    Table("wins.PulseFigure", kept=Kept.ALWAYS, lines=nobodys("id round team glad able")),
)


def before_erasing(*, by: Any, customer: Any) -> None:
    """What was told, noted and agreed stays, without the name of whom it was about."""
    moments = Moment.objects.filter(Q(customer=customer) | Q(introduced_to=customer)).values("pk")
    items = AgendaItem.objects.filter(Q(moment__in=moments) | Q(recognition__customer=customer))
    _leave_out(customer, AgendaItem, Q(pk__in=items.values("pk")), "text", "notes")
    _leave_out(customer, Turn, Q(moment__in=moments), "story", "notes")
    _leave_out(customer, ActionItem, Q(pk__in=items.values("became_action")), "text")
    _leave_out(customer, Issue, Q(pk__in=items.values("became_issue")), "text", "done")


def _leave_out(customer: Any, model: Any, about: Q, *fields: str) -> None:
    """From rows about the customer, and from all in which the whole name stands."""
    said = names_of([customer])
    for field in fields:
        for name in said:
            about |= Q(**{f"{field}__icontains": name})
    names = Names(said)
    for row in model.objects.filter(about):
        for field in fields:
            setattr(row, field, names.left_out_of(getattr(row, field))[: model._meta.get_field(field).max_length])
        row.save(update_fields=fields)
