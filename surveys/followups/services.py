"""Verbs on follow-ups: opening them after an answer, handing them on, closing them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from delight.customers.models import Customer
from delight.lib.statistics import band
from delight.organisation.models import AuditEntry
from delight.organisation.worktime import end_of_working_day
from staff.people.access import managers_of
from staff.people.models import Team, User
from surveys.answering.models import Response
from surveys.answering.services import COUNTING
from surveys.followups import care, reminders
from surveys.followups.models import FollowUp, Outcome

UNHAPPY, HAPPY = FollowUp.Asked.UNHAPPY, FollowUp.Asked.HAPPY
DUE_AFTER_WORKING_DAYS = {UNHAPPY: 1, HAPPY: 5}


@dataclass(frozen=True)
class Count:
    """When a follow-up is due, and what that was counted from."""

    due_at: datetime
    counted_from: datetime
    counted_days: int

    @classmethod
    def from_now(cls, asked: FollowUp.Asked) -> "Count":
        now, days = timezone.now(), DUE_AFTER_WORKING_DAYS[asked]
        return cls(due_at=end_of_working_day(now, days), counted_from=now, counted_days=days)


class AlreadyClosed(Exception):
    """Somebody else was quicker; `outcome` is what they wrote."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__("already closed")
        self.outcome = outcome


# --- Opening ----------------------------------------------------------------------------------------------------


def after_response(response: Response) -> None:
    """Called in its transaction when a response begins or stops to count, or a counted one is edited."""
    if not response.counts:
        withdraw_follow_up(response=response)
        return
    customer = response.customer
    if customer is None or customer.erased_at is not None:
        return
    asked = what_it_asks_for(response.score, customer)
    if asked is not None:
        open_follow_up(response=response, asked=asked)


def what_it_asks_for(score: int, customer: Customer) -> FollowUp.Asked | None:
    """What an answer of this score asks of us; None when the thank-you page is enough."""
    kind = band(score)
    if kind == "low":
        return UNHAPPY
    return HAPPY if kind == "high" and customer.account_id else None


@transaction.atomic
def open_follow_up(*, response: Response, asked: FollowUp.Asked) -> FollowUp | None:
    """Open one for the customer of this response, or make the open one more urgent.

    None when the same answer has been talked about already: an edited comment is no reason to call again.
    """
    customer = response.customer
    if customer is None:
        raise ValueError("there is nobody to talk to behind this response")
    count = Count.from_now(asked)
    for _attempt in range(5):
        there = FollowUp.objects.open().filter(customer=customer).select_for_update(of=("self",)).first()
        if there is not None:
            return _make_more_urgent(there, response, asked, count)
        if _talked_about(response, asked):
            return None
        try:
            with transaction.atomic():
                return _open(customer, response, asked, count)
        except IntegrityError:  # another answer of this customer opened one a moment ago
            continue
    raise RuntimeError("a follow-up could neither be opened nor found")


def _open(customer: Customer, response: Response, asked: FollowUp.Asked, count: Count) -> FollowUp:
    team = response.team or customer.team
    follow_up = FollowUp.objects.create(
        customer=customer, response=response, asked=asked, owner=owner_for(response), team=team, **vars(count)
    )
    reminders.plan(follow_up)
    care.begin(follow_up)
    AuditEntry.record(by=None, verb="open_follow_up", obj=follow_up)
    return follow_up


def _talked_about(response: Response, asked: FollowUp.Asked) -> bool:
    closed = FollowUp.objects.closed().filter(response=response, asked=asked)
    return closed.exclude(outcome__result=Outcome.Result.WITHDRAWN).exists()


def owner_for(response: Response) -> User | None:
    """The customer's owner, else the account's, else the manager of the team that served, else a sponsor."""
    customer = response.customer
    if customer is None:
        return None
    candidates = [customer.owner, customer.account.owner if customer.account else None]
    for person in candidates:
        if person is not None and person.is_active:
            return person
    return _manager_or_sponsor(response.team or customer.team)


def _manager_or_sponsor(team: Team | None) -> User | None:
    manager = managers_of(team).first() if team else None
    return manager or User.objects.filter(is_sponsor=True, is_active=True).order_by("joined_at", "id").first()


def _make_more_urgent(follow_up: FollowUp, response: Response, asked: FollowUp.Asked, count: Count) -> FollowUp:
    """A worse answer pulls the open follow-up forward; a better one changes nothing, a person decides."""
    if not _is_worse(follow_up, response, asked):
        return follow_up
    follow_up.response, follow_up.asked = response, asked
    follow_up.save(update_fields=["response", "asked"])
    care.begin(follow_up)
    if count.due_at < follow_up.due_at:
        for name, value in vars(count).items():
            setattr(follow_up, name, value)
        follow_up.save(update_fields=list(vars(count)))
        reminders.move([follow_up])
    reminders.tell_owner(follow_up)
    AuditEntry.record(by=None, verb="hasten_follow_up", obj=follow_up, fields=["response", "asked", "due_at"])
    return follow_up


def _is_worse(follow_up: FollowUp, response: Response, asked: FollowUp.Asked) -> bool:
    if asked != follow_up.asked:
        return asked == UNHAPPY
    before = follow_up.response
    return before is not None and before.pk != response.pk and response.score < before.score


@transaction.atomic
def withdraw_follow_up(*, response: Response) -> None:
    """End the open follow-up about an answer that no longer counts; nobody should call about a machine's answer.

    Should a manager find that it was a person after all, a new one is opened.
    """
    found = FollowUp.objects.open().filter(response=response).first()
    now = timezone.now()
    if found is None or not FollowUp.objects.open().filter(pk=found.pk).update(closed_at=now):
        return
    Outcome.objects.create(follow_up=found, by=None, at=now, result=Outcome.Result.WITHDRAWN)
    AuditEntry.record(by=None, verb="withdraw_follow_up", obj=found)
    for other in _pushed_aside(found):
        after_response(other)


@transaction.atomic
def withdraw_follow_ups_of(customer: Customer, *, by: User | None) -> None:
    """End what is open with a customer who is being erased, and open nothing else for them."""
    now = timezone.now()
    for found in FollowUp.objects.open().filter(customer=customer.pk).select_for_update(of=("self",)).order_by("pk"):
        FollowUp.objects.filter(pk=found.pk).update(closed_at=now)
        Outcome.objects.create(follow_up=found, by=None, at=now, result=Outcome.Result.WITHDRAWN)
        AuditEntry.record(by=by, verb="withdraw_follow_up", obj=found)


def _pushed_aside(withdrawn: FollowUp) -> list[Response]:
    """Answers of persons that came in while this conversation was open: a machine's answer that took their place has
    gone, so they ask for a conversation again.
    """
    since = withdrawn.opened_at - timedelta(minutes=5)  # an answer is a moment older than what it opens
    others = Response.objects.filter(customer=withdrawn.customer_id, is_active=True, verdict__in=COUNTING)
    return list(others.filter(submitted_at__gte=since).exclude(pk=withdrawn.response_id or 0).order_by("submitted_at"))


@transaction.atomic
def join_follow_ups(*, by: User, keep: Customer, away: Customer) -> None:
    """Two customers are one. Of two open conversations the older goes on, as urgent as the more urgent of them; the
    other is withdrawn.
    """
    both = FollowUp.objects.open().filter(customer__in=[keep, away]).select_for_update(of=("self",))
    older, *others = [*both.order_by("opened_at", "pk")] or [None]  # type: ignore[list-item]
    for other in others:
        FollowUp.objects.filter(pk=other.pk).update(closed_at=timezone.now())
        happened = _("Two entries of this customer have become one; the conversation that was opened first goes on.")
        Outcome.objects.create(follow_up=other, by=by, result=Outcome.Result.WITHDRAWN, happened=happened)
        AuditEntry.record(by=by, verb="withdraw_follow_up", obj=other)
    FollowUp.objects.filter(customer=away).update(customer=keep)
    for other in others:
        if other.response is not None:
            count = Count(other.due_at, other.counted_from, other.counted_days)
            older.customer = keep
            _make_more_urgent(older, other.response, FollowUp.Asked(other.asked), count)


# --- Handing on and closing -------------------------------------------------------------------------------------


@transaction.atomic
def assign_follow_up(*, by: User, follow_up: FollowUp, owner: User) -> FollowUp:
    """Hand it to somebody else and tell them. Raises AlreadyClosed."""
    locked = FollowUp.objects.select_for_update(of=("self",)).get(pk=follow_up.pk)
    if not locked.is_open:
        raise AlreadyClosed(locked.outcome)
    if locked.owner_id == owner.pk:
        return locked
    locked.owner = owner
    locked.save(update_fields=["owner"])
    reminders.tell_owner(locked)
    AuditEntry.record(by=by, verb="assign_follow_up", obj=locked, fields=["owner"])
    return locked


@transaction.atomic
def hand_over(*, by: User | None, person: User, to: User) -> int:
    """All open conversations of somebody who leaves go to a colleague, who is told of each; returns how many."""
    theirs = list(FollowUp.objects.open().filter(owner=person).select_for_update(of=("self",)).order_by("pk"))
    for follow_up in theirs:
        follow_up.owner = to
        follow_up.save(update_fields=["owner"])
        reminders.tell_owner(follow_up)
        AuditEntry.record(by=by, verb="assign_follow_up", obj=follow_up, fields=["owner"])
    return len(theirs)


@transaction.atomic
def close_follow_up(
    *, by: User, follow_up: FollowUp, result: str, happened: str, what_else: str = "", who_else: str = ""
) -> Outcome:
    """Write down what came of it; reminders end by themselves when they fall due.

    The same words again from the same person give the outcome that is there (a form posted twice). Raises
    AlreadyClosed when somebody else closed it first.
    """
    words = {"result": result, "happened": happened, "what_else": what_else, "who_else": who_else}
    now = timezone.now()
    if FollowUp.objects.open().filter(pk=follow_up.pk).update(closed_at=now):
        outcome = Outcome.objects.create(follow_up=follow_up, by=by, at=now, **words)
        care.go_on(outcome)
        AuditEntry.record(by=by, verb="close_follow_up", obj=follow_up)
        return outcome
    outcome = Outcome.objects.select_related("by").get(follow_up=follow_up)
    if outcome.by_id == by.pk and all(getattr(outcome, name) == said for name, said in words.items()):
        return outcome
    raise AlreadyClosed(outcome)
