"""Workbooks (XLSX) as separated text, one line for each row of a sheet: what reads files reads them, too."""

import csv
import io
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any

import openpyxl
from django.utils.translation import gettext as _

from delight.lib.encodings import UnreadableFileError

ZIP, OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
DELIMITER = "\t"
# An archive says how large its parts are, and none can be read past that: what lies is cut off and found broken.
MOST_UNPACKED = 400 * 1024 * 1024
MOST_WORDS = 100 * 1024 * 1024  # of the one part that is held in memory
MOST_RATIO = 200
SMALL = 1024 * 1024  # parts up to this size may be packed as tightly as they like
MOST_PARTS = 2_000
MOST_LINES = 1_048_576  # as many as a sheet has
MOST_CELLS = 20_000_000
CHUNK_CHARACTERS = 128 * 1024


def is_workbook(file: IO[bytes]) -> bool:
    """By its first bytes, whatever its name says. Raises UnreadableFileError for one of the old kind."""
    file.seek(0)
    start = file.read(4)
    file.seek(0)
    if start == OLD_WORKBOOK:
        raise UnreadableFileError(
            _("This workbook is of the old kind, or has a password. Save it as “Excel workbook (.xlsx)” without one.")
        )
    return start == ZIP


def sheet_names(file: IO[bytes]) -> list[str]:
    """The sheets with rows, those that are hidden too, in their order."""
    with _opened(file) as book:
        return [sheet.title for sheet in book.worksheets]


def as_text(file: IO[bytes], number: int = 0) -> Iterator[bytes]:
    """The sheet with this number, from 0, as UTF-8 text separated by tabs, a piece at a time."""
    with _opened(file) as book:
        sheet = book.worksheets[number]
        sheet.reset_dimensions()  # what the file says of its size is often wrong
        page = io.StringIO()
        writer, cells, width = csv.writer(page, delimiter=DELIMITER, lineterminator="\n"), 0, 0
        for line, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            cells += len(row)
            if line > MOST_LINES or cells > MOST_CELLS:
                raise UnreadableFileError(_("The sheet is too large. Delete empty columns and rows, or split it."))
            said = [_plain(value) for value in row]
            width = width or (len(said) if any(said) else 0)
            said += [""] * (width - len(said))  # a row ends in the file with its last cell that holds something
            writer.writerow(said if any(said) else [])
            if page.tell() > CHUNK_CHARACTERS:
                yield page.getvalue().encode()
                page.seek(0)
                page.truncate()
        yield page.getvalue().encode()


@contextmanager
def _opened(file: IO[bytes]) -> Iterator[Any]:
    """The workbook, opened for reading row by row; whatever is wrong with it becomes one plain sentence."""
    try:
        file.seek(0)
        _check(file)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and other things that are not read
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            if not book.worksheets:
                raise UnreadableFileError(_broken())
            yield book
    except UnreadableFileError:
        raise
    except Exception as error:  # a broken file can be broken anywhere: the library raises whatever it stumbles over
        raise UnreadableFileError(_broken()) from error


def _check(file: IO[bytes]) -> None:
    """Look at the archive before anything unpacks it."""
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        names = {part.filename for part in parts}
        if "xl/workbook.xml" not in names:
            raise UnreadableFileError(_("This is no Excel workbook. Save the list as “.xlsx” or as “CSV UTF-8”."))
        words = sum(part.file_size for part in parts if part.filename.lower() == "xl/sharedstrings.xml")
        bomb = any(part.file_size > SMALL and part.file_size > MOST_RATIO * part.compress_size for part in parts)
        if bomb or len(parts) > MOST_PARTS or len(names) < len(parts):
            raise UnreadableFileError(_broken())
        if sum(part.file_size for part in parts) > MOST_UNPACKED or words > MOST_WORDS:
            raise UnreadableFileError(_("This workbook is too large. Split the list, or save it as “CSV UTF-8”."))
        for name in names:
            if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.open(name).read(4096):
                raise UnreadableFileError(_broken())


def _broken() -> str:
    return _("This workbook is broken. Open it in your spreadsheet program and save it once more.")


def _plain(value: Any) -> str:
    """As somebody would type it: whole numbers without a point, days without midnight, one line."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        midnight = value.time() == datetime.min.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    return " ".join(str(value).split())
