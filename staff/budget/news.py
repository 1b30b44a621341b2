"""What the page "Today" says about budgets: for those without an e-mail address it is the only place."""

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from delight.organisation.models import Organisation
from staff.budget import hooks
from staff.budget.access import waiting_for
from staff.budget.ledger import differences
from staff.budget.models import Spend, Suspension, SuspensionWord, today
from staff.budget.services import in_words, suspension_of
from staff.budget.sums import first_of, this_month
from staff.people.access import is_manager
from staff.people.models import User

FOR = timedelta(days=7)
MOST = 5


@dataclass(frozen=True)
class News:
    """A line with the page behind it; `kind` is "alarm", "closed", "decided", "waiting" or "reply"."""

    kind: str
    text: str
    url: str


def news_for(user: User) -> list[News]:
    """The reader's own closing and decided wishes of the week; for managers what waits, and replies to them."""
    company = Organisation.objects.first()
    if company is None:
        return []
    found = [*_closed(user, company), *_decided(user, company)]
    if is_manager(user):
        found = [*_alarm(user, company), *found, *_waiting(user), *_replies(user, company)]
    return found


def _closed(user: User, company: Organisation) -> list[News]:
    closed = suspension_of(user, company)
    if closed is None:
        return []
    day = date_format(closed.review_on, "DATE_FORMAT")
    return [News("closed", _("Your delight budget is closed until %(day)s") % {"day": day}, reverse("budget"))]


def _decided(user: User, company: Organisation) -> list[News]:
    words = {
        Spend.State.SPENT: _("Approved: %(sum)s"),
        Spend.State.DECLINED: _("Declined: %(sum)s"),
        Spend.State.LAPSED: _("Not decided in time, free again: %(sum)s"),
    }
    since = timezone.now() - FOR
    own = Spend.objects.filter(period__user=user, state__in=words)
    recent = own.filter(decided_at__gte=since) | own.filter(state=Spend.State.LAPSED, lapses_at__gte=since)
    found = []
    for spend, told in hooks.with_what_for(recent.order_by("-made_at", "-pk")[:MOST], "pk"):
        less = spend.state == Spend.State.SPENT and spend.amount != spend.asked
        text = f"{_('Approved, with a smaller sum')}: %(sum)s" if less else words[Spend.State(spend.state)]
        url = told[1] if told else reverse("budget")  # the moment says what it was for, and why it was declined
        found.append(News("decided", text % {"sum": in_words(spend.amount, company)}, url))
    return found


def _waiting(user: User) -> list[News]:
    count = waiting_for(user)
    if not count:
        return []
    text = ngettext("%(count)s sum waits for your approval", "%(count)s sums wait for your approval", count)
    return [News("waiting", text % {"count": count}, reverse("approvals"))]


def _replies(user: User, company: Organisation) -> list[News]:
    """What people say about a closing of the reader's, while it holds."""
    mine = Suspension.objects.in_force(today(company)).filter(by=user)
    words = SuspensionWord.objects.filter(suspension__in=mine, kind="reply", at__gte=timezone.now() - FOR)
    return [
        News(
            "reply",
            _("A reply about the closed budget: %(name)s") % {"name": word.by.name},
            reverse("person_budget", args=[word.by.pk]),
        )
        for word in words.select_related("by").order_by("-at")[:MOST]
    ]


def _alarm(user: User, company: Organisation) -> list[News]:
    """For sponsors; of this month and the last one, since the page is opened all day."""
    if not user.is_sponsor:
        return []
    since = first_of(this_month(company) - timedelta(days=1))
    if not differences().filter(month__gte=since).exists():
        return []
    return [News("alarm", _("The delight budget and its ledger differ"), reverse("budget_settings"))]
