"""The data map of this room. That a conversation took place stays; what was said in it goes with the customer."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from delight.lib.privacy import Erase, Group, Kept, Spare, Table, customers, employees, nobodys
from surveys.followups.models import FollowUp
from surveys.followups.reminders import KIND
from surveys.followups.services import withdraw_follow_ups_of

TALKS = Group(
    _("Your conversations with customers: when they were due and closed, and what you wrote down about them"),
    _("You, the managers of the team, and sponsors"),
)

TABLES = (
    Table(
        "followups.FollowUp",
        customer="customer",
        kept=Kept.ALWAYS,
        alive="opened_at",
        group=TALKS,
        lines=nobodys("id response team")
        | customers("customer reason asked opened_at due_at counted_from counted_days closed_at", Erase.KEEP)
        | employees("owner"),
    ),
    Table(
        "followups.Outcome",
        customer="follow_up__customer",
        kept=Kept.ALWAYS,
        alive="at",
        group=TALKS,
        lines=nobodys("id follow_up")
        | customers("result at", Erase.KEEP)
        | customers("happened what_else who_else")
        | employees("by"),
    ),
)


def messages_about(customer: Any) -> Q:
    return Q(kind=KIND, object_id__in=FollowUp.objects.filter(customer=customer.pk).values("pk"))


def before_erasing(*, by: Any, customer: Any) -> None:
    """Nobody is to call somebody who is no longer known."""
    withdraw_follow_ups_of(customer, by=by)


def _reminders_of_open_ones() -> Q:
    """Their rows are counted when the owner is told once more."""
    return Q(kind=KIND, object_id__in=FollowUp.objects.open().values("pk"))


SPARED = (
    Spare("outbox.Message", _reminders_of_open_ones),
    Spare("customers.Customer", lambda: Q(pk__in=FollowUp.objects.open().values("customer_id"))),
    Spare("answering.Hit", lambda: Q(invitation__customer__in=FollowUp.objects.open().values("customer_id"))),
)
