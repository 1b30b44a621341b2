"""What pages show of a customer's memory."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from delight.customers.memory.access import facts_visible_to, may_change, questions_of, removed_lately, serves
from delight.customers.memory.forms import FactForm, QuestionForm
from delight.customers.memory.services import wrote_on
from delight.customers.models import Customer, Fact, FactConfirmation, NextTime
from staff.people.models import User

AT_ONCE, ANSWERED = 5, 5


@dataclass(frozen=True)
class Line:
    """A fact, and what the reader may do with it. `may_confirm`: it would count."""

    fact: Fact
    may_change: bool
    may_confirm: bool
    may_pin: bool


def memory_of(user: User, customer: Customer, **forms: Any) -> dict[str, Any]:
    """For `customers/_memory.html`: what stands on top (pinned, sensitive, not to be said), the other facts, questions
    to ask and the latest answers.

    `folded`: at a shared device nothing of it is on the screen until somebody taps. A form that was not valid may be
    handed in as `form` or `question_form`.
    """
    serving = serves(user, customer)
    lines = _lines(user, customer, serving)
    rest = [line for line in lines if not line.fact.stands_on_top]
    answered = questions_of(customer).exclude(asked_at=None).order_by("-asked_at", "-id")[:ANSWERED]
    return {
        "serves": serving,
        "folded": user.at_desk,
        "on_top": [line for line in lines if line.fact.stands_on_top],
        "facts": rest[:AT_ONCE],
        "more": rest[AT_ONCE:],
        "questions": open_questions(customer),
        "answered": list(answered),
        "removed": list(removed_lately(user, customer)),
        "form": forms.get("form") or FactForm(serving=serving),
        "question_form": forms.get("question_form") or QuestionForm(),
        "keeps": f"memory-{customer.pk}-{user.pk}",
    }


def open_questions(customer: Customer) -> list[NextTime]:
    """What to ask the customer, the oldest first."""
    return list(questions_of(customer).filter(asked_at=None))


def _lines(user: User, customer: Customer, serving: bool) -> list[Line]:
    day, facts = timezone.localdate(), list(facts_visible_to(user, customer).with_names())
    said = FactConfirmation.objects.filter(fact__customer=customer, by=user, on=day)
    confirmed = set(said.values_list("fact_id", flat=True))
    return [
        Line(
            fact,
            may_change=may_change(user, fact, serving),
            may_confirm=fact.pk not in confirmed and fact.visit_id is None and not wrote_on(fact, user, day),
            may_pin=serving,
        )
        for fact in facts
    ]


def with_questions(visits: QuerySet) -> QuerySet:
    """Visits with what their customers are to be asked: one more question to the database, for all of them."""
    waiting = NextTime.objects.filter(asked_at=None).order_by("at", "id")
    return visits.prefetch_related(Prefetch("customer__to_ask", queryset=waiting, to_attr="open_questions"))
