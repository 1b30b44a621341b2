"""The ledger as a file. A POST, since who took it is written down."""

import csv
from collections.abc import Iterator
from datetime import date

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from delight.lib.csvfile import neutral
from delight.organisation.models import AuditEntry, Organisation
from staff.budget.access import entries_visible_to
from staff.budget.forms import FileForm
from staff.budget.ledger import between, months_with_entries
from staff.budget.models import BudgetEntry
from staff.people.requests import SignedInRequest


@require_POST
def budget_file(request: SignedInRequest) -> HttpResponseBase:
    seen = entries_visible_to(request.user)
    form = FileForm(request.POST, months=months_with_entries(request.user))
    if not form.is_valid():
        messages.warning(request, _("Choose the months."))
        return redirect("budgets")
    company = Organisation.get()
    AuditEntry.record(by=request.user, verb="export_ledger", obj=company)
    return _as_file(between(seen, **form.cleaned_data), company, **form.cleaned_data)


def _as_file(found: QuerySet[BudgetEntry], company: Organisation, *, first: date, last: date) -> HttpResponse:
    response = StreamingHttpResponse(as_csv(found, company), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="budget-{first:%Y-%m}-{last:%Y-%m}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response  # type: ignore[return-value]


class _Line:
    """What csv writes a row into; hands the line back."""

    def write(self, text: str) -> str:
        return text


def as_csv(found: QuerySet[BudgetEntry], company: Organisation) -> Iterator[str]:
    """A line for each movement. Words are those of the reader's language, decided before the first line leaves."""
    titles = [
        _("Month"), _("Person"), _("Time"), _("What"), _("Sum"), _("Currency"), _("Customer"), _("Company"), _("Note"),
        _("By"),
    ]  # fmt: skip
    kinds = {kind: str(words) for kind, words in BudgetEntry.Kind.choices}
    return _lines(found, company, titles, kinds)


def _lines(
    found: QuerySet[BudgetEntry], company: Organisation, titles: list[str], kinds: dict[str, str]
) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(titles)
    for entry in found.iterator(chunk_size=2_000):
        spend = entry.spend
        customer, account = (spend.customer, spend.account) if spend else (None, None)
        time = timezone.localtime(entry.at, company.zone).isoformat(" ", "seconds")
        words = [
            str(customer or ""),
            str(account or ""),
            entry.note or (spend.reason if spend else ""),
            str(entry.by or ""),
        ]
        yield writer.writerow([
            f"{entry.period.month:%Y-%m}", neutral(str(entry.period.user)), time, kinds[entry.kind], entry.amount,
            company.currency, *map(neutral, words),
        ])  # fmt: skip
