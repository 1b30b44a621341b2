"""Looking for customers, browsing and changing them; companies and segments."""

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from delight.customers.models import Account, Customer, Segment
from delight.organisation.models import AuditEntry
from tests.customers.helpers import upload


def page(client, name, *args, **query) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def people(make_customer, team, other_team):
    """One customer of each shop, one of none, one erased."""
    return {
        "own": make_customer("Anna Maes", email="anna@mail.example", phone="+32 478 11 22 33", team=team),
        "other": make_customer("Annabel Claes", team=other_team),
        "free": make_customer("Annika Free"),
        "erased": make_customer("Annelies Gone", email="x@mail.example", erased_at=timezone.now()),
    }


# --- Looking ------------------------------------------------------------------------------------------------------


def test_staff_see_nobody_before_they_look_for_somebody(signed_in, staff, people):
    browser = signed_in(staff)
    for query in ({}, {"words": ""}, {"words": "a"}, {"words": "\u0301\u0301\u0301"}):
        assert "Ann" not in page(browser, "customers", **query)
    assert "Anna Maes" in page(browser, "customers", words="an")


def test_staff_find_customers_of_every_team_but_no_erased_ones(signed_in, staff, people):
    found = page(signed_in(staff), "customers", words="ann")
    assert all(name in found for name in ("Anna Maes", "Annabel Claes", "Annika Free"))
    assert "Annelies" not in found


WHOLE = ["maes ANN", "Ánna Maës", "anna@mail.example", " ANNA@Mail.Example", "+32 478 11 22 33", "0032478112233"]
WITHOUT_COUNTRY = ["0478 11 22 33", "478/11.22.33"]
PARTS = ["anna@mail", "anna@", "@mail.example", "mail.example", "anna@mail.exampl", "anna maes mail"]
PARTS_OF_NUMBER = ["0478 11 22", "+32 478", "112233", "11 22 33", "+32478112", "2", "478112"]


@pytest.mark.parametrize("words", WHOLE + WITHOUT_COUNTRY)
@pytest.mark.parametrize("who", ["staff", "other_manager", "manager", "sponsor"])
def test_everybody_finds_by_name_and_by_the_whole_address_or_number(request, signed_in, people, who, words):
    found = page(signed_in(request.getfixturevalue(who)), "customers", words=words)
    assert "Anna Maes" in found
    assert "Annabel" not in found


@pytest.mark.parametrize("words", PARTS + PARTS_OF_NUMBER)
def test_parts_of_an_address_are_for_those_who_may_see_it(
    signed_in, staff, colleague, manager, other_manager, sponsor, people, words
):
    Customer.objects.filter(pk=people["own"].pk).update(owner=colleague)
    may = {person.name for person in (staff, colleague, manager, other_manager, sponsor)
           if "Anna Maes" in page(signed_in(person), "customers", words=words)}  # fmt: skip
    alone = words == "2"  # too short for staff
    assert may == ({"Mert", "Olga"} if alone else {"Cleo", "Mert", "Olga"})


def test_a_number_without_its_country_is_found_by_the_one_with_it(signed_in, staff, make_customer):
    make_customer("Bob Short", phone="0478 11 22 33")
    browser = signed_in(staff)
    for words, finds in (("+32 478 11 22 33", True), ("+32 478 11 22", False), ("478 11 22", False)):
        assert ("Bob Short" in page(browser, "customers", words=words)) == finds


@pytest.mark.parametrize("words", ["%%", "__", "\\\\", "'; --", "ан\uffff", "x" * 101, "an\0na"])
def test_search_takes_any_words_as_words(signed_in, staff, people, words):
    assert "Anna Maes" not in page(signed_in(staff), "customers", words=words)


def test_search_shows_twenty_at_most_and_says_so(signed_in, staff, make_customer):
    for number in range(21):
        make_customer(f"Zed{number:02} Smith")
    found = page(signed_in(staff), "customers", words="smith")
    assert found.count("Smith") == 20
    assert "There are more" in found


def test_search_results_show_no_address(signed_in, staff, people):
    found = page(signed_in(staff), "customers", words="anna maes")
    assert "anna@mail.example" not in found
    assert "478 11" not in found


# --- Browsing -----------------------------------------------------------------------------------------------------


def test_managers_browse_their_own_and_nobodys_customers(signed_in, manager, people):
    listed = page(signed_in(manager), "customers")
    assert "Anna Maes" in listed
    assert "Annika Free" in listed
    assert "Annabel Claes" not in listed


def test_managers_find_other_teams_customers_by_words(signed_in, manager, people):
    found = page(signed_in(manager), "customers", words="annabel")
    assert "In other teams" in found
    assert "Annabel Claes" in found


def test_sponsors_browse_all(signed_in, sponsor, people):
    listed = page(signed_in(sponsor), "customers")
    assert all(name in listed for name in ("Anna Maes", "Annabel Claes", "Annika Free"))
    assert "Annelies" not in listed


def test_a_customer_of_a_colleague_elsewhere_is_not_nobodys(signed_in, manager, other_manager, outsider, make_customer):
    make_customer("Zoe Away", owner=outsider)
    assert "Zoe Away" not in page(signed_in(manager), "customers")
    assert "Zoe Away" in page(signed_in(other_manager), "customers")


def test_filters_narrow_the_list(signed_in, sponsor, people, team):
    segment = Segment.objects.create(name="Regulars")
    Customer.objects.filter(pk=people["free"].pk).update(segment=segment)
    browser = signed_in(sponsor)
    assert "Anna Maes" not in page(browser, "customers", segment=segment.pk)
    assert "Annika Free" in page(browser, "customers", segment=segment.pk)
    assert "Annika Free" not in page(browser, "customers", team=team.pk)
    assert "Nobody found" in page(browser, "customers", team=team.pk, segment=segment.pk)


def test_a_manager_cannot_filter_by_a_foreign_team(signed_in, manager, other_team, people):
    assert "Annabel" not in page(signed_in(manager), "customers", team=other_team.pk)


def test_the_list_is_paged_and_keeps_its_filters(signed_in, sponsor, make_customer):
    for number in range(51):
        make_customer(f"Zed{number:02} Smith")
    browser = signed_in(sponsor)
    first = page(browser, "customers", words="smith")
    assert first.count("Smith") == 50
    assert "?words=smith&amp;page=2" in first
    assert "Zed50 Smith" in page(browser, "customers", words="smith", page=2)
    assert "Zed50 Smith" in page(browser, "customers", words="smith", page="999")


def test_an_empty_company_is_told_what_to_do_first(signed_in, sponsor):
    listed = page(signed_in(sponsor), "customers")
    assert "No customers yet" in listed
    assert reverse("import_upload") in listed


@pytest.mark.parametrize(
    ("name", "query"),
    [("customers", {}), ("customers", {"words": "smith"}), ("accounts", {}), ("segments", {}), ("import_upload", {})],
)
def test_lists_ask_the_database_equally_often_for_one_and_three_rows(
    signed_in, manager, staff, team, make_customer, name, query
):
    def add(number):
        account = Account.objects.create(name=f"Firm {number}", owner=staff)
        segment = Segment.objects.create(name=f"Segment {number}")
        make_customer(f"Zed{number} Smith", account=account, segment=segment, team=team, owner=staff)
        upload(browser, "E-mail\na@mail.example\n")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(browser, name, **query)
        return len(captured)

    browser = signed_in(manager)
    add(1)
    one = queries()
    add(2)
    add(3)
    assert queries() == one


# --- Changing -----------------------------------------------------------------------------------------------------


FORM = {"name": "Anna Claes", "email": "anna@mail.example", "address_source": "existing"}


@pytest.mark.parametrize(
    ("who", "whose", "status"),
    [
        ("manager", "own", 302),
        ("manager", "free", 302),
        ("manager", "other", 403),
        ("manager", "erased", 404),
        ("sponsor", "other", 302),
        ("sponsor", "erased", 404),
        ("other_manager", "own", 403),
        ("staff", "own", 403),
        ("staff", "erased", 404),
    ],
)
def test_who_may_change_a_customer(request, signed_in, people, who, whose, status):
    browser, customer = signed_in(request.getfixturevalue(who)), people[whose]
    address = reverse("customer_edit", args=[customer.pk])
    response = browser.post(address, FORM | {"email": f"new.{whose}@mail.example"})

    customer.refresh_from_db()
    assert response.status_code == status
    assert browser.get(address).status_code == (200 if status == 302 else status)
    assert (customer.name == "Anna Claes") == (status == 302)


def test_an_owner_who_is_staff_may_look_and_not_change(signed_in, staff, people):
    Customer.objects.filter(pk=people["own"].pk).update(owner=staff)
    assert signed_in(staff).get(reverse("customer_edit", args=[people["own"].pk])).status_code == 403


def test_strangers_are_sent_to_the_login(client, people):
    assert reverse("account_login") in client.get(reverse("customers")).headers["Location"]


@pytest.mark.parametrize(("who", "status"), [("staff", 403), ("manager", 302), ("sponsor", 302)])
def test_who_may_add_a_customer(request, signed_in, who, status):
    browser = signed_in(request.getfixturevalue(who))
    assert browser.post(reverse("customer_new"), FORM).status_code == status
    assert Customer.objects.filter(name="Anna Claes", email="anna@mail.example").exists() == (status == 302)


def test_a_manager_puts_customers_into_own_teams_only(signed_in, manager, team, other_team):
    browser = signed_in(manager)
    assert browser.post(reverse("customer_new"), FORM | {"team": other_team.pk}).status_code == 200
    assert not Customer.objects.exists()
    assert browser.post(reverse("customer_new"), FORM | {"team": team.pk}).status_code == 302
    assert Customer.objects.get().team == team


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"email": "", "phone": ""}, "Give an e-mail address or a phone number."),
        ({"email": "taken@mail.example"}, "There is a customer with this e-mail address already."),
        ({"email": "TAKEN@mail.example"}, "There is a customer with this e-mail address already."),
        ({"email": "", "phone": "0478/11 22 33"}, "There is a customer with this phone number already."),
        ({"address_source": "consent"}, "Consent needs the day on which it was given."),
        ({"name": ""}, "This field is required."),
        ({"time_zone": "Mars/Olympus"}, "is not a time zone"),
    ],
)
def test_the_form_says_what_is_wrong(signed_in, sponsor, make_customer, wrong, sentence):
    make_customer("Taken", email="taken@mail.example")
    make_customer("By phone", email=None, phone="0478 11 22 33")
    response = signed_in(sponsor).post(reverse("customer_new"), FORM | wrong)
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert Customer.objects.count() == 2


def test_a_change_keeps_the_address_and_is_written_down(signed_in, sponsor, people):
    customer = people["own"]
    signed_in(sponsor).post(reverse("customer_edit", args=[customer.pk]), FORM | {"team": customer.team_id})
    entry = AuditEntry.objects.get(object_type="customers.customer", object_id=customer.pk)
    assert entry.fields == ["name", "phone"]


# --- One customer's facts -----------------------------------------------------------------------------------------


def test_the_facts_hold_no_address_and_no_number(people):
    facts = render_to_string("customers/_facts.html", {"customer": people["own"]})
    assert "anna@mail.example" not in facts
    assert "478 11" not in facts
    assert "Mill Lane" in facts


# --- Companies and segments ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["accounts", "account_new", "segments", "import_upload", "customer_new"])
def test_pages_of_managers_are_closed_to_staff(signed_in, staff, manager, name):
    assert signed_in(staff).get(reverse(name)).status_code == 403
    assert signed_in(manager).get(reverse(name)).status_code == 200


def test_a_company_is_added_with_owner_and_value(signed_in, manager, staff):
    browser = signed_in(manager)
    browser.post(reverse("account_new"), {"name": "Hotel", "owner": staff.pk, "value_per_year": "12500.50"})
    account = Account.objects.get()
    assert (account.owner, str(account.value_per_year)) == (staff, "12500.50")
    assert "12,500.50 EUR" in page(browser, "accounts")


@pytest.mark.parametrize("value", ["-1", "NaN", "1e99", "12.345"])
def test_a_company_refuses_an_odd_value(signed_in, manager, value):
    response = signed_in(manager).post(reverse("account_new"), {"name": "Hotel", "value_per_year": value})
    assert response.status_code == 200
    assert not Account.objects.exists()


def test_a_company_of_other_peoples_is_not_changed(signed_in, manager, other_manager, outsider):
    account = Account.objects.create(name="Hotel", owner=outsider)
    address = reverse("account_edit", args=[account.pk])
    assert signed_in(manager).post(address, {"name": "Mine"}).status_code == 403
    assert signed_in(other_manager).post(address, {"name": "Ours", "owner": outsider.pk}).status_code == 302
    account.refresh_from_db()
    assert (account.name, account.owner) == ("Ours", outsider)


def known(browser, **typed) -> str:
    return browser.get(reverse("customer_known"), typed, headers={"HX-Request": "true"}).content.decode()


@pytest.mark.parametrize(
    "typed", [{"email": "Olena@Mail.example "}, {"phone": "0470/123456"}, {"phone": "+32 470 12 34 56", "email": "x"}]
)
def test_the_form_for_somebody_new_says_who_is_here_already(signed_in, manager, make_customer, typed):
    olena = make_customer("Olena Koval", email="olena@mail.example", phone="+32 470 12 34 56")
    make_customer("Somebody Else")
    text = known(signed_in(manager), **typed)
    assert reverse("customer", args=[olena.pk]) in text
    assert "Somebody Else" not in text


@pytest.mark.parametrize(
    "typed", [{}, {"email": "olena"}, {"phone": "12"}, {"phone": "470 12"}, {"email": "mail.example"}]
)
def test_parts_of_an_address_tell_nothing(signed_in, manager, make_customer, typed):
    make_customer("Olena Koval", email="olena@mail.example", phone="+32 470 12 34 56")
    assert "Olena" not in known(signed_in(manager), **typed)


def test_somebody_with_the_same_phone_is_added_all_the_same(signed_in, manager, team, make_customer):
    olena = make_customer("Olena Koval", email="olena@mail.example", phone="+32 470 12 34 56")
    browser = signed_in(manager)
    assert 'hx-get="/customers/known/"' in page(browser, "customer_new")
    new = {"name": "Taras", "phone": "0470 12 34 56", "address_source": "existing", "team": team.pk}
    taken = browser.post(reverse("customer_new"), {**new, "email": olena.email})
    assert reverse("customer", args=[olena.pk]) in taken.content.decode()  # refused by the address, and by whom
    assert browser.post(reverse("customer_new"), {**new, "email": "taras@mail.example"}).status_code == 302


def test_nobody_is_added_to_a_company_of_other_peoples(signed_in, manager, other_manager, outsider, team):
    hotel, free = Account.objects.create(name="Hotel", owner=outsider), Account.objects.create(name="Free")
    new = {"name": "Olena", "email": "olena@mail.example", "address_source": "existing", "team": team.pk}
    browser = signed_in(manager)
    refused = browser.post(reverse("customer_new"), {**new, "account": hotel.pk})
    assert "account" in refused.context["form"].errors
    assert "Hotel" not in refused.content.decode()
    assert "Hotel" not in page(browser, "accounts")
    assert browser.post(reverse("customer_new"), {**new, "account": free.pk}).status_code == 302
    assert "Hotel" in page(signed_in(other_manager), "accounts")


def test_where_own_people_belong_already_others_may_be_added(signed_in, manager, outsider, team, make_customer):
    hotel = Account.objects.create(name="Hotel", owner=outsider)
    olena = make_customer("Olena", team=team, account=hotel)
    browser = signed_in(manager)
    same = {"name": "Olena K", "email": olena.email, "address_source": "existing", "team": team.pk, "account": hotel.pk}
    assert browser.post(reverse("customer_edit", args=[olena.pk]), same).status_code == 302
    new = {**same, "name": "Mark", "email": "mark@mail.example"}
    assert browser.post(reverse("customer_new"), new).status_code == 302


def test_names_that_differ_in_case_only_are_refused(signed_in, manager):
    Account.objects.create(name="Hotel Éclair")
    Segment.objects.create(name="Regulars")
    browser = signed_in(manager)
    for name, value in (("account_new", "HOTEL  eclair"), ("segments", "regulars")):
        response = browser.post(reverse(name), {"name": value})
        assert "This name is there already." in response.content.decode()
    assert (Account.objects.count(), Segment.objects.count()) == (1, 1)


def test_a_segment_is_added_and_renamed(signed_in, manager, make_customer):
    browser = signed_in(manager)
    browser.post(reverse("segments"), {"name": "Regulars"})
    segment = Segment.objects.get()
    make_customer("Anna", segment=segment)
    browser.post(reverse("segment_edit", args=[segment.pk]), {"name": "Friends"})
    listed = page(browser, "segments")
    assert "Friends" in listed
    assert "1 customer" in listed


def test_a_segment_leads_to_its_customers_and_to_its_name(signed_in, manager, other_team, make_customer):
    browser, segment = signed_in(manager), Segment.objects.create(name="Regulars")
    make_customer("Anna", segment=segment), make_customer("Bob")
    make_customer("Zoe", segment=segment, team=other_team)
    listed = page(browser, "segments")
    customers = f"{reverse('customers')}?segment={segment.pk}"
    assert f'href="{customers}"' in listed
    assert f'href="{reverse("segment_edit", args=[segment.pk])}"' in listed
    found = [customer.name for customer in browser.get(customers).context["page_obj"]]
    assert found == ["Anna"]
    assert "1 customer\n" in listed  # as many as the manager finds there
