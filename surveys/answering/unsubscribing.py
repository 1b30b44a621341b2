"""Leaving: at once from the mail program's own button, judged softly from the page's."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from delight.customers.models import Suppression, address_hashes
from delight.customers.services import lift_hashed, suppress_hashed
from delight.organisation.models import AuditEntry
from delight.outbox.services import plan_job
from staff.people.models import User
from surveys.answering.judge import needs_checking, signs, visits_to
from surveys.answering.models import Hit, Unsubscription
from surveys.answering.services import Progress, Visitor, lock, log_hit
from surveys.sending.models import Invitation
from surveys.sending.rules import SCOPE

SECOND_LOOK = timedelta(seconds=60)
MOST_TRIES = 10  # in an hour, at naming the address


@transaction.atomic
def unsubscribe(*, invitation_id: int, visitor: Visitor, one_click: bool) -> tuple[Unsubscription, bool]:
    """Stop all surveys of this kind to the address; returns the row and whether it was made now.

    One-click requests (RFC 8058) are always obeyed as they are. A press on the page with two signs of a machine
    is obeyed too, but as a pause that a manager is shown.
    """
    invitation = lock(invitation_id)
    kind = Hit.Kind.ONE_CLICK if one_click else Hit.Kind.LEAVE
    hit = log_hit(invitation.pk, kind, visitor, method="POST")
    before = Unsubscription.objects.filter(invitation=invitation, undone_at=None).first()
    if before is not None:
        if _is_surer(before, visitor, hit, one_click=one_click):
            _become_sure(before, one_click=one_click)
        return before, False
    row = Unsubscription(invitation=invitation, at=hit.at, client=visitor.client, one_click=one_click)
    if not one_click:
        row.signs = _signs_of(row, visitor.had_nonce)
        row.verdict = _verdict(row.signs)
    row.save()
    _hold(row)
    if not one_click:
        key = f"second-look-leaving:{row.pk}"
        plan_job(kind="second-look-leaving", object_id=row.pk, key=key, due_at=hit.at + SECOND_LOOK)
    return row, True


def _signs_of(row: Unsubscription, had_nonce: bool) -> list[str]:
    return signs(
        at=row.at, client=row.client, had_nonce=had_nonce, sent_at=row.invitation.sent_at,
        visits=visits_to(row.invitation_id),
    )  # fmt: skip


def _verdict(found: list[str]) -> str:
    return Unsubscription.Verdict.CHECK if needs_checking(found) else Unsubscription.Verdict.CLEAN


def _hold(row: Unsubscription) -> None:
    reason = "paused" if row.verdict == Unsubscription.Verdict.CHECK else "unsubscribed"
    for hashes in addresses_of(row.invitation):
        suppress_hashed(hashes, SCOPE, reason)


def addresses_of(invitation: Invitation) -> list[list[str]]:
    """Whom a wish concerns: each address that was mailed and the customer's present one, as keyed hashes."""
    email = invitation.customer.email
    present = address_hashes(email) if email else []
    former = [[one] for one in invitation.mailed_to if one not in present]
    return sorted([*former, present] if present else former)


def _is_surer(before: Unsubscription, visitor: Visitor, hit: Hit, *, one_click: bool) -> bool:
    """Whether this press makes the one under suspicion certain: the mail program's own, or a clean one of somebody
    else."""
    if before.verdict == Unsubscription.Verdict.PERSON:
        return False
    if one_click:
        return True
    if before.verdict != Unsubscription.Verdict.CHECK or before.client == visitor.client:
        return False
    press = Unsubscription(invitation=before.invitation, at=hit.at, client=visitor.client)
    return not needs_checking(_signs_of(press, visitor.had_nonce))


def _become_sure(row: Unsubscription, *, one_click: bool) -> None:
    row.verdict, row.one_click = Unsubscription.Verdict.CLEAN, row.one_click or one_click
    row.save(update_fields=["verdict", "one_click"])
    _hold(row)


def _pressed_by_others(row: Unsubscription) -> bool:
    """Whether somebody else has pressed as well since: that wish is not this one's to take back."""
    presses = Hit.objects.filter(invitation=row.invitation_id, kind__in=[Hit.Kind.LEAVE, Hit.Kind.ONE_CLICK])
    return presses.filter(at__gte=row.at).exclude(client=row.client).exists()


@transaction.atomic
def undo_unsubscribe(*, row: Unsubscription, visitor: Visitor) -> bool:
    """Take it back: whoever pressed may write to us again. False when somebody else has pressed as well: a scanner
    that pressed first does not undo what the person did after it.
    """
    invitation = lock(row.invitation_id)
    log_hit(invitation.pk, Hit.Kind.UNDO, visitor, method="POST")
    if _pressed_by_others(row):
        return False
    undone = Unsubscription.objects.filter(pk=row.pk, undone_at=None).update(undone_at=timezone.now())
    if undone:
        _lift(row)
    return True


def _lift(row: Unsubscription) -> bool:
    """Take back what this press caused; another press that is believed keeps its effect."""
    believed = _open_wishes(row.invitation).filter(verdict__in=["clean", "person"])
    if believed.exclude(pk=row.pk).exists():
        return False
    lifted = [lift_hashed(hashes, SCOPE) for hashes in addresses_of(row.invitation) if not _told_to_staff(hashes)]
    return any(lifted)


def _told_to_staff(hashes: list[str]) -> bool:
    told = Suppression.objects.in_force(SCOPE).filter(address_hash__in=hashes, reason=Suppression.Reason.ASKED)
    return told.exists()


def _open_wishes(invitation: Invitation) -> QuerySet[Unsubscription]:
    """All that hold for this customer, or for an address to which this invitation went."""
    theirs = Q(invitation__customer=invitation.customer_id) | Q(invitation__mailed_to__overlap=invitation.mailed_to)
    return Unsubscription.objects.filter(theirs, undone_at=None)


@transaction.atomic
def write_again(*, row: Unsubscription, visitor: Visitor, email: str) -> bool:
    """Take back every wish not to be asked, for whoever names the address that was mailed, on whatever device.

    A scanner posts forms, but does not know what to write into this one. False, and nothing changes, for another
    address, at the slightest sign of a machine, after many tries, or where another reason stands.
    """
    invitation = lock(row.invitation_id)
    concerned = {one for hashes in addresses_of(invitation) for one in hashes}
    named = bool(email) and not concerned.isdisjoint(address_hashes(email))
    hit = log_hit(invitation.pk, Hit.Kind.LEAVE_PAGE, visitor, method="POST")
    if not named or _tries(hit) > MOST_TRIES or _looks_like_a_machine(invitation, visitor, hit):
        return False
    if Suppression.objects.in_force(SCOPE).filter(address_hash__in=concerned).exclude(scope=SCOPE).exists():
        return False
    log_hit(invitation.pk, Hit.Kind.UNDO, visitor, method="POST")
    _open_wishes(invitation).update(undone_at=timezone.now())
    for hashes in addresses_of(invitation):
        lift_hashed(hashes, SCOPE)
    return True


def _tries(hit: Hit) -> int:
    posted = Hit.objects.filter(invitation=hit.invitation_id, kind=Hit.Kind.LEAVE_PAGE, method="POST")
    return posted.filter(at__gte=hit.at - timedelta(hours=1)).count()


def _looks_like_a_machine(invitation: Invitation, visitor: Visitor, hit: Hit) -> bool:
    return bool(_signs_of(Unsubscription(invitation=invitation, at=hit.at, client=visitor.client), visitor.had_nonce))


@transaction.atomic
def look_again(unsubscription_id: int, progress: Progress | None = None) -> None:
    """The job a minute later: with two signs by now, the unsubscription becomes a pause that a manager sees."""
    lock(Unsubscription.objects.values_list("invitation_id", flat=True).get(pk=unsubscription_id))
    row = Unsubscription.objects.select_related("invitation__customer").get(pk=unsubscription_id)
    if row.undone_at or row.one_click or row.verdict != Unsubscription.Verdict.CLEAN or _pressed_by_others(row):
        return
    hit = Hit.objects.filter(invitation=row.invitation, kind=Hit.Kind.LEAVE, at=row.at).first()
    row.signs = _signs_of(row, bool(hit is None or hit.had_nonce))
    row.verdict = _verdict(row.signs)
    row.save(update_fields=["signs", "verdict"])
    if row.verdict == Unsubscription.Verdict.CHECK and _lift(row):
        _hold(row)


def look_again_at(*, invitation_id: int, client: str) -> None:
    """Judge once more what this client pressed."""
    for pk in Unsubscription.objects.filter(invitation=invitation_id, client=client, undone_at=None).values_list(
        "pk", flat=True
    ):
        look_again(pk)


@transaction.atomic
def check_unsubscription(*, by: User, row: Unsubscription, is_person: bool) -> Unsubscription:
    """A manager says who pressed: a person's wish holds for good, a machine's press is taken back."""
    row.verdict = Unsubscription.Verdict.PERSON if is_person else Unsubscription.Verdict.MACHINE
    row.checked_by = by
    if is_person:
        _hold(row)
    else:
        row.undone_at = timezone.now()
        _lift(row)
    row.save(update_fields=["verdict", "checked_by", "undone_at"])
    AuditEntry.record(by=by, verb="check", obj=row, fields=["verdict"])
    return row
