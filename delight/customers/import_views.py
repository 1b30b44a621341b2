"""Pages of an import: upload, columns, progress, preview, result."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from delight.customers.access import get_import_for, imports_visible_to
from delight.customers.duplicates import Duplicates
from delight.customers.forms import posted
from delight.customers.importing import services
from delight.customers.importing.columns import FIELDS, titles
from delight.customers.importing.forms import (
    DELIMITERS,
    ColumnsForm,
    ReadingForm,
    SheetForm,
    StartForm,
    UploadForm,
)
from delight.customers.importing.left_out import bad_rows_file, name_of_bad_rows
from delight.customers.models import Customer, CustomerImport, ImportProblem
from delight.customers.views import SignedInRequest, tabs
from delight.lib.csvfile import UnreadableFileError
from delight.lib.encodings import NAMES, family

LATEST = 20
SHOWN_PROBLEMS = 20
SHOWN_COLUMNS = 30
PER_PAGE = 50

State = CustomerImport.State


def import_upload(request: SignedInRequest) -> HttpResponse:
    visible = imports_visible_to(request.user)
    form = UploadForm(**posted(request))
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        customer_import = services.upload_import(by=request.user, file=file, found=form.found)
        return redirect("import" if form.found.sheets else "import_columns", customer_import.pk)
    context = {"form": form, "imports": visible[:LATEST], "tabs": tabs("import_upload"), "steps": steps("upload")}
    return render(request, "customers/import_upload.html", context)


@require_safe
def import_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """The page that fits the import's state; a part of it while a job is on its way and htmx asks."""
    customer_import = get_import_for(request.user, pk)
    if customer_import.state in (State.CHECKING, State.IMPORTING):
        return _progress_page(request, customer_import)
    if request.htmx:
        return HttpResponseClientRefresh()
    if customer_import.state in (State.UPLOADED, State.FAILED):
        return redirect("import_columns", pk)
    if customer_import.state == State.GIVEN_UP:
        return render(request, "customers/import_given_up.html", {"import": customer_import})
    done = customer_import.state == State.DONE
    context = {
        "import": customer_import,
        "not_taken": services.not_taken(services.beginning(customer_import), customer_import.columns.values()),
        "to_write": customer_import.new + customer_import.changed,
        "problems": _named(customer_import, customer_import.problems.all()[:SHOWN_PROBLEMS]),
        "form": StartForm(initial={"skip_bad_rows": customer_import.bad > 0}, stored=customer_import),
        "known": _known(customer_import),
        "known_more": customer_import.changed + customer_import.alike - len(customer_import.known),
        "choices": customer_import.changed or customer_import.doubles,
        "steps": steps("done" if done else "preview"),
        "duplicates": done and bool(Duplicates(request.user)),
    }
    return render(request, "customers/import_done.html" if done else "customers/import_preview.html", context)


def _named(customer_import: CustomerImport, problems: Iterable[ImportProblem]) -> list[dict[str, Any]]:
    """Problems, each with whom its row is about. The names stay in the file; they are looked up to be shown."""
    shown = list(problems)
    names = services.whose(customer_import, {problem.line for problem in shown})
    return [{"problem": problem, "name": names.get(problem.line, "")} for problem in shown]


HOW = {
    "email": gettext_lazy("the same e-mail address"),
    "phone": gettext_lazy("the same phone number"),
    "name": gettext_lazy("the same phone number and name"),
    "outside_id": gettext_lazy("the same number in another system"),
    "alike": gettext_lazy("the same phone number, but another name or address: will be added as somebody new"),
}


def _known(customer_import: CustomerImport) -> list[dict[str, Any]]:
    """Rows that look like customers who are there: who in the file, who of ours, by what, and what would change."""
    names = services.whose(customer_import, {line for line, _pk, _how, _fields in customer_import.known})
    pks = [pk for _line, pk, _how, _fields in customer_import.known]
    there = Customer.objects.filter(erased_at__isnull=True).in_bulk(pks)
    return [
        {
            "line": line,
            "name": names.get(line, ""),
            "customer": there[pk],
            "how": HOW[how],
            "changes": ", ".join(str(FIELDS[name]) for name in FIELDS if name in fields),
        }
        for line, pk, how, fields in customer_import.known
        if pk in there
    ]


def _progress_page(request: SignedInRequest, customer_import: CustomerImport) -> HttpResponse:
    job, checking = customer_import.job, customer_import.state == State.CHECKING
    reading = job is not None and job.kind == "read-workbook"
    label = _("Checking the rows") if checking else _("Importing customers")
    shown = {
        "label": _("Reading the workbook") if reading else label,
        "done": job.done if job else 0,
        "total": job.total if job else None,
        "finished": False,
        "url": reverse("import", args=[customer_import.pk]),
    }
    step = "columns" if reading else "preview" if checking else "done"
    context = {"import": customer_import, "job": shown, "steps": steps(step)}
    return render(request, "_progress.html" if request.htmx else "customers/import_progress.html", context)


def import_columns(request: SignedInRequest, pk: int) -> HttpResponse:
    customer_import = get_import_for(request.user, pk)
    if customer_import.state not in services.OPEN:
        return redirect("import", pk)
    if "delimiter" in request.POST or "sheet" in request.POST:
        return _read_again(request, customer_import)
    start = services.beginning(customer_import)
    form = ColumnsForm(**posted(request), user=request.user, beginning=start, stored=customer_import)
    if request.method == "POST" and form.is_valid():
        answers = {name: form.cleaned_data[name] for name in ("address_source", "consent_on", "team")}
        services.choose_columns(by=request.user, customer_import=customer_import, columns=form.columns, **answers)
        return redirect("import", pk)
    context = {
        "form": form,
        "import": customer_import,
        **_reading(customer_import),
        "titles": titles(start.header)[:SHOWN_COLUMNS],
        "first_rows": [cells[:SHOWN_COLUMNS] for cells in start.rows],
        "not_taken": services.not_taken(start, form.taken),
        "hidden_columns": max(0, len(start.header) - SHOWN_COLUMNS),
        "steps": steps("columns"),
    }
    return render(request, "customers/import_columns.html", context)


def _reading(customer_import: CustomerImport) -> dict[str, Any]:
    """How the file was read, and the form with which that is changed."""
    if customer_import.workbook_id:
        chosen = SheetForm(stored=customer_import) if len(customer_import.sheets) > 1 else None
        return {"reading_form": chosen, "sheet": customer_import.sheets[customer_import.sheet]}
    encoding, delimiter = family(customer_import.encoding), customer_import.delimiter
    form = ReadingForm(initial={"encoding": encoding, "delimiter": delimiter})
    return {"reading_form": form, "sheet": "", "encoding": NAMES[encoding], "delimiter": DELIMITERS[delimiter]}


def _read_again(request: SignedInRequest, customer_import: CustomerImport) -> HttpResponse:
    """In the way that the manager says; the columns page then shows what comes of it."""
    workbook = bool(customer_import.workbook_id)
    form = SheetForm(request.POST, stored=customer_import) if workbook else ReadingForm(request.POST)
    if form.is_valid():
        read = services.choose_sheet if workbook else services.read_again
        try:
            read(by=request.user, customer_import=customer_import, **form.cleaned_data)
        except UnreadableFileError as error:
            messages.error(request, str(error))
    return redirect("import" if workbook else "import_columns", customer_import.pk)


@require_POST
def import_start(request: SignedInRequest, pk: int) -> HttpResponse:
    customer_import = get_import_for(request.user, pk)
    form = StartForm(request.POST)
    if form.is_valid():
        started = services.start_import(by=request.user, customer_import=customer_import, **form.cleaned_data)
        if not started and customer_import.state == State.CHECKED:
            messages.warning(request, _("There are bad rows: nothing was imported."))
    return redirect("import", pk)


@require_safe
@never_cache
def import_problems_file(request: SignedInRequest, pk: int) -> HttpResponse:
    """The bad rows to take along; gone with the file that they stand in."""
    customer_import = get_import_for(request.user, pk)
    if customer_import.file is None or not customer_import.problems.exists():
        raise Http404
    content = f"\ufeff{bad_rows_file(customer_import)}".encode()  # without the mark spreadsheets misread the letters
    name = content_disposition_header(as_attachment=True, filename=name_of_bad_rows(customer_import))
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})


@require_safe
def import_problems(request: SignedInRequest, pk: int) -> HttpResponse:
    customer_import = get_import_for(request.user, pk)
    page = Paginator(customer_import.problems.all(), PER_PAGE).get_page(request.GET.get("page"))
    context = {"import": customer_import, "page_obj": page, "problems": _named(customer_import, page), "query": ""}
    return render(request, "customers/import_problems.html", context)


def steps(current: str) -> list[dict[str, Any]]:
    labels = {"upload": _("File"), "columns": _("Columns"), "preview": _("Preview"), "done": pgettext("noun", "Import")}
    names = list(labels)
    states = ["done" if names.index(name) < names.index(current) else "next" for name in names]
    states[names.index(current)] = "current"
    return [{"label": label, "state": state} for label, state in zip(labels.values(), states, strict=True)]
