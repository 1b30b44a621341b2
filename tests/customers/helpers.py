"""Playing an import through its pages, as a manager does."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from delight.customers.importing.columns import FIELDS
from delight.customers.importing.services import beginning
from delight.customers.importing.sources import recognise
from delight.customers.models import CustomerImport
from delight.outbox.pump import run_due


def upload(client: Client, text: str | bytes, name: str = "customers.csv"):
    """Choose the file and press Upload; returns the response."""
    content = text.encode() if isinstance(text, str) else text
    return client.post(reverse("import_upload"), {"file": SimpleUploadedFile(name, content, "text/csv")})


def latest() -> CustomerImport:
    return CustomerImport.objects.latest("pk")


def choose(client: Client, one: CustomerImport, **answers):
    """Take the columns as they are guessed, and answer what is asked once."""
    columns = answers.pop("columns", None)
    if columns is None:
        columns = recognise(beginning(one).header).columns
    data = {f"column_{name}": columns[name] for name in FIELDS if name in columns}
    data |= {"address_source": "existing"} | {name: value for name, value in answers.items() if value is not None}
    return client.post(reverse("import_columns", args=[one.pk]), data)


def check(client: Client, text: str | bytes, **answers) -> CustomerImport:
    """Upload, choose columns, let the worker check."""
    response = upload(client, text)
    assert response.status_code == 302, response.content.decode()
    run_due()  # a workbook is read first
    one = latest()
    response = choose(client, one, **answers)
    assert response.status_code == 302, response.content.decode()
    run_due()
    one.refresh_from_db()
    return one


def start(client: Client, one: CustomerImport, *, skip: bool = False) -> CustomerImport:
    """Press Import, let the worker write."""
    client.post(reverse("import_start", args=[one.pk]), {"skip_bad_rows": "True" if skip else "False"})
    run_due()
    one.refresh_from_db()
    return one


def bring_in(client: Client, text: str | bytes, *, skip: bool = False, **answers) -> CustomerImport:
    """The whole way."""
    return start(client, check(client, text, **answers), skip=skip)


def counts(one: CustomerImport) -> tuple[int, int, int, int]:
    """New, changed, same, bad."""
    return one.new, one.changed, one.same, one.bad


def problems(one: CustomerImport) -> list[tuple[int, str, str]]:
    return [(each.line, each.column, each.message) for each in one.problems.all()]
