"""The data map of this room. Sums and dates stay when a customer is erased; receipts and words go."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from delight.files.models import StoredFile
from delight.lib.privacy import Erase, Group, Kept, Table, customers, employees, nobodys
from staff.budget.models import Spend

SUMS = Group(
    _("Your delight budget: what you may spend, each movement on it, and receipts"),
    _("You, the managers of your teams, and sponsors"),
)
CLOSED = Group(
    _("When your budget was closed, why, until when, and what you said to it"),
    _("You, the managers of your teams, and sponsors"),
)

TABLES = (
    Table(
        "budget.MonthlySum",
        kept=Kept.ALWAYS,
        group=SUMS,
        employee="user",
        lines=nobodys("id role amount since set_at") | employees("user set_by"),
    ),
    Table(
        "budget.BudgetPeriod",
        kept=Kept.ALWAYS,
        group=SUMS,
        employee="user",
        lines=nobodys("id month granted held spent lapsed made_at") | employees("user"),
    ),
    Table(
        "budget.Spend",
        customer="customer",
        kept=Kept.ALWAYS,
        alive="made_at",
        group=SUMS,
        employee="period__user",
        lines=nobodys("id period team account asked amount state receipt_wanted lapses_at decided_at")
        | customers("customer made_at", Erase.KEEP)
        | customers("receipt reason")
        | employees("decided_by"),
    ),
    Table(
        "budget.BudgetEntry",
        kept=Kept.ALWAYS,
        group=SUMS,
        employee="period__user",
        lines=nobodys("id period kind amount spend at") | nobodys("key", secret=True) | employees("note by"),
    ),
    Table(
        "budget.Suspension",
        kept=Kept.ALWAYS,
        group=CLOSED,
        employee="user",
        lines=nobodys("id review_on began_at lifted_at") | employees("user reason by lifted_by"),
    ),
    Table(
        "budget.SuspensionWord",
        kept=Kept.ALWAYS,
        group=CLOSED,
        employee="suspension__user",
        lines=nobodys("id suspension kind review_on at") | employees("text by"),
    ),
)


def before_erasing(*, by: Any, customer: Any) -> None:
    """Receipts may name the customer: the files go."""
    files = list(Spend.objects.filter(customer=customer, receipt__isnull=False).values_list("receipt", flat=True))
    Spend.objects.filter(receipt__in=files).update(receipt=None)
    StoredFile.objects.filter(pk__in=files).delete()
