"""E-mail addresses that people type in themselves: used for nothing until a mail to them has been answered."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from delight.lib.tokens import make_token, new_public_id, read_token
from delight.organisation.models import AuditEntry
from delight.outbox.services import enqueue
from staff.people.models import ClaimedAddress, User, join_link_ends

CONFIRM = "confirm-address"


class AddressTaken(Exception):
    """Somebody else has proved meanwhile that the address is theirs."""


@transaction.atomic
def claim_address(*, user: User, email: str) -> ClaimedAddress:
    """Send the mail by which somebody shows that the address is theirs. Replaces what was claimed before."""
    fresh = {"email": email, "public_id": new_public_id(), "expires_at": join_link_ends()}
    claim, _made = ClaimedAddress.objects.update_or_create(user=user, defaults=fresh)
    enqueue(kind=CONFIRM, object_id=claim.pk, key=f"{CONFIRM}:{claim.pk}:{claim.expires_at:%Y%m%d%H%M%S%f}")
    AuditEntry.record(by=user, verb="claim_address", obj=user, fields=["email"])
    return claim


def claim_token(claim: ClaimedAddress) -> str:
    """The secret part of the mail's link."""
    return make_token(CONFIRM, claim.public_id)


def claim_of(user: User) -> ClaimedAddress | None:
    """What waits to be confirmed."""
    return ClaimedAddress.objects.filter(user=user, expires_at__gt=timezone.now()).first()


def claim_behind(token: str, *, user: User) -> ClaimedAddress | None:
    """What the link confirms, for whoever claimed it and nobody else: a mail that went astray confirms nothing."""
    public_id = read_token(CONFIRM, token)
    claim = claim_of(user) if public_id else None
    return claim if claim is not None and claim.public_id == public_id else None


@transaction.atomic
def confirm_address(*, user: User, claim: ClaimedAddress) -> None:
    """From now on it is the person's address. Raises AddressTaken."""
    stored = User.objects.select_for_update().get(pk=user.pk)
    stored.email = claim.email
    try:
        with transaction.atomic():
            stored.save(update_fields=["email"])
    except IntegrityError as error:
        raise AddressTaken from error
    claim.delete()
    AuditEntry.record(by=user, verb="confirm_address", obj=user, fields=["email"])
