"""The pages of this room, for managers and sponsors."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from staff.budget.access import waiting_for
from staff.people.access import is_manager
from staff.people.models import User


def tabs(user: User, current: str) -> list[dict[str, Any]]:
    """None for staff: they have one page."""
    if not is_manager(user):
        return []
    pages = {"budget": _("My own"), "budgets": _("People"), "approvals": _("Approvals"), "gifts": _("Gifts")}
    if user.is_sponsor:
        pages["budget_settings"] = _("Settings")
    return [
        {
            "url": reverse(name),
            "label": label,
            "current": name == current,
            "count": waiting_for(user) if name == "approvals" else None,
        }
        for name, label in pages.items()
    ]
