"""Customers' names in what colleagues tell: on a wall "a guest" stands in their place.

Names are looked for without regard to case and accents, whole or word by word, also with the endings that Russian,
Ukrainian and Turkish give them. A word too many is lost rather than a name shown.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from delight.customers.models import Customer
from delight.lib.sortkey import sort_key

gettext_noop("a guest")
SHORTEST_WORD = 3
LONGEST_NAME = 3  # words
ALIKE = {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "’": "'", "ʼ": "'", "`": "'", "‘": "'"}

# Stand in names and are none: they go with a name, and stay where they are alone.
TITLES = (
    "mr mrs ms miss mx dr prof sir madam herr frau monsieur madame mme mevrouw meneer señor señora hanım bey efendi"
    " sayın господин госпожа г-н г-жа пан пані пани добродій"
)
PREFIXES = "van von der den ter ten del della dos das bin ibn"
PARTICLES = f"{PREFIXES} and und et en ve и та і the family familie aile семья родина"
LATIN_ENDINGS = r"(?:'\w{0,8}|s|es|c[iu](?:k|g[iu]m)|n?[iu]n|[yn]?[aeiu]|n?[dt][ae]n?|y?l[ae]|l[ae]r\w{0,4})?"
CYRILLIC_ENDINGS = (
    "а я у ю и ы і е є о ь ой ою ей ею єю ом ем єм ям им ым ам ах ях ами ями ов ев ів ові еві єві ого его ому ему"
    " ої ій ий ая яя ую юю ых их ыми ими ии ие ія ії ію ією ью"
)
FONDLY = "(?:очк|ечк|оньк|еньк|ушк|юшк|чик)?"  # Анночка, Оленька
UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")  # hyphens and joints that only show where a line breaks
SOFTENED = {"г": "[гзж]", "к": "[кцч]", "х": "[хсш]"}
VOWELS = "аеиоуыэюяьіє"


def plain(text: str) -> str:
    """Small letters without accents, as many as there were: what is found here lies at the same place in the text."""
    return "".join(_plain(letter) for letter in text)


def _plain(letter: str) -> str:
    bare = unicodedata.normalize("NFD", letter)[0]
    small = bare.lower()[0]
    return ALIKE.get(small, small)


class Names:
    """The names that are to be left out of texts."""

    def __init__(self, names: Iterable[str]) -> None:
        whole = {plain(unicodedata.normalize("NFC", name)).strip() for name in names} - {""}
        alone = {word for name in whole for word in _words(name) if _is_telling(word)}
        joined = {"".join(_words(name)) for name in whole if len(_words(name)) > 1}  # as in addresses and hashtags
        known = [_spelt(name) for name in whole | joined if not _is_little(name)]
        known += [_with_endings(word) for word in alone]
        self.pattern = _pattern(sorted(known, key=len, reverse=True)) if known else None

    def left_out_of(self, text: str) -> str:
        """The text with "a guest", in the active language, where a name stands."""
        text = UNSEEN.sub("", unicodedata.normalize("NFC", text))
        if self.pattern is None:
            return text
        made, end = [], 0
        for found in self.pattern.finditer(plain(text)):
            made += [text[end : found.start()], _guest(text, found.start()), _owners(found.group())]
            end = found.end()
        return "".join([*made, text[end:]])


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", name)


LITTLE = {plain(word) for word in f"{TITLES} {PARTICLES}".split()}


def _is_little(name: str) -> bool:
    return name in LITTLE


def _is_telling(word: str) -> bool:
    return len(word) >= SHORTEST_WORD and word not in LITTLE


def _pattern(known: list[str]) -> re.Pattern[str]:
    """A name, or several in a row with what holds them together, with the title before or behind it."""
    name = f"(?:{'|'.join(known)})"
    title = f"(?:{'|'.join(re.escape(plain(each)) for each in TITLES.split())})"
    little = "|".join(re.escape(each) for each in sorted(LITTLE))
    row = rf"{name}(?:[\s_-]+(?:(?:{little})\s+)*{name})*"
    before = rf"(?:(?:{title}\.?|{PREFIXES.replace(' ', '|')})\s+)*"
    return re.compile(rf"(?<![^\W_]){before}{row}(?:\s+{title}(?:'\w{{0,8}})?)*(?![^\W_])")


def _with_endings(word: str) -> str:
    if not re.search("[а-яєіґ]", word):
        return _spelt(word) + LATIN_ENDINGS
    stem = _stem(word)
    endings = {plain(ending) for ending in CYRILLIC_ENDINGS.split()}
    return f"{_soft(stem)}{FONDLY}(?:{'|'.join(sorted(endings, key=len, reverse=True))})?"


def _spelt(name: str) -> str:
    """Weiß and Weiss are one name."""
    return re.escape(name).replace("ß", "ss").replace("ss", "(?:ss|ß)")


def _stem(word: str) -> str:
    """What stays of a Cyrillic name in all its cases, three letters if it has them."""
    for ending in ("ая", "яя", "ии", "ыи", "ои"):  # й is plain и here
        if word.endswith(ending) and len(word) > len(ending) + SHORTEST_WORD:
            return word[: -len(ending)]
    return word[:-1] if word[-1] in VOWELS and len(word) > 2 else word


def _soft(stem: str) -> str:
    """Павел, Павла; Ольга, Ользі: the last letters of a stem may change or go."""
    last = SOFTENED.get(stem[-1], re.escape(stem[-1]))
    if len(stem) >= SHORTEST_WORD and stem[-2] in "еоі" and stem[-1] not in VOWELS:
        return re.escape(stem[:-2]) + "[еоіь]?" + last
    return re.escape(stem[:-1]) + last


def _guest(text: str, at: int) -> str:
    guest = _("a guest")
    begins = not text[:at].strip() or text[:at].rstrip()[-1] in ".!?…\n"
    return guest[:1].upper() + guest[1:] if begins else guest


def _owners(found: str) -> str:
    return "’s" if found.endswith("'s") else ""


# --- Whose names ------------------------------------------------------------------------------------------------


def names_of(customers: Iterable[Customer | None]) -> set[str]:
    """What they are called, and how we address them."""
    return {said for each in customers if each is not None for said in (each.name, each.address_as) if said}


def customers_named_in(texts: Collection[str]) -> set[str]:
    """Whole names of customers that stand in some texts, with capitals, whoever the texts are about."""
    keys = {sort_key(" ".join(run)) for text in texts for run in _capitals(text)}
    found = Customer.objects.filter(sort_key__in=keys, erased_at=None) if keys else Customer.objects.none()
    return names_of(found.only("name", "address_as"))


def _capitals(text: str) -> Iterable[list[str]]:
    """Two or three words in a row that begin with a capital."""
    words = re.findall(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*", text)
    for length in range(2, LONGEST_NAME + 1):
        for start in range(len(words) - length + 1):
            run = words[start : start + length]
            if all(word[0].isupper() for word in run):
                yield run
