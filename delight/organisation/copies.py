"""Verbs on the copies of this database: that one was made, and that this one was put back from one."""

from django.utils import timezone

from delight.lib.tokens import keys
from delight.organisation.models import AuditEntry, Organisation
from delight.organisation.services import key_fingerprint


def note_backup() -> None:
    """Write down that a backup was made; before the set-up there is nowhere to write it."""
    Organisation.objects.filter(pk=1).update(backed_up_at=timezone.now())


def note_restore() -> None:
    """Write down that this database was put back from a backup."""
    organisation = Organisation.objects.filter(pk=1).first()
    if organisation is not None:
        AuditEntry.record(by=None, verb="restore", obj=organisation)


def opens_with_our_keys(fingerprints: set[str]) -> bool:
    """Whether a database with these key fingerprints starts under this SECRET_KEY and its fallbacks."""
    return not fingerprints or not fingerprints.isdisjoint(key_fingerprint(key) for key in keys())
