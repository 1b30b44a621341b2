"""Help inside the app, for each reader what concerns them."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from delight.front import (
    help_memory,
    help_moments,
    help_occasions,
    help_recognition,
    help_sponsors,
    help_topics,
    help_wins,
)
from delight.front.help_topics import ALL, MANAGERS, SPONSORS, Topic
from delight.front.setup import sender_domain
from staff.people.access import is_manager
from staff.people.models import User
from staff.people.requests import SignedInRequest

TOPICS = (
    *help_topics.TOPICS,
    *help_moments.TOPICS,
    *help_memory.TOPICS,
    *help_wins.TOPICS,
    *help_sponsors.TOPICS,
    *help_occasions.TOPICS,
    *help_recognition.TOPICS,
)
BY_SLUG = {topic.slug: topic for topic in TOPICS}

# Which topic the "?" of a page leads to, by the beginning of its address; the first that fits. "/" is that page alone.
ASKED_AT = (
    ("/customers/import/", "import"),
    ("/customers/companies/", "companies"),
    ("/customers/duplicates/", "duplicates"),
    ("/visits/brief/", "memory"),
    ("/issues/", "issues"),
    ("/wins/", "wins"),
    ("/pulse/", "pulse"),
    ("/customers/", "customers"),
    ("/follow-ups/", "follow-ups"),
    ("/answers/", "answers"),
    ("/surveys/", "surveys"),
    ("/sendings/", "surveys"),
    ("/budget/people/", "budgets"),
    ("/budget/approvals/", "budgets"),
    ("/budget/gifts/", "budgets"),
    ("/budget/settings/", "budgets"),
    ("/budget/", "budget"),
    ("/people/invit", "codes"),
    ("/people/", "roles"),
    ("/occasions/", "occasions"),
    ("/visits/calendars/", "calendars"),
    ("/visits/", "visits"),
    ("/moments/", "moments"),
    ("/ideas/", "ideas"),
    ("/recognition/", "recognition"),
    ("/notes/", "notes"),
    ("/me/data/", "privacy"),
    ("/me/", "codes"),
    ("/account/sessions/", "codes"),
    ("/account/password/change/", "codes"),
    ("/outbox/", "mail"),
    ("/organisation/rooms/", "rooms"),
    ("/organisation/holidays/", "holidays"),
    ("/organisation/audit/", "audit"),
    ("/organisation/", "settings"),
    ("/path/", "rooms"),
    ("/setup/", "address"),
    ("/", "today"),
)


def topics_for(user: User) -> list[Topic]:
    """What concerns the reader; how to run the server concerns sponsors only."""
    readers = {ALL} | ({MANAGERS} if is_manager(user) else set()) | ({SPONSORS} if user.is_sponsor else set())
    return [topic for topic in TOPICS if topic.readers in readers]


def asked_at(request: HttpRequest) -> str:
    """The address of the help for this page; empty where there is none."""
    here = request.path
    slug = next((slug for start, slug in ASKED_AT if here == start or (start != "/" and here.startswith(start))), "")
    topic = BY_SLUG.get(slug)
    return reverse("help_topic", args=[slug]) if topic in topics_for(request.user) else ""  # type: ignore[arg-type]


@require_safe
def help_page(request: SignedInRequest) -> HttpResponse:
    topics = topics_for(request.user)
    groups: list[dict[str, Any]] = [
        {"label": label, "topics": [topic for topic in topics if topic.readers == readers]}
        for label, readers in ((_("For everybody"), ALL), (_("For managers"), MANAGERS), (_("For sponsors"), SPONSORS))
    ]
    return render(request, "front/help.html", {"groups": [group for group in groups if group["topics"]]})


@require_safe
def help_topic(request: SignedInRequest, slug: str) -> HttpResponse:
    topic = BY_SLUG.get(slug)
    if topic is None or topic not in topics_for(request.user):
        raise Http404
    known = {"domain": sender_domain(), "url": settings.BASE_URL}
    code = [line % known for line in topic.code]
    return render(request, "front/help_topic.html", {"topic": topic, "code": code})
