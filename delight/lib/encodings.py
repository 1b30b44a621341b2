"""How the letters of a text file are stored, guessed from its bytes in one pass."""

import codecs
import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

# What may be read, in the order in which a form offers it, under the names that spreadsheet programs use.
NAMES = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1251": "Windows-1251",
    "cp1252": "Windows-1252",
    "cp1254": "Windows-1254",
}
_FAMILY = {"utf-8-sig": "utf-8", "utf-16-le": "utf-16", "utf-16-be": "utf-16"}
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # xlsx and ods; xls
BEGINNING = 256 * 1024
LOOKED_AT = 4096  # for what is no text at all
SAMPLE = 64 * 1024  # bytes of letters outside ASCII that are enough to tell
_WORD = re.compile(rb"(?<![A-Za-z\x80-\xff])[A-Za-z]*[\x80-\xff][A-Za-z\x80-\xff]*")  # with a letter outside ASCII
_ASCII, _HIGH = bytes(range(128)), bytes(range(128, 256))
_UTF8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f]")
_NOWHERE = b"\x81\x8d\x8e\x8f\x90\x98\x9d\x9e"  # no letter in one page or another
# Where Windows-1254 has Ğ İ Ş ğ ı ş, Windows-1252 has letters of Icelandic.
_TURKISH_PLACES = b"\xd0\xdd\xde\xf0\xfd\xfe"
_WITH_TURKISH = "çöüÇÖÜ".encode("cp1252")
_WITH_ICELANDIC = "áéíóúæÁÉÍÓÚÆ".encode("cp1252")


class UnreadableFileError(Exception):
    """The file cannot be read; the text says in the reader's language why and what to do."""


def family(encoding: str) -> str:
    """The key of NAMES: with a mark at the beginning or without, UTF-8 is UTF-8."""
    return _FAMILY.get(encoding, encoding)


class Looker:
    """Takes a file chunk by chunk; remembers its beginning, a sample of its letters, and what cannot be right."""

    def __init__(self, encoding: str = "") -> None:
        self.start = b""
        self._sample: list[bytes] = []
        self._sampled = 0
        self._used: set[int] = set()
        self._asked = encoding
        self._decoder: codecs.IncrementalDecoder | None = None
        self._good = True
        self._unicode = ""

    def feed(self, chunk: bytes) -> None:
        """The next bytes. Raises UnreadableFileError as soon as it is plain that this is no text."""
        if not self.start and chunk:
            self._begin(chunk)
        if len(self.start) < BEGINNING:
            self.start += chunk[: BEGINNING - len(self.start)]
        self._decode(chunk)
        if self._sampled < SAMPLE:
            words = _WORD.findall(chunk)
            self._sample += words
            self._sampled += sum(map(len, words))
        self._used.update(byte for byte in _NOWHERE if byte in chunk)

    def _begin(self, chunk: bytes) -> None:
        if chunk.startswith(WORKBOOKS):
            raise UnreadableFileError(
                _("This is a workbook. In your spreadsheet program choose “Save as” and the format “CSV UTF-8”.")
            )
        self._unicode = _by_mark(chunk) or _by_zeros(chunk[:LOOKED_AT])
        if chunk.startswith(b"%PDF") or (not self._unicode and b"\0" in chunk[:LOOKED_AT]):
            raise UnreadableFileError(_not_text())
        if family(self._asked) in ("utf-8", "utf-16"):
            self._unicode = self._unicode if family(self._unicode) == self._asked else self._asked
        self._decoder = codecs.getincrementaldecoder(self._unicode or "utf-8")()

    def _decode(self, chunk: bytes, *, final: bool = False) -> None:
        if self._good and self._decoder is not None:
            try:
                self._decoder.decode(chunk, final)
            except UnicodeError:
                self._good = False

    def decide(self) -> str:
        """The encoding's name for Python. Raises UnreadableFileError where none fits, or not the one asked for."""
        self._decode(b"", final=True)
        if self._asked not in ("", "utf-8", "utf-16"):
            return self._checked(self._asked)
        if self._good:
            return self._unicode or "utf-8"
        if self._asked or self._unicode or _CONTROL.search(self.start[:LOOKED_AT]):
            raise UnreadableFileError(_not_so() if self._asked else _not_text())
        letters = b"".join(self._sample)
        if sum(map(len, _UTF8_LETTER.findall(letters))) > 0.8 * len(letters.translate(None, _ASCII)):
            raise UnreadableFileError(
                _("Some letters of this file are damaged. Save the list once more as “CSV UTF-8” and choose that file.")
            )
        return self._checked(_guess_page(self._sample, letters))

    def _checked(self, encoding: str) -> str:
        try:
            bytes(self._used).decode(encoding)
        except UnicodeDecodeError as error:
            raise UnreadableFileError(_not_so()) from error
        return encoding


def look(chunks: Iterable[bytes], encoding: str = "") -> tuple[str, str]:
    """The encoding, guessed or as asked for, and the text of the file's beginning. Reads the whole file."""
    looker = Looker(encoding)
    for chunk in chunks:
        looker.feed(chunk)
    found = looker.decide()
    return found, looker.start.decode(found, errors="ignore").removeprefix("\ufeff")


def _by_mark(start: bytes) -> str:
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    return "utf-16" if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ""


def _by_zeros(start: bytes) -> str:
    """UTF-16 without a mark: every digit, delimiter and line end has a zero in the same half of its two bytes."""
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) < len(start) / 40 or max(even, odd) < 4 * min(even, odd):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _guess_page(words: list[bytes], letters: bytes) -> str:
    """One of three Windows pages. Cyrillic words are written wholly outside ASCII; Latin ones have a letter here and
    there, and Turkish ones some that are in no other Latin page.
    """
    if sum(len(word) for word in words if len(word) > 1 and not word.translate(None, _HIGH)) > len(letters) / 2:
        return "cp1251"
    if not _count(letters, _TURKISH_PLACES):
        return "cp1252"
    return "cp1252" if _count(letters, _WITH_ICELANDIC) > _count(letters, _WITH_TURKISH) else "cp1254"


def _count(letters: bytes, wanted: bytes) -> int:
    return sum(letters.count(byte) for byte in wanted)


def _not_text() -> str:
    return _("This is not a text file. Save the list as “CSV UTF-8” and choose that file.")


def _not_so() -> str:
    return _("The letters of this file are not stored that way. Choose another encoding, or save it as “CSV UTF-8”.")
