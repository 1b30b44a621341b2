"""Contact exports of well-known programs, as they come: recognised, read and imported without choosing a column."""

import csv
import io

import pytest
from django.urls import reverse

from delight.customers.models import Customer
from tests.customers.helpers import bring_in, check, counts, latest, problems, start, upload

pytestmark = pytest.mark.slow


def names(text: str) -> list[str]:
    return text.split(",")


GOOGLE_OLD = names(
    "Name,Given Name,Additional Name,Family Name,Yomi Name,Name Prefix,Nickname,Birthday,Gender,Location,"
    "Occupation,Notes,Language,Photo,Group Membership,E-mail 1 - Type,E-mail 1 - Value,E-mail 2 - Type,"
    "E-mail 2 - Value,Phone 1 - Type,Phone 1 - Value,Organization 1 - Type,Organization 1 - Name,"
    "Organization 1 - Title"
)
GOOGLE_NEW = names(
    "First Name,Middle Name,Last Name,Phonetic First Name,Name Prefix,Name Suffix,Nickname,File As,"
    "Organization Name,Organization Title,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,"
    "E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value"
)
OUTLOOK_EN = names(
    "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,Business Fax,"
    "Business Phone,Home Phone,Mobile Phone,Primary Phone,Account,Categories,E-mail Address,E-mail Type,"
    "E-mail Display Name,E-mail 2 Address,Language,Location,Notes,Private,Sensitivity"
)
OUTLOOK_DE = names(
    "Anrede,Vorname,Weitere Vornamen,Nachname,Suffix,Firma,Abteilung,Position,Straße geschäftlich,"
    "Fax geschäftlich,Telefon geschäftlich,Telefon privat,Mobiltelefon,Haupttelefon,Kategorien,Konto,"
    "E-Mail-Adresse,E-Mail-Typ,E-Mail: Angezeigter Name,E-Mail 2: Adresse,Ort,Sprache,Notizen"
)
OUTLOOK_RU = names(
    "Обращение,Имя,Отчество,Фамилия,Суффикс,Организация,Отдел,Должность,Рабочий факс,Рабочий телефон,"
    "Домашний телефон,Телефон переносной,Основной телефон,Категории,Адрес эл. почты,Тип эл. почты,"
    "Краткое имя эл. почты,Адрес 2 эл. почты,Расположение,Язык"
)
OUTLOOK_TR = names(
    "Unvan,İlk Adı,İkinci Adı,Soyadı,Sonek,Şirket,Bölüm,İş Unvanı,İş Faks No,İş Telefon No,Ev Telefonu,"
    "Cep Telefonu,Birincil Telefon,Kategoriler,Konum,Elektronik Posta Adresi,Elektronik Posta Türü,"
    "Elektronik Posta 2 Adres"
)
OUTLOOK_UK = names(
    "Звернення,Ім'я,По батькові,Прізвище,Суфікс,Організація,Відділ,Посада,Робочий факс,Робочий телефон,"
    "Домашній телефон,Телефон мобільний,Основний телефон,Категорії,Розташування,Адреса ел. пошти,"
    "Тип ел. пошти,Адреса 2 ел. пошти"
)
MAILCHIMP = names(
    "Email Address,First Name,Last Name,Address,Phone Number,Birthday,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,"
    "CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,"
    "TAGS"
)
HUBSPOT = names(
    "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Associated Company,"
    "Last Activity Date (GMT+1),Lead Status,Marketing contact status,Create Date (GMT+1)"
)
HUBSPOT_DE = names(
    "Datensatz-ID,Vorname,Nachname,E-Mail,Telefonnummer,Für Kontakt zuständiger Mitarbeiter,"
    "Zugeordnetes Unternehmen,Leadstatus,Erstelldatum"
)

# What a program's columns hold, and the name, address, phone and company that they come to.
EXPORTS = {
    "Google, before 2023": (
        "Google Contacts", GOOGLE_OLD,
        {"Name": "Anna Sofie Maes", "Given Name": "Anna", "Additional Name": "Sofie", "Family Name": "Maes",
         "Location": "Ghent", "Group Membership": "* myContacts",
         "E-mail 1 - Value": "anna@mail.example ::: a@x.example",
         "Phone 1 - Value": "+32 478 11 22 33 ::: 09 123 45 67", "Organization 1 - Name": "Hotel Leie"},
        ("Anna Sofie Maes", "anna@mail.example", "+32 478 11 22 33", "Hotel Leie"),
    ),
    "Google": (
        "Google Contacts", GOOGLE_NEW,
        {"First Name": "Anna", "Middle Name": "Sofie", "Last Name": "Maes", "Labels": "* myContacts",
         "Organization Name": "Hotel Leie", "E-mail 2 - Value": "anna@mail.example",
         "Phone 2 - Value": "0478 11 22 33"},
        ("Anna Sofie Maes", "anna@mail.example", "0478 11 22 33", "Hotel Leie"),
    ),
    "Outlook, English": (
        "Outlook", OUTLOOK_EN,
        {"Title": "Mrs", "First Name": "Anna", "Last Name": "Maes", "Company": "Hotel Leie", "Business Fax": "1234567",
         "Business Phone": "09 123 45 67", "Mobile Phone": "0478 11 22 33", "E-mail Address": "anna@mail.example",
         "E-mail Type": "SMTP", "Location": "Ghent", "Categories": "Friends", "Account": "A-1"},
        ("Anna Maes", "anna@mail.example", "0478 11 22 33", "Hotel Leie"),
    ),
    "Outlook, German": (
        "Outlook", OUTLOOK_DE,
        {"Anrede": "Frau", "Vorname": "Änne", "Nachname": "Groß", "Firma": "Öl & Söhne", "Ort": "Köln",
         "Telefon geschäftlich": "0221 123456", "E-Mail-Adresse": "aenne@mail.example"},
        ("Änne Groß", "aenne@mail.example", "0221 123456", "Öl & Söhne"),
    ),
    "Outlook, Russian": (
        "Outlook", OUTLOOK_RU,
        {"Обращение": "Г-жа", "Имя": "Анна", "Отчество": "Сергеевна", "Фамилия": "Ёлкина", "Организация": "Ромашка",
         "Телефон переносной": "+7 912 345-67-89", "Адрес эл. почты": "anna@mail.example", "Расположение": "Тверь"},
        ("Анна Сергеевна Ёлкина", "anna@mail.example", "+7 912 345-67-89", "Ромашка"),
    ),
    "Outlook, Turkish": (
        "Outlook", OUTLOOK_TR,
        {"Unvan": "Sayın", "İlk Adı": "İrem", "Soyadı": "Işık", "Şirket": "Çağ Ltd", "Konum": "İzmir",
         "Cep Telefonu": "0532 111 22 33", "Elektronik Posta 2 Adres": "irem@mail.example"},
        ("İrem Işık", "irem@mail.example", "0532 111 22 33", "Çağ Ltd"),
    ),
    "Outlook, Ukrainian": (
        "Outlook", OUTLOOK_UK,
        {"Ім'я": "Їванка", "Прізвище": "Ґалаґан", "Організація": "Сяйво", "Робочий телефон": "044 123 45 67",
         "Адреса ел. пошти": "ivanka@mail.example", "Розташування": "Київ"},
        ("Їванка Ґалаґан", "ivanka@mail.example", "044 123 45 67", "Сяйво"),
    ),
    "Mailchimp": (
        "Mailchimp", MAILCHIMP,
        {"Email Address": "anna@mail.example", "First Name": "Anna", "Last Name": "Maes", "MEMBER_RATING": "4",
         "Phone Number": "0478112233", "OPTIN_TIME": "2024-01-15 10:30:00", "LEID": "1", "EUID": "a", "TAGS": '"VIP"'},
        ("Anna Maes", "anna@mail.example", "0478112233", None),
    ),
    "Mailchimp, columns named in Turkish": (
        "Mailchimp", names("E-posta Adresi,Ad,Soyad,Telefon Numarası,MEMBER_RATING,OPTIN_TIME,LEID,EUID"),
        {"E-posta Adresi": "irem@mail.example", "Ad": "İrem", "Soyad": "Işık", "MEMBER_RATING": "2"},
        ("İrem Işık", "irem@mail.example", "", None),
    ),
    "HubSpot": (
        "HubSpot", HUBSPOT,
        {"Record ID": "51", "First Name": "Anna", "Last Name": "Maes", "Email": "anna@mail.example",
         "Contact owner": "Mert Kaya", "Associated Company": "Hotel Leie", "Phone Number": "+32478112233"},
        ("Anna Maes", "anna@mail.example", "+32478112233", "Hotel Leie"),
    ),
    "HubSpot, German": (
        "HubSpot", HUBSPOT_DE,
        {"Datensatz-ID": "51", "Vorname": "Änne", "Nachname": "Groß", "E-Mail": "aenne@mail.example",
         "Zugeordnetes Unternehmen": "Öl & Söhne", "Für Kontakt zuständiger Mitarbeiter": "Mert Kaya"},
        ("Änne Groß", "aenne@mail.example", "", "Öl & Söhne"),
    ),
}  # fmt: skip


def export(header: list[str], *rows: dict[str, str], delimiter: str = ",") -> str:
    page = io.StringIO()
    writer = csv.DictWriter(page, header, delimiter=delimiter, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return page.getvalue()


@pytest.fixture
def browser(manager, signed_in):
    """Mert's."""
    return signed_in(manager)


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_taken_as_it_comes(browser, team, name):
    program, header, row, expected = EXPORTS[name]
    upload(browser, export(header, row))
    page = browser.get(reverse("import_columns", args=[latest().pk])).content.decode()
    assert f"Looks like an export of {program}." in page

    one = bring_in(browser, export(header, row), team=team.pk)

    assert (counts(one), problems(one)) == ((1, 0, 0, 0), [])
    made = Customer.objects.get()
    assert (made.name, made.email, made.phone, made.account.name if made.account else None) == expected
    assert (made.segment, made.address_as, made.team) == (None, "", team)
    assert made.outside_id == ("51" if program == "HubSpot" else "")


@pytest.mark.parametrize(
    ("language", "encoding"),
    [("German", "cp1252"), ("Russian", "cp1251"), ("Turkish", "cp1254"), ("Ukrainian", "cp1251")],
)
def test_outlook_writes_the_encoding_of_its_country(browser, team, language, encoding):
    _program, header, row, expected = EXPORTS[f"Outlook, {language}"]
    one = bring_in(browser, export(header, row, delimiter=";").encode(encoding), team=team.pk)
    assert (one.encoding, one.delimiter, one.state) == (encoding, ";", "done")
    assert Customer.objects.get().name == expected[0]


def test_a_file_like_any_other_looks_like_nobodys(browser):
    upload(browser, "Name;E-mail\nAnna;anna@mail.example\n")
    assert "Looks like an export" not in browser.get(reverse("import_columns", args=[latest().pk])).content.decode()


def test_who_has_unsubscribed_at_mailchimp_is_not_mailed_from_here(browser, team):
    header = [*MAILCHIMP, "UNSUB_TIME", "UNSUB_REASON"]
    rows = [
        {"Email Address": "anna@mail.example", "First Name": "Anna", "UNSUB_TIME": "2025-02-01 08:00:00"},
        {"Email Address": "jan@mail.example", "First Name": "Jan"},
    ]
    bring_in(browser, export(header, *rows), team=team.pk)
    assert dict(Customer.objects.values_list("name", "address_source")) == {"Anna": "other", "Jan": "existing"}


def test_a_company_without_a_person_bears_the_companys_name(browser, team):
    row = {"Organization Name": "Hotel Leie", "E-mail 1 - Value": "info@leie.example"}
    assert counts(bring_in(browser, export(GOOGLE_NEW, row), team=team.pk)) == (1, 0, 0, 0)
    assert Customer.objects.get().name == "Hotel Leie"
    assert counts(check(browser, export(GOOGLE_NEW, row), team=team.pk)) == (0, 0, 1, 0)


def test_of_several_columns_the_first_that_is_filled_counts(browser, team):
    text = "Name,E-mail,Phone,Mobile,E-mail 2\nA,,,0478,a@mail.example\nB,b@mail.example,0499,0478 1,x@mail.example\n"
    bring_in(browser, text.replace("E-mail 2", "Mail"), team=team.pk)
    assert list(Customer.objects.order_by("name").values_list("email", "phone")) == [
        ("a@mail.example", "0478"),
        ("b@mail.example", "0499"),
    ]


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("Customer number,Role,Preferred channel,Best time", "K-7,Decides,Phone,after 5", "K-7|decides|phone|after 5"),
        ("Müşteri No,Rol,İletişim tercihi,Uygun saat", "7,Karar verici,SMS,akşam", "7|decides|message|akşam"),
        ("Kundennummer,Rolle,Kontaktweg,Erreichbarkeit", "07,Nutzer,E-Mail,abends", "07|uses|email|abends"),
        ("Код клиента,Роль,Способ связи,Удобное время", "7,влияет,лично,утром", "7|influences|in_person|утром"),
        ("Номер клієнта,Роль,Спосіб зв'язку,Зручний час", "7,користувач,дзвінок,вранці", "7|uses|phone|вранці"),
        ("ID,Role,Channel,Preferred time", "7,CEO,Fax,", "7|||"),
    ],
)  # fmt: skip
def test_number_role_channel_and_time_are_taken_by_their_usual_names(browser, team, header, cells, expected):
    bring_in(browser, f"Name,E-mail,{header}\nAnna,anna@mail.example,{cells}\n", team=team.pk)
    anna = Customer.objects.get()
    assert [anna.outside_id, anna.account_role, anna.preferred_channel, anna.preferred_time] == expected.split("|")


# --- The number in another system ----------------------------------------------------------------------------------


def test_the_number_recognises_somebody_whose_address_and_name_have_changed(browser, team, make_customer):
    anna = make_customer("Anna Maes", email="anna@mail.example", outside_id="K-7", team=team)
    one = bring_in(browser, "Customer number,Name,E-mail\nK-7,Anna Claes,anna.claes@mail.example\n", team=team.pk)
    anna.refresh_from_db()
    assert counts(one) == (0, 1, 0, 0)
    assert (anna.name, anna.email) == ("Anna Claes", "anna@mail.example")


def test_a_number_of_one_and_an_address_of_another_is_nobodys_row(browser, team, make_customer):
    make_customer("Anna", email="anna@mail.example", outside_id="K-7", team=team)
    make_customer("Jan", email="jan@mail.example", team=team)
    one = check(browser, "Customer number,Name,E-mail\nK-7,Anna,jan@mail.example\n", team=team.pk)
    [(line, column, message)] = problems(one)
    assert (line, column) == (2, "Customer number")
    assert "Merge the two first" in message


def test_a_customer_gains_a_number_and_keeps_one(browser, team, make_customer):
    anna = make_customer("Anna", email="anna@mail.example", team=team)
    jan = make_customer("Jan", email="jan@mail.example", outside_id="old", team=team)
    bring_in(browser, "ID,Name,E-mail\nK-7,Anna,anna@mail.example\nK-8,Jan,jan@mail.example\n", team=team.pk)
    anna.refresh_from_db()
    jan.refresh_from_db()
    assert (anna.outside_id, jan.outside_id) == ("K-7", "old")


def test_one_number_twice_in_a_file_is_one_customer(browser, team):
    one = check(browser, "ID,Name,E-mail\n7,Anna,a@mail.example\n7,Anna,b@mail.example\n", team=team.pk)
    assert problems(one) == [(3, "ID", "The same customer stands in line 2 already.")]


# --- Decisions before the import -----------------------------------------------------------------------------------


KNOWN = "Name,E-mail,Phone\nAnna Claes,anna@mail.example,\nLotte Maes,lotte@mail.example,0478112233\n"


@pytest.fixture
def known(make_customer, team):
    return make_customer("Anna Maes", email="anna@mail.example", phone="0478 11 22 33", team=team)


def test_rows_that_look_like_customers_are_shown_with_what_would_change(browser, team, known):
    one = check(browser, KNOWN, team=team.pk)
    assert (counts(one), one.alike) == ((1, 1, 0, 0), 1)
    page = browser.get(reverse("import", args=[one.pk])).content.decode()
    assert "1 row looks like a customer whom you have already." in page
    assert "the same e-mail address" in page
    assert "will be added as somebody new" in page
    assert page.count(reverse("customer", args=[known.pk])) == 2
    assert "Leave them as they are" in page


@pytest.mark.parametrize(("choice", "name"), [("", "Anna Claes"), ("1", "Anna Maes")])
def test_customers_who_are_there_are_updated_or_left_as_chosen(browser, team, known, choice, name):
    one = check(browser, KNOWN, team=team.pk)
    browser.post(reverse("import_start", args=[one.pk]), {"skip_bad_rows": "False", "leave_known": choice})
    start(browser, one)
    known.refresh_from_db()
    assert (known.name, Customer.objects.count()) == (name, 2)
    assert one.known == []


DOUBLES = (
    "Name,E-mail,Phone,Company,Segment\nAnna,a@mail.example,,Hotel,\nBob,b@mail.example,,,\n"
    "Ann,A@mail.example,0478 11,Other,Regulars\n"
)


@pytest.mark.parametrize("batch", [2000, 1])
def test_further_rows_about_one_customer_fill_what_the_first_leaves_empty(browser, team, monkeypatch, batch):
    from delight.customers.importing import jobs

    monkeypatch.setattr(jobs, "BATCH", batch)
    one = check(browser, DOUBLES, team=team.pk)
    assert (counts(one), one.doubles) == ((2, 0, 0, 1), 1)
    assert (
        "1 row is about a customer who stands in the file before."
        in browser.get(reverse("import", args=[one.pk])).content.decode()
    )
    browser.post(reverse("import_start", args=[one.pk]), {"skip_bad_rows": "False", "join_doubles": "1"})
    start(browser, one)
    anna = Customer.objects.get(email="a@mail.example")
    assert (anna.name, anna.phone, anna.account.name, anna.segment.name) == ("Anna", "0478 11", "Hotel", "Regulars")
    assert (one.state, one.bad, problems(one), one.file) == ("done", 0, [], None)
    assert list(Customer.objects.search("0478 11")) == [anna]


def test_further_rows_are_left_out_unless_chosen_otherwise(browser, team):
    one = check(browser, DOUBLES, team=team.pk)
    start(browser, one)
    assert one.state == "checked"
    start(browser, one, skip=True)
    assert (one.state, one.bad) == ("done", 1)
    assert Customer.objects.get(email="a@mail.example").phone == ""


def test_other_bad_rows_still_stop_everything(browser, team):
    one = check(browser, DOUBLES + "Cleo,bad,,,\n", team=team.pk)
    browser.post(reverse("import_start", args=[one.pk]), {"skip_bad_rows": "False", "join_doubles": "1"})
    one.refresh_from_db()
    assert one.state == "checked"
