"""The rooms that a company opens one after the other, and may hide.

A flat table: a new room adds one line, and stands in the path, in the settings and behind the closed door.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from delight.customers.models import Customer, Visit
from delight.organisation.models import Organisation
from staff.budget.models import MonthlySum
from staff.moments.models import Moment
from staff.people.models import User
from staff.recognition.models import Recognition
from staff.wins.models import MeetingPlan
from surveys.followups.models import FollowUp
from surveys.sending.models import Sending


@dataclass(frozen=True)
class Room:
    """What a room is for, the week in which it is opened, its first step, and how one sees that it is in use.

    `addresses` are what its pages' addresses begin with; a room without them cannot be hidden.
    `pages` are the names of its entries in the navigation.
    """

    name: str
    label: str | Promise
    what_for: str | Promise
    week: int
    step: str | Promise
    url_name: str
    is_used: Callable[[], bool]
    addresses: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()


ROOMS = (
    Room(
        name="people",
        label=_("People"),
        what_for=_("Everybody who meets customers has a login, so that each answer finds its person."),
        week=1,
        step=_("Invite somebody"),
        url_name="invite_person",
        is_used=lambda: User.objects.filter(is_active=True).count() > 1,
    ),
    Room(
        name="customers",
        label=_("Customers"),
        what_for=_("Whom you serve, and who looks after whom."),
        week=1,
        step=_("Import your customers"),
        url_name="import_upload",
        is_used=lambda: Customer.objects.exists(),
    ),
    Room(
        name="moments",
        label=_("Moments"),
        what_for=_("What you do for customers beyond what they expect: ideas for it, and the stories of it."),
        week=1,
        step=_("Log a moment"),
        url_name="moments",
        is_used=lambda: Moment.objects.told().exists(),
        addresses=("/moments/", "/ideas/", "/occasions/", "/notes/"),
        pages=("moments", "ideas", "occasions"),
    ),
    Room(
        name="budget",
        label=_("Delight budget"),
        what_for=_("A small sum a month for everybody, to surprise customers with. Most moments cost nothing."),
        week=1,
        step=_("Set the monthly sums"),
        url_name="budgets",
        is_used=lambda: MonthlySum.objects.exists(),
        addresses=("/budget/",),
        pages=("budget",),
    ),
    Room(
        name="recognition",
        label=_("Recognition"),
        what_for=_("Thanks among colleagues, for all to read or for one alone. No points, never against anybody."),
        week=2,
        step=_("Thank somebody"),
        url_name="recognition_new",
        is_used=lambda: Recognition.objects.told().exists(),
        addresses=("/recognition/",),
        pages=("feed",),
    ),
    Room(
        name="wins",
        label=_("Wins meeting"),
        what_for=_("Ten minutes a week in which each tells a story, and what was in the way gets an owner."),
        week=2,
        step=_("Choose day and hour"),
        url_name="wins",
        is_used=lambda: MeetingPlan.objects.exists(),
        addresses=("/wins/", "/pulse/"),
        pages=("wins",),
    ),
    Room(
        name="visits",
        label=_("Visits"),
        what_for=_("Who is expected today, who is here, and who did not come."),
        week=2,
        step=_("See who is expected"),
        url_name="visits",
        is_used=lambda: Visit.objects.exists(),
        addresses=("/visits/",),
        pages=("visits",),
    ),
    Room(
        name="surveys",
        label=_("Surveys"),
        what_for=_("One short question by mail, answered in ten seconds."),
        week=3,
        step=_("Send a survey"),
        url_name="surveys",
        is_used=lambda: Sending.objects.exists(),
        addresses=("/surveys/", "/sendings/", "/answers/"),
        pages=("surveys", "answers"),
    ),
    Room(
        name="follow_ups",
        label=_("Follow-ups"),
        what_for=_("The conversation after an answer: put it right, or say thank you and ask on."),
        week=4,
        step=_("See who waits for a call"),
        url_name="follow_ups",
        is_used=lambda: FollowUp.objects.closed().exists(),
        addresses=("/follow-ups/",),
        pages=("follow_ups",),
    ),
)
CAN_BE_HIDDEN = {room.name: room for room in ROOMS if room.addresses}


def hidden_rooms(company: Organisation | None) -> list[Room]:
    """Those that the company has switched off."""
    return [CAN_BE_HIDDEN[name] for name in company.hidden_rooms if name in CAN_BE_HIDDEN] if company else []


def shown_rooms(company: Organisation | None) -> list[Room]:
    """Those that are open, in the order of the path."""
    hidden = hidden_rooms(company)
    return [room for room in ROOMS if room not in hidden]


def hidden_pages(company: Organisation | None) -> set[str]:
    """The entries of the navigation that are not shown."""
    return {page for room in hidden_rooms(company) for page in room.pages}


def closed_when_hidden(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Pages of a hidden room answer 404 and say why. Customers' links lie elsewhere and keep working."""

    def middleware(request: HttpRequest) -> HttpResponse:
        company = getattr(request, "organisation", None)
        for room in hidden_rooms(company):
            if request.path_info.startswith(room.addresses):
                context: dict[str, Any] = {"room": room}
                return render(request, "front/room_hidden.html", context, status=404)
        return get_response(request)

    return middleware
