"""The data map of this room. Scores stay when a customer is erased; words, devices and visits go."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from delight.lib.privacy import Erase, Group, Kept, Spare, Table, customers, employees, nobodys
from surveys.answering.models import Response, Unsubscription

ANSWERS = Group(
    _("Scores and words of customers whom you looked after"), _("You, the managers of the team, and sponsors")
)
CHECKED = Group(_("Which answers you said came from a person or a machine"), _("Managers, on the answer's page"))

TABLES = (
    Table(
        "answering.Hit",
        customer="invitation__customer",
        kept=Kept.LOG,
        since="at",
        rows_go=True,
        lines=nobodys("id invitation") | customers("at kind method score client browser_name had_nonce"),
    ),
    Table(
        "answering.Response",
        customer="customer",
        kept=Kept.ALWAYS,
        since="submitted_at",
        alive="submitted_at",
        also=("version__survey__name",),
        group=ANSWERS,
        lines=nobodys("id source version invitation team is_active is_preferred checked_at")
        | customers("customer language score submitted_at edited_at signs verdict", Erase.KEEP)
        | customers("client browser", kept=Kept.LOG)
        | customers("public_id", secret=True)
        | employees("owner checked_by"),
    ),
    Table(
        "answering.Answer",
        customer="response__customer",
        kept=Kept.ALWAYS,
        also=("question__kind",),
        lines=nobodys("id response question") | customers("number", Erase.KEEP) | customers("text"),
    ),
    Table(
        "answering.Unsubscription",
        customer="invitation__customer",
        kept=Kept.ALWAYS,
        since="at",
        group=CHECKED,
        lines=nobodys("id invitation")
        | customers("at one_click signs verdict undone_at", Erase.KEEP)
        | customers("client", kept=Kept.LOG)
        | employees("checked_by"),
    ),
)


def _doubtful() -> QuerySet[Response]:
    return Response.objects.filter(verdict=Response.Verdict.CHECK)


def _doubtful_leaving() -> QuerySet[Unsubscription]:
    return Unsubscription.objects.filter(verdict=Unsubscription.Verdict.CHECK, undone_at=None)


def _evidence() -> Q:
    """Visits that a manager still has to look at."""
    return Q(invitation__in=_doubtful().exclude(invitation=None).values("invitation_id")) | Q(
        invitation__in=_doubtful_leaving().values("invitation_id")
    )


def _to_be_checked() -> Q:
    return Q(pk__in=_doubtful().exclude(customer=None).values("customer_id")) | Q(
        pk__in=_doubtful_leaving().values("invitation__customer_id")
    )


SPARED = (
    Spare("answering.Hit", _evidence),
    Spare("answering.Response", lambda: Q(verdict=Response.Verdict.CHECK)),
    Spare("answering.Unsubscription", lambda: Q(verdict=Unsubscription.Verdict.CHECK, undone_at=None)),
    Spare("customers.Customer", _to_be_checked),
)
