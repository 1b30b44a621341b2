"""The whole way of a file: upload, columns, check, preview, import."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from delight.customers.models import Account, Customer, CustomerImport, Segment
from delight.customers.services import is_suppressed, suppress
from delight.organisation.models import AuditEntry, Organisation
from delight.outbox.models import Job
from delight.outbox.pump import run_due
from staff.people.models import User
from tests.customers.helpers import bring_in, check, choose, counts, latest, problems, start, upload

FILE = (
    "Name;E-Mail;Telefon;Firma;Segment;Sprache\n"
    "Anna Maes;anna@mail.example;0478 11 22 33;Hotel;Regulars;en\n"
    "Ömer Çelik;OMER@mail.example;;;New;tr\n"
    "Jan Claes;;+32 478 99 88 77;Hotel;;\n"
)


@pytest.fixture
def browser(manager, signed_in):
    """Mert's."""
    return signed_in(manager)


def test_import_brings_customers_with_their_company_segment_and_team(browser, team):
    one = bring_in(browser, FILE, team=team.pk)

    assert (one.state, *counts(one)) == ("done", 3, 0, 0, 0)
    anna, omer, jan = (Customer.objects.get(name__startswith=name) for name in ("Anna", "Ömer", "Jan"))
    assert (anna.email, anna.phone, anna.account.name, anna.segment.name, anna.language) == (
        "anna@mail.example",
        "0478 11 22 33",
        "Hotel",
        "Regulars",
        "en",
    )
    assert (omer.email, omer.language, omer.account) == ("omer@mail.example", "tr", None)
    assert (jan.email, jan.phone_key, jan.account) == (None, "+32478998877", anna.account)
    assert {customer.team for customer in (anna, omer, jan)} == {team}
    assert {customer.address_source for customer in (anna, omer, jan)} == {"existing"}
    assert list(Customer.objects.search("hotel maes")) == [anna]


def test_nothing_is_written_before_the_manager_says_import(browser, team):
    one = check(browser, FILE, team=team.pk)

    assert (one.state, *counts(one)) == ("checked", 3, 0, 0, 0)
    assert not Customer.objects.exists()
    assert not Account.objects.exists()
    assert not Segment.objects.exists()
    page = browser.get(reverse("import", args=[one.pk])).content.decode()
    assert "Import 3 customers" in page


def test_the_same_file_again_changes_nothing(browser, team):
    bring_in(browser, FILE, team=team.pk)
    before = list(Customer.objects.order_by("pk").values())

    one = check(browser, FILE, team=team.pk)

    assert counts(one) == (0, 0, 3, 0)
    assert "nothing to import" in browser.get(reverse("import", args=[one.pk])).content.decode()
    start(browser, one)
    assert list(Customer.objects.order_by("pk").values()) == before


def test_bad_rows_stop_everything_until_they_are_skipped(browser, team):
    text = "Name,E-mail\nAnna,anna@mail.example\nBad,not an address\nJan,jan@mail.example\n"
    one = check(browser, text, team=team.pk)
    assert problems(one) == [(3, "E-mail", "This is not an e-mail address.")]
    page = browser.get(reverse("import", args=[one.pk])).content.decode()
    assert "Skip the 1 bad row and import 2" in page
    assert "This is not an e-mail address." in page

    start(browser, one)
    assert one.state == "checked"
    assert not Customer.objects.exists()

    start(browser, one, skip=True)
    assert (one.state, one.new, one.bad) == ("done", 2, 1)
    assert set(Customer.objects.values_list("name", flat=True)) == {"Anna", "Jan"}
    assert "Rows left out" in browser.get(reverse("import", args=[one.pk])).content.decode()


def test_all_bad_rows_are_shown_page_by_page(browser, team):
    text = "Name,E-mail\n" + "".join(f"Bad {number},nothing\n" for number in range(60))
    one = check(browser, text, team=team.pk)

    first = browser.get(reverse("import", args=[one.pk])).content.decode()
    assert first.count("This is not an e-mail address.") == 20
    pages = [browser.get(reverse("import_problems", args=[one.pk]), {"page": n}).content.decode() for n in (1, 2)]
    assert [page.count("This is not an e-mail address.") for page in pages] == [50, 10]


def test_empty_cells_erase_nothing_and_filled_ones_change(browser, team, make_customer):
    anna = make_customer("Anna Maes", email="anna@mail.example", phone="0478 11 22 33", address_as="Anna", team=team)
    one = bring_in(browser, "Name,E-mail,Phone,Dear\nAnna Claes,anna@mail.example,,\n", team=team.pk)

    anna.refresh_from_db()
    assert counts(one) == (0, 1, 0, 0)
    assert (anna.name, anna.phone, anna.address_as) == ("Anna Claes", "0478 11 22 33", "Anna")
    assert list(Customer.objects.search("claes")) == [anna]


def test_a_team_that_was_answered_once_moves_nobody(sponsor, signed_in, team, other_team, make_customer):
    settled = make_customer("Anna", email="anna@mail.example", team=other_team)
    free = make_customer("Jan", email="jan@mail.example")
    one = bring_in(signed_in(sponsor), "Name,E-mail\nAnna,anna@mail.example\nJan,jan@mail.example\n", team=team.pk)

    settled.refresh_from_db()
    free.refresh_from_db()
    assert counts(one) == (0, 1, 1, 0)
    assert (settled.team, free.team) == (other_team, team)


@pytest.mark.parametrize(
    ("stands", "day", "says", "becomes", "kept"),
    [
        ("other", None, "existing,", ("existing", None), 0),
        ("existing", None, "consent,2026-01-05", ("consent", date(2026, 1, 5)), 0),
        ("consent", date(2025, 1, 1), "consent,05.01.2026", ("consent", date(2026, 1, 5)), 0),
        ("consent", date(2026, 1, 5), "consent,2025-01-01", ("consent", date(2026, 1, 5)), 0),
        ("consent", date(2026, 1, 5), "existing,", ("consent", date(2026, 1, 5)), 1),
        ("existing", None, "other,", ("existing", None), 1),
    ],
)
def test_consent_only_grows(browser, team, make_customer, stands, day, says, becomes, kept):
    anna = make_customer("Anna", email="anna@mail.example", team=team, address_source=stands, consent_on=day)
    text = f"Name,E-mail,Source,Consent date\nAnna,anna@mail.example,{says}\nNew,new@mail.example,existing,\n"
    one = check(browser, text, team=team.pk)
    page = browser.get(reverse("import", args=[one.pk])).content.decode()
    start(browser, one)

    anna.refresh_from_db()
    assert (anna.address_source, anna.consent_on) == becomes
    assert one.kept == kept
    assert ("stronger reason" in page) == bool(kept)


def test_other_addresses_are_taken_and_never_mailed(browser, team):
    upload(browser, "Name,E-mail\nAnna,anna@mail.example\n")
    page = browser.get(reverse("import_columns", args=[latest().pk])).content.decode()
    assert "they will never be mailed" in page
    choose(browser, latest(), team=team.pk, address_source="other")
    run_due()
    start(browser, latest())
    assert not Customer.objects.get().may_be_mailed(Organisation.get())


def test_a_suppressed_address_stays_suppressed(browser, team):
    suppress("anna@mail.example", "all", "unsubscribed")
    bring_in(
        browser,
        "Name,E-mail\nAnna,Anna@mail.example\n",
        team=team.pk,
        address_source="consent",
        consent_on="2026-01-01",
    )

    assert Customer.objects.get().email == "anna@mail.example"
    assert is_suppressed("anna@mail.example", "relationship").reason == "unsubscribed"


# --- Whose import it is -------------------------------------------------------------------------------------------


def test_a_manager_changes_no_customer_of_another_team(browser, team, other_team, make_customer):
    nadia = make_customer("Nadia", email="nadia@mail.example", team=other_team)
    same = check(browser, "Name,E-mail\nNadia,nadia@mail.example\n", team=team.pk)
    assert counts(same) == (0, 0, 1, 0)

    one = check(browser, "Name,E-mail\nNadja,nadia@mail.example\n", team=team.pk)

    assert problems(one) == [(2, "", "This customer is served by “Harbour”. Ask its manager.")]
    nadia.refresh_from_db()
    assert nadia.name == "Nadia"


def test_a_manager_takes_over_no_customer_whom_somebody_elsewhere_looks_after(
    browser, team, outsider, staff, make_customer
):
    theirs = make_customer("Nadia", email="nadia@mail.example", owner=outsider)
    ours = make_customer("Olga", email="olga@mail.example", owner=staff)

    one = bring_in(browser, "Name,E-mail\nNadja,nadia@mail.example\nOlha,olga@mail.example\n", team=team.pk, skip=True)

    assert [line for line, _column, _message in problems(one)] == [2]
    theirs.refresh_from_db()
    ours.refresh_from_db()
    assert (theirs.name, theirs.team) == ("Nadia", None)
    assert (ours.name, ours.team) == ("Olha", team)


def test_a_manager_names_one_of_the_own_teams(browser, team, other_team):
    upload(browser, "Name,E-mail\nAnna,anna@mail.example\n")
    refused = [choose(browser, latest(), team=other) for other in (None, other_team.pk)]
    assert [response.status_code for response in refused] == [200, 200]
    assert latest().state == "uploaded"
    assert choose(browser, latest(), team=team.pk).status_code == 302


def test_a_sponsor_may_leave_the_team_open(sponsor, signed_in):
    one = bring_in(signed_in(sponsor), "Name,E-mail\nAnna,anna@mail.example\n")
    assert one.state == "done"
    assert Customer.objects.get().team is None


def test_only_its_uploader_and_sponsors_open_an_import(
    browser, manager, other_manager, sponsor, staff, signed_in, team
):
    one = check(browser, FILE, team=team.pk)
    pages = [reverse(name, args=[one.pk]) for name in ("import", "import_columns", "import_problems")]

    def seen_by(user):
        return {signed_in(user).get(page).status_code for page in pages}

    assert seen_by(manager) == {200}
    assert seen_by(sponsor) == {200}
    assert seen_by(other_manager) == {404}
    assert seen_by(staff) == {403}
    assert signed_in(other_manager).post(reverse("import_start", args=[one.pk])).status_code == 404
    assert signed_in(staff).post(reverse("import_start", args=[one.pk])).status_code == 403
    assert not Customer.objects.exists()


def test_staff_may_not_upload(staff, manager, signed_in):
    assert signed_in(staff).get(reverse("import_upload")).status_code == 403
    assert upload(signed_in(staff), FILE).status_code == 403
    assert not CustomerImport.objects.exists()
    assert upload(signed_in(manager), FILE).status_code == 302


def test_the_upload_page_lists_own_imports(browser, signed_in, other_manager, sponsor):
    upload(browser, FILE, name="mine.csv")
    assert "mine.csv" in browser.get(reverse("import_upload")).content.decode()
    assert "mine.csv" not in signed_in(other_manager).get(reverse("import_upload")).content.decode()
    assert "mine.csv" in signed_in(sponsor).get(reverse("import_upload")).content.decode()


# --- On the way ---------------------------------------------------------------------------------------------------


def test_progress_shows_with_and_without_script(browser, team):
    upload(browser, FILE)
    one = latest()
    choose(browser, one, team=team.pk)
    page = reverse("import", args=[one.pk])

    whole = browser.get(page).content.decode()
    part = browser.get(page, headers={"HX-Request": "true"}).content.decode()
    assert "Checking the rows" in whole
    assert "Look again" in whole
    assert f'hx-get="{page}"' in part
    assert "<html" not in part
    run_due()
    assert browser.get(page, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert "Preview" in browser.get(page).content.decode()


def test_buttons_pressed_twice_start_one_job_each(browser, team):
    upload(browser, FILE)
    one = latest()
    choose(browser, one, team=team.pk)
    choose(browser, one, team=team.pk)
    run_due()
    for _press in range(2):
        browser.post(reverse("import_start", args=[one.pk]), {"skip_bad_rows": "False"})
    run_due()

    steps = Job.objects.filter(kind__endswith="-import")
    assert sorted(steps.values_list("kind", flat=True)) == ["check-import", "run-import"]
    assert Customer.objects.count() == 3


def test_columns_may_be_changed_after_the_check(browser, team):
    one = check(browser, "Name,E-mail,Who\nWrong,anna@mail.example,Anna\n", team=team.pk)
    choose(browser, one, team=team.pk, columns={"name": 2, "email": 1})
    run_due()
    start(browser, one)
    assert Customer.objects.get().name == "Anna"


def test_a_customer_added_since_the_check_is_not_added_again(browser, team, make_customer):
    one = check(browser, FILE, team=team.pk)
    make_customer("Anna Maes", email="anna@mail.example", team=team)
    start(browser, one)

    assert one.state == "done"
    assert counts(one) == (2, 1, 0, 0)
    assert Customer.objects.count() == 3


def test_rows_gone_bad_since_the_check_bring_the_preview_back(browser, team, other_team, make_customer):
    one = check(browser, FILE, team=team.pk)
    make_customer("Someone", email="anna@mail.example", team=other_team)
    start(browser, one)

    assert (one.state, *counts(one)) == ("checked", 2, 0, 0, 1)
    assert Customer.objects.count() == 1
    assert "changed since the check" in browser.get(reverse("import", args=[one.pk])).content.decode()
    start(browser, one, skip=True)
    assert (one.state, one.error, Customer.objects.count()) == ("done", "", 3)


def test_problems_are_told_in_each_readers_language(manager, sponsor, signed_in, team):
    User.objects.filter(pk=manager.pk).update(language="tr")
    one = check(
        signed_in(manager),
        f"Name,E-mail,Shop\n{'x' * 161},a@mail.example,\nAnna,b@mail.example,Nowhere\n",
        team=team.pk,
    )
    address, english = reverse("import", args=[one.pk]), ("longer than 160 characters", "no team “Nowhere”")
    with translation.override("tr"):
        turkish = gettext("This is longer than %(limit)d characters.") % {"limit": 160}
    assert turkish != english[0]
    read = signed_in(sponsor).get(address).content.decode()
    assert [sentence in read for sentence in english] == [True, True]
    for name in ("import", "import_problems", "import_problems_file"):
        page = signed_in(manager).get(reverse(name, args=[one.pk])).content.decode()
        assert turkish in page
        assert english[0] not in page


def test_history_names_verbs_and_no_persons(browser, team, manager):
    one = bring_in(browser, FILE, team=team.pk)
    entries = AuditEntry.objects.filter(object_type="customers.customerimport", object_id=one.pk)
    assert set(entries.values_list("verb", "actor")) == {
        (verb, manager.pk) for verb in ("upload", "choose_columns", "start_import", "import")
    }
    assert "anna" not in str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize(("phone", "leads"), [("0478 11 22 33", True), ("0478 99 88 77", False)])
def test_after_an_import_the_way_leads_to_duplicates_if_there_are_any(browser, team, make_customer, phone, leads):
    make_customer("Anna Maes", team=team, phone="0478 11 22 33")
    one = bring_in(browser, f"Name,E-mail,Phone\nA. Maes,a.maes@mail.example,{phone}\n", team=team.pk)
    page = browser.get(reverse("import", args=[one.pk])).content.decode()
    assert ("Look at the duplicates" in page) == leads
