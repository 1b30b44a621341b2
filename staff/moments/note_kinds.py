"""The personal note as the outbox knows it: decided again in the transaction that hands it over."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from delight.customers.models import Customer, address_hashes
from delight.lib.tokens import make_token
from delight.organisation.models import Organisation
from delight.outbox.mail import render
from delight.outbox.models import Message
from delight.outbox.registry import Mail, MailKind, Skip, register_mail
from staff.moments.models import PersonalNote
from staff.moments.notes import KIND, another_note_lately, may_write, why_no_note

PURPOSE = "note"
# The outbox says it in its own words.
REASONS = {"no_consent": "not_allowed"}


def note_wanted(message: Message) -> Any:
    """The note, if its writer is still here and may write, and the customer may still get it at this moment."""
    note = PersonalNote.objects.select_related("by", "customer").filter(pk=message.object_id).first()
    if note is None:
        return Skip("gone")
    # One note at a time to a customer; who unsubscribes now comes before or after, not in between.
    note.customer = Customer.objects.select_for_update(no_key=True).get(pk=note.customer_id)
    if reason := why_no_note(note.customer, Organisation.get()):
        return Skip(REASONS.get(reason, reason))
    if not note.by.is_active or not note.by.email:
        return Skip("left" if not note.by.is_active else "no_address")
    if not may_write(note.by, note.customer):
        return Skip("not_theirs")
    return Skip("note_sent_recently") if another_note_lately(note.customer, note) else note


def build_note(note: PersonalNote, message: Message) -> Mail:
    """The writer's words, name and address for answers, in the company's frame."""
    company = Organisation.get()
    language = note.customer.language or company.default_language
    url = settings.BASE_URL + reverse("note_unsubscribe", args=[make_token(PURPOSE, note.public_id)])
    context = {
        "organisation": {"name": company.name},
        "postal_address": company.postal_address,
        "sender_name": note.by.name,
        "paragraphs": [part.strip() for part in note.text.replace("\r\n", "\n").split("\n\n") if part.strip()],
        "unsubscribe_url": url,
    }
    with translation.override(language):
        subject, text, html = render("note", context)
        from_name = _("%(name)s, %(company)s") % {"name": note.by.name, "company": company.name}
    return Mail(
        to=note.customer.email or "", to_name=note.customer.name, from_name=from_name, reply_to=note.by.email or "",
        subject=subject, text=text, html=html, unsubscribe_url=url, language=language,
    )  # fmt: skip


def note_sent(note: PersonalNote, message: Message) -> None:
    mailed_to = address_hashes(note.customer.email or "")[0]
    PersonalNote.objects.filter(pk=note.pk).update(sent_at=timezone.now(), mailed_to=mailed_to)


def note_unsent(message: Message) -> None:
    """Note why; the customer may get another one. What may have arrived counts as one."""
    if not message.maybe_twice:
        PersonalNote.objects.filter(pk=message.object_id, sent_at=None).update(not_sent=message.reason)


def about(note_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """The customers who are written to, for the outbox page."""
    found = PersonalNote.objects.filter(pk__in=note_ids, customer__erased_at__isnull=True)
    rows = found.values_list("pk", "customer_id", "customer__name")
    return {pk: (name, reverse("customer", args=[customer])) for pk, customer, name in rows}


register_mail(
    MailKind(
        name=KIND,
        about=about,
        still_wanted=note_wanted,
        build=build_note,
        after_sent=note_sent,
        after_unsent=note_unsent,
        to_customers=True,
        room="moments",
    )
)
