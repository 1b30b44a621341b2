"""The data map of this room."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from delight.lib.privacy import Erase, Group, Kept, Spare, Table, accounts, customers, employees, nobodys
from delight.outbox.models import OPEN, Message
from surveys.sending.models import Invitation, Sending

KINDS = ["invite", "remind"]
SENT = Group(_("Which surveys you sent or signed, and when"), _("Managers of the teams that were asked, and sponsors"))
ASKED = Group(_("Which customers were asked while you looked after them"), _("You, your managers, and sponsors"))

TABLES = (
    Table(
        "sending.Sending",
        kept=Kept.ALWAYS,
        group=SENT,
        lines=nobodys("id version audience segment created_at remind_after_days state job idempotency_key")
        | employees("sender created_by"),
    ),
    Table(
        "sending.Sending_picked",
        customer="customer",
        kept=Kept.UNTIL_ERASED,
        rows_go=True,
        lines=nobodys("id sending") | customers("customer", Erase.KEEP),
    ),
    Table(
        "sending.Invitation",
        customer="customer",
        kept=Kept.ALWAYS,
        also=("sending__version__survey__name",),
        group=ASKED,
        lines=nobodys("id sending team segment created_at expires_at revoked_at")
        | customers("customer language not_sent_reason sent_at reminded_at answered_at", Erase.KEEP)
        | customers("mailed_to public_id", secret=True)
        | employees("owner")
        | accounts("account account_value"),
    ),
)


def messages_about(customer: Any) -> Q:
    return Q(kind__in=KINDS, object_id__in=Invitation.objects.filter(customer=customer.pk).values("pk"))


def _about_to_be_asked() -> Q:
    """Customers to whom a mail is on its way."""
    waiting = Message.objects.filter(kind__in=KINDS, state__in=OPEN).values("object_id")
    return Q(pk__in=Invitation.objects.filter(pk__in=waiting).values("customer_id"))


SPARED = (
    Spare("customers.Customer", _about_to_be_asked),
    Spare("outbox.Job", lambda: Q(pk__in=Sending.objects.exclude(job=None).values("job_id"))),
)
