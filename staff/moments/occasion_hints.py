"""Occasions as pages show them: why, for whom, with which idea, and where one tap leads."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from delight.customers.models import Customer
from delight.organisation.models import Organisation
from staff.budget.models import today
from staff.moments.fitting import Fit, fit_of, fits_for
from staff.moments.models import Occasion, OccasionKind
from staff.moments.occasion_access import open_occasions_for, serves
from staff.people.models import User

Kind = OccasionKind


@dataclass(frozen=True)
class Hint:
    """An occasion as a line of a list. `who`: who serves the customer, empty where the reader does or nobody."""

    occasion: Occasion
    why: str
    idea: Fit
    do_url: str
    who: str


def occasions_for(user: User, limit: int) -> list[Hint]:
    """For the first page: what is the reader's, and what is nobody's in the reader's teams."""
    mine = open_occasions_for(user).filter(serves(user) if user.is_sponsor else serves(user) | Q(user=None))
    return hints(user, mine[:limit])


def occasions_of(user: User, customer: Customer) -> list[Hint]:
    """For a customer's page: those of this customer that the reader sees."""
    return hints(user, open_occasions_for(user).filter(customer=customer))


def hints(user: User, occasions: Iterable[Occasion]) -> list[Hint]:
    """Lines for these occasions (with_names); as many queries for many as for one."""
    rows = list(occasions)
    if not rows:
        return []
    fits, day = fits_for(user, {row.kind for row in rows}), today(Organisation.get())
    return [_hint(user, row, fits[row.kind], day) for row in rows]


def _hint(user: User, row: Occasion, fit: Fit, day: date) -> Hint:
    idea = fit_of(row.idea) if row.idea else fit
    asked = {"customer": row.customer_id, "idea": idea.chip, "occasion": row.pk}
    query = urlencode({name: value for name, value in asked.items() if value})
    return Hint(row, why(row, day), idea, f"{reverse('moment_new')}?{query}", _who(user, row))


def _who(user: User, row: Occasion) -> str:
    people = [person for person in (row.customer.owner, row.user) if person is not None and person.is_active]
    return "" if user in people or not people else people[0].name


SENTENCES: dict[str, Callable[[str], str]] = {
    Kind.FIRST_VISIT: lambda day: _("First visit: %(day)s") % {"day": day},
    Kind.FIFTH_VISIT: lambda day: _("Fifth visit: %(day)s") % {"day": day},
    Kind.ANNIVERSARY: lambda day: _("Anniversary of the first visit: %(day)s") % {"day": day},
    Kind.BIRTHDAY: lambda day: _("Birthday: %(day)s") % {"day": day},
    Kind.LONG_SILENCE: lambda day: _("Longer away than usual. Last visit: %(day)s") % {"day": day},
    Kind.REPAIRED: lambda day: _("Something was put right. How is it now?"),
}


def why(occasion: Occasion, day: date) -> str:
    """The reason in a few words, with its day; "today" where it is that."""
    if occasion.kind == Kind.LONG_SILENCE:
        return SENTENCES[occasion.kind](date_format(date.fromisoformat(occasion.cycle)))
    when = _("today") if occasion.due_on == day else date_format(occasion.due_on, "MONTH_DAY_FORMAT")
    return SENTENCES[occasion.kind](when)
