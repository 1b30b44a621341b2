"""One company, as all rooms know it: its people, what they said, what was promised to them."""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from delight.customers.access import can_change_account, get_account_for
from delight.customers.models import Account, Customer, Visit
from delight.front.home import described
from delight.lib.statistics import band
from delight.organisation.models import Organisation
from staff.budget.gifts import given_this_year
from staff.people.models import User
from staff.people.requests import SignedInRequest
from surveys.answering.access import responses_visible_to
from surveys.answering.models import Response
from surveys.answering.services import COUNTING
from surveys.followups.access import follow_ups_visible_to
from surveys.sending.models import Invitation

YEAR = timedelta(days=365)
PER_PAGE = 50
MOST = 10


@require_safe
def account(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_account_for(request.user, pk)
    return render(request, "front/account.html", account_page(request.user, found, request.GET.get("page")))


def account_page(user: User, found: Account, page: str | None) -> dict[str, Any]:
    """The company's facts for all who may open it; answers and conversations by their rooms' rules."""
    contacts = found.contacts.filter(erased_at__isnull=True, merged_into__isnull=True)
    shown = Paginator(contacts.select_related("owner"), PER_PAGE).get_page(page)
    follow_ups = follow_ups_visible_to(user).filter(customer__in=contacts.values("pk")).with_words()
    return {
        "account": found,
        "given": given_this_year(Organisation.get(), account=found),
        "may_change": can_change_account(user, found),
        "days_to_renewal": _days_until(found.renews_on),
        "page_obj": shown,
        "contacts": _with_answers(user, list(shown)),
        "counts": _counts(contacts),
        "lowest": _lowest(user, contacts),
        "last_talk": follow_ups.closed().exclude(outcome__result="withdrawn").order_by("-closed_at", "-id").first(),
        "promises": follow_ups.open().order_by("due_at", "id")[:MOST],
        "visits": _visits(contacts),
    }


def _days_until(day: date | None) -> int | None:
    return (day - timezone.localdate()).days if day else None


def _counting(contacts: QuerySet[Customer] | list[Customer]) -> QuerySet[Response]:
    since = timezone.now() - YEAR
    return Response.objects.filter(
        customer__in=contacts, is_active=True, verdict__in=COUNTING, submitted_at__gte=since
    )  # fmt: skip


def _asked(contacts: QuerySet[Customer] | list[Customer]) -> QuerySet[Invitation]:
    return Invitation.objects.filter(customer__in=contacts, sent_at__gte=timezone.now() - YEAR)


def _counts(contacts: QuerySet[Customer]) -> dict[str, int]:
    """How many people there are, how many of them answered within the year, and how many were asked and did not."""
    answered = _counting(contacts.values("pk")).values("customer")  # type: ignore[arg-type]
    asked = _asked(contacts.values("pk")).values("customer")  # type: ignore[arg-type]
    return contacts.aggregate(
        people=Count("pk"),
        answered=Count("pk", filter=Q(pk__in=answered)),
        silent=Count("pk", filter=Q(pk__in=asked) & ~Q(pk__in=answered)),
    )


def _with_answers(user: User, contacts: list[Customer]) -> list[dict[str, Any]]:
    """Each contact with the last answer of the year: everybody sees that there is one, some its score."""
    answers: dict[int, Response] = {}
    for response in _counting(contacts).order_by("submitted_at", "id"):
        answers[response.customer_id or 0] = response
    read = responses_visible_to(user).filter(pk__in=[one.pk for one in answers.values()])
    readable = set(read.values_list("pk", flat=True))
    asked = dict(_asked(contacts).values_list("customer").annotate(last=Max("sent_at")))
    return [_line(contact, answers.get(contact.pk), readable, asked) for contact in contacts]


def _line(contact: Customer, answer: Response | None, readable: set[int], asked: dict[int, datetime]) -> dict[str, Any]:
    return {
        "customer": contact,
        "answered_at": answer.submitted_at if answer else None,
        "answer": _score(answer) if answer and answer.pk in readable else None,
        "silent_since": asked.get(contact.pk) if answer is None else None,
    }


def _score(response: Response) -> dict[str, Any]:
    return {"pk": response.pk, "score": response.score, "band": band(response.score)}


def _lowest(user: User, contacts: QuerySet[Customer]) -> dict[str, Any] | None:
    """The lowest score of the year that this person may read, the latest of several."""
    readable = responses_visible_to(user).filter(pk__in=_counting(contacts.values("pk")).values("pk"))  # type: ignore[arg-type]
    found = readable.select_related("customer__account").prefetch_related("answers")
    lowest = found.order_by("score", "-submitted_at", "-id").first()
    return described(lowest) if lowest else None


def _visits(contacts: QuerySet[Customer]) -> dict[str, Any]:
    theirs = Visit.objects.filter(customer__in=contacts.values("pk"))
    return {
        "times": theirs.past().filter(starts_at__gte=timezone.now() - YEAR).count(),
        "last": theirs.past().with_names().first(),
        "next": theirs.coming().with_names().first(),
    }
