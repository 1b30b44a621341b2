"""What single rows of a file come to: whom they are about, what is wrong with them, what they bring."""

from decimal import Decimal

import pytest
from django.urls import reverse

from delight.customers.models import Account, Customer
from tests.customers.helpers import bring_in, check, counts, problems, start


@pytest.fixture
def browser(manager, signed_in):
    """Mert's."""
    return signed_in(manager)


# --- Who is it? ---------------------------------------------------------------------------------------------------


def test_a_customer_known_by_phone_gains_the_address(browser, team, make_customer):
    anna = make_customer("Anna Maes", email=None, phone="0478 11 22 33", team=team)
    one = bring_in(browser, "Name,E-mail,Phone\nAnna Maes,anna@mail.example,0478/112233\n", team=team.pk)

    anna.refresh_from_db()
    assert counts(one) == (0, 1, 0, 0)
    assert (anna.email, anna.phone) == ("anna@mail.example", "0478 11 22 33")


def test_somebody_else_with_the_same_phone_is_somebody_else(browser, team, make_customer):
    make_customer("Anna Maes", email=None, phone="0478 11 22 33", team=team)
    one = bring_in(browser, "Name,E-mail,Phone\nLotte Maes,lotte@mail.example,0478112233\n", team=team.pk)

    assert counts(one) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("second", "column"),
    [
        ("Other name,ANNA@mail.example,", "E-mail"),
        ("Anna Maes,,0478/11 22 33", "Phone"),
    ],
)
def test_a_second_row_about_one_customer_names_the_first(browser, team, second, column):
    text = f"Name,E-mail,Phone\nAnna Maes,anna@mail.example,0478 11 22 33\nJan,jan@mail.example,\n{second}\n"
    one = check(browser, text, team=team.pk)

    assert problems(one) == [(4, column, "The same customer stands in line 2 already.")]


def test_two_phone_rows_are_one_customer(browser, team):
    one = check(browser, "Name,Phone\nAnna,0478 112233\nBob,+32 478 445566\nAnn,0478-11-22-33\n", team=team.pk)

    assert problems(one) == [(4, "Phone", "The same customer stands in line 2 already.")]


def test_two_rows_never_mean_one_customer_that_is_there(browser, team, make_customer):
    """One row fits by address, another by phone and name: the second is not the same person again."""
    make_customer("Anna Maes", email="anna@mail.example", phone="0478112233", team=team)
    text = "Name,E-mail,Phone\nAnna,anna@mail.example,\nAnna Maes,,0478112233\n"
    bring_in(browser, text, team=team.pk)

    again = check(browser, text, team=team.pk)
    assert counts(again) == (0, 0, 2, 0)


# --- Rows that cannot be taken ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "cells", "column", "sentence"),
    [
        ("Name,E-mail", "Anna,", "E-mail", "neither an e-mail address nor a phone"),
        ("Name,E-mail", ",anna@mail.example", "Name", "name is missing"),
        ("Name,E-mail", "Anna,a@b", "E-mail", "not an e-mail address"),
        ("Name,E-mail", f"{'x' * 161},anna@mail.example", "Name", "longer than 160"),
        ("Name,E-mail", f"{'x' * 1_000_000},anna@mail.example", "", "far too long"),
        ("Name,E-mail", "An\x07na,anna@mail.example", "Name", "cannot be printed"),
        ("Name,E-mail", '"Anna\nMaria",anna@mail.example', "Name", "line break"),
        ("Name,E-mail", '"Anna" x,anna@mail.example', "", "quotation marks"),
        ("Name,E-mail", "Anna", "", "cells (1) than the header (2)"),
        ("Name,E-mail", "Anna,anna@mail.example,more", "", "cells (3) than the header (2)"),
        ("Name,Phone", "Anna,3.24783E+10", "Phone", "not a phone number"),
        ("Name,E-mail,Shop", "Anna,anna@mail.example,Nowhere", "Shop", "no team “Nowhere”"),
        ("Name,E-mail,Shop", "Anna,anna@mail.example,Harbour", "Shop", "not a team of yours"),
        ("Name,E-mail,Owner", "Anna,anna@mail.example,x@y.example", "Owner", "Nobody whom you may name"),
        ("Name,E-mail,Owner", "Anna,anna@mail.example,otto@barber.example", "Owner", "Nobody whom you may name"),
        ("Name,E-mail,Consent date", "Anna,anna@mail.example,13/31/2024", "Consent date", "not a date"),
        ("Name,E-mail,Consent date", "Anna,anna@mail.example,2999-01-01", "Consent date", "from the future"),
        ("Name,E-mail,Source", "Anna,anna@mail.example,consent", "", "Consent needs the day"),
        ("Name,E-mail,Source", "Anna,anna@mail.example,magic", "Source", "existing, consent, other"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_column(browser, team, outsider, header, cells, column, sentence):
    one = check(browser, f"{header}\n{cells}\n", team=team.pk)

    [(line, named, message)] = problems(one)
    assert (line, named, one.bad) == (2, column, 1)
    assert sentence in message


def test_reading_goes_on_after_a_broken_row(browser, team):
    text = 'Name,E-mail\n"Anna" x,anna@mail.example\nJan,jan@mail.example\n' + f"{'x' * 200_000},x@mail.example\n"
    one = check(browser, text + "Bob,bob@mail.example\n", team=team.pk)

    assert [line for line, _column, _message in problems(one)] == [2, 4]
    assert one.new == 2


def test_cells_with_formulas_stay_the_text_that_they_are(browser, team):
    bring_in(browser, 'Name,E-mail\n"=HYPERLINK(""http://x"")",anna@mail.example\n', team=team.pk)
    assert Customer.objects.get().name == '=HYPERLINK("http://x")'


def test_owners_are_named_by_their_address(browser, team, staff):
    bring_in(browser, "Name,E-mail,Owner\nAnna,anna@mail.example,SAM@barber.example\n", team=team.pk)
    assert Customer.objects.get().owner == staff


def test_a_row_may_say_first_and_last_name(browser, team):
    bring_in(browser, "Vorname;Nachname;E-Mail\nAnna;Maes;anna@mail.example\n", team=team.pk)
    assert Customer.objects.get().name == "Anna Maes"


def test_companies_that_differ_in_case_are_one(browser, team):
    bring_in(browser, "Name,E-mail,Company\nA,a@mail.example,Acme Ltd\nB,b@mail.example,ACME  ltd\n", team=team.pk)
    assert Account.objects.count() == 1
    Account.objects.update(value_per_year=Decimal(5))
    one = check(browser, "Name,E-mail,Company\nA,a@mail.example,acme ltd\n", team=team.pk)
    assert counts(one) == (0, 0, 1, 0)


@pytest.mark.parametrize("language", ["de", "Klingon"])
def test_a_language_that_we_do_not_write_in_makes_no_row_bad(browser, team, make_customer, language):
    known = make_customer("Bob", email="bob@mail.example", language="tr", team=team)
    text = f"Name,E-mail,Language\nAnna,anna@mail.example,{language}\nBob,bob@mail.example,{language}\n"
    one = check(browser, text + "Jan,jan@mail.example,English\n", team=team.pk)

    assert (one.other_language, counts(one)) == (2, (2, 0, 1, 0))
    assert "2 rows name a language that we do not write in" in page_of(browser, one)
    start(browser, one)
    known.refresh_from_db()
    assert known.language == "tr"
    assert Customer.objects.get(email="anna@mail.example").language == ""
    assert Customer.objects.get(email="jan@mail.example").language == "en"


def test_languages_that_we_write_in_are_not_mentioned(browser, team):
    one = check(browser, "Name,E-mail,Language\nAnna,anna@mail.example,tr\n", team=team.pk)
    assert "do not write in" not in page_of(browser, one)


def test_bad_rows_are_shown_with_whom_they_are_about(browser, team):
    rows = ["Anna Maes,a@b,x", f"{'B' * 60},c@d,x", ",,only a note"]
    one = check(browser, "\n".join(["Name,E-mail,Remark", *rows]) + "\n", team=team.pk)

    for page in (page_of(browser, one), browser.get(reverse("import_problems", args=[one.pk])).content.decode()):
        for shown in ("Anna Maes", f"{'B' * 39}…", "only a note"):
            assert f'<td data-label="Name">{shown}</td>' in page
    assert not any("Anna" in message for _line, _column, message in problems(one))


def page_of(browser, one) -> str:
    return browser.get(reverse("import", args=[one.pk])).content.decode()


def test_another_number_in_the_other_system_is_another_person_also_on_the_same_phone(browser, team, make_customer):
    mother = make_customer("Anna Maes", email=None, team=team, phone="0478 11 22 33", outside_id="A-1")
    one = check(browser, "Name,Phone,Customer ID\nBen Maes,0478 11 22 33,B-2\n", team=team.pk)
    assert problems(one) == [(2, "Phone", "There is a customer with this phone number already.")]
    start(browser, one, skip=True)
    mother.refresh_from_db()
    assert mother.name == "Anna Maes"


def test_a_phone_of_somebody_else_without_an_address_is_a_bad_row_and_stops_no_import(browser, team, make_customer):
    anna = make_customer("Anna Maes", email=None, team=team, phone="0478 11 22 33", outside_id="A-1")
    make_customer("Ben Maes", email=None, team=team, phone="0478 99 88 77", outside_id="B-2")
    text = "Name,Phone,Customer ID\nAnna Maes,0478 99 88 77,A-1\nJan Claes,0478 55 66 77,C-3\n"
    one = check(browser, text, team=team.pk)
    assert problems(one) == [(2, "Phone", "There is a customer with this phone number already.")]
    assert start(browser, one, skip=True).state == "done"
    anna.refresh_from_db()
    assert anna.phone == "0478 11 22 33"
    assert Customer.objects.filter(name="Jan Claes").exists()


def test_a_file_adds_nobody_to_a_company_of_other_peoples(browser, team, outsider, make_customer):
    Account.objects.create(name="Hotel Maes", owner=outsider)
    text = (
        "Name,E-mail,Company\nAnna,anna@mail.example,hotel maes\nMark,mark@mail.example,New one\n"
        "Lotte,lotte@mail.example,NEW ONE\nMark,mark@mail.example,Hotel Maes\n"
    )
    one = check(browser, text, team=team.pk)
    assert counts(one) == (2, 0, 0, 2)
    assert problems(one)[0][:2] == (2, "Company")
    one = start(browser, one, skip=True)
    assert set(Customer.objects.values_list("name", "account__sort_key")) == {("Mark", "new one"), ("Lotte", "new one")}
