"""One box over everything that the reader may see. Each group is one question to its room, by that room's own rule."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from delight.customers.access import accounts_visible_to, customers_visible_to, search_for
from delight.customers.models import Customer, Visit
from delight.customers.visit_models import today
from delight.customers.visits.access import visits_visible_to
from delight.front.help import topics_for
from delight.front.rooms import hidden_rooms
from delight.lib.sortkey import fold
from delight.programme.showing import search_issues
from staff.moments.access import moments_visible_to
from staff.moments.models import Idea
from staff.people.access import is_manager, people_visible_to, teams_visible_to
from staff.people.models import User
from staff.people.requests import SignedInRequest
from surveys.answering.access import responses_visible_to
from surveys.answering.models import Answer
from surveys.design.models import Survey
from surveys.followups.access import follow_ups_visible_to
from surveys.followups.models import FollowUp

SHORTEST, MOST = 2, 5


class SearchForm(forms.Form):
    """What the box in the header sends."""

    q = forms.CharField(
        label=_("Search"), max_length=100, required=False, widget=forms.TextInput(attrs={"type": "search"})
    )

    @property
    def words(self) -> str:
        """What is looked for; empty when it is too short to tell anything apart."""
        words = " ".join(self.cleaned_data["q"].split()) if self.is_valid() else ""
        return words if len(words) >= SHORTEST else ""


@dataclass(frozen=True)
class Hit:
    """One line: what it is called, what tells it from its namesakes, and where it leads."""

    title: str
    url: str
    note: str = ""
    said: bool = False


Finder = Callable[[User, str], list[Hit]]


@dataclass(frozen=True)
class Group:
    """What is found of one kind. `room` is the one that may be hidden; `more` is the list to go on in."""

    label: str | Promise
    find: Finder
    room: str = ""
    more: str = ""
    query: str = ""


def _customers(user: User, words: str) -> list[Hit]:
    matching = search_for(user, customers_visible_to(user), words)
    found = list(matching.select_related("account")[: MOST + 1])
    here = visits_visible_to(user).between(*today()).known_as(words).filter(customer__in=found).select_related("team")
    places = {visit.customer_id: _place(visit) for visit in here.order_by("-starts_at", "-id")}
    found.sort(key=lambda each: each.pk not in places)
    return [
        Hit(each.name, reverse("customer", args=[each.pk]), places.get(each.pk) or _company(each)) for each in found
    ]


def _place(visit: Visit) -> str:
    time = date_format(timezone.localtime(visit.starts_at), "TIME_FORMAT")
    return f"{visit.reference} · {time} · {visit.team.name}"


def _company(customer: Customer) -> str:
    return customer.account.name if customer.account else ""


def _people(user: User, words: str) -> list[Hit]:
    found = people_visible_to(user).filter(is_active=True, sort_key__contains=fold(words))
    return [Hit(each.name, reverse("person", args=[each.pk])) for each in found[: MOST + 1]]


def _teams(user: User, words: str) -> list[Hit]:
    found = teams_visible_to(user).filter(sort_key__contains=fold(words))
    return [Hit(each.name, reverse("team", args=[each.pk])) for each in found[: MOST + 1]]


def _accounts(user: User, words: str) -> list[Hit]:
    found = accounts_visible_to(user).filter(sort_key__contains=fold(words))
    return [Hit(each.name, reverse("account", args=[each.pk])) for each in found[: MOST + 1]]


def _answers(user: User, words: str) -> list[Hit]:
    said = Answer.objects.filter(response=OuterRef("pk"), text__icontains=words)
    found = responses_visible_to(user).filter(Exists(said)).select_related("customer").prefetch_related("answers")
    return [
        Hit(
            title=next((answer.text for answer in each.answers.all() if answer.text), ""),
            url=reverse("answer", args=[each.pk]),
            note=each.customer.name if each.customer else "",
            said=True,
        )
        for each in found.order_by("-submitted_at", "-id")[: MOST + 1]
    ]


def _surveys(user: User, words: str) -> list[Hit]:
    if not is_manager(user):
        return []
    found = Survey.objects.filter(name__icontains=words)
    return [Hit(each.name, reverse("survey", args=[each.pk])) for each in found[: MOST + 1]]


def _follow_ups(user: User, words: str) -> list[Hit]:
    found = follow_ups_visible_to(user).filter(customer__search_text__contains=fold(words))
    found = found.select_related("customer").order_by("-opened_at", "-id")
    return [
        Hit(each.customer.name, reverse("follow_up", args=[each.pk]), f"{each.get_asked_display()} · {_day(each)}")
        for each in found[: MOST + 1]
    ]


def _day(follow_up: FollowUp) -> str:
    return date_format(timezone.localtime(follow_up.opened_at), "SHORT_DATE_FORMAT")


def _moments(user: User, words: str) -> list[Hit]:
    said = Q(what__icontains=words) | Q(customer__search_text__contains=fold(words)) | Q(idea__text__icontains=words)
    found = moments_visible_to(user).told().filter(said).with_names()
    return [
        Hit(
            title=each.what or (each.idea.words if each.idea else ""),
            url=reverse("moment", args=[each.pk]),
            note=" · ".join(str(who) for who in (each.user, each.customer) if who),
            said=True,
        )
        for each in found[: MOST + 1]
    ]


def _ideas(user: User, words: str) -> list[Hit]:
    found = Idea.objects.in_use().filter(text__icontains=words)
    return [Hit(each.words, reverse("idea", args=[each.pk]), each.get_kind_display()) for each in found[: MOST + 1]]


def _issues(user: User, words: str) -> list[Hit]:
    return [
        Hit(each.text, reverse("issue", args=[each.pk]), each.get_state_display(), said=True)
        for each in search_issues(user, words)
    ]


def _help(user: User, words: str) -> list[Hit]:
    wanted = words.casefold()
    return [
        Hit(str(topic.title), reverse("help_topic", args=[topic.slug]))
        for topic in topics_for(user)
        if wanted in topic.text.casefold()
    ]


GROUPS = (
    Group(_("Customers"), _customers, more="customers", query="words"),
    Group(_("Follow-ups"), _follow_ups, "follow_ups", "follow_ups"),
    Group(_("Answers"), _answers, "surveys", "answers"),
    Group(_("Moments"), _moments, "moments", "moments", "words"),
    Group(_("Ideas"), _ideas, "moments", "ideas", "words"),
    Group(_("Issues"), _issues, more="issues"),
    Group(_("Companies"), _accounts),
    Group(_("People"), _people, more="team_list"),
    Group(_("Teams"), _teams, more="team_list"),
    Group(_("Surveys"), _surveys, "surveys", "surveys"),
    Group(_("Help"), _help, more="help"),
)


def search(user: User, words: str, hidden: set[str]) -> list[dict[str, Any]]:
    """The groups in which something was found, at most five lines each."""
    found = [(group, group.find(user, words)) for group in GROUPS if group.room not in hidden]
    return [
        {"label": group.label, "hits": hits[:MOST], "more": _more(group, words) if len(hits) > MOST else ""}
        for group, hits in found
        if hits
    ]


def _more(group: Group, words: str) -> str:
    query = f"?{urlencode({group.query: words})}" if group.query else ""
    return reverse(group.more) + query if group.more else ""


@require_safe
def search_page(request: SignedInRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    words = form.words
    hidden = {room.name for room in hidden_rooms(getattr(request, "organisation", None))}
    found = search(request.user, words, hidden) if words else []
    typed = form.cleaned_data["q"] if form.is_valid() else ""
    context = {"form": form, "words": words, "typed": typed, "groups": found}
    return render(request, "front/search.html", context)
