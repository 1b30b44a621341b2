"""The mails about the delight budget, all to people who work here."""

from typing import Any

from django.urls import reverse

from delight.organisation.models import Organisation
from delight.outbox.registry import Mail
from staff.budget.models import Spend, Suspension, SuspensionWord
from staff.people.mailing import mail_to
from staff.people.models import User


def approval_wanted(spend: Spend, recipient: User) -> Mail:
    """To who may decide: money waits."""
    return _mail("budget_approval", recipient, "approvals", spend=spend, person=spend.period.user)


def decided(spend: Spend, recipient: User) -> Mail:
    """To whose wish it was: yes, less, no, or not decided in time."""
    return _mail("budget_decided", recipient, "budget", spend=spend, less=spend.amount < spend.asked)


def closed(suspension: Suspension, recipient: User) -> Mail:
    """To the person: why, until when, and how to reply."""
    return _mail("budget_closed", recipient, "budget", suspension=suspension)


def renewed(suspension: Suspension, recipient: User, word: SuspensionWord) -> Mail:
    return _mail("budget_renewed", recipient, "budget", suspension=suspension, word=word)


def lifted(suspension: Suspension, recipient: User) -> Mail:
    return _mail("budget_lifted", recipient, "budget", suspension=suspension)


def replied(suspension: Suspension, recipient: User, word: SuspensionWord) -> Mail:
    """To whoever closed the budget."""
    return _mail(
        "budget_replied", recipient, "person_budget", [suspension.user_id], word=word, person=suspension.user
    )  # fmt: skip


def books_differ(recipient: User) -> Mail:
    """To sponsors: the alarm."""
    return _mail("budget_differs", recipient, "budget_settings")


def _mail(name: str, recipient: User, url_name: str, args: list[int] | None = None, **context: Any) -> Mail:
    return mail_to(recipient, name, reverse(url_name, args=args), currency=Organisation.get().currency, **context)
