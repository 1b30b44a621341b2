"""The data map of this room. The pulse names nobody: a ticket is a keyed mark, an answer two numbers."""

from django.utils.translation import gettext_lazy as _

from delight.lib.privacy import Group, Kept, Table, employees, nobodys

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
