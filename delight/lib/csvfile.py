"""Separated files: what kind a file is, its rows one at a time, and cells that do no harm."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from delight.lib.encodings import UnreadableFileError as UnreadableFileError
from delight.lib.encodings import look

DELIMITERS = ",;\t"
HEAD_CHARACTERS = 64 * 1024
# A spreadsheet takes a cell that begins with one of these for a formula, or lets one begin in it.
_FORMULA_STARTS = tuple("=+-@|%\t\r\n＝＋－＠｜％")


@dataclass(frozen=True)
class Shape:
    """How the file is written."""

    encoding: str
    delimiter: str


@dataclass(frozen=True)
class Row:
    """One record: the line on which it begins, its cells, or how it is broken ("quotes", "long")."""

    line: int
    cells: list[str] = field(default_factory=list)
    broken: str = ""
    last_line: int = 0


def sniff(chunks: Iterable[bytes], encoding: str = "") -> Shape:
    """Encoding (guessed, unless one is asked for) and delimiter. Reads the whole file, so that a wrong byte near its
    end is found too.

    Raises UnreadableFileError for an empty file, another kind of file, and letters stored in no way that we know.
    """
    found, head = look(chunks, encoding)
    head = head[:HEAD_CHARACTERS]
    if not head.strip():
        raise UnreadableFileError(_("The file is empty."))
    return Shape(found, _guess_delimiter(head))


def _guess_delimiter(head: str) -> str:
    """The one that cuts the first rows into the same number of cells, the more the better."""
    named = head[:5].lower()
    if named.startswith("sep=") and named[4:] in DELIMITERS:  # Excel's own first line
        return named[4:]
    lines = head.splitlines(keepends=True)[:30]

    def fit(delimiter: str) -> tuple[float, int]:
        widths = [len(row.cells) for row in _records(lines, delimiter) if not row.broken]
        if not widths or widths[0] < 2:
            return (0, 0)
        return (sum(width == widths[0] for width in widths) / len(widths), widths[0])

    return max(DELIMITERS, key=fit)


def read_rows(chunks: Iterable[bytes], shape: Shape) -> Iterator[Row]:
    """The rows that hold anything, the header first. Broken rows come as such and reading goes on after them."""
    with io.TextIOWrapper(
        io.BufferedReader(_Chunks(chunks)), encoding=shape.encoding, errors="strict", newline=""
    ) as lines:
        for row in _records(lines, shape.delimiter):
            first_of_excel = row.line == 1 and row.cells and row.cells[0].lower().startswith("sep=")
            if row.broken or (not first_of_excel and any(cell.strip() for cell in row.cells)):
                yield row


def _records(lines: Iterable[str], delimiter: str) -> Iterator[Row]:
    # strict: a stray quotation mark is an error in its own row instead of a guess.
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            broken = "long" if "limit" in str(error) else "quotes"
            yield Row(line, broken=broken, last_line=reader.line_num)
        else:
            yield Row(line, cells, last_line=reader.line_num)


class _Chunks(io.RawIOBase):
    """Chunks of bytes as a file that is read once, from its beginning."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = chunk
        part, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


def neutral(cell: str) -> str:
    """The cell for a file that leaves the house: what a spreadsheet would run begins with an apostrophe."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA_STARTS) else cell
