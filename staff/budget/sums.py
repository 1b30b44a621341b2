"""What somebody may spend a month, before anything is spent."""

from datetime import date, timedelta
from decimal import Decimal

from delight.organisation.models import Organisation
from staff.budget.models import NOTHING, BudgetPeriod, MonthlySum, today
from staff.people.models import Membership, User


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
        return Membership.Role.MANAGER
    roles = set(Membership.objects.now().filter(user=user).values_list("role", flat=True))
    return max(roles, key=lambda role: role == Membership.Role.MANAGER, default="")


def own_sum(user: User, month: date) -> MonthlySum | None:
    """The person's own sum in that month, if one is set."""
    found = MonthlySum.objects.filter(user=user, since__lte=month).first()
    return found if found and found.amount is not None else None


def role_sum(role: str, month: date) -> Decimal:
    """Everybody's with that role in that month; nothing is set: nothing to spend."""
    found = MonthlySum.objects.filter(role=role, since__lte=month).first() if role else None
    return found.amount if found and found.amount is not None else NOTHING


def sum_for(user: User, month: date) -> Decimal:
    """What a person gets for a month: their own sum, else their role's. Joiners get it whole."""
    own = own_sum(user, month)
    return own.amount if own and own.amount is not None else role_sum(role_of(user), month)


def budget_now(user: User, company: Organisation) -> BudgetPeriod:
    """This month's budget as a page shows it: the row, or what it would be; nothing is written."""
    month = this_month(company)
    found = BudgetPeriod.objects.filter(user=user, month=month).first()
    return found or BudgetPeriod(user=user, month=month, granted=sum_for(user, month))
