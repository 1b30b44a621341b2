"""The mails about moments, all to people who work here."""

from django.urls import reverse
from django.utils.functional import lazy

from delight.organisation.models import Organisation
from delight.outbox.registry import Mail
from staff.budget.services import in_words
from staff.moments.models import Moment
from staff.people.mailing import mail_to


def receipt_wanted(moment: Moment) -> Mail:
    """To the author, once: the receipt is missing."""
    return _mail("receipt_wanted", moment)


def what_came_of_it(moment: Moment) -> Mail:
    """To the author, once: what came of the introduction?"""
    return _mail("what_came_of_it", moment)


def _mail(name: str, moment: Moment) -> Mail:
    introduced, spend = moment.introduced_to, moment.spend
    return mail_to(
        moment.user,
        name,
        reverse("moment", args=[moment.pk]),
        moment=moment,
        customer=moment.customer,
        whom=introduced.name if introduced else moment.introduced_whom,
        cost=lazy(in_words, str)(spend.amount, Organisation.get()) if spend else "",
    )
