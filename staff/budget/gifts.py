"""What one customer or company has been given: the year's total, and who gives again and again to the same person."""

from collections.abc import Collection
from datetime import UTC, datetime, time
from decimal import Decimal

from django.db.models import Count, Max, Q, QuerySet, Sum

from delight.customers.models import Account, Customer
from delight.organisation.models import Organisation
from staff.budget.models import NOTHING, Spend, today

OFTEN = 3


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


# --- For managers -----------------------------------------------------------------------------------------------


def gifts_of_year(seen: Q, company: Organisation) -> QuerySet[Spend]:
    """What was spent or is set aside this year, as far as the reader sees it."""
    return Spend.objects.counting().filter(seen, made_at__gte=year_began(company))


def by_customer(seen: Q, company: Organisation) -> QuerySet:
    """The customers of the gifts that the reader sees, with the whole total of each; the most first."""
    shown = gifts_of_year(seen, company).values("customer_id")
    whole = Spend.objects.counting().filter(made_at__gte=year_began(company), customer__in=shown)
    rows = whole.values("customer_id", "customer__name", "customer__account__name")
    return rows.annotate(total=Sum("amount"), times=Count("pk"), last=Max("made_at")).order_by("-total", "customer_id")


def by_account(seen: Q, company: Organisation) -> QuerySet:
    """The companies of those gifts, with what all of their people were given."""
    shown = gifts_of_year(seen, company).values("account_id")
    whole = Spend.objects.counting().filter(made_at__gte=year_began(company), account__in=shown)
    rows = whole.values("account_id")
    return rows.annotate(total=Sum("amount"), times=Count("pk"), last=Max("made_at")).order_by("-total", "account_id")


def again_and_again(seen: Q, company: Organisation) -> QuerySet:
    """Who gave to the same customer how often this year, from three times on."""
    given = gifts_of_year(seen, company).filter(customer__isnull=False)
    rows = given.values("customer_id", "customer__name", "period__user_id", "period__user__name")
    counted = rows.annotate(total=Sum("amount"), times=Count("pk"), last=Max("made_at"))
    return counted.filter(times__gte=OFTEN).order_by("-times", "-total", "customer_id", "period__user_id")


def totals_of(spends: Collection[Spend], company: Organisation) -> dict[int, Decimal]:
    """The year's total of each customer in a list of gifts; one query for all."""
    customers = {spend.customer_id for spend in spends if spend.customer_id}
    found = Spend.objects.counting().filter(made_at__gte=year_began(company), customer__in=customers)
    return dict(found.order_by().values_list("customer_id").annotate(total=Sum("amount")))


def is_noticed(total: Decimal, company: Organisation) -> bool:
    """Whether a customer has had more this year than the company wants to be warned of."""
    return company.gifts_noticed_over is not None and total > company.gifts_noticed_over
