"""What the home page shows to whom."""

from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from delight.customers.visits.expected import expected_today
from delight.front.path import this_week
from delight.front.rooms import hidden_rooms
from delight.lib.statistics import band
from delight.organisation.models import Organisation
from delight.programme.showing import issue_news_for
from delight.results.queries import answers_to_check, compared_score, latest_answers
from staff.budget.models import today
from staff.budget.news import news_for
from staff.moments.access import moments_visible_to
from staff.moments.asking import asked_of
from staff.moments.occasion_hints import occasions_for
from staff.moments.trials import trial_notice
from staff.people.access import is_manager
from staff.people.models import User
from staff.recognition.news import news_for as recognition_news_for
from staff.recognition.reading import latest_for
from staff.wins.news import actions_of, minutes_news, next_meeting_for
from staff.wins.pulse import pulse_card
from surveys.answering.models import Response
from surveys.followups.access import follow_ups_visible_to
from surveys.followups.models import FollowUp

MOST = 10
MOST_OVERDUE = 5
MOST_HINTS = 3
MOST_STORIES = 3


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


def home_for(user: User, company: Organisation | None) -> dict[str, Any]:
    """Everything that the page needs: own follow-ups for all, figures for managers, what is next for sponsors."""
    mine = FollowUp.objects.open().filter(owner=user).with_words()
    manages = is_manager(user)
    hidden = {room.name for room in hidden_rooms(company)}
    return {
        "greeting": greeting(user),
        "news": [] if "budget" in hidden else news_for(user),
        "issues": issue_news_for(user),
        **_thanks(user, hidden),
        **_wins(user, hidden),
        **(_without_moments() if "moments" in hidden or company is None else _with_moments(user, company)),
        "shows_follow_ups": "follow_ups" not in hidden,
        "shows_surveys": "surveys" not in hidden,
        "mine": [] if "follow_ups" in hidden else mine.order_by("due_at", "id")[:MOST],
        "expected": None if "visits" in hidden else expected_today(user),
        "manages": manages,
        "begin": _begin(user, company),
        "this_week": this_week(company) if manages else None,
        "answers": [] if "surveys" in hidden else [described(response) for response in latest_answers(user)],
        **(_for_managers(user) if manages else {}),
    }


def _with_moments(user: User, company: Organisation) -> dict[str, Any]:
    """What may be done for customers today, what the reader still owes a moment, and the latest stories."""
    return {
        "shows_moments": True,
        "hints": occasions_for(user, MOST_HINTS),
        "asked": asked_of(user),
        "notices": trial_notice(today(company)),
        "stories": list(moments_visible_to(user).told().with_names()[:MOST_STORIES]),
    }


def _without_moments() -> dict[str, Any]:
    return {"shows_moments": False, "hints": [], "asked": None, "notices": [], "stories": []}


def _thanks(user: User, hidden: set[str]) -> dict[str, Any]:
    if "recognition" in hidden:
        return {"thanks_news": [], "thanks": []}
    return {"thanks_news": recognition_news_for(user), "thanks": latest_for(user, MOST_STORIES)}


def _wins(user: User, hidden: set[str]) -> dict[str, Any]:
    """The next meeting, what one will do, what was said in the last one, and the month's two questions."""
    if "wins" in hidden:
        return {"next_meeting": None, "my_actions": [], "minutes": [], "pulse": None}
    return {
        "next_meeting": next_meeting_for(user),
        "my_actions": actions_of(user),
        "minutes": list(minutes_news(user)),
        "pulse": pulse_card(user),
    }


def _begin(user: User, company: Organisation | None) -> str:
    """What a sponsor is led to first: out of the demo ("demo"), or through set-up ("setup")."""
    if not user.is_sponsor or company is None:
        return ""
    if company.is_demo:
        return "demo"
    return "" if company.set_up_at else "setup"


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
