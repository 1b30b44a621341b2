"""The data map of this room: no address, no text, only which row is about which object."""

from django.db.models import Q

from delight.lib.privacy import Kept, Spare, Table, nobodys

TABLES = (
    Table(
        "outbox.Message",
        kept=Kept.LOG,
        since="ended_at",
        lines=nobodys(
            "id kind object_id key promised_at due_at state reason attempts fence lease_until maybe_twice created_at"
            " ended_at"
        ),
    ),
    Table(
        "outbox.Job",
        kept=Kept.LOG,
        since="ended_at",
        lines=nobodys(
            "id kind object_id key due_at state done total attempts fence lease_until error created_at ended_at"
        ),
    ),
    Table("outbox.Progress", kept=Kept.ALWAYS, lines=nobodys("name at")),
)

SPARED = (
    Spare("outbox.Message", lambda: Q(ended_at=None)),
    Spare("outbox.Job", lambda: Q(ended_at=None)),
)
