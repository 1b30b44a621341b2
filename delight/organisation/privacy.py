"""The data map of this room."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from delight.lib.privacy import Group, Kept, Spare, Table, employees, nobodys

# Entries that tell who looked something up; they go with the logs. All others are history and stay.
LOOKS = ["reveal", "export_customer"]

HISTORY = Group(
    _("What you changed, set up, looked up or decided, as a list of actions with dates, without any contents"),
    _("Sponsors, on the audit page"),
    Kept.HISTORY,
)


def _about(customer: Any) -> Q:
    return Q(object_type=customer._meta.label_lower, object_id=customer.pk)


TABLES = (
    Table(
        "organisation.Organisation",
        kept=Kept.ALWAYS,
        lines=nobodys(
            "id name country postal_address reply_to currency default_language time_zone first_weekday working_days"
            " opens_at closes_at ask_again_after_days consent_rule keep_log_days forget_after_months hidden_rooms"
            " set_up_at programme_began_on mail_tested_at mail_arrived_at backed_up_at sending_on released_copy"
            " released_base_url key_fingerprints is_demo created_at trade currency_fixed_at approve_over receipt_over"
            " gifts_noticed_over"
        ),
    ),
    Table("organisation.Holiday", kept=Kept.ALWAYS, lines=nobodys("id day name")),
    Table(
        "organisation.AuditEntry",
        customer=_about,
        kept=Kept.LOG,
        since="at",
        group=HISTORY,
        lines=nobodys("id at verb object_type object_id fields") | employees("actor"),
    ),
    Table("organisation.CleanUp", kept=Kept.LOG, since="day", lines=nobodys("id day counts ended_at")),
)

SPARED = (Spare("organisation.AuditEntry", lambda: ~Q(verb__in=LOOKS)),)
