"""Verbs on moments. What a moment costs is taken from the budget in the same transaction, so one key has one effect."""

import hashlib
import json
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from delight.customers.models import Customer, Visit
from delight.customers.visit_models import bounds_of
from delight.customers.visits.access import visits_visible_to
from delight.files.models import StoredFile
from delight.files.uploads import Upload
from delight.organisation.models import AuditEntry
from staff.budget import services as budget
from staff.budget.models import Spend
from staff.moments import reminders
from staff.moments.models import Idea, Moment, MomentChange, Occasion
from staff.moments.occasions import use_occasion
from staff.people.models import Membership, Team, User

State = Moment.State
COUNTING = (Spend.State.HELD, Spend.State.SPENT)
OWN_FIELDS = ("what", "idea", "customer", "people_agreed", "reaction", "introduced_to", "introduced_whom")


class KeyUsed(Exception):
    """The key came before, with something else: one of the two would be lost if this were taken for the same."""


class Withdrawn(Exception):
    """The moment is withdrawn: there is nothing to change any more."""


# --- Logging ----------------------------------------------------------------------------------------------------


@transaction.atomic
def log_moment(
    *, by: User, key: UUID, what: str = "", idea: Idea | None = None, customer: Customer | None = None,
    visit: Visit | None = None, cost: Decimal | None = None, receipt: Upload | None = None,
    photo: Upload | None = None, people_agreed: bool = False, reaction: str = "",
    introduced_to: Customer | None = None, introduced_whom: str = "", occasion: Occasion | None = None,
    happened_at: datetime | None = None, finish_later: bool = False,
) -> Moment:  # fmt: skip
    """Write down what was done for a customer; with `finish_later`, as a stub that only its author sees.

    The same key with the same content returns the moment that is there. Raises KeyUsed for another content, and
    `budget.services.Refused` when the cost is not given out; then nothing at all is written.
    """
    if visit is not None and customer is None:
        customer = visit.customer
    digest = digest_of(
        what=what, idea=idea, customer=customer, visit=visit, cost=cost, receipt=receipt, photo=photo,
        people_agreed=people_agreed, reaction=reaction, introduced_to=introduced_to,
        introduced_whom=introduced_whom, occasion=occasion, finish_later=finish_later,
    )  # fmt: skip
    moment = Moment(
        user=by, key=key, key_digest=digest, state=State.STUB if finish_later else State.LOGGED, what=what, idea=idea,
        customer=customer, account=customer.account if customer else None, people_agreed=people_agreed,
        reaction=reaction, introduced_to=introduced_to, introduced_whom=introduced_whom,
        happened_at=happened_at or timezone.now(),
    )  # fmt: skip
    known = _known(by, key, digest)
    if known is not None:
        return known
    moment.visit = visit or _visit_then(by, customer, moment.happened_at)
    moment.team = moment.visit.team if moment.visit else _own_team(by)
    try:
        with transaction.atomic():
            moment.save()
    except IntegrityError:  # pressed twice at once: the other one was first
        first = _known(by, key, digest)
        if first is None:
            raise
        return first
    if photo is not None:
        moment.photo = photo.store(by=by)
        moment.save(update_fields=["photo"])
    if cost:
        _spend(by, moment, cost, receipt.store(by=by) if receipt else None)
    if occasion is not None:
        use_occasion(by=by, occasion=occasion, moment=moment)
    reminders.plan(moment)
    return moment


def digest_of(**came: Any) -> str:
    """What came with a key, in a form that can be compared. Not when: a phone adds that on its second try only."""
    told = {name: _plain(value) for name, value in came.items() if value not in (None, "", False)}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Upload):
        return value.digest
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return getattr(value, "pk", value)


def _known(by: User, key: UUID, digest: str) -> Moment | None:
    found = Moment.objects.with_names().filter(user=by, key=key).first()
    if found is not None and found.key_digest != digest:
        raise KeyUsed
    return found


def _visit_then(by: User, customer: Customer | None, at: datetime) -> Visit | None:
    """The customer's visit of that day, the one nearest to then."""
    if customer is None:
        return None
    day = Visit.objects.between(*bounds_of(timezone.localdate(at))).filter(customer=customer)
    seen = day.filter(pk__in=visits_visible_to(by).values("pk")).exclude(state=Visit.State.MISSED)
    return min(seen.select_related("team"), key=lambda visit: abs(visit.starts_at - at), default=None)


def _own_team(by: User) -> Team | None:
    """The person's only team, or the one they have been in for longest."""
    own = Membership.objects.now().filter(user=by).select_related("team").order_by("since", "id").first()
    return own.team if own else None


def _spend(by: User, moment: Moment, cost: Decimal, receipt: StoredFile | None) -> None:
    moment.spend = budget.spend(by=by, amount=cost, customer=moment.customer, team=moment.team, receipt=receipt)
    moment.save(update_fields=["spend"])


# --- Changing ---------------------------------------------------------------------------------------------------


@transaction.atomic
def change_moment(*, by: User, moment: Moment, finish: bool = False, **values: Any) -> Moment:
    """Change what is given, and keep what it said before; the budget follows. `finish` makes a stub a moment.

    `values`: the fields of a moment, `cost` (None: it was free), `receipt` and `photo` (an Upload), `without_photo`.
    Raises Withdrawn, and `budget.services.Refused`; then nothing is written.
    """
    stored = Moment.objects.select_for_update(of=["self"]).with_names().get(pk=moment.pk)
    if stored.state == State.WITHDRAWN:
        raise Withdrawn
    before = _before(stored, values)
    for name in OWN_FIELDS:
        if name in values:
            setattr(stored, name, values[name])
    old_photo = _change_photo(by, stored, values)
    if "customer" in before:
        stored.account = stored.customer.account if stored.customer else None
        stored.visit = _visit_then(by, stored.customer, stored.happened_at)
    _follow_money(by, stored, values)
    told_already = stored.state == State.LOGGED
    if finish:
        stored.state = State.LOGGED
    stored.save()
    if old_photo:
        StoredFile.objects.filter(pk=old_photo).delete()
    if told_already and before:
        MomentChange.objects.create(moment=stored, by=by, fields=sorted(before), before=before)
    reminders.plan(stored)
    return stored


def _before(stored: Moment, values: dict[str, Any]) -> dict[str, Any]:
    """What is about to change, as it is. Files are named and not kept: what is taken away is to be gone."""
    was: dict[str, Any] = {}
    for name in OWN_FIELDS:
        if name in values and getattr(stored, name) != values[name]:
            was[name] = _plain(getattr(stored, name))
    if was.get("reaction") == "":  # said for the first time: that is no change of mind
        del was["reaction"]
    if "cost" in values and (values["cost"] or None) != cost_of(stored):
        was["cost"] = _plain(cost_of(stored))
    if values.get("photo") or (values.get("without_photo") and stored.photo_id):
        was["photo"] = bool(stored.photo_id)
    if values.get("receipt"):
        was["receipt"] = bool(stored.spend and stored.spend.receipt_id)
    return was


def cost_of(moment: Moment) -> Decimal | None:
    """What it costs now: spent or set aside. None: it is free, or the money was not given out."""
    spend = moment.spend
    return spend.amount if spend is not None and spend.state in COUNTING else None


def _change_photo(by: User, stored: Moment, values: dict[str, Any]) -> int | None:
    """Another photo, or none; returns the file that is of no use any more."""
    if not (values.get("photo") or values.get("without_photo")):
        return None
    old = stored.photo_id
    stored.photo = values["photo"].store(by=by) if values.get("photo") else None
    return old


def _follow_money(by: User, stored: Moment, values: dict[str, Any]) -> None:
    """The budget follows: another sum, another customer, or nothing after all."""
    spend = stored.spend
    cost = values["cost"] or None if "cost" in values else cost_of(stored)
    if spend is not None and cost is not None and spend.customer_id != stored.customer_id:
        stored.spend = budget.give_to(by=by, spend=spend, customer=stored.customer, amount=cost)
    else:
        _change_cost(by, stored, cost)
    if values.get("receipt") and stored.spend is not None:
        add_receipt(by=by, moment=stored, receipt=values["receipt"], tell=False)


def _change_cost(by: User, stored: Moment, cost: Decimal | None) -> None:
    if cost == cost_of(stored):
        return
    if cost is None and stored.spend is not None:
        if not budget.give_back(by=by, spend=stored.spend):
            raise budget.Refused(_("The month is over: what it cost stays as it is."))
        stored.spend.refresh_from_db()
    elif cost is not None and stored.spend is not None:
        stored.spend = budget.change_amount(by=by, spend=stored.spend, amount=cost)
    elif cost is not None:
        _spend(by, stored, cost, None)


@transaction.atomic
def add_receipt(*, by: User, moment: Moment, receipt: Upload, tell: bool = True) -> Moment:
    """The receipt of what it cost, now or later; one that was there gives way."""
    assert moment.spend is not None  # noqa: S101 - for the type checker: callers have looked
    spend = Spend.objects.select_for_update(of=["self"]).get(pk=moment.spend.pk)
    old, spend.receipt = spend.receipt_id, receipt.store(by=by)
    spend.save(update_fields=["receipt"])
    if old:
        StoredFile.objects.filter(pk=old).delete()
    if tell:
        MomentChange.objects.create(moment=moment, by=by, fields=["receipt"], before={"receipt": bool(old)})
    moment.spend = spend
    return moment


@transaction.atomic
def set_reaction(*, by: User, moment: Moment, reaction: str) -> Moment:
    """How the customer took it, with one tap after logging."""
    return change_moment(by=by, moment=moment, reaction=reaction)


@transaction.atomic
def tell_what_came(*, by: User, moment: Moment, text: str) -> bool:
    """What came of an introduction; no text: nothing yet. It is asked once: tells whether this was the first word."""
    untold = Moment.objects.filter(pk=moment.pk, told_at=None, state=State.LOGGED)
    return bool(untold.update(came_of_it=text, told_at=timezone.now()))


# --- Withdrawing ------------------------------------------------------------------------------------------------


@transaction.atomic
def withdraw_moment(*, by: User, moment: Moment) -> Moment:
    """Take a moment back: it is no story any more, and within its month the money returns. A second time: nothing."""
    stored = Moment.objects.select_for_update(of=["self"]).with_names().get(pk=moment.pk)
    if stored.state == State.WITHDRAWN:
        return stored
    if stored.spend is not None:
        budget.give_back(by=by, spend=stored.spend)
    stored.state, stored.withdrawn_at = State.WITHDRAWN, timezone.now()
    stored.save(update_fields=["state", "withdrawn_at"])
    AuditEntry.record(by=by, verb="withdraw_moment", obj=stored)
    return stored
