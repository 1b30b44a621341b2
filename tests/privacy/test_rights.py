"""A customer's data as a file, and what Delight knows about those who work with it."""

import json

import pytest
from django.urls import reverse

from delight.organisation.models import AuditEntry
from tests.privacy.conftest import EMAIL, NAME, PHONE

pytestmark = pytest.mark.slow


def exported(answer) -> dict:
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert "attachment" in answer.headers["Content-Disposition"]
    return json.loads(answer.content)


def test_a_customer_s_data_of_all_rooms_in_one_file(canary, sponsor, signed_in):
    answer = signed_in(sponsor).post(reverse("customer_export", args=[canary.customer.pk]))
    tables = exported(answer)["tables"]
    (card,) = tables["customers.Customer"]
    assert (card["name"], card["email"], card["phone"], card["account__name"]) == (
        NAME, EMAIL, f"+32{PHONE}", "Studio Nord",
    )  # fmt: skip
    assert {row["text"] for row in tables["answering.Answer"]} >= {"The zyxmark comment, long waiting"}
    assert tables["followups.Outcome"][0]["who_else"] == "zyxmark who"
    assert {row["reference"] for row in tables["customers.Visit"]} >= {"zyxmark-214"}
    assert {"sending.Invitation", "answering.Hit", "answering.Unsubscription", "customers.Suppression"} <= set(tables)
    assert "reveal" in {row["verb"] for row in tables["organisation.AuditEntry"]}


def test_it_holds_no_key_and_no_employee(canary, sponsor, signed_in):
    text = signed_in(sponsor).post(reverse("customer_export", args=[canary.customer.pk])).content.decode()
    assert not [link for link in [*canary.links, *canary.hashes] if link in text]
    for line in ('"owner"', '"actor"', '"by"', '"served_by"', '"checked_by"'):
        assert line not in text


@pytest.mark.parametrize(("who", "status"), [("staff", 403), ("outsider", 403), ("manager", 200)])
def test_who_takes_it_is_written_down(who, status, make_customer, team, request, signed_in):
    customer = make_customer(team=team)
    answer = signed_in(request.getfixturevalue(who)).post(reverse("customer_export", args=[customer.pk]))
    assert answer.status_code == status
    assert AuditEntry.objects.filter(verb="export_customer", object_id=customer.pk).exists() == (status == 200)


def test_it_is_not_taken_by_opening_a_link(make_customer, sponsor, signed_in):
    url = reverse("customer_export", args=[make_customer().pk])
    assert signed_in(sponsor).get(url).status_code == 405


# --- Those who work here ------------------------------------------------------------------------------------------


def test_the_page_names_everything_that_the_map_has_about_employees(staff, signed_in):
    from delight.lib import privacy

    page = signed_in(staff).get(reverse("my_data")).content.decode()
    groups = {table.group for table in privacy.tables() if table.group}
    assert len(groups) > 10
    for group in groups:
        assert str(group.what).replace("'", "&#x27;") in page
    assert "400 days" in page


def test_how_long_is_said_once_for_each_group_and_as_the_clock_does_it(staff, signed_in):
    from delight.lib import privacy
    from delight.lib.privacy import Kept

    kept = {(table.group, table.group.kept or table.kept) for table in privacy.tables() if table.group}
    assert len(kept) == len({group for group, _kept in kept})
    page = signed_in(staff).get(reverse("my_data")).content.decode()
    _what, _seen, stays = page.partition("as a list of actions with dates")[2].partition("</li>")[0].split("<span")
    assert "as long as the company uses Delight; what you looked up: 400 days" in stays
    logs = {table.model for table in privacy.tables() if (table.group and (table.group.kept or table.kept)) == Kept.LOG}
    assert logs == {"customers.VisitFile"}


def test_the_page_is_reached_from_one_s_own_page(staff, signed_in):
    assert reverse("my_data") in signed_in(staff).get(reverse("profile")).content.decode()


def test_own_data_are_one_s_own(canary, staff, colleague, signed_in):
    tables = exported(signed_in(staff).get(reverse("my_data_file")))["tables"]
    assert tables["people.User"][0]["name"] == "Sam"
    assert [row["team__name"] for row in tables["people.Membership"]] == ["Mill Lane"]
    assert {"id": canary.customer.pk, "as": "owner"} in tables["customers.Customer"]
    assert {row["as"] for row in tables["followups.Outcome"]} == {"by"}
    theirs = exported(signed_in(colleague).get(reverse("my_data_file")))["tables"]
    assert "customers.Customer" not in theirs


def test_own_data_carry_no_customer_and_no_secret(canary, staff, signed_in):
    text = signed_in(staff).get(reverse("my_data_file")).content.decode()
    assert not [marker for marker in canary.markers if marker.casefold() in text.casefold()]
    assert staff.password not in text
    assert "session_key" not in text
