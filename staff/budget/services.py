"""Verbs on the delight budget. Each writes its counters, its entries and its audit line in one transaction.

The write carries the condition: an UPDATE takes the sum only where it still fits, so that two at once cannot spend
the same money. Transactions stay in READ COMMITTED, where such an UPDATE sees what others have committed.
"""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from delight.customers.models import Account, Customer
from delight.files.models import StoredFile
from delight.organisation.models import AuditEntry, Organisation
from staff.budget import notices
from staff.budget.gifts import given_this_year
from staff.budget.models import NOTHING, BudgetEntry, BudgetPeriod, Spend, Suspension, today
from staff.budget.sums import sum_for, this_month
from staff.people.models import Team, User

Kind, State = BudgetEntry.Kind, Spend.State
HELD_FOR = timedelta(days=7)
SUMS_LOCK = 20_260_401  # of the database; held by whoever changes monthly sums, shared by whoever begins a month


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
    made = Spend(period=period, customer=customer, account=account, team=team, receipt=receipt)
    _take(made, amount, by, company)
    return made


@transaction.atomic
def change_amount(*, by: User, spend: Spend, amount: Decimal) -> Spend:
    """Another cost for the same moment: the old sum goes back, the new one is taken, or both stay as they were.

    Less than was spent, or than goes on waiting, is always accepted; what is spent already needs no second approval.
    One that was declined, not decided or given back is taken anew.
    """
    company = Organisation.get()
    spend = _locked(spend)
    counts = spend.state in (State.HELD, State.SPENT)
    if amount == spend.asked and counts:
        return spend
    if spend.period.month != this_month(company):
        raise Refused(_("The month is over: what it cost stays as it is."))
    _lock(spend.account)  # the same order as in `spend`: the company's row, then the month's
    had, was_spent = (spend.amount if counts else NOTHING), spend.state == State.SPENT
    if counts:
        _let_go(spend, by)
    _take(spend, amount, by, company, had=had, settled=had if was_spent else NOTHING)
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


@transaction.atomic
def give_to(*, by: User, spend: Spend, customer: Customer | None, amount: Decimal) -> Spend:
    """The same gift turns out to be somebody else's: it goes back, and is taken under the rules of their company."""
    spend, account = _locked(spend), customer.account if customer else None
    _lock(account)  # the gift's row, the company's, then the month's: the order of every change and approval
    if spend.state in (State.HELD, State.SPENT) and not give_back(by=by, spend=spend):
        raise Refused(_("The month is over: what it cost stays as it is."))
    Spend.objects.filter(pk=spend.pk).update(customer=customer, account=account)
    return change_amount(by=by, spend=spend, amount=amount)


def open_period(user: User, company: Organisation) -> BudgetPeriod:
    """This month's row; the first movement makes it, with the whole sum."""
    month = this_month(company)
    found = BudgetPeriod.objects.filter(user=user, month=month).first()
    if found:
        return found
    lock_sums(shared=True)  # so that a sum that is being changed "from now" misses no month that begins meanwhile
    period, made = BudgetPeriod.objects.get_or_create(
        user=user, month=month, defaults={"granted": sum_for(user, month)}
    )
    if made:
        Organisation.objects.filter(currency_fixed_at=None).update(currency_fixed_at=timezone.now())
        if period.granted:
            enter(period, Kind.GRANT, period.granted, by=None)
    return period


def lock_sums(*, shared: bool = False) -> None:
    """Until the end of the transaction: nobody changes monthly sums; unless `shared`, nobody begins a month either."""
    suffix = "_shared" if shared else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock{suffix}(%s)", [SUMS_LOCK])


def _take(
    made: Spend, amount: Decimal, by: User, company: Organisation, *, had: Decimal = NOTHING,
    settled: Decimal = NOTHING,
) -> None:  # fmt: skip
    """Spend or set aside `amount` and write it down; Refused leaves nothing behind.

    `had` is what it took so far, `settled` what of that needs no approval any more.
    """
    owner = made.period.user
    holds = amount > settled and needs_approval(owner, amount, made.account, company)
    if amount > (had if holds else settled):  # what has only waited so far is spent now: that is more, too
        _require_open_budget(owner, company)
        _require_fit_for(made, amount, company)
    _take_if_it_fits(made.period_id, "held" if holds else "spent", amount, company)
    made.asked = made.amount = amount
    made.state = State.HELD if holds else State.SPENT
    made.lapses_at = timezone.now() + HELD_FOR if holds else None
    made.receipt_wanted = company.receipt_over is not None and amount > company.receipt_over
    if amount > settled:
        made.decided_by, made.decided_at, made.reason = None, None, ""
    made.save()
    enter(made.period, Kind.HOLD if holds else Kind.SPEND, amount, by=by, spend=made)
    if holds:
        notices.approval_wanted(made)


def _take_if_it_fits(period_id: int, counter: str, amount: Decimal, company: Organisation) -> None:
    """One UPDATE that carries the condition: of two at once the second sees what the first has taken."""
    fits = F("spent") + F("held") + F("lapsed") + amount
    period = BudgetPeriod.objects.filter(pk=period_id, granted__gte=fits)
    if not period.update(**{counter: F(counter) + amount}):
        left = BudgetPeriod.objects.get(pk=period_id).left
        raise Refused(_("That is more than is left this month: %(left)s.") % {"left": in_words(left, company)}, left)


def _let_go(spend: Spend, by: User | None) -> None:
    """Move a sum that is spent or set aside back to what is left. The caller says what becomes of the spend."""
    holds = spend.state == State.HELD
    counter = "held" if holds else "spent"
    BudgetPeriod.objects.filter(pk=spend.period_id).update(**{counter: F(counter) - spend.amount})
    enter(spend.period, Kind.RELEASE if holds else Kind.REFUND, spend.amount, by=by, spend=spend)


def _locked(spend: Spend) -> Spend:
    found = Spend.objects.select_for_update(of=["self"], no_key=True).select_related("period__user", "account")
    return found.get(pk=spend.pk)


def enter(
    period: BudgetPeriod, kind: str, amount: Decimal, *, by: User | None, spend: Spend | None = None,
    note: str = "", key: UUID | None = None,
) -> BudgetEntry:  # fmt: skip
    """One line of the ledger; its counter is the caller's to move, in the same transaction."""
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
    """Let what is set aside be spent, or less of it.

    Raises Refused when it is decided or its time is over, and when the company takes no gifts by now.
    """
    spend = _waiting(spend)
    amount = spend.amount if amount is None else amount
    if not NOTHING < amount <= spend.amount:
        raise Refused(_("Approve what was asked for, or less."))
    _require_fit_for(spend, amount, Organisation.get())
    BudgetPeriod.objects.filter(pk=spend.period_id).update(held=F("held") - spend.amount, spent=F("spent") + amount)
    enter(spend.period, Kind.RELEASE, spend.amount, by=by, spend=spend)
    enter(spend.period, Kind.SPEND, amount, by=by, spend=spend)
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
    found = list(late.select_for_update(of=["self"], skip_locked=True, no_key=True).order_by("period_id", "pk"))
    for spend in found:
        _let_go(spend, None)
        spend.state = State.LAPSED
        spend.save(update_fields=["state"])
        notices.decided(spend)
    return len(found)
