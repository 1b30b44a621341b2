"""Sign-in names for people without an e-mail address: latin letters, digits and dots."""

import re
import unicodedata
from itertools import count

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from staff.people.models import User

LONGEST = 40
# As these letters sound to somebody who writes a name in latin ones; the rest loses its accents.
SOUNDS = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "ye", "ж": "zh",
    "з": "z", "и": "i", "і": "i", "ї": "yi", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n",
    "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts",
    "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ю": "yu", "я": "ya", "ё": "yo", "ъ": "", "ы": "y",
    "э": "e", "ı": "i", "ø": "o", "đ": "d", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe",
}  # fmt: skip
LATIN = str.maketrans(SOUNDS)

check_login_name = RegexValidator(
    r"\A[a-z0-9]+(\.[a-z0-9]+)*\Z", _("Only latin letters, digits, and dots between them, like anna.k.")
)


def in_latin(name: str) -> str:
    """ "Оксана Шевчук" gives "oksana.shevchuk"; empty when no letter can be told."""
    lowered = name.replace("İ", "i").lower().translate(LATIN)
    plain = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    words = re.findall(r"[a-z0-9]+", plain.replace("'", "").replace("’", ""))
    return ".".join(words)[: LONGEST - 6].strip(".")


def free_login_name(name: str) -> str:
    """A sign-in name made from a person's name that nobody has yet."""
    wanted = in_latin(name) or "colleague"
    taken = set(User.objects.filter(login_name__startswith=wanted).values_list("login_name", flat=True))
    if wanted not in taken:
        return wanted
    return next(f"{wanted}.{number}" for number in count(2) if f"{wanted}.{number}" not in taken)
