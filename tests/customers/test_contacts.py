"""Phone and e-mail come on a tap, for those who look after, serve or must call a customer; and the tap is kept."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from delight.customers.models import Account, Customer, Visit
from delight.organisation.models import AuditEntry

PHONE, EMAIL = "+32 470 12 34 56", "olena@mail.example"
HIDDEN = (PHONE, "32470123456", "12 34 56", EMAIL, "tel:", "mailto:")


@pytest.fixture
def olena(make_customer, team, staff):
    """Sam looks after her at Mill Lane."""
    return make_customer("Olena Koval", email=EMAIL, phone=PHONE, team=team, owner=staff)


def tap(browser, customer, what="phone", **options):
    return browser.post(f"/customers/{customer.pk}/reveal/", {"what": what}, **options)


def taps() -> list[tuple[str, list[str]]]:
    found = AuditEntry.objects.filter(verb="reveal", object_type="customers.customer").order_by("pk")
    return list(found.values_list("actor__name", "fields"))


@pytest.mark.parametrize("who", ["staff", "manager", "sponsor", "colleague", "outsider"])
def test_no_page_holds_number_or_address_before_the_tap(request, signed_in, olena, team, who):
    Visit.objects.create(customer=olena, team=team, starts_at=timezone.now())
    browser = signed_in(request.getfixturevalue(who))
    for path in ("/", f"/customers/{olena.pk}/", "/customers/?words=olena", "/visits/"):
        page = browser.get(path).content.decode()
        assert not [one for one in HIDDEN if one in page], path


@pytest.mark.parametrize("who", ["staff", "manager", "sponsor"])
@pytest.mark.parametrize(("what", "link"), [("phone", "tel:+32470123456"), ("email", f"mailto:{EMAIL}")])
def test_after_the_tap_it_stands_there_once_and_is_written_down(request, signed_in, olena, who, what, link):
    person = request.getfixturevalue(who)
    browser = signed_in(person)
    page = browser.get(f"/customers/{olena.pk}/").content.decode()
    assert f'action="/customers/{olena.pk}/reveal/"' in page
    shown = tap(browser, olena, what)
    assert f'href="{link}"' in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    assert taps() == [(person.name, [what])]
    assert link not in browser.get(f"/customers/{olena.pk}/").content.decode()


def test_sixty_taps_an_hour_are_enough_and_go_on_later(signed_in, olena, staff, manager, sponsor):
    browser, began = signed_in(staff), timezone.now()
    with time_machine.travel(began, tick=False):
        assert {tap(browser, olena, headers={"HX-Request": "true"}).status_code for _ in range(60)} == {200}
    with time_machine.travel(began + timedelta(minutes=5), tick=False):
        for _ in range(3):
            page = tap(browser, olena)
            assert page.status_code == 429
            assert PHONE not in page.content.decode()
            assert "within an hour" in page.content.decode()
        part = tap(browser, olena, headers={"HX-Request": "true"})
        assert part.status_code == 200  # a part with another status would not be shown
        assert "tel:" not in part.content.decode()
        assert 'href="tel:' in tap(signed_in(manager), olena).content.decode()  # each account by itself
    assert AuditEntry.objects.filter(verb="reveal_limit", actor=staff).count() == 1
    assert len(taps()) == 61
    assert "More than 60" in signed_in(sponsor).get(reverse("audit")).content.decode()
    with time_machine.travel(began + timedelta(minutes=61), tick=False):
        assert 'href="tel:' in tap(browser, olena).content.decode()


def test_one_tap_shows_one_of_them(signed_in, olena, staff):
    text = tap(signed_in(staff), olena, "phone").content.decode()
    assert EMAIL not in text


def test_with_htmx_the_number_takes_the_buttons_place(signed_in, olena, staff):
    text = tap(signed_in(staff), olena, headers={"HX-Request": "true"}).content.decode()
    assert 'href="tel:+32470123456"' in text
    assert "<html" not in text
    assert taps() == [("Sam", ["phone"])]


@pytest.mark.parametrize("who", ["colleague", "outsider", "other_manager"])
def test_whoever_neither_looks_after_nor_serves_nor_calls_may_not_tap(request, signed_in, olena, who):
    browser = signed_in(request.getfixturevalue(who))
    assert "/reveal/" not in browser.get(f"/customers/{olena.pk}/").content.decode()
    assert tap(browser, olena).status_code == 403
    assert taps() == []


@pytest.mark.parametrize(
    ("days", "team_name", "served", "may"),
    [(0, "Harbour", False, True), (0, "Mill Lane", True, True), (0, "Mill Lane", False, False),
     (-2, "Harbour", False, False), (2, "Harbour", True, False)],
)  # fmt: skip
def test_who_serves_the_customer_today_may(signed_in, olena, team, other_team, outsider, days, team_name, served, may):
    where = {"Harbour": other_team, "Mill Lane": team}[team_name]
    at = timezone.now() + timedelta(days=days)
    Visit.objects.create(customer=olena, team=where, starts_at=at, served_by=outsider if served else None)
    assert (tap(signed_in(outsider), olena).status_code == 200) == may
    assert len(taps()) == may


def test_whoever_served_somebody_today_still_sees_no_mails(signed_in, olena, other_team, outsider):
    Visit.objects.create(customer=olena, team=other_team, starts_at=timezone.now(), state="came")
    page = signed_in(outsider).get(f"/customers/{olena.pk}/").content.decode()
    assert "Show the phone number" in page
    assert "Surveys sent" not in page


def test_whoever_has_to_call_may_until_the_conversation_is_over(signed_in, olena, outsider, team, survey):
    from surveys.followups.models import FollowUp

    follow_up = FollowUp.objects.create(
        customer=olena, owner=outsider, team=team, asked="unhappy", due_at=timezone.now() + timedelta(days=1)
    )
    browser = signed_in(outsider)
    page = browser.get(f"/follow-ups/{follow_up.pk}/").content.decode()
    assert not [one for one in HIDDEN if one in page]
    assert f'action="/customers/{olena.pk}/reveal/"' in page
    assert tap(browser, olena).status_code == 200
    follow_up.closed_at = timezone.now()
    follow_up.save()
    assert tap(browser, olena).status_code == 403


def test_odd_taps_show_nothing(signed_in, olena, staff):
    browser = signed_in(staff)
    for what in ("", "name", "both"):
        assert tap(browser, olena, what).status_code == 302
    assert browser.get(f"/customers/{olena.pk}/reveal/?what=phone").status_code == 302
    assert taps() == []


def test_an_erased_customer_cannot_be_tapped(signed_in, olena, sponsor):
    Customer.objects.filter(pk=olena.pk).update(erased_at=timezone.now())
    assert tap(signed_in(sponsor), olena).status_code == 404


def test_those_who_may_change_see_both_in_the_form(signed_in, olena, manager):
    form = signed_in(manager).get(f"/customers/{olena.pk}/edit/").content.decode()
    assert PHONE in form
    assert EMAIL in form


# --- How somebody likes to be reached -----------------------------------------------------------------------------


def test_role_channel_time_and_number_are_kept_and_shown(signed_in, olena, manager, team):
    account = Account.objects.create(name="Hotel")
    form = {
        "name": "Olena Koval", "email": EMAIL, "phone": PHONE, "address_source": "existing", "team": team.pk,
        "account": account.pk, "account_role": "decides", "preferred_channel": "phone",
        "preferred_time": "after 17:00", "outside_id": "K-20417",
    }  # fmt: skip
    browser = signed_in(manager)
    assert browser.post(f"/customers/{olena.pk}/edit/", form).status_code == 302
    page = browser.get(f"/customers/{olena.pk}/").content.decode()
    for shown in ("decides", "Likes to be reached by: phone", "after 17:00", "K-20417"):
        assert shown in page
    changed = AuditEntry.objects.get(object_type="customers.customer", verb="change").fields
    assert {"account_role", "preferred_channel", "preferred_time", "outside_id"} <= set(changed)


def test_a_number_in_another_system_is_somebodys_alone(signed_in, sponsor, make_customer):
    make_customer("Taken", outside_id="K-1")
    form = {"name": "New", "email": "new@mail.example", "address_source": "existing", "outside_id": "K-1"}
    response = signed_in(sponsor).post("/customers/new/", form)
    assert "There is a customer with this number already." in response.content.decode()
