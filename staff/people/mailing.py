"""Mail to the people who work here, whichever room writes it."""

import zoneinfo
from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from delight.organisation.models import Organisation
from delight.outbox.mail import render
from delight.outbox.registry import Mail
from staff.people.models import User


def mail_to(
    recipient: User, name: str, path: str, *, zone: zoneinfo.ZoneInfo | None = None, unsubscribe_url: str = "",
    **context: Any,
) -> Mail:  # fmt: skip
    """The mail of `templates/emails/<name>/` in the reader's language and, unless told otherwise, zone.

    `path` is where it leads. What of the context depends on the language is given lazily, as by
    `django.utils.functional.lazy`.
    """
    organisation = Organisation.get()
    language = recipient.language or organisation.default_language
    zone = zone or zoneinfo.ZoneInfo(recipient.time_zone or organisation.time_zone)
    context |= {"organisation": organisation, "recipient": recipient, "url": settings.BASE_URL + path}
    with translation.override(language), timezone.override(zone):
        subject, text, html = render(name, context)
    return Mail(
        to=recipient.email or "", to_name=recipient.name, subject=subject, text=text, html=html, language=language,
        unsubscribe_url=unsubscribe_url,
    )  # fmt: skip
