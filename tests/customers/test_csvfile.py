"""Reading and writing separated files."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delight.lib.csvfile import Shape, UnreadableFileError, neutral, read_rows, sniff

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@pytest.mark.parametrize(
    "cell", ["=1+1", "+32", "-5", "@x", "|x", "%x", "\tx", "\rx", "\nx", "＝1", "＠x", " =1", "＋1"]
)
def test_neutral_disarms_what_a_spreadsheet_would_run(cell):
    assert neutral(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Anna", "a=b", "32 478", "'=1"])
def test_neutral_leaves_plain_cells(cell):
    assert neutral(cell) == cell


@given(
    rows=st.lists(st.lists(TEXT, min_size=2, max_size=5), min_size=1, max_size=8),
    delimiter=st.sampled_from(",;\t"),
    size=st.integers(1, 9),
)
def test_rows_come_back_as_they_were_written_however_the_bytes_arrive(rows, delimiter, size):
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    data = written.getvalue().encode()
    chunks = [data[start : start + size] for start in range(0, len(data), size)]

    read = list(read_rows(chunks, Shape("utf-8", delimiter)))

    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if rows[0][0].lower().startswith("sep="):
        filled = filled[1:]
    assert [row.cells for row in read] == filled
    assert not any(row.broken for row in read)


@given(data=st.binary(max_size=200))
def test_nothing_that_is_sniffed_well_fails_to_be_read(data):
    try:
        shape = sniff([data])
    except UnreadableFileError:
        return
    list(read_rows([data], shape))


def test_lines_are_counted_as_an_editor_shows_them():
    text = b'Name,Note\nAnna,"two\nlines"\n\nJan,x\n'
    assert [row.line for row in read_rows([text], Shape("utf-8", ","))] == [1, 2, 5]


def test_an_open_quotation_mark_says_how_far_it_reaches():
    text = b'Name,Note\n"Anna,x\nJan,x\nBob,x\n'
    broken = list(read_rows([text], Shape("utf-8", ",")))[1]
    assert (broken.line, broken.last_line, broken.broken) == (2, 4, "quotes")
