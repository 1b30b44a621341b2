"""The delight budget: a small sum a month for surprising customers, and each movement on it.

Unit of money: the organisation's currency, two decimals. Months are the organisation's, whatever zone a page is read
in; `month` is their first day.
"""

from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from delight.customers.models import Account, Customer
from delight.files.models import StoredFile
from delight.organisation.models import Organisation
from staff.people.models import Membership, Team

NOTHING = Decimal("0.00")


def money(verbose_name: Any = None, **fields: Any) -> models.DecimalField:
    """A column for a sum; whether it may be negative is its table's to say."""
    return models.DecimalField(verbose_name, max_digits=12, decimal_places=2, **fields)


def today(company: Organisation) -> date:
    """The organisation's day."""
    return timezone.localdate(timezone=company.zone)


class MonthlySum(models.Model):
    """What may be spent a month: by everybody with a role, or by one person.

    Never edited: of those that have begun, the latest holds. A person's own sum goes before the role's; without an
    amount it leads back to the role's.
    """

    role = models.CharField(max_length=10, choices=Membership.Role, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="own_sums"
    )
    amount = money(_("a month"), null=True, blank=True, validators=[MinValueValidator(0)])
    since = models.DateField(help_text="the first day of the month from which it holds")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-since", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=["", "staff", "manager"]), name="sum_role"),
            models.CheckConstraint(
                condition=Q(role="", user__isnull=False) | (~Q(role="") & Q(user__isnull=True)),
                name="sum_of_a_role_or_a_person",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0) | Q(amount__isnull=True), name="sum_not_negative"),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | Q(amount__isnull=False), name="sum_of_a_role_is_set"
            ),
            models.CheckConstraint(condition=Q(since__day=1), name="sum_since_first_of_month"),
        ]
        indexes = [
            models.Index(fields=["user", "-since", "-id"], name="sum_by_person"),
            models.Index(fields=["role", "-since", "-id"], name="sum_by_role"),
        ]


class BudgetPeriod(models.Model):
    """One person's month. Made by the first movement; until then a page computes what it would be.

    The four counters are the sums of its entries; the nightly check compares them.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="budget_periods")
    month = models.DateField()
    granted = money(default=NOTHING)
    held = money(default=NOTHING)
    spent = money(default=NOTHING)
    lapsed = money(default=NOTHING)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-month", "id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "month"], name="period_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="period_begins_on_the_first"),
            models.CheckConstraint(
                condition=Q(granted__gte=0, held__gte=0, spent__gte=0, lapsed__gte=0), name="period_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(granted__gte=F("spent") + F("held") + F("lapsed")), name="period_within_the_grant"
            ),
        ]

    @property
    def left(self) -> Decimal:
        """What can still be spent."""
        return self.granted - self.spent - self.held - self.lapsed


class SpendQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        """Those that wait for approval, and have time left to get it."""
        return self.filter(state=Spend.State.HELD, lapses_at__gt=timezone.now())

    def counting(self) -> Self:
        """Those for which money is gone or set aside."""
        return self.filter(state__in=[Spend.State.HELD, Spend.State.SPENT])

    def with_names(self) -> Self:
        """With all that a line of a list shows."""
        return self.select_related("period__user", "customer", "account", "team", "decided_by")


class Spend(models.Model):
    """Money for one moment: spent at once, or set aside until a manager decides."""

    class State(models.TextChoices):
        HELD = "held", _("waiting for approval")
        SPENT = "spent", _("spent")
        REFUNDED = "refunded", _("given back")
        DECLINED = "declined", _("declined")
        LAPSED = "lapsed", _("not decided in time")

    period = models.ForeignKey(BudgetPeriod, on_delete=models.PROTECT, related_name="spends")
    asked = money(_("cost"), validators=[MinValueValidator(Decimal("0.01"))])
    amount = money(help_text="what is set aside or spent; an approval may be for less than was asked")
    state = models.CharField(max_length=10, choices=State)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+", help_text="at that time")
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="gifts")
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.PROTECT, related_name="gifts", help_text="at that time"
    )
    receipt = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    receipt_wanted = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=timezone.now)
    lapses_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = SpendQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["held", "spent", "refunded", "declined", "lapsed"]), name="spend_state"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0) & Q(asked__gte=F("amount")), name="spend_not_more_than_asked"
            ),
            models.CheckConstraint(
                condition=~Q(state="held") | Q(lapses_at__isnull=False), name="spend_held_until_some_day"
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "made_at"], name="spend_by_customer"),
            models.Index(fields=["account", "made_at"], name="spend_by_account"),
            models.Index(fields=["lapses_at"], condition=Q(state="held"), name="spend_held"),
        ]


class BudgetEntry(models.Model):
    """One movement on a month. Only ever added; `kind` says which counter it moves, and which way."""

    class Kind(models.TextChoices):
        GRANT = "grant", _("monthly sum")
        TOP_UP = "top_up", _("one-off extra")
        LOWER = "lower", _("sum lowered")
        HOLD = "hold", _("waiting for approval")
        RELEASE = "release", _("no longer waiting")
        SPEND = "spend", _("spent")
        REFUND = "refund", _("given back")
        LAPSE = "lapse", _("not used by the end of the month")

    MORE = frozenset({Kind.GRANT, Kind.TOP_UP, Kind.RELEASE, Kind.REFUND})

    period = models.ForeignKey(BudgetPeriod, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=Kind)
    amount = money(help_text="always above zero")
    spend = models.ForeignKey(Spend, null=True, on_delete=models.PROTECT, related_name="entries")
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    key = models.UUIDField(null=True, unique=True, editable=False, help_text="what was pressed twice counts once")

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["grant", "top_up", "lower", "hold", "release", "spend", "refund", "lapse"]),
                name="entry_kind",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="entry_above_zero"),
            models.CheckConstraint(
                condition=Q(spend__isnull=False) | ~Q(kind__in=["hold", "release", "spend", "refund"]),
                name="entry_names_its_spend",
            ),
        ]

    @property
    def signed(self) -> Decimal:
        """What it makes of the sum that is at hand: below zero where there is less of it."""
        return self.amount if self.kind in self.MORE else -self.amount


class SuspensionQuerySet(models.QuerySet):
    def in_force(self, day: date) -> Self:
        """Those that hold on the organisation's day; at the review date one lifts by itself."""
        return self.filter(lifted_at__isnull=True, review_on__gt=day)


class Suspension(models.Model):
    """Somebody's budget is closed until a day on which it is looked at again. Free moments stay open."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="suspensions")
    reason = models.TextField(_("reason"), max_length=1000)
    review_on = models.DateField(_("review date"), help_text=_("It lifts on this day unless you renew it."))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField(auto_now_add=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        ordering = ["-began_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(lifted_at__isnull=True), name="suspension_one_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(user=F("by")), name="suspension_not_by_oneself"),
        ]


class SuspensionWord(models.Model):
    """What was said about a suspension afterwards: the person's reply, or why it was renewed."""

    class Kind(models.TextChoices):
        REPLY = "reply", _("reply")
        RENEWED = "renewed", _("renewed")

    suspension = models.ForeignKey(Suspension, on_delete=models.CASCADE, related_name="words")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField(max_length=1000)
    review_on = models.DateField(null=True, help_text="the new date, where it was renewed")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["reply", "renewed"]), name="suspension_word_kind"),
        ]
