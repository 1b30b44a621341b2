"""What somebody may spend a month, before anything is spent."""

from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal

from delight.organisation.models import Organisation
from staff.budget.models import NOTHING, BudgetPeriod, MonthlySum, today
from staff.people.models import Membership, User

MANAGER = Membership.Role.MANAGER


def first_of(day: date) -> date:
    return day.replace(day=1)


def this_month(company: Organisation) -> date:
    """The first day of the organisation's month."""
    return first_of(today(company))


def month_after(month: date) -> date:
    return first_of(month + timedelta(days=32))


def role_of(user: User) -> str:
    """The role whose sum counts for a person today; sponsors count as managers, who is in no team has none."""
    if user.is_sponsor:
        return MANAGER
    return _highest(set(Membership.objects.now().filter(user=user).values_list("role", flat=True)))


def _highest(roles: set[str]) -> str:
    return max(roles, key=lambda role: role == MANAGER, default="")


def own_sum(user: User, month: date) -> MonthlySum | None:
    """The person's own sum in that month, if one is set: of those that have begun, the one set last."""
    found = MonthlySum.objects.filter(user=user, since__lte=month).order_by("-pk").first()
    return found if found and found.amount is not None else None


def role_sum(role: str, month: date) -> Decimal:
    """Everybody's with that role in that month; nothing is set: nothing to spend."""
    return role_sums(month).get(role, NOTHING)


def sum_for(user: User, month: date) -> Decimal:
    """What a person gets for a month: their own sum, else their role's. Joiners get it whole."""
    own = own_sum(user, month)
    return own.amount if own and own.amount is not None else role_sum(role_of(user), month)


def budget_now(user: User, company: Organisation) -> BudgetPeriod:
    """This month's budget as a page shows it: the row, or what it would be; nothing is written."""
    month = this_month(company)
    found = BudgetPeriod.objects.filter(user=user, month=month).first()
    return found or BudgetPeriod(user=user, month=month, granted=sum_for(user, month))


def budgets_now(people: Collection[User], company: Organisation) -> dict[int, BudgetPeriod]:
    """`budget_now` for many by their ids, with the same few queries for one and for a hundred."""
    month = this_month(company)
    found = {period.user_id: period for period in BudgetPeriod.objects.filter(user__in=people, month=month)}
    own = dict(
        MonthlySum.objects.filter(user__in=people, since__lte=month).order_by("pk").values_list("user_id", "amount")
    )
    of_roles = role_sums(month)
    roles: dict[int, set[str]] = {person.pk: {MANAGER} if person.is_sponsor else set() for person in people}
    for user_id, role in Membership.objects.now().filter(user__in=people).values_list("user_id", "role"):
        roles[user_id].add(role)
    for person in people:
        amount = own.get(person.pk)
        granted = of_roles.get(_highest(roles[person.pk]), NOTHING) if amount is None else amount
        found.setdefault(person.pk, BudgetPeriod(user=person, month=month, granted=granted))
    return found


def role_sums(month: date) -> dict[str, Decimal]:
    """Each role's sum in that month; a role for which none is set is not in it."""
    rows = MonthlySum.objects.filter(user=None, since__lte=month).order_by("pk").values_list("role", "amount")
    return {role: amount for role, amount in rows if amount is not None}
