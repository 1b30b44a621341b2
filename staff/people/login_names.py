"""Sign-in names for people without an e-mail address: latin letters, digits and dots."""

import re
import unicodedata
from itertools import count

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from staff.people.models import User

LONGEST = 40
CYRILLIC = dict(
    zip(
        "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяёъыэ",
        ("a b v h g d e ye zh z i i yi y k l m n o p r s t u f kh ts ch sh shch - yu ya yo - y e").split(),
        strict=True,
    )
)
LATIN = str.maketrans({**{letter: sound.replace("-", "") for letter, sound in CYRILLIC.items()}, "ı": "i", "ø": "o",
                       "đ": "d", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe"})  # fmt: skip

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
