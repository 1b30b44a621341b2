"""Visits from a file: uploaded by a manager, checked, shown, and taken over whole."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from delight.customers.models import Visit, VisitFile
from delight.customers.visits.files import _money
from delight.files.models import StoredFile
from delight.organisation.models import AuditEntry
from delight.outbox.pump import run_due

BRUSSELS = ZoneInfo("Europe/Brussels")


def upload(browser, team, text: str, name="visits.csv"):
    file = SimpleUploadedFile(name, text.encode(), "text/csv")
    return browser.post("/visits/files/", {"team": team.pk, "file": file})


@pytest.fixture
def check(manager, team, signed_in):
    """`check(text)`: the file uploaded and checked."""
    browser = signed_in(manager)

    def do(text: str) -> VisitFile:
        response = upload(browser, team, text)
        assert response.status_code == 302, response.content.decode()
        run_due()
        return VisitFile.objects.latest("pk")

    do.browser = browser
    return do


@pytest.fixture
def take(check):
    """`take(text)`: the whole way."""

    def do(text: str) -> VisitFile:
        one = check(text)
        check.browser.post(f"/visits/files/{one.pk}/take/")
        run_due()
        one.refresh_from_db()
        return one

    return do


def counts(one: VisitFile) -> tuple[int, int, int, int]:
    """New, changed, same, bad."""
    return one.new, one.changed, one.same, one.bad


def test_all_columns_are_taken(take, make_customer, staff, team):
    emma = make_customer("Emma Peeters", email="emma@mail.example")
    one = take(
        "Begins;Ends;E-mail;Reference;Value;Served by\n"
        '2026-03-02 10:00;2026-03-02 10:45;EMMA@mail.example;214;"1.234,50";sam@barber.example\n'
    )
    visit = Visit.objects.get()
    assert (one.state, counts(one)) == ("done", (1, 0, 0, 0))
    assert (visit.customer, visit.team, visit.served_by, visit.state, visit.source) == (
        emma,
        team,
        staff,
        "came",
        "file",
    )
    assert visit.starts_at == datetime(2026, 3, 2, 10, tzinfo=BRUSSELS)
    assert visit.ends_at == datetime(2026, 3, 2, 10, 45, tzinfo=BRUSSELS)
    assert (visit.reference, visit.value) == ("214", Decimal("1234.50"))


def test_nothing_is_written_before_the_manager_has_seen_it(check, make_customer):
    make_customer("Emma Peeters")
    one = check("begins;name\n2026-03-02 10:00;Emma Peeters\n")
    assert (one.state, counts(one)) == ("checked", (1, 0, 0, 0))
    assert not Visit.objects.exists()
    assert "Take over 1 visit" in check.browser.get(f"/visits/files/{one.pk}/").content.decode()


@pytest.mark.parametrize(
    "row", ["emma@mail.example;;;", ";+32 478 11 22 33;;", ";0478 11 22 33;;", ";;K-1;", ";;;emma  PEETERS"]
)
def test_the_customer_is_found_by_any_of_four(take, make_customer, row):
    emma = make_customer("Emma Peeters", email="emma@mail.example", phone="0478 11 22 33", outside_id="K-1")
    take(f"begins;email;phone;customer number;name\n2026-03-02;{row}\n")
    assert Visit.objects.get().customer == emma


def test_who_is_not_found_stays_as_the_name(take):
    one = take("begins;email;name\n2026-03-02;nobody@mail.example;Emma P.\n")
    assert (Visit.objects.get().guest, one.guests) == ("Emma P.", 1)


def test_what_lies_ahead_is_planned(take, make_customer):
    make_customer("Emma Peeters")
    take(f"begins;name\n{timezone.localdate() + timedelta(days=2)} 10:00;Emma Peeters\n")
    assert Visit.objects.get().state == "planned"


FILE = "begins;name;value\n2026-03-02 10:00;Emma Peeters;20\n2026-03-03 10:00;Somebody New;\n"


def test_the_same_file_twice_changes_nothing(take, make_customer):
    make_customer("Emma Peeters")
    assert counts(take(FILE)) == (2, 0, 0, 0)
    assert counts(take(FILE)) == (0, 0, 2, 0)
    assert Visit.objects.count() == 2


def test_the_same_file_after_a_guest_was_named_changes_nothing(take, make_customer):
    emma = make_customer("Emma Peeters")
    take(FILE)
    Visit.objects.filter(guest="Somebody New").update(customer=emma, guest="")
    assert counts(take(FILE)) == (0, 0, 2, 0)


def test_a_later_value_is_taken_over(take, make_customer):
    make_customer("Emma Peeters")
    take(FILE)
    assert counts(take(FILE.replace(";20", ";25"))) == (0, 1, 1, 0)
    assert set(Visit.objects.values_list("value", flat=True)) == {Decimal(25), None}


def test_a_booking_number_knows_a_moved_booking_again(take, make_customer):
    make_customer("Emma Peeters")
    day = timezone.localdate() + timedelta(days=3)
    take(f"booking number;begins;name\nB1;{day} 10:00;Emma Peeters\n")
    assert counts(take(f"booking number;begins;name\nB1;{day} 15:00;Emma Peeters\n")) == (0, 1, 0, 0)
    assert Visit.objects.get().starts_at.astimezone(BRUSSELS).hour == 15


def test_a_visit_noted_by_hand_is_not_doubled(take, make_customer, team):
    emma = make_customer("Emma Peeters")
    Visit.objects.create(customer=emma, team=team, starts_at=datetime(2026, 3, 2, 10, tzinfo=BRUSSELS), state="missed")
    assert counts(take("begins;name\n2026-03-02 10:00;Emma Peeters\n")) == (0, 0, 1, 0)
    assert Visit.objects.get().state == "missed"


def test_twice_in_one_file_is_one(take, make_customer):
    make_customer("Emma Peeters", email="emma@mail.example")
    one = take("begins;email;name\n2026-03-02 10:00;emma@mail.example;\n2026-03-02 10:00;;Emma Peeters\n")
    assert counts(one) == (1, 0, 1, 0)


@pytest.mark.parametrize(
    ("row", "words"),
    [("soon;Emma;;;", "this is not a time"), (";Emma;;;", "this is not a time"), ("1026-03-02;Emma;;;", "this year"),
     ("2026-03-02;;;;", "Nothing says who"), ("2026-03-02;Emma;2026-03-01 10:00;;", "ends before it begins"),
     ("2026-03-02;Emma;;much;", "not a sum of money"), ("2026-03-02;Emma;;-5;", "not a sum of money"),
     ("2026-03-02;Emma;;;Otto", "Nobody in the team"), ('2026-03-02;"Em"ma;;;', "cannot be read"),
     ("2026-03-02;Em\x07ma;;;", "cannot be printed")],
)  # fmt: skip
def test_a_bad_row_is_shown_with_its_line_and_left_out(check, outsider, row, words):
    one = check(f"begins;name;ends;value;served by\n2026-03-01;Good Row;;;\n{row}\n")
    assert counts(one) == (1, 0, 0, 1)
    page = check.browser.get(f"/visits/files/{one.pk}/").content.decode()
    assert "Line 3:" in page
    assert words in page
    check.browser.post(f"/visits/files/{one.pk}/take/")
    run_due()
    assert Visit.objects.get().guest == "Good Row"


def test_an_unknown_address_alone_is_a_bad_row(check):
    assert counts(check("begins;email\n2026-03-01;nobody@mail.example\n")) == (0, 0, 0, 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "empty"), ("name;phone\nEmma;1\n", "has to name the columns"),
     ("begins;value\n2026-03-01;3\n", "has to name"),
     ("begins;name\n", "no visit below")],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_why(manager, team, signed_in, text, words):
    response = upload(signed_in(manager), team, text)
    assert response.status_code == 200
    assert words in response.content.decode()
    assert not VisitFile.objects.exists()


def test_columns_are_known_in_four_languages(take):
    take("Başlangıç;Misafir;Oda\n02.03.2026 10:00;Ayşe Kaya;12\n")
    take("Заезд;Гость;Номер комнаты\n03.03.2026 10:00;Анна;13\n")
    take("Початок;Гість;Кімната\n04/03/2026;Олена;14\n")
    assert list(Visit.objects.order_by("starts_at").values_list("guest", "reference")) == [
        ("Ayşe Kaya", "12"), ("Анна", "13"), ("Олена", "14"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", "12"), ("12,5", "12.5"), ("1.234,50", "1234.50"), ("1,234.50", "1234.50"), ("€ 1 234", "1234"),
     ("1.234", "1234")],
)  # fmt: skip
def test_money_is_read_as_people_write_it(text, value):
    assert _money(text) == Decimal(value)


def test_the_content_goes_when_it_is_taken_and_the_taking_is_written_down(take):
    one = take(FILE)
    assert one.file is None
    assert not StoredFile.objects.exists()
    assert AuditEntry.objects.filter(verb="import", object_type="customers.visitfile").count() == 1


def test_taking_twice_is_once(check, make_customer):
    one = check(FILE)
    for _time in range(2):
        check.browser.post(f"/visits/files/{one.pk}/take/")
    run_due()
    assert Visit.objects.count() == 2
    assert AuditEntry.objects.filter(verb="import").count() == 1


def test_a_manager_takes_visits_into_own_teams_only(manager, other_team, signed_in, staff, team):
    assert upload(signed_in(manager), other_team, FILE).status_code == 200
    assert upload(signed_in(staff), team, FILE).status_code == 403
    assert not VisitFile.objects.exists()
