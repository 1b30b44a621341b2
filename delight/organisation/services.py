"""Verbs on the organisation: setting it up, its settings, its key, and whether mail may leave."""

import hashlib
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from delight.lib.tokens import keys
from delight.organisation import hooks
from delight.organisation.models import AuditEntry, Holiday, Organisation

# Where the law wants consent before any such mail, also to one's own customers.
CONSENT_FIRST = {"RU", "TR"}
CALENDAR = {"working_days", "opens_at", "closes_at", "time_zone"}


def key_fingerprint(key: str) -> str:
    """Tells keys apart and gives nothing away: a hash of the key, cut to 16 hex digits' worth of scrypt."""
    return hashlib.scrypt(key.encode(), salt=b"delight key fingerprint", n=2**12, r=8, p=1, dklen=16).hex()


def this_copy() -> str:
    """Which database this is: the cluster's system identifier and the database's oid.

    A restored or cloned copy has another identifier or oid, so it can tell that it is a copy.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.system_identifier::text || ':' || d.oid::text"
            " FROM pg_control_system() c, pg_database d WHERE d.datname = current_database()"
        )
        return cursor.fetchone()[0]


@transaction.atomic
def set_up_organisation(*, by: Any = None, **fields: Any) -> Organisation:
    """Make the one row, tied to this database, this address and this key."""
    fields.setdefault("consent_rule", default_consent_rule(fields.get("country", "")))
    organisation = Organisation(
        released_copy=this_copy(),
        released_base_url=settings.BASE_URL,
        key_fingerprints=[key_fingerprint(settings.SECRET_KEY)],
        **fields,
    )
    organisation.full_clean(validate_unique=False)
    organisation.save(force_insert=True)
    AuditEntry.record(by=by, verb="set_up", obj=organisation)
    return organisation


def default_consent_rule(country: str) -> str:
    """Who may be asked by mail in a country (ISO 3166-1, two letters), unless the company decides otherwise."""
    rule = Organisation.ConsentRule
    return rule.RECORDED if country.upper() in CONSENT_FIRST else rule.EXISTING


class CurrencyFixed(Exception):
    """Sums are written in the currency there is: in another one they would mean something else."""


@transaction.atomic
def update_organisation(*, by: Any, **values: Any) -> Organisation:
    """New settings; values that are the same already change nothing.

    Raises CurrencyFixed for another currency once sums are written in the one there is.
    """
    organisation = Organisation.objects.select_for_update().get(pk=1)
    changed = [field for field, value in values.items() if getattr(organisation, field) != value]
    if "currency" in changed and organisation.currency_fixed_at:
        raise CurrencyFixed
    if not changed:
        return organisation
    for field in changed:
        setattr(organisation, field, values[field])
    organisation.full_clean(validate_unique=False)
    organisation.save(update_fields=changed)
    AuditEntry.record(by=by, verb="update_organisation", obj=organisation, fields=changed)
    if CALENDAR.intersection(changed):
        hooks.tell(by)
    return organisation


@transaction.atomic
def add_holiday(*, by: Any, day: date, name: str) -> Holiday:
    """A day on which nobody is expected to call back; a day that is there already gets the new name."""
    holiday, _made = Holiday.objects.update_or_create(day=day, defaults={"name": name})
    AuditEntry.record(by=by, verb="add_holiday", obj=holiday)
    hooks.tell(by)
    return holiday


@transaction.atomic
def remove_holiday(*, by: Any, holiday: Holiday) -> None:
    """The day counts as any other again."""
    AuditEntry.record(by=by, verb="remove_holiday", obj=holiday)
    holiday.delete()
    hooks.tell(by)


# --- Set-up -----------------------------------------------------------------------------------------------------


@transaction.atomic
def start_mail_test(*, by: Any) -> Organisation:
    """A new test begins: only the link of its mail says that mail arrives."""
    organisation = Organisation.objects.select_for_update().get(pk=1)
    organisation.mail_tested_at = timezone.now()
    organisation.save(update_fields=["mail_tested_at"])
    AuditEntry.record(by=by, verb="test_mail", obj=organisation)
    return organisation


@transaction.atomic
def note_mail_arrived(*, by: Any) -> Organisation:
    """Somebody who got the test mail says so."""
    organisation = Organisation.objects.select_for_update().get(pk=1)
    organisation.mail_arrived_at = timezone.now()
    organisation.save(update_fields=["mail_arrived_at"])
    AuditEntry.record(by=by, verb="test_mail_arrived", obj=organisation)
    return organisation


@transaction.atomic
def finish_set_up(*, by: Any) -> Organisation:
    """From now on customers may get mails, and the first week of the programme begins. Once is enough."""
    organisation = Organisation.objects.select_for_update().get(pk=1)
    if organisation.set_up_at is None:
        organisation.set_up_at = timezone.now()
        organisation.programme_began_on = timezone.localdate(timezone=organisation.zone)
        organisation.save(update_fields=["set_up_at", "programme_began_on"])
        AuditEntry.record(by=by, verb="finish_set_up", obj=organisation)
    return organisation


# --- Whether mail leaves ----------------------------------------------------------------------------------------


def why_sending_is_off(organisation: Organisation | None = None) -> str:
    """Empty when mail may leave; else "off", "copy" (a restored database) or "address" (BASE_URL changed)."""
    organisation = organisation or Organisation.objects.first()
    if organisation is None or not organisation.sending_on:
        return "off"
    if organisation.released_copy != this_copy():
        return "copy"
    if _place(organisation.released_base_url) != _place(settings.BASE_URL):
        return "address"
    return ""


def _place(base_url: str) -> str:
    """What makes it another address. Not the port in local mode: when one is taken, `up` takes the next."""
    return urlsplit(base_url).hostname or "" if settings.LOCAL else base_url


@transaction.atomic
def release_sending(*, by: Any) -> Organisation:
    """Say that this database at this address is the real one, and let mail leave."""
    organisation = Organisation.objects.select_for_update().get(pk=1)
    organisation.sending_on = True
    organisation.released_copy = this_copy()
    organisation.released_base_url = settings.BASE_URL
    organisation.save(update_fields=["sending_on", "released_copy", "released_base_url"])
    AuditEntry.record(by=by, verb="release_sending", obj=organisation)
    return organisation


@transaction.atomic
def stop_sending(*, by: Any) -> Organisation:
    """Let nothing leave until somebody releases it; what falls due waits."""
    organisation = Organisation.objects.select_for_update().get(pk=1)
    organisation.sending_on = False
    organisation.save(update_fields=["sending_on"])
    AuditEntry.record(by=by, verb="stop_sending", obj=organisation)
    return organisation


def check_key() -> None:
    """Refuse to start under a key that this database has never seen.

    Suppression hashes and links are made with the key: under a wrong one everybody who unsubscribed would be
    asked again. A new key is added while an old one stands in SECRET_KEY_FALLBACKS.
    """
    try:
        with transaction.atomic():
            organisation = Organisation.objects.first()
    except ProgrammingError:  # not migrated yet
        return
    if organisation is None:
        return
    known = set(organisation.key_fingerprints)
    current, *former = [key_fingerprint(key) for key in keys()]
    if current in known:
        return
    if not known.intersection(former):
        raise ImproperlyConfigured(
            "SECRET_KEY does not belong to this database. Put the former key into SECRET_KEY_FALLBACKS."
        )
    organisation.key_fingerprints = [*organisation.key_fingerprints, current]
    organisation.save(update_fields=["key_fingerprints"])
