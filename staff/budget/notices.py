"""Whom a movement on the budget concerns: rows of the outbox, decided again when they are about to leave.

Keys: `budget-approval:<spend>:<n>:<to>`, `budget-decided:<spend>:<n>`, `budget-closed:<suspension>:<what>:<n>`,
`budget-differs:<day>:<to>`. `n` counts what may happen again: a new cost, a second renewal, another reply. `to` is a
person, where several are told.
"""

from collections.abc import Iterable

from django.db.models import QuerySet

from delight.organisation.models import Organisation
from delight.outbox.services import enqueue
from staff.budget.models import BudgetEntry, BudgetPeriod, Spend, Suspension, SuspensionWord, today
from staff.people.access import may_manage
from staff.people.models import Membership, User

APPROVAL, DECIDED, CLOSED, DIFFERS = "budget-approval", "budget-decided", "budget-closed", "budget-differs"


def approval_wanted(spend: Spend) -> None:
    """Those who may decide hear that money waits for them."""
    times = spend.entries.filter(kind=BudgetEntry.Kind.HOLD).count()
    for person in deciders(spend.period.user):
        enqueue(kind=APPROVAL, object_id=spend.pk, key=f"{APPROVAL}:{spend.pk}:{times}:{person.pk}")


def deciders(person: User) -> list[User]:
    """Who is asked about somebody's money: the managers of all of their teams, else the sponsors; never themselves.

    Only people with an address: the others see it on their page "Today".
    """
    reachable = User.objects.filter(is_active=True, email__isnull=False).exclude(pk=person.pk).order_by("pk")
    teams = Membership.objects.now().filter(user=person).values("team_id")
    managers = Membership.objects.now().filter(team__in=teams, role=Membership.Role.MANAGER).values("user_id")
    found = [user for user in reachable.filter(pk__in=managers) if may_manage(user, person)]
    return found or list(reachable.filter(is_sponsor=True))


def decided(spend: Spend) -> None:
    """The person hears what became of their wish."""
    times = spend.entries.filter(kind=BudgetEntry.Kind.RELEASE).count()
    enqueue(kind=DECIDED, object_id=spend.pk, key=f"{DECIDED}:{spend.pk}:{times}")


def suspended(suspension: Suspension) -> None:
    """The person hears why, until when, and that they can reply."""
    _tell(suspension, "closed", 1)


def renewed(suspension: Suspension, word: SuspensionWord) -> None:
    _tell(suspension, "renewed", word.pk)


def lifted(suspension: Suspension) -> None:
    _tell(suspension, "lifted", 1)


def replied(suspension: Suspension, word: SuspensionWord) -> None:
    """Whoever closed the budget hears what the person says."""
    _tell(suspension, "replied", word.pk)


def _tell(suspension: Suspension, what: str, number: int) -> None:
    enqueue(kind=CLOSED, object_id=suspension.pk, key=f"{CLOSED}:{suspension.pk}:{what}:{number}")


def books_differ(periods: Iterable[BudgetPeriod]) -> None:
    """The sponsors are told once a day, for as long as it is so."""
    day, first = today(Organisation.get()), next(iter(periods))
    for sponsor in sponsors():
        enqueue(kind=DIFFERS, object_id=first.pk, key=f"{DIFFERS}:{day}:{sponsor.pk}")


def sponsors() -> QuerySet[User]:
    return User.objects.filter(is_sponsor=True, is_active=True, email__isnull=False).order_by("pk")
