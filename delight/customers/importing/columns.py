"""What the columns of a file may mean, guessed from the names that people give them."""

from collections import Counter

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from delight.lib.sortkey import fold

# In the order in which the form asks for them.
FIELDS = {
    "name": _("Name"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "address_as": _("How we address them"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "language": _("Language"),
    "account": _("Company"),
    "segment": _("Segment"),
    "team": _("Served by the team"),
    "owner": _("Looked after by (e-mail of the member of staff)"),
    "consent_on": _("Consent given on"),
    "address_source": _("How we got the address"),
    "outside_id": _("Number in another system"),
    "middle_name": _("Middle name"),
    "email_2": _("E-mail, if the first is empty"),
    "email_3": _("E-mail, if both are empty"),
    "phone_2": _("Phone, if the first is empty"),
    "phone_3": _("Phone, if both are empty"),
    "phone_4": _("Phone, if all three are empty"),
    "account_role": _("Role in the company"),
    "preferred_channel": _("Likes to be reached by"),
    "preferred_time": _("Best time"),
    "left_on": _("Unsubscribed elsewhere on (is never mailed)"),
}
RARE = list(FIELDS)[list(FIELDS).index("outside_id") :]  # folded away on the form
# Where a file has several columns for one thing, the first that is filled counts.
SLOTS = {"email": ["email", "email_2", "email_3"], "phone": ["phone", "phone_2", "phone_3", "phone_4"]}

# English, Turkish, German, Russian, Ukrainian; compared without case, accents and punctuation.
_NAMES = {
    "name": "name | full name | customer | customer name | client | client name | contact | contact name"
    " | contact person | ad soyad | adı soyadı | ad soyadı | isim soyisim | müşteri | müşteri adı | kunde | kundenname"
    " | vollständiger name | ansprechpartner | фио | имя и фамилия | имя фамилия | клиент | имя клиента | піб | пиб"
    " | ім'я та прізвище | клієнт",
    "first_name": "first name | firstname | given name | forename | ad | adı | isim | vorname | имя | ім'я",
    "last_name": "last name | lastname | surname | family name | soyad | soyadı | soyisim | nachname | familienname"
    " | zuname | фамилия | прізвище",
    "middle_name": "middle name | additional name | second name | ikinci ad | ikinci adı | orta ad | orta adı"
    " | zweiter vorname | weitere vornamen | 2 vorname | отчество | по батькові",
    "address_as": "address as | dear | salutation | greeting | how we address them | hitap | anrede | briefanrede"
    " | обращение | звернення",
    "email": "email | e mail | mail | email address | e mail address"
    " | eposta | e posta | e posta adresi | eposta adresi"
    " | mail adresi | e mail adresse | email adresse | mailadresse | эл почта | электронная почта | почта | имейл"
    " | емейл | ел пошта | електронна пошта | пошта | адреса електронної пошти",
    "phone": "phone | phone no | telephone | telephone no | telephone number | tel | tel no | phone number | mobile"
    " | mobile no | mobile number | mobile phone | mobile phone no | mobile phone number | cell | cell no | cell number"
    " | cell phone | cell phone number | cellphone | contact number | gsm | gsm no | cep no | handy nr | telefon nr"
    " | mobilnummer | мобильный номер | мобільний номер | telefon"
    " | telefon no | telefon numarası | cep | cep telefonu | telefonnummer | handy | handynummer | mobil"
    " | мобилтелефон | телефон | номер телефона | мобильный | мобильный телефон | номер телефону | мобільний"
    " | мобільний телефон",
    "language": "language | lang | locale | dil | sprache | язык | мова",
    "account": "company | company name | account | organisation | organization | employer | firma | firma adı | şirket"
    " | şirket adı | müşteri firma | firmenname | unternehmen | компания | организация | фирма | компанія"
    " | організація | фірма",
    "segment": "segment | group | customer group | category | grup | müşteri grubu | kategori | gruppe | kundengruppe"
    " | kategorie | сегмент | группа | категория | група | категорія",
    "team": "team | shop | store | branch | location | served by | ekip | takım | şube | mağaza | filiale | standort"
    " | laden | команда | магазин | филиал | салон | філія | філіал | відділення",
    "owner": "owner | responsible | account manager | looked after by | sorumlu | müşteri temsilcisi | temsilci"
    " | betreuer | zuständig | verantwortlich | ответственный | менеджер | відповідальний",
    "consent_on": "consent | consent date | consent on | consent given on | date of consent | opt in | opt in date"
    " | onay tarihi | izin tarihi | onay | rıza tarihi | einwilligung | einwilligung am | einwilligungsdatum"
    " | дата согласия | согласие | дата згоди | згода",
    "outside_id": "id | customer id | customer number | customer no | client id | client number | external id | crm id"
    " | record id | contact id | müşteri no | müşteri numarası | müşteri kodu | cari kodu | kundennummer | kunden nr"
    " | kundennr | kunden id | номер клиента | код клиента | id клиента | номер клієнта | код клієнта | id клієнта",
    "account_role": "role | role in the company | buying role | decision role | rol | rolü | karar rolü | rolle"
    " | rolle im unternehmen | роль | роль в компании | роль у компанії",
    "preferred_channel": "preferred channel | channel | contact preference | preferred contact method | contact by"
    " | likes to be reached by | tercih edilen kanal | iletişim tercihi | kontaktweg | bevorzugter kontaktweg"
    " | предпочитаемый канал | способ связи | канал связи | бажаний канал | спосіб зв'язку | канал зв'язку",
    "preferred_time": "preferred time | best time | best time to call | best time to contact | uygun saat"
    " | tercih edilen saat | beste zeit | erreichbarkeit | удобное время | лучшее время | зручний час | найкращий час",
    "left_on": "unsub time | clean time | unsubscribed on | unsubscribe date",
    "address_source": "address source | source | how we got the address | origin | kaynak | adres kaynağı | quelle"
    " | herkunft | источник | источник адреса | джерело | джерело адреси",
}


def plain(header: str) -> str:
    """A column's name without case, accents and punctuation."""
    folded = fold(header.replace("'", "").replace("’", "").replace("ʼ", ""))
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())


_MEANING = {plain(name): field for field, names in _NAMES.items() for name in names.split("|")}


def guess_columns(header: list[str]) -> dict[str, int]:
    """Field name → column number, from 0. The first column of a name counts; one that says nothing is left out."""
    found: dict[str, int] = {}
    for number, title in enumerate(header):
        meaning = _MEANING.get(plain(title))
        free = [slot for slot in SLOTS.get(meaning, [meaning]) if slot not in found] if meaning else []
        if free:
            found[free[0]] = number
    return _settle_names(found)


def _settle_names(found: dict[str, int]) -> dict[str, int]:
    if "last_name" in found and "first_name" in found:
        found.pop("name", None)
    elif "first_name" in found and "name" in found:  # "Name;Vorname": the name is the family's
        found["last_name"] = found.pop("name")
    elif "first_name" in found:  # "Имя" alone is the whole name
        found["name"] = found.pop("first_name")
    return found


def titles(header: list[str]) -> list[str]:
    """What each column is called on a page: numbered where the file gives no name, or one name twice."""
    plain = ["".join(c for c in " ".join(title.split()) if c.isprintable())[:60] for title in header]
    times = Counter(plain)
    return [_title(title, number, times[title] == 1) for number, title in enumerate(plain, start=1)]


def _title(title: str, number: int, alone: bool) -> str:
    if not title:
        return gettext("Column %(number)d") % {"number": number}
    if alone:
        return title
    return gettext("%(title)s (column %(number)d)") % {"title": title, "number": number}
