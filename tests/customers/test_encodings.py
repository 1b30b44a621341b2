"""How the letters of a file are stored: guessed, shown, and put right by the manager."""

import itertools
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from delight.customers.models import Customer
from delight.lib.csvfile import UnreadableFileError, read_rows, sniff
from delight.lib.encodings import look
from tests.customers.helpers import bring_in, latest, upload

NAMES = {
    "cp1251": ["Сергей Ёлкин", "Оксана Ґалаґан", "Їжакевич Єва", "Анна"],
    "cp1252": ["Jürgen Groß", "Chloé Lefèvre", "Þóra Jónsdóttir", "Zoë Muñoz"],
    "cp1254": ["Ayşe Yıldız", "İrem Öğüt", "Şükrü Çağlar", "Gül Işık"],
}
WIDE = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
CASES = [(encoding, name) for encoding, names in NAMES.items() for name in names]


LETTERS = st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_characters='",;')


@pytest.fixture
def browser(manager, signed_in):
    """Mert's."""
    return signed_in(manager)


@pytest.mark.parametrize(("encoding", "name"), CASES)
def test_a_page_of_windows_is_guessed_from_one_name(encoding, name):
    text = f"Name;E-mail\r\n{name};x@mail.example\r\n"
    shape = sniff([text.encode(encoding)])
    assert shape.delimiter == ";"
    assert [row.cells for row in read_rows([text.encode(encoding)], shape)][1][0] == name


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", WIDE)
def test_unicode_is_recognised_with_and_without_a_mark(browser, team, encoding, delimiter):
    text = (
        "\r\n".join(delimiter.join(cells) for cells in (["Name", "E-mail"], ["Їванка Öz", "i@mail.example"])) + "\r\n"
    )
    one = bring_in(browser, text.encode(encoding), team=team.pk)
    assert (one.state, one.delimiter) == ("done", delimiter)
    assert Customer.objects.get().name == "Їванка Öz"


def test_the_encoding_is_shown_and_may_be_changed(browser, team):
    response = upload(browser, "Name;E-mail\nÐóra Þ;t@mail.example\n".encode("cp1252"))
    assert latest().encoding == "cp1252"
    assert "Windows-1252" in browser.get(response.url).content.decode()
    answer = browser.post(response.url, {"encoding": "cp1254", "delimiter": ";"}, follow=True).content.decode()
    assert latest().encoding == "cp1254"
    assert "Windows-1254" in answer
    assert "Ğóra Ş" in answer


def test_an_encoding_that_cannot_be_is_refused_with_a_sentence(browser):
    response = upload(browser, "Name;E-mail\nAyşe;a@mail.example\n".encode("cp1254"))
    answer = browser.post(response.url, {"encoding": "utf-8", "delimiter": ";"}, follow=True).content.decode()
    assert "The letters of this file are not stored that way." in answer
    assert (latest().encoding, latest().state) == ("cp1254", "uploaded")


@pytest.mark.parametrize("encoding", ["cp1250", "rot13", "utf-7", "../x"])
def test_no_other_encoding_is_taken(browser, encoding):
    response = upload(browser, "Name;E-mail\nAnna;a@mail.example\n")
    browser.post(response.url, {"encoding": encoding, "delimiter": ","})
    assert (latest().encoding, latest().delimiter) == ("utf-8", ";")


def test_somebody_elses_file_is_not_read_again(browser, signed_in, other_manager, staff):
    response = upload(browser, "Name;E-mail\nAnna;a@mail.example\n")
    for someone, status in ((other_manager, 404), (staff, 403)):
        asked = signed_in(someone).post(response.url, {"encoding": "utf-16", "delimiter": ","})
        assert asked.status_code == status
    assert latest().delimiter == ";"


@given(
    encoding=st.sampled_from(WIDE),
    name=st.text(LETTERS, min_size=1, max_size=20),
    size=st.integers(1, 7),
)
def test_whatever_is_written_in_unicode_comes_back_however_the_bytes_arrive(encoding, name, size):
    data = f'Name,E-mail\n"{name}",x@mail.example\n'.encode(encoding)
    chunks = [data[start : start + size] for start in range(0, len(data), size)]
    whole = [data]  # the first chunk of a real file is never that short
    found, _head = look(whole)
    rows = list(read_rows(chunks, sniff(whole)))
    assert found.split("-")[:2] == encoding.split("-")[:2]
    assert rows[1].cells[0] == name


@given(
    letters=st.lists(st.sampled_from("абвгдежзиклмнопрстуфхцчшщьюяіїєґ"), min_size=3, max_size=12),
    words=st.integers(1, 5),
)
def test_cyrillic_words_are_never_taken_for_latin_ones(letters, words):
    text = "Name;E-mail\n" + " ".join(["".join(letters).capitalize()] * words) + ";x@mail.example\n"
    data = text.encode("cp1251")
    assume("\N{REPLACEMENT CHARACTER}" in data.decode(errors="replace"))  # "Віаіі" is UTF-8 as well
    assert look([data])[0] == "cp1251"


@given(data=st.binary(min_size=1, max_size=300))
def test_what_is_looked_at_well_can_be_read_to_its_end(data):
    try:
        shape = sniff([data])
    except UnreadableFileError:
        return
    list(itertools.islice(read_rows([data], shape), 100))


def test_one_endless_word_holds_nobody_up():
    began = time.monotonic()
    assert look([b"a" * 2_000_000]) == ("utf-8", "a" * 256 * 1024)
    assert time.monotonic() - began < 2
