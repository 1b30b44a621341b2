"""One function that turns a name into the stored key by which lists of names are ordered and searched."""

import unicodedata

# The database compares by code point. These letters carry no separable accent, or have a place of their own:
# Ґ follows Г, Є follows Е, І and Ї follow И in the Ukrainian alphabet; Turkish ı sorts before i.
_PLACES = str.maketrans(
    {
        "ґ": "г\uffff",
        "є": "е\uffff",
        "ё": "е\ufffe",
        "і": "и\ufffe",
        "ї": "и\uffff",
        "й": "и\uffff\uffff",
        "ı": "i",
        "ø": "o",
        "đ": "d",
        "ł": "l",
        "æ": "ae",
        "œ": "oe",
    }
)


def fold(text: str) -> str:
    """Casefolded, without accents and repeated spaces: what people type when they look for a name."""
    if text.isascii():
        return " ".join(text.lower().split())
    lowered = text.replace("İ", "i").replace("I", "i").casefold()
    kept = lowered.translate(_PLACES)
    plain = unicodedata.normalize("NFKD", kept)
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def sort_key(name: str) -> str:
    """The stored key, at most 200 characters."""
    return fold(name)[:200]
