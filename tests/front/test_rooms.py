"""The path through the first weeks, and rooms that are hidden: gone from pages, and customers' links still work."""

from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from delight.front.path import this_week
from delight.front.rooms import CAN_BE_HIDDEN, ROOMS
from delight.organisation.models import AuditEntry, Organisation
from staff.budget.models import MonthlySum
from staff.moments.models import Moment
from staff.people.models import Team
from staff.recognition.models import Recognition
from staff.wins.models import MeetingPlan
from surveys.answering.models import Response
from surveys.followups.models import FollowUp
from surveys.sending.models import Invitation

pytestmark = pytest.mark.slow

# --- Hiding -----------------------------------------------------------------------------------------------------


@pytest.fixture
def hide(sponsor, signed_in):
    """`hide("surveys")`: a sponsor switches these rooms off, and all others on."""

    def do(*names: str) -> None:
        shown = [name for name in CAN_BE_HIDDEN if name not in names]
        assert signed_in(sponsor).post("/organisation/rooms/", {"shown": shown}).url == "/organisation/rooms/"

    return do


def nav(browser) -> str:
    return browser.get("/").content.decode().split("<nav", 1)[1].split("</nav>")[0]


@pytest.mark.parametrize(
    ("room", "pages"),
    [
        ("surveys", ["/surveys/", "/surveys/new/", "/sendings/", "/answers/"]),
        ("follow_ups", ["/follow-ups/"]),
        ("visits", ["/visits/", "/visits/calendars/"]),
    ],
)
def test_a_hidden_room_is_gone_and_comes_back(room, pages, hide, manager, signed_in):
    browser = signed_in(manager)
    assert [browser.get(page).status_code for page in pages] == [200] * len(pages)
    assert f'href="{pages[0]}"' in nav(browser)
    hide(room)
    for page in pages:
        answer = browser.get(page)
        assert answer.status_code == 404
        assert "This room is hidden here" in answer.content.decode()
        assert f'href="{page}"' not in browser.get("/").content.decode()
    hide()
    assert browser.get(pages[0]).status_code == 200
    assert f'href="{pages[0]}"' in nav(browser)


def test_the_customers_page_leaves_out_what_is_hidden(hide, manager, make_customer, team, signed_in):
    customer, browser = make_customer(team=team), signed_in(manager)
    headings = {"Visits", "Follow-ups", "Answers"}

    def seen() -> set[str]:
        page = browser.get(f"/customers/{customer.pk}/").content.decode().split("<main")[1]
        return {heading for heading in headings if f">{heading}</h2>" in page}

    assert seen() == headings
    hide("follow_ups")
    assert seen() == {"Visits", "Answers"}
    hide(*CAN_BE_HIDDEN)
    assert seen() == set()


def test_people_and_customers_cannot_be_hidden(hide, sponsor, signed_in):
    assert {"people", "customers"}.isdisjoint(CAN_BE_HIDDEN)
    hide(*CAN_BE_HIDDEN)
    assert Organisation.get().hidden_rooms == list(CAN_BE_HIDDEN)
    browser = signed_in(sponsor)
    assert [browser.get(page).status_code for page in ("/", "/people/", "/customers/", "/help/")] == [200] * 4


def test_while_surveys_are_hidden_nothing_is_sent_and_answers_are_taken(
    hide, invited, as_customer, send, make_customer, post_office, sponsor, survey, signed_in
):
    customer = as_customer(invited())
    send(make_customer("Mark Oduya"))
    hide("surveys")
    assert signed_in(sponsor).post(f"/sendings/new/{survey.pk}/", {"audience": "all"}).status_code == 404
    assert post_office.deliver() == []
    assert Invitation.objects.get(customer__name="Mark Oduya").not_sent_reason == "room_hidden"
    customer.answer(9, "Lovely")
    assert Response.objects.get().score == 9
    assert customer.leave().status_code == 200


def test_while_follow_ups_are_hidden_nobody_is_mailed_about_them(hide, answered, make_customer, staff, post_office):
    hide("follow_ups")
    answered(make_customer(owner=staff), 2)
    assert FollowUp.objects.count() == 1
    assert [mail for mail in post_office.mails if staff.email in mail["To"]] == []
    assert post_office.deliver() == []


def test_the_trail_says_that_rooms_were_hidden(hide, sponsor):
    hide("surveys")
    assert AuditEntry.objects.filter(actor=sponsor, fields=["hidden_rooms"]).exists()


def test_an_unknown_room_is_refused(sponsor, signed_in):
    answer = signed_in(sponsor).post("/organisation/rooms/", {"shown": ["cellar"]})
    assert answer.status_code == 200
    assert Organisation.get().hidden_rooms == []


# --- The path ---------------------------------------------------------------------------------------------------


def began(days_ago: int) -> Organisation:
    Organisation.objects.update(programme_began_on=timezone.localdate() - timedelta(days=days_ago))
    return Organisation.get()


def next_room(company: Organisation) -> str:
    found = this_week(company)
    return found["stop"].room.name if found else ""


def test_the_path_opens_one_room_after_the_other(organisation, manager, make_customer):
    assert next_room(began(0)) == "people"
    manager.pk = None
    manager.email = "second@barber.example"
    manager.save()
    assert next_room(began(0)) == "customers"
    make_customer()
    assert next_room(began(0)) == "moments"
    Moment.objects.create(user=manager, what="A coffee on the house")
    assert next_room(began(0)) == "budget"
    MonthlySum.objects.create(role="staff", amount=20, since=date(2026, 1, 1))
    assert next_room(began(0)) == ""
    assert next_room(began(7)) == "recognition"
    Recognition.objects.create(by=manager, text="The whole of Saturday on your feet, and kind to everybody.")
    assert next_room(began(7)) == "wins"
    MeetingPlan.objects.create(team=Team.objects.create(name="Harbour"), at=time(9))
    assert next_room(began(7)) == "visits"


def test_who_goes_ahead_is_not_held_back_and_hidden_rooms_are_left_out(organisation, manager, make_customer, send):
    send(make_customer())
    hide = ["moments", "budget", "recognition", "wins"]
    Organisation.objects.update(hidden_rooms=hide)
    assert next_room(began(15)) == "visits"
    Organisation.objects.update(hidden_rooms=[*hide, "visits"])
    assert next_room(began(15)) == ""
    assert next_room(began(22)) == "follow_ups"
    Organisation.objects.update(hidden_rooms=[*hide, "visits", "follow_ups"])
    assert next_room(began(22)) == ""


def test_without_a_beginning_and_after_two_months_there_is_no_card(organisation):
    assert this_week(organisation) is None
    assert this_week(began(57)) is None
    assert this_week(None) is None


def test_managers_see_the_week_and_staff_do_not(manager, staff, signed_in):
    began(0)
    page = signed_in(manager).get("/").content.decode()
    assert "This week: Customers" in page
    assert 'href="/customers/import/"' in page
    assert "This week" not in signed_in(staff).get("/").content.decode()
    assert signed_in(staff).get("/path/").status_code == 403


def test_the_path_shows_every_room_with_its_first_step(manager, signed_in):
    began(0)
    page = signed_in(manager).get("/path/").content.decode()
    for room in ROOMS:
        assert str(room.step) in page, room.name


def test_the_demo_company_is_on_its_way(demo_company):
    assert 2 <= (timezone.localdate() - Organisation.get().programme_began_on).days // 7 + 1 <= 4
