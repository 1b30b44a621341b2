"""What may be uploaded, how it is read, and what its columns are taken for."""

import pytest
from django.urls import reverse

from delight.customers.importing import services
from delight.customers.importing.columns import guess_columns, titles
from delight.customers.models import Customer, CustomerImport
from delight.files.models import FileChunk
from delight.outbox.pump import run_due
from tests.customers.helpers import bring_in, check, choose, counts, latest, upload


@pytest.fixture
def browser(manager, signed_in):
    """Mert's."""
    return signed_in(manager)


ROW = "Name;E-mail\nÇağla Öz;cagla@mail.example\n"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"   \n\n", "The file is empty."),
        (b"\xef\xbb\xbf", "The file is empty."),
        (b"Name;E-mail\n", "no customer below the line"),
        (b"Name;E-mail\n;\n;\n", "no customer below the line"),
        (b"PK\x03\x04 and so on", "workbook is broken"),
        (b"\xd0\xcf\x11\xe0 and so on", "of the old kind, or has a password"),
        ("Name;E-mail\nÇağla Öz, İzmir;".encode() + b"\xff\n", "letters of this file are damaged"),
        (b"%PDF-1.7\n1 0 obj", "not a text file"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "not a text file"),
        (b"\x89GIF\x02 and so on", "not a text file"),
        (b'"Name;E-mail\nAnna;anna@mail.example\n', "first line cannot be read"),
    ],
)
def test_upload_refuses_with_a_sentence(browser, content, sentence):
    response = upload(browser, content)

    assert response.status_code == 200
    page = response.content.decode()
    assert sentence in page
    assert not CustomerImport.objects.exists()
    assert not FileChunk.objects.exists()


def test_a_byte_at_the_end_that_is_not_utf_8_is_found(browser):
    content = b"Name;E-mail\n" + b"Anna;anna@mail.example\n" * 9000 + b"\xfcnal;x@mail.example\n"
    upload(browser, content)
    assert latest().encoding == "cp1252"


def test_upload_refuses_what_is_too_large(browser, monkeypatch):
    assert upload(browser, ROW).status_code == 302
    monkeypatch.setattr(services, "MOST_BYTES", 20)
    assert "larger than 50 MB" in upload(browser, ROW).content.decode()


def test_upload_refuses_more_rows_than_the_limit_and_names_it(browser):
    most = "E-mail\n" + "".join(f"a{number}@mail.example\n" for number in range(100_000))
    page = upload(browser, most + "one@mail.example\n").content.decode()
    assert "100,001 rows" in page
    assert "at most 100,000" in page
    assert upload(browser, most).status_code == 302
    assert latest().rows == 100_000


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_delimiter_mark_and_line_ends_are_found_out(browser, team, between, start, ends):
    lines = [["Name", "E-mail", "Phone"], ["Çağla, Öz; Dr", "cagla@mail.example", ""], ["Jan", "", "+32 478 112233"]]
    text = start + "".join(between.join(f'"{cell}"' for cell in cells) + ends for cells in lines)
    one = bring_in(browser, text, team=team.pk)

    assert (one.delimiter, counts(one)) == (between, (2, 0, 0, 0))
    assert set(Customer.objects.values_list("name", flat=True)) == {"Çağla, Öz; Dr", "Jan"}


def test_the_spreadsheets_own_first_line_is_no_header(browser, team):
    one = bring_in(browser, "sep=;\r\nName;E-mail\r\nAnna;anna@mail.example\r\n", team=team.pk)
    assert counts(one) == (1, 0, 0, 0)


def test_columns_page_shows_how_the_file_was_read(browser):
    response = upload(browser, ROW)
    page = browser.get(response.url).content.decode()
    assert "separated by semicolons" in page
    assert "Çağla Öz" in page
    assert '<option value="1" selected>E-mail</option>' in page


@pytest.mark.parametrize("right", ["\t", ";"])
def test_a_wrong_guess_is_put_right(browser, team, right):
    wrong = {"\t": ";", ";": ","}[right]
    text = f"Name{right}E-mail{wrong}\nAnna{wrong}{right}anna@mail.example\n"
    response = upload(browser, text)
    CustomerImport.objects.update(delimiter=wrong)

    browser.post(response.url, {"delimiter": right, "encoding": "utf-8"})

    one = latest()
    assert (one.delimiter, one.state, one.rows) == (right, "uploaded", 1)
    assert f'<th scope="col">E-mail{wrong}</th>' in browser.get(response.url).content.decode()


def test_an_unknown_delimiter_changes_nothing(browser):
    response = upload(browser, ROW)
    browser.post(response.url, {"delimiter": "x", "encoding": "utf-8"})
    assert latest().delimiter == ";"


def test_the_delimiter_of_an_import_on_its_way_stays(browser, team):
    one = bring_in(browser, ROW, team=team.pk)
    browser.post(reverse("import_columns", args=[one.pk]), {"delimiter": ",", "encoding": "utf-8"})
    one.refresh_from_db()
    assert (one.delimiter, one.state) == (";", "done")


def test_three_hundred_columns_are_no_trouble(browser, team):
    header = ",".join(["Name", "E-mail", *(f"c{number}" for number in range(298))])
    row = ",".join(["Anna", "anna@mail.example", *["x"] * 298])
    response = upload(browser, f"{header}\n{row}\n")
    assert "and 270 more columns" in browser.get(response.url).content.decode()
    assert counts(check(browser, f"{header}\n{row}\n", team=team.pk)) == (1, 0, 0, 0)


def test_columns_form_wants_a_name_and_an_address(browser, team):
    response = upload(browser, ROW)
    page = browser.post(response.url, {"team": team.pk}).content.decode()
    assert "Choose the column with the names." in page
    assert "Choose the column with e-mail addresses" in page
    assert latest().state == "uploaded"


def test_consent_for_the_whole_file_needs_its_day(browser, team):
    response = upload(browser, ROW)
    answers = {"column_name": 0, "column_email": 1, "team": team.pk, "address_source": "consent"}
    assert "Consent needs the day" in browser.post(response.url, answers).content.decode()
    assert browser.post(response.url, answers | {"consent_on": "2026-03-01"}).status_code == 302


def test_nul_characters_far_down_are_a_rows_problem(browser, team):
    text = "Name,E-mail\n" + "Anna,a@mail.example\n" + " \n" * 5000 + "J\0n,jan@mail.example\n"
    one = check(browser, text, team=team.pk)
    assert [problem.message for problem in one.problems.all()] == ["There are characters in it that cannot be printed."]


def test_nul_characters_in_a_long_header_do_no_harm(browser, team):
    header = f"Name,{'x' * 5000}\0,E-\0mail"
    response = upload(browser, f"{header}\nAnna,,bad\n")
    data = {"column_name": 0, "column_email": 2, "address_source": "existing", "team": team.pk}
    browser.post(response.url, data)
    run_due()
    assert [problem.column for problem in latest().problems.all()] == ["E-mail"]


def test_an_unknown_page_of_an_import_is_not_found(browser):
    assert browser.get(reverse("import", args=[12345])).status_code == 404


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        ("Name,E-mail,Phone number,Company", {"name": 0, "email": 1, "phone": 2, "account": 3}),
        ("First Name,LAST NAME,email_address", {"first_name": 0, "last_name": 1, "email": 2}),
        ("Ad,Soyad,E-posta,Cep Telefonu,ŞUBE", {"first_name": 0, "last_name": 1, "email": 2, "phone": 3, "team": 4}),
        ("MÜŞTERİ ADI,Hitap,Dil,İzin Tarihi", {"name": 0, "address_as": 1, "language": 2, "consent_on": 3}),
        ("Name,Vorname,E-Mail-Adresse,Anrede", {"last_name": 0, "first_name": 1, "email": 2, "address_as": 3}),
        ("Unternehmen,Kundengruppe,Filiale", {"account": 0, "segment": 1, "team": 2}),
        ("ФИО,Эл. почта,Телефон,Компания", {"name": 0, "email": 1, "phone": 2, "account": 3}),
        ("Имя,Телефон", {"name": 0, "phone": 1}),
        ("Ім'я,Прізвище,Електронна пошта,Мова", {"first_name": 0, "last_name": 1, "email": 2, "language": 3}),
        ("ПІБ,Група,Філія,Дата згоди", {"name": 0, "segment": 1, "team": 2, "consent_on": 3}),
        ("Owner,Source,Notes", {"owner": 0, "address_source": 1}),
        ("E-mail,E-mail,", {"email": 0, "email_2": 1}),
        *(
            (f"Name,{title}", {"name": 0, "phone": 1})
            for title in ("Mobile no.", "Mobile number", "Cell", "MOBILE PHONE NO")
        ),
    ],
)
def test_columns_are_guessed_from_usual_names(header, meaning):
    assert guess_columns(header.split(",")) == meaning


def test_columns_with_one_name_are_told_apart():
    assert titles(["E-mail", "Name", "E-mail", ""]) == ["E-mail (column 1)", "Name", "E-mail (column 3)", "Column 4"]


def test_a_file_with_thousands_of_columns_is_refused(manager, signed_in):
    header = "email;name;" + ";".join(f"c{number}" for number in range(20_000))
    page = upload(signed_in(manager), f"{header}\na@mail.example;Ada\n")
    assert "20,002 columns" in page.content.decode()
    assert not CustomerImport.objects.exists()


def test_columns_of_a_wrong_delimiter_are_shown_up_to_a_limit(manager, signed_in):
    upload(signed_in(manager), "email;name" + "," * 5000 + "\na@mail.example;Ada\n")
    one = CustomerImport.objects.get()
    services.read_again(by=manager, customer_import=one, encoding="utf-8", delimiter=",")
    one.refresh_from_db()
    assert len(services.beginning(one).header) == 1000


def test_columns_that_are_not_taken_are_named(browser, team):
    upload(browser, "Name;Notiz;E-mail;;\nAnna;rings twice;anna@mail.example;;x\n")
    one = latest()

    def left_out(response) -> str:
        return response.content.decode().partition("Not imported: ")[2].partition("<")[0].strip()

    columns = reverse("import_columns", args=[one.pk])
    assert left_out(browser.get(columns)) == "Notiz, Column 5"
    chosen = {"column_name": "1", "column_email": "2"}  # and no answer to what is asked for the whole file
    assert left_out(browser.post(columns, chosen)) == "Name, Column 5"
    choose(browser, one, team=team.pk)
    run_due()
    assert left_out(browser.get(reverse("import", args=[one.pk]))) == "Notiz, Column 5"


def test_without_a_column_left_out_none_is_named(browser):
    upload(browser, ROW)
    assert "Not imported" not in browser.get(reverse("import_columns", args=[latest().pk])).content.decode()


def test_the_only_team_is_chosen_beforehand(browser, sponsor, signed_in, team):
    upload(browser, ROW)
    url = reverse("import_columns", args=[latest().pk])
    for someone in (browser, signed_in(sponsor)):
        page = someone.get(url)
        assert f'<option value="{team.pk}" selected>' in page.content.decode()
        assert "Without a team" not in page.content.decode()


def test_among_several_teams_a_sponsor_chooses_and_hears_what_none_means(sponsor, signed_in, team, other_team):
    client = signed_in(sponsor)
    upload(client, ROW)
    page = client.get(reverse("import_columns", args=[latest().pk])).content.decode()
    assert not any(f'<option value="{one.pk}" selected>' in page for one in (team, other_team))
    assert "Without a team only managers can take over conversations" in page
