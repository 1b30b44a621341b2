"""What a moment said before it was changed, in words."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from delight.customers.models import Customer
from delight.organisation.models import Organisation
from staff.budget.services import in_words
from staff.moments.models import Idea, Moment, MomentChange


def history_of(moment: Moment) -> list[dict[str, Any]]:
    """Each change with who made it and what stood there before; the latest first."""
    changes = list(moment.changes.select_related("by").order_by("-at", "-id"))
    names = _names(changes)
    return [
        {"change": change, "lines": [_line(each, change.before, names) for each in change.fields]} for change in changes
    ]


def _names(changes: list[MomentChange]) -> dict[str, dict[int, str]]:
    """Customers and ideas that stood there, looked up at once."""
    wanted = {
        kind: {change.before[field] for change in changes for field in fields if change.before.get(field)}
        for kind, fields in (("customer", ("customer", "introduced_to")), ("idea", ("idea",)))
    }
    customers = Customer.objects.filter(pk__in=wanted["customer"]) if wanted["customer"] else []
    ideas = Idea.objects.filter(pk__in=wanted["idea"]) if wanted["idea"] else []
    return {
        "customer": {customer.pk: str(customer) for customer in customers},
        "idea": {idea.pk: idea.words for idea in ideas},
    }


def _line(field: str, before: dict[str, Any], names: dict[str, dict[int, str]]) -> tuple[str, str]:
    """The field in words, and what it was; an empty one was nothing."""
    was = before.get(field)
    return _label(field), _said(field, was, names) if was else ""


def _said(field: str, was: Any, names: dict[str, dict[int, str]]) -> str:
    if field in ("customer", "introduced_to"):
        return names["customer"].get(was, "")
    if field == "idea":
        return names["idea"].get(was, "")
    if field == "cost":
        return in_words(Decimal(was), Organisation.get())
    if field == "reaction":
        return str(dict(Moment.Reaction.choices).get(was, ""))
    return "" if isinstance(was, bool) else str(was)


def _label(field: str) -> str:
    labels = {
        "what": _("the words"),
        "idea": _("the idea"),
        "customer": _("for whom"),
        "reaction": _("how they took it"),
        "cost": _("the cost"),
        "photo": _("the photo"),
        "people_agreed": _("the people in it agreed"),
        "receipt": _("the receipt"),
        "introduced_to": _("introduced to"),
        "introduced_whom": _("introduced to"),
    }
    return labels.get(field, field)
