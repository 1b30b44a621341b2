"""The data map of this room, and what erasing does to files on their way in."""

import codecs
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from delight.customers.importing.retention import remove_file
from delight.customers.models import Customer, CustomerImport, ImportProblem, Visit, VisitFile, address_hashes
from delight.customers.visits.forgetting import forget_bookings, visits_naming
from delight.lib.privacy import Erase, Group, Kept, Spare, Table, accounts, customers, employees, nobodys
from delight.lib.sortkey import fold
from delight.organisation.models import AuditEntry

LOOKED_AFTER = Group(
    _("Which customers and companies you look after"),
    _("Everybody who works here"),
    Kept.ALWAYS,  # also of an erased customer, who has no name any more
)
SERVED = Group(_("Which visits you served"), _("The people of the team, and sponsors"))
REMEMBERED = Group(
    _("What you wrote down about customers, and what you asked them"),
    _("The people who serve the customer, and sponsors"),
)
BROUGHT_IN = Group(_("Which files of customers, and which calendars, you brought in"), _("You, and sponsors"))
BROUGHT_VISITS = Group(_("Which files of visits you brought in"), _("You, and sponsors"))


def _by_address(customer: Customer) -> Q:
    return Q(address_hash__in=address_hashes(customer.email)) if customer.email else Q(pk__in=[])


def _in_pair(customer: Customer) -> Q:
    return Q(one=customer.pk) | Q(other=customer.pk)


TABLES = (
    Table("customers.Segment", kept=Kept.ALWAYS, lines=nobodys("id name sort_key")),
    Table(
        "customers.Account",
        kept=Kept.ALWAYS,
        group=LOOKED_AFTER,
        lines=nobodys("id created_at")
        | accounts("name sort_key value_per_year renews_on gift_rule gift_limit is_public_body has_open_bid")
        | employees("owner"),
    ),
    Table(
        "customers.Customer",
        customer="pk",
        kept=Kept.UNTIL_ERASED,
        also=("account__name", "segment__name", "team__name"),
        group=LOOKED_AFTER,
        lines=nobodys("id segment team address_source created_at erased_at merged_into")
        | customers("name address_as sort_key search_text contact_text email phone phone_key language time_zone")
        | customers("account account_role preferred_channel preferred_time outside_id consent_on")
        | customers("last_asked_at last_asked_for notes_consent_on birth_day birth_month care_until")
        | customers("given_up_hash", secret=True)
        | employees("owner"),
    ),
    Table(
        "customers.TwoPeople",
        customer=_in_pair,
        kept=Kept.UNTIL_ERASED,
        rows_go=True,
        lines=nobodys("id") | customers("one other"),
    ),
    Table(
        "customers.Suppression",
        customer=_by_address,
        kept=Kept.ALWAYS,
        lines=nobodys("id")
        | customers("scope reason until created_at", Erase.KEEP)
        | customers("address_hash", Erase.KEEP, secret=True),
    ),
    Table(
        "customers.Visit",
        customer="customer",
        kept=Kept.ALWAYS,
        since="starts_at",
        alive="starts_at",
        also=("team__name",),
        group=SERVED,
        lines=nobodys("id team source calendar created_at")
        | customers("customer starts_at ends_at state value", Erase.KEEP)
        | customers("reference source_id")
        | customers("guest", kept=Kept.LOG)
        | employees("served_by"),
    ),
    Table("customers.ForgottenBooking", kept=Kept.ALWAYS, lines=nobodys("id") | nobodys("mark", secret=True)),
    Table(
        "customers.Fact",
        customer="customer",
        kept=Kept.UNTIL_ERASED,  # sooner when it has a day, or is removed: see memory.forgetting
        rows_go=True,
        alive="at",
        group=REMEMBERED,
        lines=nobodys("id pin_place at confirmed confirmed_at changed_at removed_at")
        | customers("customer text visit source sensitive consent_on never_say expires_on")
        | employees("by confirmed_by changed_by removed_by"),
    ),
    Table(
        "customers.FactConfirmation",
        customer="fact__customer",
        kept=Kept.UNTIL_ERASED,
        rows_go=True,
        group=REMEMBERED,
        lines=nobodys("id") | customers("fact on") | employees("by"),
    ),
    Table(
        "customers.NextTime",
        customer="customer",
        kept=Kept.UNTIL_ERASED,
        rows_go=True,
        alive="at",
        group=REMEMBERED,
        lines=nobodys("id at asked_at fact") | customers("customer question answer") | employees("by asked_by"),
    ),
    Table(
        "customers.CustomerImport",
        kept=Kept.ALWAYS,
        group=BROUGHT_IN,
        lines=nobodys(
            "id file file_name workbook sheets sheet created_at state encoding delimiter columns address_source"
            " consent_on team skip_bad_rows leave_known join_doubles job rows new changed same bad kept other_language"
            " doubles alike known error"
        )
        | employees("created_by"),
    ),
    Table(
        "customers.ImportProblem",
        kept=Kept.LOG,
        since="customer_import__created_at",
        lines=nobodys("id customer_import line column double_of code values"),
    ),
    Table(
        "customers.VisitFile",
        kept=Kept.LOG,
        since="created_at",
        group=BROUGHT_VISITS,
        lines=nobodys(
            "id file file_name team created_at state encoding delimiter job rows new changed same guests bad problems"
        )
        | employees("created_by"),
    ),
    Table(
        "customers.VisitCalendar",
        kept=Kept.ALWAYS,
        group=BROUGHT_IN,
        lines=nobodys("id team name created_at read_at error stopped_at")
        | nobodys("url", secret=True)
        | employees("created_by"),
    ),
)

SPARED = (
    Spare("customers.VisitFile", lambda: ~Q(file=None)),
    Spare("outbox.Job", lambda: Q(pk__in=CustomerImport.objects.exclude(job=None).values("job_id"))),
    Spare("outbox.Job", lambda: Q(pk__in=VisitFile.objects.exclude(job=None).values("job_id"))),
)


class FileInUseError(Exception):
    """A file that names the customer is being read at this moment: they would come back by it."""


def before_erasing(*, by: Any, customer: Customer) -> None:
    """Planned visits end, and files that name the customer go; names that were not matched to anybody, too."""
    forget_bookings(customer)
    visits = visits_naming(customer)
    visits.filter(state=Visit.State.PLANNED, starts_at__gt=timezone.now()).delete()
    visits.filter(customer=None).update(guest="")
    names = _names(customer)
    for customer_import in CustomerImport.objects.filter(file__isnull=False).select_related("file").order_by("pk"):
        if _mentions(customer_import, names):
            _remove_import(customer_import, by=by)
    for visit_file in VisitFile.objects.filter(file__isnull=False).select_related("file").order_by("pk"):
        if _mentions(visit_file, names):
            _remove_visits(visit_file, by=by)
    _forget_problems(customer)


def _names(customer: Customer) -> list[str]:
    """What a person is told apart by, as it may stand in a file."""
    number = customer.phone_key.lstrip("+0")[-8:]  # with or without the country's code
    said = [fold(customer.name), fold(customer.email or ""), fold(customer.outside_id), number]
    return [each for each in said if len(each) > 3]


def _squeezed(text: str) -> str:
    """Without what stands between the digits of a phone number."""
    return "".join(c for c in text if c not in " -./()\u00a0")


def _holds(text: str, names: Iterable[str]) -> bool:
    plain = fold(text)
    return any(name in plain or name in _squeezed(plain) for name in names)


def _mentions(uploaded: CustomerImport | VisitFile, names: list[str]) -> bool:
    """Whether the person stands in the file, also in a row that cannot be taken apart."""
    if getattr(uploaded, "workbook_id", None):
        return True  # its other sheets may name anybody
    decode = codecs.getincrementaldecoder(uploaded.encoding)(errors="replace").decode
    rest = ""
    assert uploaded.file is not None  # noqa: S101 (the callers ask for those with one)
    for chunk in uploaded.file.chunks():
        text = rest + decode(chunk)
        if _holds(" ".join(text.replace(uploaded.delimiter or ",", " ").replace('"', " ").split()), names):
            return True
        rest = text[-400:]
    return False


def _remove_import(customer_import: CustomerImport, *, by: Any) -> None:
    if customer_import.state in (CustomerImport.State.CHECKING, CustomerImport.State.IMPORTING):
        raise FileInUseError
    if customer_import.state != CustomerImport.State.DONE:
        customer_import.state = CustomerImport.State.GIVEN_UP
    remove_file(customer_import)
    AuditEntry.record(by=by, verb="remove_file", obj=customer_import)


def _remove_visits(visit_file: VisitFile, *, by: Any) -> None:
    if visit_file.state in (VisitFile.State.CHECKING, VisitFile.State.TAKING):
        raise FileInUseError
    file, visit_file.file = visit_file.file, None
    if visit_file.state != VisitFile.State.DONE:
        visit_file.state = VisitFile.State.FAILED
    visit_file.save(update_fields=["file", "state"])
    if file is not None:
        file.delete()
    AuditEntry.record(by=by, verb="remove_file", obj=visit_file)


def _forget_problems(customer: Customer) -> None:
    """What was wrong with which line should repeat nothing of it; who knows what was written years ago."""
    names = [each for each in (customer.name, customer.email) if each and len(each) > 3]
    said = (Q(said__icontains=each) | Q(column__icontains=each) for each in names)
    problems = ImportProblem.objects.annotate(said=Cast("values", TextField()))
    problems.filter(reduce(or_, said, Q(pk__in=[]))).delete()
