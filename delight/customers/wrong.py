"""What may be wrong with a row of a file. Rows keep a code and values; whoever reads gets it in their own language."""

from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from delight.customers.visits.columns import FIELDS as VISIT_FIELDS

SENTENCES: dict[str, str | Promise] = {
    "too_long": _("This is longer than %(limit)d characters."),
    "line_break": _("There is a line break inside. Perhaps a quotation mark is missing before it."),
    "not_printable": _("There are characters in it that cannot be printed."),
    "no_email": _("This is not an e-mail address."),
    "no_phone": _("This is not a phone number. Perhaps the spreadsheet has changed it."),
    "no_date": _("This is not a date. Write it as 2026-03-31 or 31.03.2026."),
    "consent_when": _("A consent cannot be from the future, nor from so long ago."),
    "no_source": _("Say how we got the address in one of these words: existing, consent, other."),
    "double": _("The same customer stands in line %(line)d already."),
    "no_reach": _("There is neither an e-mail address nor a phone number."),
    "far_too_long": _("A cell is far too long. Perhaps a quotation mark is missing at its end."),
    "quotes": _("The quotation marks do not fit together; lines %(first)d to %(last)d could not be read."),
    "cells": _("The row has another number of cells (%(cells)d) than the header (%(width)d)."),
    "consent_day": _("Consent needs the day on which it was given."),
    "no_team": _("There is no team “%(team)s”."),
    "other_team": _("“%(team)s” is not a team of yours."),
    "no_owner": _("Nobody whom you may name has this e-mail address."),
    "others_company": _("Others look after this company. Ask a sponsor to add the person."),
    "others_customer": _("Somebody in another team looks after this customer. Ask a sponsor."),
    "teams_customer": _("This customer is served by “%(team)s”. Ask its manager."),
    "two_customers": _("The number belongs to one customer and the e-mail address to another. Merge the two first."),
    "phone_taken": _("There is a customer with this phone number already."),
    "no_name": _("The name is missing."),
    # files of visits
    "unreadable": _("This line cannot be read. Perhaps a quotation mark is missing."),
    "nobody": _("Nothing says who the customer is."),
    "ends_first": _("It ends before it begins."),
    "not_in_team": _("Nobody in the team has the name or e-mail address under “served by”."),
    "no_time": _("%(column)s: this is not a time. Write it as 2026-03-31 14:30 or 31.03.2026 14:30."),
    "odd_year": _("%(column)s: this year cannot be right."),
    "no_money": _("The value is not a sum of money."),
    "unknown_customer": _("No customer, or more than one, is known by this. Add the name."),
}


class Wrong(NamedTuple):
    """One thing that is wrong, as it is kept."""

    code: str
    values: dict[str, Any]

    def __str__(self) -> str:
        sentence = str(SENTENCES.get(self.code, ""))
        values = dict(self.values)
        if "column" in values:
            values["column"] = VISIT_FIELDS.get(values["column"], "")
        return sentence % values if values else sentence


def wrong(code: str, **values: Any) -> Wrong:
    return Wrong(code, values)
