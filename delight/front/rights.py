"""People's rights, by the data map: a customer's data as a file, a customer erased, and what is kept of an employee."""

from collections import defaultdict
from copy import copy
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from delight.customers.access import can_change, can_list
from delight.customers.models import Customer, Suppression, address_hashes
from delight.customers.services import suppress_hashed
from delight.lib import privacy
from delight.lib.privacy import Group, Kept
from delight.local.mailbox import remove_mails
from delight.organisation.models import AuditEntry, Organisation
from delight.outbox.mail import message_id
from delight.outbox.models import Message, State
from staff.people.models import User
from surveys.followups.models import FollowUp
from surveys.sending.models import Invitation


def get_customer_to_erase_for(user: User, pk: int) -> Customer:
    """Whoever may change the customer may erase them. One who is erased already is found, too: a form posted twice
    is no mistake.
    """
    found = Customer.objects.filter(pk=pk).first()
    if found is None or (found.erased_at and not can_list(user)):
        raise Http404
    before = copy(found)
    before.erased_at = None
    if not can_change(user, before):
        raise PermissionDenied
    return found


# --- One customer -------------------------------------------------------------------------------------------------


@transaction.atomic
def export_customer(*, by: User, customer: Customer) -> dict[str, Any]:
    """All that all rooms know of a customer; that somebody took it is in the audit."""
    AuditEntry.record(by=by, verb="export_customer", obj=customer)
    merged = Customer.objects.filter(merged_into=customer)
    tables: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for each in [customer, *merged]:
        for name, rows in privacy.export_rows(each).items():
            tables[name] += rows
    return {"made_at": timezone.now(), "company": Organisation.get().name, "tables": tables}


@transaction.atomic
def erase_customer(*, by: User | None, customer: Customer, never_write: bool) -> Customer:
    """Empty everything personal in all rooms. The row and what it has counted for stay; twice is as once.

    `never_write`: the address is kept as a keyed hash, so that no import brings it back onto a list. Raises
    FileInUseError while a file that names the customer is being read.
    """
    stored = lock_customer(customer.pk)
    if stored.erased_at:
        return stored
    Invitation.objects.filter(customer=stored.pk).update(revoked_at=timezone.now())
    if never_write:
        _never_write_to(stored, by=by)
    # The higher rooms first: they find by what the lower ones still know.
    for before_erasing in reversed(list(privacy.told("before_erasing"))):
        before_erasing(by=by, customer=stored)
    _end_mails(stored)
    whole = Customer.objects.filter(Q(pk=stored.pk) | Q(merged_into=stored.pk)).order_by("pk")
    for each in list(whole):
        Customer.objects.filter(pk=each.pk, erased_at=None).update(erased_at=timezone.now())
        privacy.erase_rows(each)
    AuditEntry.record(by=by, verb="erase_customer", obj=stored)
    return Customer.objects.get(pk=stored.pk)


def has_address(customer: Customer) -> bool:
    """Whether there is any address for which "never write again" could be kept."""
    return bool(customer.email) or _given_up_by(customer).exists()


def _given_up_by(customer: Customer) -> QuerySet[Customer]:
    return Customer.objects.filter(merged_into=customer).exclude(given_up_hash="").order_by("pk")


def _never_write_to(customer: Customer, *, by: User | None) -> None:
    """Neither to the address, nor to those that were given up when other entries became part of this one."""
    own = [address_hashes(customer.email)] if customer.email else []
    for hashes in [*own, *([each] for each in _given_up_by(customer).values_list("given_up_hash", flat=True))]:
        suppress_hashed(hashes, Suppression.Scope.ALL, Suppression.Reason.ASKED, by=by)


def lock_customer(pk: int) -> Customer:
    """The customer, locked after their invitations, in the order in which an answer locks them: it comes either
    before, and is erased, or after, and finds no door.
    """
    theirs = Invitation.objects.filter(customer=pk).order_by("pk")
    list(theirs.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    return Customer.objects.select_for_update(of=("self",)).get(pk=pk)


def _end_mails(customer: Customer) -> None:
    """What waits to be sent ends. In local mode the mails that were sent are ours to remove, too."""
    found = [Message.objects.filter(about) for about in privacy.messages_about(customer)]
    if settings.LOCAL:
        ids = {message_id(message) for messages in found for message in messages}
        folder = Path(settings.LOCAL_FOLDER) / "mailbox"
        to, name = customer.email or "", customer.name
        transaction.on_commit(lambda: remove_mails(folder, to=to, ids=ids, naming=name), robust=True)
    for messages in found:
        waiting = messages.filter(state=State.WAITING)
        waiting.update(state=State.CANCELLED, reason="cancelled", ended_at=timezone.now())


def what_would_go(customer: Customer) -> list[str]:
    """For the page that asks first: how much there is, in words."""
    responses, visits = customer.responses.count(), customer.visits.count()
    talks = FollowUp.objects.filter(customer=customer).count()
    lines = [
        _("Name, e-mail address, phone number, and everything else on the customer's card"),
        ngettext("%(count)d answer: the words go, the score stays", "%(count)d answers: the words go, the scores stay",
                 responses) % {"count": responses},
        ngettext("%(count)d conversation: what was written down goes, that it took place stays",
                 "%(count)d conversations: what was written down goes, that they took place stays", talks)
        % {"count": talks},
        ngettext("%(count)d visit: name and reference go, the day stays; a planned one is cancelled",
                 "%(count)d visits: name and reference go, the days stay; planned ones are cancelled", visits)
        % {"count": visits},
    ]  # fmt: skip
    return [lines[0], *(line for line, count in zip(lines[1:], (responses, talks, visits), strict=True) if count)]


# --- What Delight knows about me ----------------------------------------------------------------------------------


def what_we_know() -> list[dict[str, Any]]:
    """What is kept of employees in words, group by group, from the data map."""
    groups: dict[Group, Kept] = {table.group: table.kept for table in privacy.tables() if table.group is not None}
    return [
        {"what": group.what, "seen_by": group.seen_by, "kept": kept_words(group.kept or kept)}
        for group, kept in groups.items()
    ]


def kept_words(kept: Kept) -> str:
    """How long, for people."""
    count = Organisation.get().keep_log_days
    days = ngettext("%(days)d day", "%(days)d days", count) % {"days": count}
    return {
        Kept.ALWAYS: _("as long as the company uses Delight"),
        Kept.UNTIL_ERASED: _("until the customer is erased"),
        Kept.LOG: days,
        Kept.HISTORY: _("as long as the company uses Delight; what you looked up: %(days)s") % {"days": days},
        Kept.ENDED: _("90 days after the invitation ended"),
        Kept.EXPIRED: _("until you sign out, or the session ends by itself"),
        Kept.BY_ROOM: _("until it is of no more use, at most 30 days after the last step"),
    }[kept]


def own_data(*, user: User) -> dict[str, Any]:
    """What is kept of an employee, for themselves."""
    return {"made_at": timezone.now(), "company": Organisation.get().name, "tables": privacy.export_own_rows(user)}


def erased_lately(days: int = 3) -> QuerySet[Customer]:
    """Those whose rows the clock empties once more: a mail that was on its way may have left a trace."""
    return Customer.objects.filter(erased_at__gte=timezone.now() - timedelta(days=days)).order_by("pk")
