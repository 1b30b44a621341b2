"""The data map of this room. An issue stays without its customers' names in its words."""

from django.utils.translation import gettext_lazy as _

from delight.lib.privacy import Erase, Group, Kept, Table, customers, employees, nobodys

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
        kept=Kept.UNTIL_ERASED,
        rows_go=True,
        lines=nobodys("id issue") | customers("customer"),
    ),
)
