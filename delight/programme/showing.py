"""What other pages show of issues: Today, a customer's page, the search."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from delight.customers.models import Customer
from delight.programme.access import issues_visible_to
from delight.programme.models import Issue
from staff.people.models import User

FOR = timedelta(days=14)
MOST = 5


def issue_news_for(user: User) -> dict[str, Any]:
    """For `programme/_news.html`: what became of the issues one has raised, or where they stand, for two weeks, and
    what waits for one's answer, the oldest day first.
    """
    mine = Issue.objects.with_names().select_related("answered_by")
    since = timezone.now() - FOR
    answered = mine.filter(raised_by=user, answered_at__gte=since).exclude(answered_by=user).exclude(text="")
    return {
        "answered": list(answered.order_by("-answered_at", "-id")[:MOST]),
        "waiting": list(mine.open().filter(owner=user).order_by("due_on", "id")[:MOST]),
        "today": timezone.localdate(),
    }


def issues_of(user: User, customer: Customer) -> list[Issue]:
    """For `programme/_of_customer.html`: the issues that touch a customer, as far as the reader may see them."""
    return list(issues_visible_to(user).filter(customers=customer).with_names()[:MOST])


def search_issues(user: User, words: str) -> list[Issue]:
    """Those that hold every word, the newest first."""
    found = issues_visible_to(user).with_names()
    for word in words.split()[:6]:
        found = found.filter(Q(text__icontains=word) | Q(done__icontains=word))
    return list(found[:MOST])
