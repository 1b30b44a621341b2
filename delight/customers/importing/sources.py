"""Exports of well-known programs, recognised by their columns' names in the languages in which they write them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from delight.customers.importing.columns import SLOTS, guess_columns, plain

USUAL = ["first_name", "last_name", "name", "email", "phone", "account", "language"]


@dataclass(frozen=True)
class Source:
    """A program: what it is called, names of columns of which one group tells its exports, and what columns mean.

    Of several columns for one field the first named counts, and the next where it is empty.
    """

    title: str
    marks: list[str]
    names: dict[str, str]
    named_by_people: bool = False  # then the usual names are looked for as well

    def fits(self, header: dict[str, int]) -> bool:
        """Whether all names of one group are there."""
        return any(all(plain(mark) in header for mark in group.split("|")) for group in self.marks)

    def columns(self, header: list[str], numbers: dict[str, int]) -> dict[str, int]:
        """What the columns mean: by this program's names, and by the usual ones for what these leave open."""
        found: dict[str, int] = {}
        for meaning, names in self.names.items():
            there = [numbers[name] for name in map(plain, names.split("|")) if name in numbers]
            found |= dict(zip(SLOTS.get(meaning, [meaning]), there, strict=False))
        if "name" in found and "first_name" in found and "last_name" not in found:
            found.pop("name")
        usual = guess_columns(header) if self.named_by_people else {}
        for name in USUAL:
            if name in usual and name not in found and usual[name] not in found.values():
                found[name] = usual[name]
        return found


SOURCES = [
    Source(
        "Google Contacts",
        ["Given Name|E-mail 1 - Value", "First Name|E-mail 1 - Value", "Given Name|Phone 1 - Value",
         "First Name|Phone 1 - Value", "Name|E-mail 1 - Value", "Name|Phone 1 - Value"],
        {
            "name": "Name",
            "first_name": "First Name|Given Name",
            "middle_name": "Middle Name|Additional Name",
            "last_name": "Last Name|Family Name",
            "email": "E-mail 1 - Value|E-mail 2 - Value|E-mail 3 - Value",
            "phone": "Phone 1 - Value|Phone 2 - Value|Phone 3 - Value|Phone 4 - Value",
            "account": "Organization Name|Organization 1 - Name",
        },
    ),
    Source(
        "Mailchimp",
        ["MEMBER_RATING|OPTIN_TIME", "LEID|EUID", "OPTIN_TIME|CONFIRM_TIME", "UNSUB_TIME|LAST_CHANGED"],
        {
            "first_name": "First Name|FNAME",
            "last_name": "Last Name|LNAME",
            "email": "Email Address|Email",
            "phone": "Phone Number|PHONE",
            "account": "Company|COMPANY",
            "left_on": "UNSUB_TIME|CLEAN_TIME",
        },
        named_by_people=True,
    ),
    Source(
        "HubSpot",
        ["Record ID|Contact owner", "Record ID|Lifecycle Stage", "Record ID|Associated Company",
         "Record ID|First Name|Last Name|Email", "Record ID - Contact|Email", "Associated Company|Contact owner",
         "Datensatz-ID|E-Mail", "Datensatz-ID|Vorname", "Datensatz-ID - Kontakt|E-Mail"],
        {
            "first_name": "First Name|Vorname",
            "last_name": "Last Name|Nachname",
            "email": "Email|E-Mail|E-Mail-Adresse",
            "phone": "Phone Number|Mobile Phone Number|Telefonnummer|Mobiltelefonnummer",
            "account": "Company name|Associated Company|Primary company|Unternehmensname|Name des Unternehmens"
            "|Zugeordnetes Unternehmen",
            "account_role": "Buying Role|Rolle beim Kauf",
            "outside_id": "Record ID|Record ID - Contact|Datensatz-ID|Datensatz-ID - Kontakt",
            "language": "Preferred language|Bevorzugte Sprache",
        },
    ),
    Source(
        "Outlook",
        ["E-mail Address|E-mail Display Name", "E-mail Address|E-mail 2 Address", "E-mail Address|Business Phone",
         "E-mail Address|Home Phone", "E-Mail-Adresse|E-Mail: Angezeigter Name", "E-Mail-Adresse|E-Mail 2: Adresse",
         "E-Mail-Adresse|Telefon geschäftlich", "E-Mail-Adresse|Telefon (geschäftlich)",
         "Адрес эл. почты|Адрес 2 эл. почты", "Адрес эл. почты|Рабочий телефон",
         "Электронная почта|Электронная почта 2|Рабочий телефон",
         "Elektronik Posta Adresi|Elektronik Posta 2 Adres", "Elektronik Posta Adresi|İş Telefon No",
         "E-posta Adresi|E-posta 2 Adresi", "E-posta Adresi|E-posta Görünen Adı", "E-posta Adresi|İş Telefonu",
         "Адреса ел. пошти|Адреса 2 ел. пошти", "Адреса ел. пошти|Робочий телефон",
         "Адреса електронної пошти|Адреса електронної пошти 2", "Адреса електронної пошти|Робочий телефон"],
        {
            "first_name": "First Name|Vorname|Имя|İlk Adı|Adı|Ad|Ім'я",
            "middle_name": "Middle Name|Weitere Vornamen|Zweiter Vorname|2. Vorname|Отчество|İkinci Adı|İkinci Ad"
            "|По батькові",
            "last_name": "Last Name|Nachname|Фамилия|Soyadı|Soyad|Прізвище",
            "email": "E-mail Address|E-mail 2 Address|E-mail 3 Address"
            "|E-Mail-Adresse|E-Mail 2: Adresse|E-Mail 3: Adresse"
            "|Адрес эл. почты|Адрес 2 эл. почты|Адрес 3 эл. почты"
            "|Электронная почта|Электронная почта 2|Электронная почта 3"
            "|Elektronik Posta Adresi|Elektronik Posta 2 Adres|Elektronik Posta 3 Adres"
            "|E-posta Adresi|E-posta 2 Adresi|E-posta 3 Adresi"
            "|Адреса ел. пошти|Адреса 2 ел. пошти|Адреса 3 ел. пошти"
            "|Адреса електронної пошти|Адреса електронної пошти 2|Адреса електронної пошти 3",
            "phone": "Mobile Phone|Business Phone|Home Phone|Primary Phone|Other Phone"
            "|Mobiltelefon|Telefon geschäftlich|Telefon (geschäftlich)|Telefon privat|Telefon (privat)|Haupttelefon"
            "|Телефон переносной|Мобильный телефон|Рабочий телефон|Домашний телефон|Основной телефон"
            "|Cep Telefonu|İş Telefon No|İş Telefonu|Ev Telefonu|Birincil Telefon"
            "|Телефон мобільний|Мобільний телефон|Робочий телефон|Домашній телефон|Основний телефон",
            "account": "Company|Firma|Организация|Компания|Şirket|Організація|Компанія",
        },
    ),
]  # fmt: skip


@dataclass(frozen=True)
class Recognised:
    """What the columns mean, and whose export it looks like (empty: a file like any other)."""

    columns: dict[str, int]
    title: str = ""

    @property
    def sentence(self) -> str:
        """For the page on which columns are chosen."""
        return _("Looks like an export of %(program)s.") % {"program": self.title} if self.title else ""


def recognise(header: list[str]) -> Recognised:
    """Field name → column number, from 0, by the program that wrote the file, else by the usual names."""
    numbers: dict[str, int] = {}
    for number, title in enumerate(header):
        numbers.setdefault(plain(title), number)
    for source in SOURCES:
        if source.fits(numbers):
            return Recognised(source.columns(header, numbers), source.title)
    return Recognised(guess_columns(header))
