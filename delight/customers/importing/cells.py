"""From a cell as it was typed to a value, or a sentence that says what is wrong with it."""

import re
import unicodedata
from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from delight.customers.models import Customer
from delight.customers.wrong import Wrong, wrong
from delight.lib.addresses import normal_email, normal_phone
from delight.lib.sortkey import fold


class BadCellError(Exception):
    """A cell that cannot be taken: the field it stands for, and what is wrong."""

    def __init__(self, field: str, what: Wrong) -> None:
        super().__init__(what.code)
        self.field = field
        self.what = what


LONGEST = {
    "name": 160,
    "address_as": 120,
    "email": 254,
    "phone": 40,
    "account": 160,
    "segment": 80,
    "outside_id": 80,
    "preferred_time": 60,
}
_DATE_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%Y/%m/%d", "%d-%m-%Y")
_PHONE = re.compile(r"[\d\s+()./–-]+")


def clean(field: str, cell: str) -> str:
    """Without blanks around and repeated ones; formulas stay the text that they are."""
    text = cell.strip()
    if not text.isprintable():
        text = _printable(field, text)
    if "  " in text:
        text = " ".join(text.split())
    limit = LONGEST.get(field, 254)
    if len(text) > limit:
        raise BadCellError(field, wrong("too_long", limit=limit))
    return text


def _printable(field: str, text: str) -> str:
    if "\n" in text or "\r" in text:
        raise BadCellError(field, wrong("line_break"))
    text = " ".join(text.split())
    if any(unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") for c in text):
        raise BadCellError(field, wrong("not_printable"))
    return text


def first_of(text: str) -> str:
    """Of several values in one cell, as Google writes them."""
    return text.split(" ::: ")[0].strip() if ":::" in text else text


def email(text: str) -> str:
    address = normal_email(text) or ""
    try:
        validate_email(address)
    except ValidationError as error:
        raise BadCellError("email", wrong("no_email")) from error
    return address


def phone(text: str) -> str:
    text = text.removeprefix("'")  # a spreadsheet's sign for "this is text"
    if not _PHONE.fullmatch(text) or not 4 <= len(normal_phone(text).lstrip("+")) <= 20:
        raise BadCellError("phone", wrong("no_phone"))
    return text


_LANGUAGES = {
    "en": "english englisch ingilizce английский англійська англійський",
    "tr": "turkish türkçe turkce türkisch турецкий турецька",
    "ru": "russian rusça russisch русский російська",
    "uk": "ukrainian ukraynaca ukrainisch украинский українська",
}
_OURS = frozenset(code for code, _name in settings.LANGUAGES)
_LANGUAGE_OF = {fold(name): code for code, names in _LANGUAGES.items() for name in names.split()}


def language(text: str) -> str:
    """Its code; empty when we do not write in it. The customer then gets the company's language."""
    code = _LANGUAGE_OF.get(fold(text)) or re.split(r"[-_]", text.lower())[0]
    return code if code in _OURS else ""


def consent_on(text: str) -> date:
    day = _parse_date(text)
    if day is None:
        raise BadCellError("consent_on", wrong("no_date"))
    if not date(1970, 1, 1) <= day <= timezone.localdate():
        raise BadCellError("consent_on", wrong("consent_when"))
    return day


def _parse_date(text: str) -> date | None:
    first = re.split(r"[T ]", text)[0]
    for pattern in _DATE_FORMATS:
        try:
            return datetime.strptime(first, pattern).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    return None


_SOURCES = {
    "existing": "existing | existing customer | customer | mevcut | mevcut müşteri | müşteri | bestandskunde | kunde"
    " | клиент | существующий клиент | клієнт | наявний клієнт",
    "consent": "consent | gave consent | opt in | onay | izin | rıza | einwilligung | согласие | згода",
    "other": "other | another way | diğer | andere | sonstige | другое | інше",
}
_SOURCE_OF = {fold(name): source for source, names in _SOURCES.items() for name in names.split("|")}


def address_source(text: str) -> Customer.AddressSource:
    found = _SOURCE_OF.get(fold(text).replace("-", " "))
    if not found:
        raise BadCellError("address_source", wrong("no_source"))
    return Customer.AddressSource(found)


_ROLES = {
    "decides": "decides | decision maker | decider | budget holder | karar verici | karar verir | entscheider"
    " | entscheidet | принимает решение | принимает решения | лпр | приймає рішення",
    "influences": "influences | influencer | champion | etkiler | etkileyen | beeinflusst | beeinflusser | влияет"
    " | впливає",
    "uses": "uses | user | end user | kullanır | kullanıcı | nutzt | nutzer | anwender | endnutzer | пользуется"
    " | пользователь | користується | користувач",
}
_CHANNELS = {
    "email": "email | e mail | mail | eposta | e posta | эл почта | электронная почта | почта | ел пошта"
    " | електронна пошта | пошта",
    "phone": "phone | call | telephone | telefon | anruf | arama | телефон | звонок | дзвінок",
    "message": "message | text message | text | sms | whatsapp | telegram | viber | signal | mesaj | nachricht"
    " | сообщение | смс | повідомлення",
    "in_person": "in person | personally | visit | yüz yüze | persönlich | лично | при встрече | особисто",
}
_ROLE_OF = {fold(name): role for role, names in _ROLES.items() for name in names.split("|")}
_CHANNEL_OF = {fold(name): channel for channel, names in _CHANNELS.items() for name in names.split("|")}


def account_role(text: str) -> str:
    """One of ours; empty for a word of another system that says something else."""
    return _ROLE_OF.get(fold(text).replace("-", " ").replace("_", " "), "")


def preferred_channel(text: str) -> str:
    """One of ours; empty for a word that we do not know."""
    return _CHANNEL_OF.get(fold(text).replace("-", " ").replace(".", "").replace("_", " "), "")
