"""The data map of this room: words of surveys, and who wrote them."""

from django.utils.translation import gettext_lazy as _

from delight.lib.privacy import Group, Kept, Table, employees, nobodys

WRITTEN = Group(_("Which surveys you made"), _("Managers"))

TABLES = (
    Table(
        "design.Survey",
        kept=Kept.ALWAYS,
        group=WRITTEN,
        lines=nobodys("id name kind created_at") | employees("created_by"),
    ),
    Table("design.SurveyVersion", kept=Kept.ALWAYS, lines=nobodys("id survey number created_at frozen_at")),
    Table("design.Question", kept=Kept.ALWAYS, lines=nobodys("id version position kind")),
    Table("design.QuestionText", kept=Kept.ALWAYS, lines=nobodys("id question language text low_label high_label")),
    Table("design.VersionText", kept=Kept.ALWAYS, lines=nobodys("id version language subject message thanks")),
)
