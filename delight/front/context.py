"""What every page shows: the company, the navigation, and whether mail leaves.

All of it is lazy: a page that shows no navigation (the customers' pages, mails, errors) asks the database nothing.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from delight.front.help import asked_at
from delight.front.rooms import hidden_pages, hidden_rooms
from delight.organisation.services import why_sending_is_off
from staff.people.access import is_manager
from staff.people.models import User
from surveys.followups.models import FollowUp


@dataclass
class NavItem:
    """A link of the main navigation."""

    name: str
    label: str | Promise
    icon: str
    url: str = ""
    current: bool = False
    count: int | None = None


PRIMARY = (
    ("home", _("Today"), "home"),
    ("moments", _("Moments"), "moment"),
    ("follow_ups", pgettext_lazy("navigation", "Follow-ups"), "follow-up"),
    ("customers", pgettext_lazy("navigation", "Customers"), "customers"),
)
FOR_MANAGERS = (("surveys", _("Surveys"), "survey"),)
FOR_ALL = (
    ("feed", _("Recognition"), "thanks"),
    ("wins", _("Wins meeting"), "wins"),
    ("answers", _("Answers"), "answers"),
    ("ideas", _("Ideas"), "idea"),
    ("budget", _("Delight budget"), "budget"),
    ("visits", pgettext_lazy("navigation", "Visits"), "calendar"),
    ("issues", _("Issues"), "issue"),
    ("team_list", _("People"), "people"),
)
# First parts of addresses that belong to an item with another address.
OTHER_ADDRESSES = {
    "sendings": "surveys",
    "outbox": "organisation",
    "setup": "organisation",
    "occasions": "moments",
    "notes": "customers",
    "pulse": "wins",
}
FOR_SPONSORS = (("organisation", _("Settings"), "settings"),)


def page(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    known = user is not None and user.is_authenticated
    return {
        "organisation": getattr(request, "organisation", None),
        "nav_primary": SimpleLazyObject(lambda: _primary(request)) if known else [],
        "nav_more": SimpleLazyObject(lambda: _more(request)) if known else [],
        "sending_is_off": SimpleLazyObject(lambda: _sending_is_off(request)) if known else False,
        "waits_for_set_up": SimpleLazyObject(lambda: _waits_for_set_up(request)) if known else False,
        "help_url": SimpleLazyObject(lambda: asked_at(request)) if known else "",
        "sending_off_url": SimpleLazyObject(lambda: _sending_off_url(request)) if known else "",
        "hidden": SimpleLazyObject(lambda: _hidden(request)),
        "local_mode": settings.LOCAL,
        "shared_device": getattr(request, "desk", None) if known else None,
    }


def _hidden(request: HttpRequest) -> set[str]:
    """Names of hidden rooms, for pages that are made of several."""
    return {room.name for room in hidden_rooms(getattr(request, "organisation", None))}


def _primary(request: HttpRequest) -> list[NavItem]:
    items = _items(request, PRIMARY)
    for item in items:
        if item.name == "follow_ups":
            item.count = FollowUp.objects.open().filter(owner=_user(request)).count()
    return items


def _more(request: HttpRequest) -> list[NavItem]:
    user = _user(request)
    names = [
        *(FOR_MANAGERS if is_manager(user) else ()),
        *FOR_ALL,
        *(FOR_SPONSORS if user.is_sponsor else ()),
        ("help", _("Help"), "help"),
    ]
    return _items(request, names)


def _items(request: HttpRequest, names: Any) -> list[NavItem]:
    hidden = hidden_pages(getattr(request, "organisation", None))
    shown = [each for each in names if each[0] not in hidden]
    items = [NavItem(name, label, icon, url=reverse(name)) for name, label, icon in shown]
    here = OTHER_ADDRESSES.get(request.path.split("/")[1], "")
    for item in items:
        below = item.url != "/" and request.path.startswith(item.url)
        item.current = request.path == item.url or below or item.name == here
    return items


def _sending_is_off(request: HttpRequest) -> bool:
    organisation = getattr(request, "organisation", None)
    return bool(organisation and is_manager(_user(request)) and why_sending_is_off(organisation))


def _waits_for_set_up(request: HttpRequest) -> bool:
    """Whether managers are told that their customers get nothing yet. In the local mailbox they do."""
    organisation = getattr(request, "organisation", None)
    return bool(organisation and not organisation.set_up_at and not settings.LOCAL and is_manager(_user(request)))


def _sending_off_url(request: HttpRequest) -> str:
    return reverse("outbox") if _user(request).is_sponsor else ""


def _user(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - tells the type checker what `known` made sure of
    return user
