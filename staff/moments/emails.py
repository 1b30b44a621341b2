"""The mails about moments, all to people who work here."""

import zoneinfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from delight.organisation.models import Organisation
from delight.outbox.mail import render
from delight.outbox.registry import Mail
from staff.budget.services import in_words
from staff.moments.models import Moment


def receipt_wanted(moment: Moment) -> Mail:
    """To the author, once: the receipt is missing."""
    return _mail("receipt_wanted", moment)


def what_came_of_it(moment: Moment) -> Mail:
    """To the author, once: what came of the introduction?"""
    return _mail("what_came_of_it", moment)


def _mail(name: str, moment: Moment) -> Mail:
    organisation, recipient = Organisation.get(), moment.user
    language = recipient.language or organisation.default_language
    zone = zoneinfo.ZoneInfo(recipient.time_zone or organisation.time_zone)
    introduced = moment.introduced_to
    with translation.override(language), timezone.override(zone):
        context = {
            "organisation": organisation,
            "recipient": recipient,
            "moment": moment,
            "customer": moment.customer,
            "whom": introduced.name if introduced else moment.introduced_whom,
            "cost": in_words(moment.spend.amount, organisation) if moment.spend else "",
            "url": settings.BASE_URL + reverse("moment", args=[moment.pk]),
        }
        subject, text, html = render(name, context)
    return Mail(
        to=recipient.email or "", to_name=recipient.name, subject=subject, text=text, html=html, language=language
    )
