"""What one customer or company has been given: the year's total, and who gives again and again to the same person."""

from datetime import UTC, datetime, time
from decimal import Decimal

from django.db.models import Sum

from delight.customers.models import Account, Customer
from delight.organisation.models import Organisation
from staff.budget.models import NOTHING, Spend, today


def year_began(company: Organisation) -> datetime:
    """The first moment of the organisation's calendar year."""
    first = today(company).replace(month=1, day=1)
    return datetime.combine(first, time.min, tzinfo=company.zone).astimezone(UTC)


def given_this_year(
    company: Organisation, *, customer: Customer | None = None, account: Account | None = None, but: Spend | None = None
) -> Decimal:
    """The sum of what is spent or set aside for one customer, or for all of one company, since the year began.

    `but` is not counted: the gift that is being changed.
    """
    found = Spend.objects.counting().filter(made_at__gte=year_began(company))
    if but and but.pk:
        found = found.exclude(pk=but.pk)
    found = found.filter(account=account) if account else found.filter(customer=customer)
    return found.aggregate(total=Sum("amount"))["total"] or NOTHING
