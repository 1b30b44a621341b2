"""What kinds of messages and jobs there are. Each room registers its own in its `kinds.py`."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from delight.outbox.models import Message


@dataclass(frozen=True)
class Mail:
    """A mail as a room built it. Headers are added in one place, `outbox.mail`."""

    to: str
    subject: str
    text: str
    html: str
    to_name: str = ""
    from_name: str = ""
    reply_to: str = ""
    unsubscribe_url: str = ""
    language: str = ""


@dataclass(frozen=True)
class MailKind:
    """How one kind of mail is decided and made.

    `still_wanted(message)` runs in the transaction that commits the hand-over: it returns an object for `build`,
    or a `Skip`. `build(object, message)` returns the Mail. `after_sent(object, message)` runs in the transaction
    that marks the row sent, `after_unsent(message)` in the one that ends it otherwise, with the reason in
    `message.reason`. `grace` is how late it may still go out. `load(messages)` may fetch for a whole batch,
    by object id, what `still_wanted` then finds in `message.loaded`; it must check it, since time has passed.
    `about(object_ids)` may say whom rows are about, for the outbox page: a name and where it leads, no address.
    While `room` is hidden in the settings, nothing of this kind is sent.
    """

    name: str
    still_wanted: Callable[["Message"], Any]
    build: Callable[[Any, "Message"], Mail]
    grace: timedelta = timedelta(days=2)
    to_customers: bool = False
    after_sent: Callable[[Any, "Message"], None] | None = None
    after_unsent: Callable[["Message"], None] | None = None
    load: Callable[[list["Message"]], dict[int, Any]] | None = None
    about: Callable[[Collection[int]], dict[int, tuple[str, str]]] | None = None
    room: str = ""


@dataclass(frozen=True)
class Skip:
    """Why a message is not sent; one of REASONS."""

    reason: str


@dataclass(frozen=True)
class JobKind:
    """Long work. `run(object_id, progress)` does it, calling `progress(done, total)` now and then.

    It must be safe to run again from the start: a killed worker's job is claimed by the next one.
    """

    name: str
    run: Callable[[int, Callable[[int, int], None]], None]
    on_failed: Callable[[int, str], None] | None = None
    attempts: int = field(default=3)


MAIL_KINDS: dict[str, MailKind] = {}
JOB_KINDS: dict[str, JobKind] = {}

# Every reason that a row can end with, in words for a manager.
REASONS = {
    "answered": _("has already answered"),
    "unsubscribed": _("asked us not to write"),
    "paused": _("unsubscribed by what looks like a machine; needs checking"),
    "gone": _("no longer there"),
    "no_address": _("has no e-mail address"),
    "not_allowed": _("we may not mail this address: the way we got it does not allow it"),
    "asked_recently": _("was asked recently"),
    "note_sent_recently": _("had a personal note within the week"),
    "not_theirs": _("the writer has nothing to do with this customer any more"),
    "too_late": _("too late to be of use"),
    "expired": _("the survey has closed"),
    "stopped": _("the sending was stopped"),
    "done": _("done already"),
    "left": _("has left the company"),
    "demo_address": _("an invented address; nothing is sent to it"),
    "unreachable_site": _("the links in it would lead nowhere: BASE_URL is this machine itself"),
    "not_set_up": _("set-up is not finished; until then no customer gets a mail"),
    "room_hidden": _("what it belongs to is hidden in the settings"),
    "bad_address": _("the mail server refused the address"),
    "refused": _("the mail server refused the mail"),
    "unknown_twice": _("handed over twice without a word from the mail server"),
    "server_down": _("the mail server could not be reached"),
    "build_failed": _("the mail could not be made; the log says why"),
    "unknown_kind": _("no room knows this kind of mail"),
    "cancelled": _("cancelled"),
}


def register_mail(kind: MailKind) -> MailKind:
    MAIL_KINDS[kind.name] = kind
    return kind


def register_job(kind: JobKind) -> JobKind:
    JOB_KINDS[kind.name] = kind
    return kind
