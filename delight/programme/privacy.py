"""The data map of this room. An issue stays without its customers' names in its words."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from delight.lib.privacy import Erase, Group, Kept, Spare, Table, customers, employees, nobodys
from delight.programme.models import Issue
from delight.programme.services import ANSWERED, OVERDUE, OWNED

RAISED = Group(
    _("The issues you raised, look after or answered"), _("The people of the team, its managers, and sponsors")
)

TABLES = (
    Table(
        "programme.Issue",
        customer="customers",
        kept=Kept.ALWAYS,
        alive="raised_at",
        group=RAISED,
        lines=nobodys("id kind team owner_since due_on state answered_at")
        | nobodys("key", secret=True)
        | customers("raised_at", Erase.KEEP)
        | customers("text done")
        | employees("raised_by owner answered_by"),
    ),
    Table(
        "programme.Issue_customers",
        customer="customer",
        kept=Kept.ALWAYS,
        lines=nobodys("id issue") | customers("customer", Erase.KEEP),
    ),
)


def messages_about(customer: Any) -> Q:
    return Q(kind__in=[OWNED, OVERDUE, ANSWERED], object_id__in=customer.issues.values("pk"))


SPARED = (
    Spare(
        "customers.Customer",
        lambda: Q(pk__in=Issue.customers.through.objects.filter(issue__in=Issue.objects.open()).values("customer_id")),
    ),
)
