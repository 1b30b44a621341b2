"""Customers from Excel workbooks: sheets, numbers, days, formulas, and files that are broken or mean harm."""

import io
import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from delight.customers.models import Customer, CustomerImport
from delight.files.models import FileChunk, StoredFile
from delight.lib import workbook
from delight.lib.csvfile import Shape, read_rows
from delight.outbox.models import Job
from delight.outbox.pump import run_due
from tests.customers.helpers import bring_in, check, choose, counts, latest, problems, start, upload

pytestmark = pytest.mark.slow


def book(*sheets: tuple[str, list[list]]) -> bytes:
    """A workbook of these sheets."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def repacked(content: bytes, change) -> bytes:
    """The archive with `change(name, data)` in the place of each part."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return file.getvalue()


MORNING = datetime.combine(date(2026, 1, 5), time())
ROWS = [["Name", "E-mail", "Phone", "Consent date"], ["Їванка Öz", "i@mail.example", 32478112233.0, date(2026, 1, 5)]]


@pytest.fixture
def browser(manager, signed_in):
    """Mert's."""
    return signed_in(manager)


def send(browser, content: bytes):
    return upload(browser, content, name="customers.xlsx")


def test_a_workbook_is_read_by_a_worker_and_imported(browser, team):
    response = send(browser, book(("Kunden", ROWS)))
    one = latest()
    assert response.url == reverse("import", args=[one.pk])
    assert "Reading the workbook" in browser.get(response.url).content.decode()
    run_due()
    page = browser.get(response.url, follow=True).content.decode()
    assert "1 row of the sheet “Kunden”" in page
    assert "Їванка Öz" in page
    choose(browser, latest(), team=team.pk)
    run_due()
    start(browser, one)
    made = Customer.objects.get()
    assert (made.name, made.phone, made.consent_on, made.address_source) == (
        "Їванка Öz",
        "32478112233",
        date(2026, 1, 5),
        "consent",
    )
    one.refresh_from_db()
    assert (one.state, one.file, one.workbook) == ("done", None, None)
    assert not StoredFile.objects.exists()
    assert not FileChunk.objects.exists()


def test_rows_bear_the_numbers_that_the_spreadsheet_shows(browser, team):
    rows = [["Name", "E-mail"], [], ["Anna", "a@mail.example"], [None, None], ["Jan", "bad"]]
    one = check(browser, book(("S", rows)), team=team.pk)
    assert [line for line, _column, _message in problems(one)] == [5]
    page = browser.get(reverse("import_problems_file", args=[one.pk]))
    assert page.content.decode("utf-8-sig").splitlines()[0] == "Name,E-mail,What is wrong"


def test_another_sheet_may_be_chosen(browser, team):
    send(browser, book(("Notes", [["Hello", "you"], ["a", "b"]]), ("Kunden", ROWS), ("Old", ROWS)))
    run_due()
    one = latest()
    columns = reverse("import_columns", args=[one.pk])
    page = browser.get(columns).content.decode()
    assert "of the sheet “Notes”" in page
    assert '<option value="1">Kunden</option>' in page
    browser.post(columns, {"sheet": "1"})
    run_due()
    one.refresh_from_db()
    assert (one.sheet, one.rows, one.state) == (1, 1, "uploaded")
    assert "Їванка Öz" in browser.get(columns).content.decode()
    assert StoredFile.objects.count() == 2  # the workbook, and the sheet that was chosen last
    browser.post(columns, {"sheet": "7"})
    one.refresh_from_db()
    assert one.sheet == 1


def test_a_sheet_without_customers_says_so_and_another_may_be_chosen(browser, team):
    send(browser, book(("Empty", []), ("Kunden", ROWS)))
    run_due()
    one = latest()
    columns = reverse("import_columns", args=[one.pk])
    assert one.state == "failed"
    page = browser.get(columns).content.decode()
    assert "The first line cannot be read." in page
    assert "Check the rows" not in page
    browser.post(columns, {"sheet": "1"})
    run_due()
    one.refresh_from_db()
    assert (one.state, one.error, one.rows) == ("uploaded", "", 1)


def test_a_workbook_of_one_sheet_offers_no_other(browser):
    send(browser, book(("Kunden", ROWS)))
    run_due()
    assert "Does this look wrong?" not in browser.get(reverse("import_columns", args=[latest().pk])).content.decode()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (32478112233.0, "32478112233"),
        (7, "7"),
        (1.5, "1.5"),
        (MORNING, "2026-01-05"),
        (MORNING + timedelta(hours=14, minutes=30), "2026-01-05 14:30:00"),
        (time(17, 0), "17:00:00"),
        ("  two\nlines\tand a tab ", "two lines and a tab"),
        ("'quoted', \"so\"", "'quoted', \"so\""),
        (None, ""),
    ],
)
def test_cells_come_as_somebody_would_type_them(value, text):
    data = list(workbook.as_text(io.BytesIO(book(("S", [["A", "B"], [value, "x"]])))))
    assert list(read_rows(data, Shape("utf-8", "\t")))[1].cells == [text, "x"]


def test_of_a_formula_the_value_is_taken_that_the_spreadsheet_has_stored():
    content = book(("S", [["A"], ["=1+1"]]))

    def with_value(name, data):
        return data.replace(b"<v></v>", b"<v>2</v>").replace(b"<v />", b"<v>2</v>").replace(b"<v/>", b"<v>2</v>")

    assert b"".join(workbook.as_text(io.BytesIO(repacked(content, with_value)))) == b"A\n2\n"


TEXT = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=["Cs", "Cn", "Zs"]), max_size=12
)


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(st.lists(TEXT, min_size=1, max_size=4), min_size=1, max_size=6))
def test_text_comes_back_row_by_row(rows):
    rows = [[" ".join(cell.split()) or None for cell in row] for row in rows]
    rows = [[f"x{cell}" if cell and cell.startswith("=") else cell for cell in row] for row in rows]  # no formulas
    lines = b"".join(workbook.as_text(io.BytesIO(book(("S", rows))))).decode().splitlines()
    read = {row.line: row.cells for row in read_rows(["\n".join(lines).encode()], Shape("utf-8", "\t"))}
    for number, row in enumerate(rows, start=1):
        said = [cell or "" for cell in row]
        assert "".join(read.get(number, [])) == "".join(said)


# --- Files that are broken or mean harm -----------------------------------------------------------------------------


def refused(browser, content: bytes) -> str:
    response = send(browser, content)
    assert response.status_code == 200
    assert not CustomerImport.objects.exists()
    assert not FileChunk.objects.exists()
    return response.content.decode()


GOOD = book(("S", ROWS))
ZIP_OF_SOMETHING = io.BytesIO()
with zipfile.ZipFile(ZIP_OF_SOMETHING, "w") as archive:
    archive.writestr("content.xml", "<a/>")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (GOOD[: len(GOOD) // 2], "workbook is broken"),
        (GOOD[:200] + b"\0" * 50 + GOOD[250:], "workbook is broken"),
        (repacked(GOOD, lambda name, data: b"<not xml" if name == "xl/workbook.xml" else data), "workbook is broken"),
        (repacked(GOOD, lambda name, data: None if name.endswith(".rels") else data), "workbook is broken"),
        (ZIP_OF_SOMETHING.getvalue(), "no Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on", "old kind, or has a password"),
    ],
)
def test_a_broken_workbook_is_refused_with_a_sentence(browser, content, sentence):
    assert sentence in refused(browser, content)


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "control"])
def test_a_bomb_is_refused_before_anything_unpacks_it(browser, monkeypatch, guarded):
    """Fifty megabytes of blanks in fifty kilobytes. Without the guard it is opened."""
    bomb = repacked(GOOD, lambda name, data: data + b" " * 50_000_000 if name == "xl/workbook.xml" else data)
    opened = []
    real = openpyxl.load_workbook
    monkeypatch.setattr(openpyxl, "load_workbook", lambda *args, **options: opened.append(1) or real(*args, **options))
    if guarded:
        assert "workbook is broken" in refused(browser, bomb)
    else:
        monkeypatch.setattr(workbook, "MOST_RATIO", 10**9)
        send(browser, bomb)
    assert bool(opened) == (not guarded)


def test_a_workbook_that_would_be_too_large_is_refused(browser, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_UNPACKED", 5000)
    assert "workbook is too large" in refused(browser, GOOD)


def test_entities_are_refused(browser):
    harm = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><workbook/>'
    assert "workbook is broken" in refused(
        browser, repacked(GOOD, lambda name, data: harm if name == "xl/workbook.xml" else data)
    )


def test_a_sheet_of_far_too_many_cells_ends_as_a_failed_reading(browser, monkeypatch):
    send(browser, GOOD)
    monkeypatch.setattr(workbook, "MOST_CELLS", 5)
    run_due()
    one = latest()
    assert one.state == "failed"
    assert "The sheet is too large." in one.error
    assert StoredFile.objects.count() == 1


def test_a_part_that_is_broken_deep_inside_ends_as_a_failed_reading(browser):
    send(browser, repacked(GOOD, lambda name, data: data[:-40] if "sheet1" in name and name.endswith("xml") else data))
    run_due()
    one = latest()
    assert (one.state, one.encoding) == ("failed", "xlsx")
    assert "workbook is broken" in one.error
    assert Job.objects.get(kind="read-workbook").state == "done"
    assert "Take another file" in browser.get(reverse("import_columns", args=[one.pk])).content.decode()


def test_the_same_workbook_again_changes_nothing(browser, team):
    bring_in(browser, GOOD, team=team.pk)
    assert counts(check(browser, GOOD, team=team.pk)) == (0, 0, 1, 0)


def test_a_row_may_end_with_cells_that_are_empty(browser, team):
    """Programs leave such cells out of the file, whichever column is wanted."""
    rows = [["Name", "E-mail", "Phone"], ["Ana", "ana@mail.be"], ["Bo", "bo@mail.be", "+32 470 12 34 56"]]
    bring_in(browser, book(("Clients", rows)), team=team.pk)
    assert set(Customer.objects.values_list("name", flat=True)) == {"Ana", "Bo"}
