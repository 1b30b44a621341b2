"""The data map of this room. The pulse's answers name nobody; that somebody answered is kept apart from what."""

from django.utils.translation import gettext_lazy as _

from delight.lib.privacy import Group, Kept, Table, employees, nobodys

MEETINGS = Group(_("Your turns, stories and actions in the weekly meetings"), _("The people of the team, and sponsors"))
ANSWERED = Group(
    _("That you answered a month's two questions; what you answered is kept without your name"), _("Nobody")
)

TABLES = (
    Table(
        "wins.MeetingPlan",
        kept=Kept.ALWAYS,
        group=MEETINGS,
        lines=nobodys("id team weekday at time_zone minutes stopped_at")
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
        lines=nobodys("id meeting position state moment") | employees("user story"),
    ),
    Table(
        "wins.AgendaItem",
        kept=Kept.ALWAYS,
        group=MEETINGS,
        lines=nobodys(
            "id meeting kind text notes moment recognition action issue carried_from position state became_idea"
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
    Table(
        "wins.PulseTicket",
        kept=Kept.ALWAYS,
        group=ANSWERED,
        employee="user",
        lines=nobodys("id round") | employees("user"),
    ),
    Table("wins.PulseAnswer", kept=Kept.ALWAYS, lines=nobodys("id round team glad able", secret=True)),
)
