"""Verbs on the delight budget. Each writes its counters, its entries and its audit line in one transaction.

The write carries the condition: an UPDATE takes the sum only where it still fits, so that two at once cannot spend
the same money. Transactions stay in READ COMMITTED, where such an UPDATE sees what others have committed.
"""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from delight.customers.models import Account, Customer
from delight.files.models import StoredFile
from delight.organisation.models import AuditEntry, Organisation
from staff.budget import notices
from staff.budget.gifts import given_this_year
from staff.budget.models import NOTHING, BudgetEntry, BudgetPeriod, MonthlySum, Spend, Suspension, today
from staff.budget.sums import month_after, role_of, sum_for, this_month
from staff.people.models import Team, User

Kind, State = BudgetEntry.Kind, Spend.State
HELD_FOR = timedelta(days=7)


class Refused(Exception):
    """Money that is not given out. The message is a sentence for whoever asked; `left` is what they may still spend."""

    def __init__(self, sentence: str, left: Decimal | None = None) -> None:
        super().__init__(sentence)
        self.sentence, self.left = sentence, left


def in_words(amount: Decimal, company: Organisation) -> str:
    """A sum in the reader's figures, with the currency."""
    places = 0 if amount == amount.to_integral_value() else 2
    return f"{number_format(amount, places, force_grouping=True)} {company.currency}"


# --- Spending ---------------------------------------------------------------------------------------------------


@transaction.atomic
def spend(
    *, by: User, amount: Decimal, customer: Customer | None = None, team: Team | None = None,
    receipt: StoredFile | None = None,
) -> Spend:  # fmt: skip
    """Take a sum from one's own budget of this month, or set it aside until a manager decides.

    Raises Refused: the budget is closed, the company takes no gifts, or it is more than is left.
    """
    company = Organisation.get()
    period = open_period(by, company)
    account = customer.account if customer else None
    made = Spend(period=period, asked=amount, amount=amount, customer=customer, account=account, team=team)
    made.receipt = receipt
    _take(made, amount, by, company)
    return made


@transaction.atomic
def change_amount(*, by: User, spend: Spend, amount: Decimal) -> Spend:
    """Another cost for the same moment: the old sum goes back, the new one is taken, or both stay as they were."""
    company = Organisation.get()
    spend = _locked(spend)
    if amount == spend.asked and spend.state in (State.HELD, State.SPENT):
        return spend
    if spend.period.month != this_month(company):
        raise Refused(_("The month is over: what it cost stays as it is."))
    _lock(spend.account)  # the same order as in `spend`: the company's row, then the month's
    _let_go(spend, by)
    _take(spend, amount, by, company)
    return spend


@transaction.atomic
def give_back(*, by: User, spend: Spend) -> bool:
    """The sum returns to the budget it came from; what was spent, only within its month. Tells whether it did."""
    spend = _locked(spend)
    over = spend.period.month != this_month(Organisation.get())
    if spend.state not in (State.HELD, State.SPENT) or (spend.state == State.SPENT and over):
        return False
    _let_go(spend, by)
    spend.state = State.REFUNDED
    spend.save(update_fields=["state"])
    return True


def open_period(user: User, company: Organisation) -> BudgetPeriod:
    """This month's row; the first movement makes it, with the whole sum."""
    month = this_month(company)
    period, made = BudgetPeriod.objects.get_or_create(
        user=user, month=month, defaults={"granted": sum_for(user, month)}
    )
    if made and period.granted:
        _enter(period, Kind.GRANT, period.granted, by=None)
        Organisation.objects.filter(currency_fixed_at=None).update(currency_fixed_at=timezone.now())
    return period


def _take(made: Spend, amount: Decimal, by: User, company: Organisation) -> None:
    """Spend or set aside `amount` and write it down; Refused leaves nothing behind."""
    _require_open_budget(by, company)
    _require_fit_for(made, amount, company)
    holds = needs_approval(by, amount, made.account, company)
    counter = "held" if holds else "spent"
    fits = F("spent") + F("held") + F("lapsed") + amount
    period = BudgetPeriod.objects.filter(pk=made.period_id, granted__gte=fits)
    if not period.update(**{counter: F(counter) + amount}):
        left = BudgetPeriod.objects.get(pk=made.period_id).left
        raise Refused(_("That is more than is left this month: %(left)s.") % {"left": in_words(left, company)}, left)
    made.asked = made.amount = amount
    made.state = State.HELD if holds else State.SPENT
    made.lapses_at = timezone.now() + HELD_FOR if holds else None
    made.receipt_wanted = company.receipt_over is not None and amount > company.receipt_over
    made.decided_by = made.decided_at = None
    made.reason = ""
    made.save()
    _enter(made.period, Kind.HOLD if holds else Kind.SPEND, amount, by=by, spend=made)
    if holds:
        notices.approval_wanted(made)


def _let_go(spend: Spend, by: User | None) -> None:
    """Move a sum that is spent or set aside back to what is left. The caller says what becomes of the spend."""
    holds = spend.state == State.HELD
    counter = "held" if holds else "spent"
    BudgetPeriod.objects.filter(pk=spend.period_id).update(**{counter: F(counter) - spend.amount})
    _enter(spend.period, Kind.RELEASE if holds else Kind.REFUND, spend.amount, by=by, spend=spend)


def _locked(spend: Spend) -> Spend:
    return Spend.objects.select_for_update(of=["self"]).select_related("period__user", "account").get(pk=spend.pk)


def _enter(
    period: BudgetPeriod, kind: str, amount: Decimal, *, by: User | None, spend: Spend | None = None,
    note: str = "", key: UUID | None = None,
) -> BudgetEntry:  # fmt: skip
    return BudgetEntry.objects.create(period=period, kind=kind, amount=amount, by=by, spend=spend, note=note, key=key)


def suspension_of(user: User, company: Organisation) -> Suspension | None:
    """The one that closes the person's budget today."""
    return Suspension.objects.in_force(today(company)).filter(user=user).first()


def _require_open_budget(user: User, company: Organisation) -> None:
    if suspension_of(user, company):
        raise Refused(_("Your budget is closed for now. Moments that cost nothing are as welcome as ever."))


def _lock(account: Account | None) -> Account | None:
    """The company's row, held until the end of the transaction: two gifts at once then count both."""
    return Account.objects.select_for_update(no_key=True).get(pk=account.pk) if account else None


def _require_fit_for(made: Spend, amount: Decimal, company: Organisation) -> None:
    """Refuses what the customer's company must not be given."""
    account = _lock(made.account)
    if account is None:
        return
    if account.takes_no_gifts:
        raise Refused(
            _("%(company)s takes no gifts that cost money. A free gesture is welcome.") % {"company": account}
        )
    if account.gift_rule == Account.GiftRule.UP_TO and account.gift_limit is not None:
        left = max(account.gift_limit - given_this_year(company, account=account, but=made), NOTHING)
        if amount > left:
            words = {"company": account, "left": in_words(left, company)}
            raise Refused(_("%(company)s may get %(left)s more this year.") % words)


def needs_approval(user: User, amount: Decimal, account: Account | None, company: Organisation) -> bool:
    """Whether a manager decides first: above the threshold, or where the company's rule says so. Not for sponsors."""
    if user.is_sponsor:
        return False
    asks = account is not None and account.gift_rule == Account.GiftRule.ASK
    return asks or (company.approve_over is not None and amount > company.approve_over)


# --- Deciding ---------------------------------------------------------------------------------------------------


@transaction.atomic
def approve(*, by: User, spend: Spend, amount: Decimal | None = None) -> Spend:
    """Let what is set aside be spent, or less of it. Raises Refused when it is decided or its time is over."""
    spend = _waiting(spend)
    amount = spend.amount if amount is None else amount
    if not NOTHING < amount <= spend.amount:
        raise Refused(_("Approve what was asked for, or less."))
    BudgetPeriod.objects.filter(pk=spend.period_id).update(held=F("held") - spend.amount, spent=F("spent") + amount)
    _enter(spend.period, Kind.RELEASE, spend.amount, by=by, spend=spend)
    _enter(spend.period, Kind.SPEND, amount, by=by, spend=spend)
    spend.amount = amount
    return _decided(spend, State.SPENT, by)


@transaction.atomic
def decline(*, by: User, spend: Spend, reason: str) -> Spend:
    """Free the sum, and tell the person why. Raises Refused when it is decided or its time is over."""
    spend = _waiting(spend)
    _let_go(spend, by)
    spend.reason = reason
    return _decided(spend, State.DECLINED, by)


def _waiting(spend: Spend) -> Spend:
    spend = _locked(spend)
    if spend.state != State.HELD or spend.lapses_at is None or spend.lapses_at <= timezone.now():
        raise Refused(_("This has been decided already, or its time is over."))
    return spend


def _decided(spend: Spend, state: str, by: User) -> Spend:
    spend.state, spend.decided_by, spend.decided_at = state, by, timezone.now()
    spend.save(update_fields=["state", "amount", "reason", "decided_by", "decided_at"])
    AuditEntry.record(by=by, verb="approve_spend" if state == State.SPENT else "decline_spend", obj=spend)
    notices.decided(spend)
    return spend


@transaction.atomic
def free_undecided() -> int:
    """What nobody has decided within a week is free again; returns how many."""
    late = Spend.objects.filter(state=State.HELD, lapses_at__lte=timezone.now()).select_related("period")
    found = list(late.select_for_update(of=["self"], skip_locked=True).order_by("period_id", "pk"))
    for spend in found:
        _let_go(spend, None)
        spend.state = State.LAPSED
        spend.save(update_fields=["state"])
        notices.decided(spend)
    return len(found)


# --- Sums -------------------------------------------------------------------------------------------------------


@transaction.atomic
def top_up(*, by: User, user: User, amount: Decimal, note: str, key: UUID) -> BudgetEntry:
    """A one-off extra that counts this month. The same key adds it once."""
    known = BudgetEntry.objects.filter(key=key).first()
    if known:
        return known
    period = open_period(user, Organisation.get())
    try:
        with transaction.atomic():
            entry = _enter(period, Kind.TOP_UP, amount, by=by, note=note, key=key)
    except IntegrityError:
        return BudgetEntry.objects.get(key=key)
    BudgetPeriod.objects.filter(pk=period.pk).update(granted=F("granted") + amount)
    AuditEntry.record(by=by, verb="top_up", obj=period)
    return entry


@transaction.atomic
def set_sum(
    *, by: User, amount: Decimal | None, role: str = "", user: User | None = None, from_now: bool = False
) -> MonthlySum:
    """A new monthly sum of a role or a person, from next month, or from now.

    "From now" also changes the months that have begun, and never below what is spent and set aside there. Without an
    amount a person has the role's again.
    """
    company = Organisation.get()
    month = this_month(company)
    made = MonthlySum.objects.create(
        role=role, user=user, amount=amount, set_by=by, since=month if from_now else month_after(month)
    )
    if from_now:
        begun = BudgetPeriod.objects.filter(month=month).select_related("user")
        periods = begun.filter(user=user) if user else begun
        for period in periods.select_for_update(of=["self"]).order_by("pk"):
            if user or role_of(period.user) == role:
                _follow(period, by)
    AuditEntry.record(by=by, verb="set_sum", obj=made, fields=["amount"])
    return made


def _follow(period: BudgetPeriod, by: User) -> None:
    """Move a month that has begun to the sum that holds now; one-off extras stay on top. The row is locked."""
    moved = {
        row["kind"]: row["total"] for row in period.entries.order_by().values("kind").annotate(total=Sum("amount"))
    }
    base = moved.get(Kind.GRANT, NOTHING) - moved.get(Kind.LOWER, NOTHING)
    step = sum_for(period.user, period.month) - base
    step = max(step, -period.left)
    if not step:
        return
    period.granted += step
    period.save(update_fields=["granted"])
    _enter(period, Kind.GRANT if step > 0 else Kind.LOWER, abs(step), by=by)


# --- Suspension -------------------------------------------------------------------------------------------------


@transaction.atomic
def suspend(*, by: User, user: User, reason: str, review_on: date) -> Suspension:
    """Close somebody's budget until the review date; they are told why and can reply."""
    company = Organisation.get()
    before = Suspension.objects.select_for_update().filter(user=user, lifted_at=None).first()
    if before and before.review_on > today(company):
        raise Refused(_("This budget is closed already. Renew it, or lift it."))
    if before:
        _end(before, None)
    made = Suspension.objects.create(user=user, reason=reason, review_on=review_on, by=by)
    AuditEntry.record(by=by, verb="suspend_budget", obj=made)
    notices.suspended(made)
    return made


@transaction.atomic
def renew(*, by: User, suspension: Suspension, text: str, review_on: date) -> Suspension:
    """A later review date, with the reason for it; the person is told again."""
    suspension = _in_force(suspension)
    suspension.review_on = review_on
    suspension.save(update_fields=["review_on"])
    word = suspension.words.create(kind="renewed", text=text, review_on=review_on, by=by)
    AuditEntry.record(by=by, verb="renew_suspension", obj=suspension, fields=["review_on"])
    notices.renewed(suspension, word)
    return suspension


@transaction.atomic
def lift(*, by: User, suspension: Suspension) -> Suspension:
    """Open the budget again before the review date."""
    suspension = _in_force(suspension)
    _end(suspension, by)
    AuditEntry.record(by=by, verb="lift_suspension", obj=suspension)
    notices.lifted(suspension)
    return suspension


@transaction.atomic
def reply(*, by: User, suspension: Suspension, text: str) -> Suspension:
    """What the person has to say to it; whoever closed the budget hears of it."""
    suspension = _in_force(suspension)
    word = suspension.words.create(kind="reply", text=text, by=by)
    notices.replied(suspension, word)
    return suspension


def _in_force(suspension: Suspension) -> Suspension:
    found = Suspension.objects.select_for_update().get(pk=suspension.pk)
    if found.lifted_at or found.review_on <= today(Organisation.get()):
        raise Refused(_("This is over already."))
    return found


def _end(suspension: Suspension, by: User | None) -> None:
    suspension.lifted_at, suspension.lifted_by = timezone.now(), by
    suspension.save(update_fields=["lifted_at", "lifted_by"])
