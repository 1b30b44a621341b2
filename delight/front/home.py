"""What the home page shows to whom."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from delight.customers.models import Customer
from delight.lib.statistics import band
from delight.results.queries import answers_to_check, compared_score, latest_answers
from staff.people.access import is_manager
from staff.people.models import User
from surveys.answering.models import Response
from surveys.design.models import Survey
from surveys.followups.access import follow_ups_visible_to
from surveys.followups.models import FollowUp
from surveys.sending.models import Sending

MOST = 10
MOST_OVERDUE = 5


@dataclass(frozen=True)
class Step:
    """One of the first three things to do, for `_steps.html`."""

    label: str
    state: str
    url: str


def greeting(user: User) -> str:
    """A word by the hour of the reader's clock."""
    hour = timezone.localtime().hour
    if 4 <= hour < 12:
        words = _("Good morning, %(name)s")
    elif 12 <= hour < 18:
        words = _("Good day, %(name)s")
    else:
        words = _("Good evening, %(name)s")
    return words % {"name": (user.name.split() or [""])[0]}


def home_for(user: User) -> dict[str, Any]:
    """Everything that the page needs: own follow-ups for all, figures for managers, first steps for sponsors."""
    mine = FollowUp.objects.open().filter(owner=user).with_words()
    manages = is_manager(user)
    return {
        "greeting": greeting(user),
        "mine": mine.order_by("due_at", "id")[:MOST],
        "manages": manages,
        "steps": first_steps() if user.is_sponsor else [],
        "answers": [described(response) for response in latest_answers(user)],
        **(_for_managers(user) if manages else {}),
    }


def _for_managers(user: User) -> dict[str, Any]:
    visible = follow_ups_visible_to(user)
    others = visible.overdue().exclude(owner=user).with_words().order_by("due_at", "id")
    counts = visible.open().aggregate(
        waiting=Count("pk"),
        overdue=Count("pk", filter=Q(due_at__lt=timezone.now())),
        nobody=Count("pk", filter=Q(owner=None)),
    )
    return {
        "comparison": compared_score(user),
        "overdue": others[:MOST_OVERDUE],
        "counts": counts,
        "to_check": answers_to_check(user),
    }


def described(response: Response) -> dict[str, Any]:
    """One answer as a line of a list shows it."""
    return {
        "response": response,
        "band": band(response.score),
        "said": "\n".join(answer.text for answer in response.answers.all() if answer.text),
    }


def first_steps() -> list[Step]:
    """Import, survey, send: empty once all three are done."""
    survey = Survey.objects.first()
    done = [Customer.objects.exists(), survey is not None, Sending.objects.exists()]
    if all(done):
        return []
    links = [
        (_("Import your customers"), reverse("import_upload")),
        (_("Make a survey"), reverse("survey_new")),
        (_("Send it"), reverse("sending_new", args=[survey.pk]) if survey else reverse("surveys")),
    ]
    first = done.index(False)
    return [
        Step(label, "done" if done[place] else "current" if place == first else "next", url)
        for place, (label, url) in enumerate(links)
    ]
