"""The mails of this room, as the outbox knows them."""

from datetime import timedelta
from typing import Any

from delight.outbox.models import Message
from delight.outbox.registry import Mail, MailKind, Skip, register_mail
from staff.budget.models import Spend
from staff.moments import emails
from staff.moments import note_kinds as note_kinds
from staff.moments import occasion_kinds as occasion_kinds
from staff.moments import what_for as what_for
from staff.moments.models import Moment
from staff.moments.reminders import INTRODUCED, RECEIPT

MOMENTS = Moment.objects.with_names().select_related("introduced_to")


def _reachable(moment: Moment) -> Any:
    if not moment.user.is_active:
        return Skip("left")
    return moment if moment.user.email else Skip("no_address")


def receipt_still_wanted(message: Message) -> Any:
    """The moment, unless the receipt has come, the money went back, or there is nobody to ask."""
    moment = MOMENTS.all().filter(spend=message.object_id).first()
    if moment is None or moment.spend is None or moment.state == Moment.State.WITHDRAWN:
        return Skip("gone")
    spend = moment.spend
    if spend.state != Spend.State.SPENT or not spend.receipt_wanted or spend.receipt_id is not None:
        return Skip("done")
    return _reachable(moment)


def build_receipt(moment: Moment, message: Message) -> Mail:
    return emails.receipt_wanted(moment)


def introduced_still_wanted(message: Message) -> Any:
    """The moment, unless somebody has said already what came of it, or nobody is introduced any more."""
    moment = MOMENTS.all().filter(pk=message.object_id).first()
    if moment is None or moment.state != Moment.State.LOGGED or not moment.is_introduction:
        return Skip("gone")
    customers = [each for each in (moment.customer, moment.introduced_to) if each is not None]
    if any(customer.erased_at for customer in customers):
        return Skip("gone")
    return Skip("done") if moment.told_at else _reachable(moment)


def build_introduced(moment: Moment, message: Message) -> Mail:
    return emails.what_came_of_it(moment)


register_mail(
    MailKind(
        name=RECEIPT, still_wanted=receipt_still_wanted, build=build_receipt, grace=timedelta(days=7), room="moments"
    )
)
register_mail(
    MailKind(
        name=INTRODUCED, still_wanted=introduced_still_wanted, build=build_introduced, grace=timedelta(days=14),
        room="moments",
    )
)  # fmt: skip
