"""Who is expected, who is here, who did not come: by hand, on the day's page, on "Today" and on a customer's page."""

import html
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from delight.customers.models import Visit
from delight.customers.visits.services import add_visit
from delight.organisation.models import AuditEntry

HERE, MISSED, UNDO = ("planned", "came"), ("planned", "missed"), ("came", "planned")


@pytest.fixture
def noon():
    """Today at noon of the company's clock, whenever the tests run: no visit slips into another day."""
    return timezone.localtime(timezone.now(), ZoneInfo("Europe/Brussels")).replace(
        hour=12, minute=0, second=0, microsecond=0
    )


@pytest.fixture
def expect(team, make_customer, noon):
    """`expect("Olena Koval", …)`: somebody who is expected today at Mill Lane."""

    def do(name="Olena Koval", **fields):
        if "customer" not in fields and "guest" not in fields:
            fields["customer"] = make_customer(name)
        visit = Visit.objects.create(**{"team": team, "starts_at": noon, **fields})
        visit.created_at = visit.starts_at - timedelta(days=1)  # planned, at whatever hour the tests run
        visit.save(update_fields=["created_at"])
        return visit

    return do


def tap(browser, visit, step, **more):
    was, to = step
    return browser.post(f"/visits/{visit.pk}/state/", {"was": was, "to": to, **more})


def state(visit) -> str:
    visit.refresh_from_db()
    return visit.state


# --- The day ------------------------------------------------------------------------------------------------------


def test_the_day_shows_own_teams_visits_in_order_with_their_references(
    expect, staff, outsider, signed_in, noon, other_team
):
    expect("Late Maes", starts_at=noon + timedelta(hours=1), reference="214")
    expect("Early Claes", starts_at=noon)
    expect("Tomorrow Wouters", starts_at=noon + timedelta(days=1))
    expect("Elsewhere Aerts", team=other_team)
    page = signed_in(staff).get("/visits/").content.decode()
    assert page.index("Early Claes") < page.index("Late Maes") < page.index("214")
    assert "Tomorrow" not in page
    assert "Elsewhere" not in page
    assert "Elsewhere Aerts" in signed_in(outsider).get("/visits/").content.decode()


def test_another_day_can_be_looked_at_but_nobody_is_here_tomorrow(expect, staff, signed_in, noon):
    day = (noon + timedelta(days=1)).date()
    expect("Tomorrow Wouters", starts_at=noon + timedelta(days=1))
    page = signed_in(staff).get(f"/visits/?day={day}").content.decode()
    assert "Tomorrow Wouters" in page
    assert 'value="came"' not in page
    assert signed_in(staff).get("/visits/?day=9999-12-31&team=x").status_code == 200


def test_a_stay_is_on_the_page_of_each_of_its_days(expect, staff, signed_in, noon):
    expect("Guest Long", starts_at=noon - timedelta(days=2), ends_at=noon + timedelta(days=1), state="came")
    expect("Guest Gone", starts_at=noon - timedelta(days=2), ends_at=noon - timedelta(days=1), state="came")
    page = signed_in(staff).get("/visits/").content.decode()
    assert "Guest Long" in page
    assert "Guest Gone" not in page


def test_a_sponsor_chooses_the_team(expect, sponsor, other_team, team, signed_in):
    expect("Here Maes")
    expect("There Claes", team=other_team)
    page = signed_in(sponsor).get(f"/visits/?team={other_team.pk}").content.decode()
    assert "There Claes" in page
    assert "Here Maes" not in page


@pytest.mark.parametrize("path", ["/visits/", "/"])
def test_lists_of_visits_ask_as_often_for_one_and_three(expect, staff, signed_in, path):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(path).status_code == 200
        return len(captured)

    browser = signed_in(staff)
    expect("One Maes", served_by=staff)
    one = queries()
    expect("Two Maes")
    expect("Three Maes", served_by=staff)
    assert queries() == one


# --- A tap --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("step", "after"), [(HERE, "came"), (MISSED, "missed")])
def test_one_tap_says_what_came_of_it_and_another_takes_it_back(expect, staff, signed_in, step, after):
    visit, browser = expect(), signed_in(staff)
    tap(browser, visit, step)
    assert state(visit) == after
    tap(browser, visit, (after, "planned"))
    assert state(visit) == "planned"
    entries = AuditEntry.objects.filter(object_type="customers.visit", actor=staff).order_by("pk")
    assert list(entries.values_list("verb", flat=True)) == [after, "planned"]


def test_the_same_tap_twice_is_one(expect, staff, signed_in):
    visit, browser = expect(), signed_in(staff)
    tap(browser, visit, HERE)
    tap(browser, visit, HERE)
    assert state(visit) == "came"
    assert AuditEntry.objects.filter(verb="came").count() == 1


def test_who_comes_second_does_not_overwrite_what_was_noted(expect, staff, colleague, signed_in):
    visit = expect()
    tap(signed_in(colleague), visit, HERE)
    response = signed_in(staff).post(f"/visits/{visit.pk}/state/", {"was": "planned", "to": "missed"}, follow=True)
    assert state(visit) == "came"
    assert "Somebody has noted something else meanwhile." in response.content.decode()


@pytest.mark.parametrize("step", [("came", "missed"), ("planned", "planned"), ("", "came"), ("planned", "x")])
def test_no_other_step_is_taken(expect, staff, signed_in, step):
    visit = expect()
    tap(signed_in(staff), visit, step)
    assert state(visit) == "planned"


def test_with_htmx_the_line_comes_back_with_undo(expect, staff, signed_in):
    visit = expect()
    answer = signed_in(staff).post(
        f"/visits/{visit.pk}/state/", {"was": "planned", "to": "came", "back": "visits"}, headers={"HX-Request": "true"}
    )
    text = answer.content.decode()
    assert text.strip().startswith("<li")
    assert "Undo" in text
    assert "<html" not in text


@pytest.mark.parametrize(
    ("who", "may"), [("colleague", True), ("manager", True), ("sponsor", True), ("outsider", False)]
)
def test_the_team_notes_and_strangers_do_not(request, expect, signed_in, who, may):
    visit = expect()
    tap(signed_in(request.getfixturevalue(who)), visit, HERE)
    assert (state(visit) == "came") == may


def test_who_serves_in_another_team_notes_it_too(expect, outsider, signed_in):
    visit = expect(served_by=outsider)
    tap(signed_in(outsider), visit, HERE)
    assert state(visit) == "came"


def test_a_get_of_a_buttons_address_leads_to_the_visit(expect, staff, signed_in):
    visit = expect()
    assert signed_in(staff).get(f"/visits/{visit.pk}/state/").url == f"/visits/{visit.pk}/"
    assert state(visit) == "planned"


# --- "Today" ------------------------------------------------------------------------------------------------------


def test_today_shows_who_is_expected_until_they_are_here(expect, staff, outsider, signed_in):
    visit, browser = expect(), signed_in(staff)
    assert "Olena Koval" in browser.get("/").content.decode()
    assert "Expected today" not in signed_in(outsider).get("/").content.decode()
    assert tap(browser, visit, HERE, back="home").url == "/"
    assert "Expected today" not in browser.get("/").content.decode()


# --- A customer's page --------------------------------------------------------------------------------------------


def test_is_here_now_takes_two_taps_from_the_customers_page(make_customer, staff, team, signed_in):
    customer, browser = make_customer(), signed_in(staff)
    page = browser.get(f"/customers/{customer.pk}/").content.decode()
    assert f'action="/visits/here/{customer.pk}/"' in page
    assert f'name="team" value="{team.pk}"' in page
    browser.post(f"/visits/here/{customer.pk}/", {"team": team.pk})
    visit = Visit.objects.get()
    assert (visit.customer, visit.team, visit.state, visit.served_by) == (customer, team, "came", staff)
    browser.post(f"/visits/here/{customer.pk}/", {"team": team.pk, "reference": "T4"})
    assert Visit.objects.get().reference == "T4"


def test_who_was_expected_is_here_by_it(expect, staff, team, signed_in):
    visit = expect()
    signed_in(staff).post(f"/visits/here/{visit.customer_id}/", {"team": team.pk})
    assert Visit.objects.count() == 1
    assert state(visit) == "came"


def test_a_later_time_is_a_plan(make_customer, staff, team, signed_in, noon):
    customer = make_customer()
    when = f"{noon + timedelta(days=3):%Y-%m-%dT%H:%M}"
    signed_in(staff).post(f"/visits/here/{customer.pk}/", {"team": team.pk, "starts_at": when})
    visit = Visit.objects.get()
    assert (visit.state, visit.starts_at) == ("planned", noon + timedelta(days=3))
    assert "Next visit:" in signed_in(staff).get(f"/customers/{customer.pk}/").content.decode()


def plan(browser, customer, team, at, **more):
    given = {"team": team.pk, "starts_at": f"{at:%Y-%m-%dT%H:%M}", **more}
    return browser.post(reverse("visit_plan", args=[customer.pk]), given)


def test_a_visit_is_planned_for_a_later_day_with_somebody(make_customer, staff, colleague, team, signed_in, noon):
    olena, at, browser = make_customer("Olena Koval"), noon + timedelta(days=3), signed_in(staff)
    whom = browser.get(reverse("visits"), {"day": at.date().isoformat()}).content.decode()
    (start,) = set(re.findall(r'href="(/visits/plan/[^"]*)"', whom))
    found = browser.get(html.unescape(start), {"words": "koval", "day": at.date().isoformat()}).content.decode()
    (form,) = re.findall(rf'href="(/visits/plan/{olena.pk}/[^"]*)"', found)
    assert f'value="{at:%Y-%m-%d}T09:00"' in browser.get(html.unescape(form)).content.decode()
    answer = plan(browser, olena, team, at, served_by=colleague.pk, reference="T4")
    visit = Visit.objects.get()
    assert (visit.state, visit.starts_at, visit.team, visit.served_by) == ("planned", at, team, colleague)
    assert "Olena Koval" in browser.get(answer.headers["Location"]).content.decode()
    assert f"/visits/plan/{olena.pk}/" in browser.get(f"/customers/{olena.pk}/").content.decode()


def test_odd_plans_are_refused(make_customer, staff, outsider, team, other_team, signed_in, noon):
    olena, browser, later = make_customer("Olena Koval"), signed_in(staff), noon + timedelta(days=1)
    assert "starts_at" in plan(browser, olena, team, noon - timedelta(days=1)).context["form"].errors
    assert "team" in plan(browser, olena, other_team, later).context["form"].errors
    assert "served_by" in plan(browser, olena, team, later, served_by=outsider.pk).context["form"].errors
    assert not Visit.objects.exists()


def test_a_sponsor_plans_for_a_team_with_its_own_people_only(
    make_customer, sponsor, outsider, team, other_team, signed_in, noon
):
    olena, browser, later = make_customer("Olena Koval"), signed_in(sponsor), noon + timedelta(days=1)
    assert "served_by" in plan(browser, olena, team, later, served_by=outsider.pk).context["form"].errors
    assert plan(browser, olena, other_team, later, served_by=outsider.pk).status_code == 302


def test_nobody_notes_a_visit_for_a_foreign_team(make_customer, staff, other_team, signed_in):
    customer = make_customer()
    signed_in(staff).post(f"/visits/here/{customer.pk}/", {"team": other_team.pk})
    assert not Visit.objects.exists()


def test_taking_back_is_here_now_takes_the_visit_out(make_customer, staff, team, signed_in):
    visit = add_visit(by=staff, customer=make_customer(), team=team)
    browser = signed_in(staff)
    answer = browser.post(
        f"/visits/{visit.pk}/state/", {"was": "came", "to": "planned"}, headers={"HX-Request": "true"}
    )
    assert (answer.status_code, answer.content) == (200, b"")
    assert not Visit.objects.exists()


def test_the_page_says_how_often_somebody_has_come(expect, staff, noon, signed_in, team):
    visit = expect(state="came", starts_at=noon - timedelta(days=40))
    customer, browser = visit.customer, signed_in(staff)
    assert "1 visit, the last on" in browser.get(f"/customers/{customer.pk}/").content.decode()
    expect(customer=customer, state="came", starts_at=noon - timedelta(days=9))
    expect(customer=customer, state="missed", starts_at=noon - timedelta(days=4))
    day = f"{noon - timedelta(days=9):%-d}"
    page = browser.get(f"/customers/{customer.pk}/").content.decode()
    assert "2 visits, the last on" in page
    assert day in page[page.index("2 visits, the last on") :][:60]


def test_the_value_of_visits_is_for_those_who_look_after_the_customer(
    make_customer, staff, colleague, team, noon, signed_in
):
    customer = make_customer(owner=staff, team=team)
    Visit.objects.create(customer=customer, team=team, starts_at=noon - timedelta(days=2), state="came", value=42)
    assert "42 EUR" in signed_in(staff).get(f"/customers/{customer.pk}/").content.decode()
    assert "42 EUR" not in signed_in(colleague).get(f"/customers/{customer.pk}/").content.decode()


# --- One visit ----------------------------------------------------------------------------------------------------


def test_details_are_changed_and_written_down_by_name(expect, staff, noon, signed_in):
    visit = expect()
    form = {"starts_at": f"{noon:%Y-%m-%dT%H:%M}", "reference": "214", "value": "80.50", "served_by": staff.pk}
    assert signed_in(staff).post(f"/visits/{visit.pk}/", form).status_code == 302
    visit.refresh_from_db()
    assert (visit.reference, str(visit.value), visit.served_by) == ("214", "80.50", staff)
    entry = AuditEntry.objects.get(object_type="customers.visit")
    assert entry.fields == ["reference", "served_by", "value"]


@pytest.mark.parametrize("wrong", [{"starts_at": ""}, {"value": "-1"}, {"ends_at": "2001-01-01T10:00"}])
def test_odd_details_are_refused(expect, staff, noon, signed_in, wrong):
    visit = expect()
    form = {"starts_at": f"{noon:%Y-%m-%dT%H:%M}", "reference": "214"} | wrong
    assert signed_in(staff).post(f"/visits/{visit.pk}/", form).status_code == 200
    visit.refresh_from_db()
    assert visit.reference == ""


def test_the_times_of_a_calendars_booking_stay_the_calendars(expect, staff, noon, signed_in):
    visit = expect(source="calendar", source_id="1")
    signed_in(staff).post(f"/visits/{visit.pk}/", {"starts_at": "2001-01-01T10:00", "reference": "7"})
    visit.refresh_from_db()
    assert (visit.starts_at, visit.reference) == (noon, "7")


@pytest.mark.parametrize(
    ("fields", "goes"),
    [({}, True), ({"source": "file"}, True), ({"source": "calendar"}, False), ({"state": "missed"}, False)],
)
def test_what_was_noted_by_mistake_is_removed(expect, staff, signed_in, fields, goes):
    visit = expect(**fields)
    signed_in(staff).post(f"/visits/{visit.pk}/remove/")
    assert Visit.objects.exists() != goes


def test_staff_say_who_a_guest_is(expect, staff, make_customer, signed_in):
    customer, visit = make_customer("Emma Peeters"), expect(guest="Peeters haircut")
    browser = signed_in(staff)
    assert "Who is it?" in browser.get("/visits/").content.decode()
    assert "Emma Peeters" in browser.get(f"/visits/{visit.pk}/customer/?words=peeters").content.decode()
    assert "Emma Peeters" in browser.get(f"/visits/{visit.pk}/customer/").content.decode()  # by a word of the booking
    browser.post(f"/visits/{visit.pk}/customer/", {"customer": customer.pk})
    visit.refresh_from_db()
    assert (visit.customer, visit.guest) == (customer, "")
    other = make_customer("Somebody Else")
    browser.post(f"/visits/{visit.pk}/customer/", {"customer": other.pk})
    visit.refresh_from_db()
    assert visit.customer == customer


def test_an_erased_customer_is_nobodys_guest(expect, staff, make_customer, signed_in):
    gone, visit = make_customer(erased_at=timezone.now()), expect(guest="Somebody")
    signed_in(staff).post(f"/visits/{visit.pk}/customer/", {"customer": gone.pk})
    visit.refresh_from_db()
    assert visit.customer is None


# --- Found by reference -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["staff", "manager", "sponsor"])
def test_a_customer_is_found_by_the_room_they_are_in_today(request, expect, signed_in, noon, who):
    expect("Guest Long", reference="214", state="came", starts_at=noon - timedelta(days=1), ends_at=noon + timedelta(1))
    expect("Guest Before", reference="214", state="came", starts_at=noon - timedelta(days=9))
    expect("Guest Other", reference="2147")
    browser = signed_in(request.getfixturevalue(who))
    page = browser.get("/customers/?words=214").content.decode()
    assert "Guest Long" in page
    assert "Guest Before" not in page
    assert "Guest Other" not in page


@pytest.mark.parametrize("who", ["outsider", "other_manager"])
@pytest.mark.parametrize("address", ["/customers/?words=T4", "/search/?q=T4", "whose"])
def test_other_teams_do_not_find_who_sits_where(request, expect, signed_in, other_team, who, address):
    expect("Olena Koval", reference="T4")
    own = expect("Mark Oduya", reference="T4", team=other_team)
    guest = expect(guest="Somebody", team=other_team)
    browser = signed_in(request.getfixturevalue(who))
    page = browser.get(f"/visits/{guest.pk}/customer/?words=T4" if address == "whose" else address).content.decode()
    assert "Olena Koval" not in page
    assert own.customer.name in page


def test_who_serves_in_another_team_finds_their_own(expect, outsider, signed_in):
    expect("Olena Koval", reference="T4", served_by=outsider)
    assert "Olena Koval" in signed_in(outsider).get("/customers/?words=T4").content.decode()


def test_a_survey_is_sent_by_reference_to_own_guests_only(expect, other_manager, manager, survey, signed_in):
    expect("Olena Koval", reference="T4")
    address = reverse("sending_new", args=[survey.pk])
    asked = {"audience": "picked", "picked_words": "T4", "search": "1"}
    assert "Olena Koval" in signed_in(manager).post(address, asked).content.decode()
    assert "Olena Koval" not in signed_in(other_manager).post(address, asked).content.decode()


def test_a_table_is_found_in_any_spelling_and_missed_guests_not(expect, staff, signed_in):
    expect("Guest Table", reference="T12")
    expect("Guest Missed", reference="T12", state="missed")
    page = signed_in(staff).get("/customers/?words=t12").content.decode()
    assert "Guest Table" in page
