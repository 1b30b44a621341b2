"""The mails and rounds of this room, as the outbox knows them."""

from collections.abc import Callable, Collection
from datetime import timedelta

from django.urls import reverse

from delight.organisation.models import Organisation
from delight.outbox.models import Message
from delight.outbox.registry import Mail, MailKind, Skip, register_mail
from delight.outbox.rounds import register_round
from staff.budget import emails, ledger, notices
from staff.budget.models import BudgetEntry, Spend, Suspension, SuspensionWord, today
from staff.budget.services import free_undecided
from staff.budget.suspending import end_reviewed
from staff.people.access import may_manage
from staff.people.models import User

ROOM = "budget"
Build = Callable[[], Mail]


def _parts(message: Message) -> list[str]:
    return message.key.split(":")[1:]


def _reachable(user: User | None) -> bool:
    return bool(user and user.is_active and user.email)


def build(wanted: Build, message: Message) -> Mail:
    """What `still_wanted` has found says how its mail is made."""
    return wanted()


# --- Approval ---------------------------------------------------------------------------------------------------


def approval_wanted(message: Message) -> Build | Skip:
    """It still waits, the sum is the one that was asked for, and the reader may still decide."""
    _spend, times, to = _parts(message)
    spend = Spend.objects.waiting().with_names().filter(pk=message.object_id).first()
    if spend is None or spend.entries.filter(kind=BudgetEntry.Kind.HOLD).count() != int(times):
        return Skip("done")
    reader = User.objects.filter(pk=to).first()
    if reader is None or not _reachable(reader) or not may_manage(reader, spend.period.user):
        return Skip("gone")
    return lambda: emails.approval_wanted(spend, reader)


def decided(message: Message) -> Build | Skip:
    """What became of the wish is what it is now: whoever has asked anew meanwhile waits for another answer."""
    spend = Spend.objects.with_names().filter(pk=message.object_id).first()
    if spend is None:
        return Skip("gone")
    times = spend.entries.filter(kind=BudgetEntry.Kind.RELEASE).count()
    if spend.state in (Spend.State.HELD, Spend.State.REFUNDED) or times != int(_parts(message)[1]):
        return Skip("done")
    person = spend.period.user
    return (lambda: emails.decided(spend, person)) if _reachable(person) else _nobody(person)


def _nobody(user: User) -> Skip:
    return Skip("no_address" if user.is_active else "left")


# --- Closing ----------------------------------------------------------------------------------------------------


def closed(message: Message) -> Build | Skip:
    """To the person, or to whoever closed it; what is over by then is told no more."""
    _pk, what, number = _parts(message)
    suspension = Suspension.objects.select_related("user", "by").filter(pk=message.object_id).first()
    if suspension is None:
        return Skip("gone")
    reader = _reader_of_reply(suspension) if what == "replied" else suspension.user
    if not _reachable(reader):
        return _nobody(reader)
    if what == "lifted":
        return lambda: emails.lifted(suspension, reader)
    if suspension.lifted_at or suspension.review_on <= today(Organisation.get()):
        return Skip("done")
    if what == "closed":
        return lambda: emails.closed(suspension, reader)
    return _with_word(suspension, reader, what, number)


def _reader_of_reply(suspension: Suspension) -> User:
    """Who closed it; has that person left or no address, who else may decide: a reply is not said into the void."""
    if _reachable(suspension.by):
        return suspension.by
    return next(iter(notices.deciders(suspension.user)), suspension.by)


def _with_word(suspension: Suspension, reader: User, what: str, number: str) -> Build | Skip:
    """Its words are those of the time; a renewal that was renewed again is told once, by the later mail."""
    word = SuspensionWord.objects.select_related("by").filter(pk=number, suspension=suspension).first()
    if word is None:
        return Skip("gone")
    if what == "replied":
        return lambda: emails.replied(suspension, reader, word)
    if word.review_on != suspension.review_on:
        return Skip("done")
    return lambda: emails.renewed(suspension, reader, word)


# --- The alarm --------------------------------------------------------------------------------------------------


def differs(message: Message) -> Build | Skip:
    """Only while the books still differ."""
    *_day, to = _parts(message)
    reader = notices.sponsors().filter(pk=to).first()
    if reader is None:
        return Skip("gone")
    return (lambda: emails.books_differ(reader)) if ledger.books_differ() else Skip("done")


def hourly() -> None:
    """What nobody has decided is free again; what has lifted by itself is told."""
    if Organisation.objects.exists():
        free_undecided()
        end_reviewed()


def about_spends(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Whose money it is, for the outbox page."""
    rows = Spend.objects.filter(pk__in=ids).values_list("pk", "period__user", "period__user__name")
    return {pk: (name, reverse("person_budget", args=[user])) for pk, user, name in rows}


def about_closed(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    rows = Suspension.objects.filter(pk__in=ids).values_list("pk", "user", "user__name")
    return {pk: (name, reverse("person_budget", args=[user])) for pk, user, name in rows}


WEEK = timedelta(days=7)
for kind in (
    MailKind(notices.APPROVAL, approval_wanted, build, grace=WEEK, about=about_spends, room=ROOM),
    MailKind(notices.DECIDED, decided, build, grace=WEEK, about=about_spends, room=ROOM),
    MailKind(notices.CLOSED, closed, build, grace=WEEK, about=about_closed, room=ROOM),
    MailKind(notices.DIFFERS, differs, build, grace=WEEK),  # an alarm rings in a hidden room, too
):
    register_mail(kind)
register_round("budget-hourly", timedelta(hours=1), hourly)
register_round("budget-nightly", timedelta(days=1), ledger.nightly)
