"""Verbs on issues: raised by anybody in seconds, looked after by one person, ended by a sentence."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone

from delight.customers.models import Customer
from delight.customers.services import CARE_DAYS, take_care_of
from delight.organisation.models import AuditEntry, Organisation
from delight.outbox.services import enqueue
from delight.programme.models import Issue
from staff.people.access import managers_of
from staff.people.models import Membership, Team, User

Kind, State = Issue.Kind, Issue.State
DUE_AFTER = timedelta(days=7)
REMIND_AT = time(8, 0)
OWNED, OVERDUE, ANSWERED = "issue", "issue-overdue", "issue-answered"


class AnsweredAlready(Exception):
    """Somebody has ended the issue meanwhile."""


@transaction.atomic
def raise_issue(
    *, by: User, kind: str, text: str, team: Team | None = None, customers: Iterable[Customer] = (),
    owner: User | None = None, due_on: date | None = None, key: UUID | None = None,
) -> Issue:  # fmt: skip
    """Write down what is in the way. The same key with the same words gives the issue that is there.

    Without a team it is the person's own one; without an owner the team's manager looks after it, else a sponsor;
    without a day it is due in a week. The owner is told, and a complaint has the customers taken care of.
    """
    key = key_for(key, kind, text) if key else None
    known = Issue.objects.filter(key=key, raised_by=by).first() if key else None
    if known is not None:
        return known
    team = team or _own_team(by)
    issue = Issue(
        kind=kind, text=text, team=team, raised_by=by, owner=owner or _owner_of(team), owner_since=timezone.now(),
        due_on=due_on or _today() + DUE_AFTER, key=key,
    )  # fmt: skip
    try:
        with transaction.atomic():
            issue.save()
    except IntegrityError:  # pressed twice at once: the other one was first
        first = Issue.objects.filter(key=key, raised_by=by).first()
        if first is None:
            raise
        return first
    issue.customers.set(customers)
    if kind == Kind.COMPLAINT:
        for customer in issue.customers.all():
            take_care_of(customer, _today() + timedelta(days=CARE_DAYS))
    AuditEntry.record(by=by, verb="create", obj=issue)
    _tell_owner(issue, by)
    return issue


def key_for(key: UUID | str, *said: str) -> UUID:
    """What is pressed twice counts once; a form that comes again with other words loses none of them."""
    return uuid5(UUID(str(key)), "\n".join(said))


@transaction.atomic
def answer_issue(*, by: User, issue: Issue, state: str, done: str = "") -> Issue:
    """Say that it is being worked on, and where it stands, or end it with a sentence on what was done, or why it
    stays as it is. The last word is kept with who said it and when, also one in between.

    Raises ValueError for an end without a sentence, and AnsweredAlready when somebody else was first.
    """
    stored = _lock(issue)
    ends = state in (State.DONE, State.DECLINED)
    if ends and not done.strip():
        raise ValueError("An issue ends with a sentence.")
    stored.state, stored.done = state, done.strip() or stored.done
    if done.strip():
        stored.answered_by, stored.answered_at = by, timezone.now()
    stored.save(update_fields=["state", "done", "answered_by", "answered_at"])
    AuditEntry.record(by=by, verb="answer_issue", obj=stored, fields=["state"])
    if ends and stored.raised_by_id not in (None, by.pk):
        enqueue(kind=ANSWERED, object_id=stored.pk, key=answered_key(stored))
    return stored


@transaction.atomic
def reopen_issue(*, by: User, issue: Issue) -> bool:
    """It was ended too early: it is worked on again, due in a week. Tells whether it was ended; its owner is told."""
    stored = Issue.objects.select_for_update().get(pk=issue.pk)
    if stored.is_open:
        return False
    stored.state, stored.due_on, stored.owner_since = State.DOING, _today() + DUE_AFTER, timezone.now()
    if stored.owner is None or not stored.owner.is_active:
        stored.owner = _owner_of(stored.team)
    stored.save(update_fields=["state", "due_on", "owner", "owner_since"])
    AuditEntry.record(by=by, verb="reopen_issue", obj=stored, fields=["state"])
    _tell_owner(stored, by)
    return True


@transaction.atomic
def hand_issue(*, by: User, issue: Issue, owner: User | None = None, due_on: date | None = None) -> Issue:
    """Give it to somebody else, or another day. Whoever gets it is told."""
    stored = _lock(issue)
    wanted: dict[str, Any] = {name: value for name, value in (("owner", owner), ("due_on", due_on)) if value}
    changed = [name for name, value in wanted.items() if getattr(stored, name) != value]
    if not changed:
        return stored
    for name in changed:
        setattr(stored, name, wanted[name])
    if "owner" in changed:
        stored.owner_since = timezone.now()
    stored.save(update_fields=["owner", "owner_since", "due_on"])
    AuditEntry.record(by=by, verb="assign_issue", obj=stored, fields=changed)
    if "owner" in changed:
        _tell_owner(stored, by)
    else:
        _remind(stored)
    return stored


@transaction.atomic
def hand_over(*, by: User | None, person: User, to: User | None) -> int:
    """All open issues of somebody who has left go to a colleague, else to whoever looks after those of the team now.
    Each is told; returns how many.
    """
    theirs = list(Issue.objects.open().filter(owner=person).select_for_update(of=("self",)).order_by("pk"))
    for issue in theirs:
        issue.owner, issue.owner_since = to or _owner_of(issue.team), timezone.now()
        issue.save(update_fields=["owner", "owner_since"])
        AuditEntry.record(by=by, verb="assign_issue", obj=issue, fields=["owner"])
        _tell_owner(issue, by)
    return len(theirs)


def _lock(issue: Issue) -> Issue:
    stored = Issue.objects.select_for_update().get(pk=issue.pk)
    if not stored.is_open:
        raise AnsweredAlready
    return stored


def _own_team(user: User) -> Team | None:
    """The one, or the first, in which the person works."""
    own = Membership.objects.now().filter(user=user).select_related("team").order_by("since", "pk").first()
    return own.team if own else None


def _owner_of(team: Team | None) -> User | None:
    """The team's manager who is longest in office; where there is none, a sponsor."""
    manager = managers_of(team).first() if team else None
    return manager or User.objects.filter(is_sponsor=True, is_active=True).order_by("joined_at", "pk").first()


def _today() -> date:
    return timezone.localdate(timezone=Organisation.get().zone)


# --- Mails ----------------------------------------------------------------------------------------------------------


def owned_key(issue: Issue) -> str:
    """Of the mail to whoever looks after the issue now; given on, it is another mail."""
    since = issue.owner_since.timestamp() if issue.owner_since else 0
    return f"{OWNED}:{issue.pk}:{since:.6f}"


def answered_key(issue: Issue) -> str:
    """Of the mail to whoever raised it; opened again and ended again, it is another mail."""
    since = issue.answered_at.timestamp() if issue.answered_at else 0
    return f"{ANSWERED}:{issue.pk}:{since:.6f}"


def overdue_key(issue: Issue) -> str:
    """Of the one reminder for this day."""
    return f"{OVERDUE}:{issue.pk}:{issue.due_on}"


def _tell_owner(issue: Issue, by: User | None) -> None:
    if issue.owner is not None and issue.owner != by:
        enqueue(kind=OWNED, object_id=issue.pk, key=owned_key(issue))
    _remind(issue)


def _remind(issue: Issue) -> None:
    """The morning after the day on which it was due."""
    if issue.due_on is not None:
        morning = datetime.combine(issue.due_on + timedelta(days=1), REMIND_AT, tzinfo=Organisation.get().zone)
        enqueue(kind=OVERDUE, object_id=issue.pk, key=overdue_key(issue), due_at=morning)
