"""Set-up: what is missing is said, nothing is guessed, and no customer gets a mail before it is finished."""

import re
import time
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from delight.front import setup
from delight.organisation.models import AuditEntry, Organisation
from delight.organisation.services import default_consent_rule, finish_set_up, set_up_organisation
from delight.outbox.models import Message, Progress
from delight.outbox.pump import note_progress
from staff.people.models import Team, User
from surveys.sending.models import Invitation
from tests.conftest import html_of


@pytest.fixture
def fresh(organisation):
    """A company that has just begun."""
    Organisation.objects.update(set_up_at=None, programme_began_on=None)
    return Organisation.get()


@pytest.fixture
def real(settings):
    """A site with an address and a mail server of its own."""
    settings.LOCAL = False
    settings.BASE_URL, settings.BASE_HOST, settings.HTTPS = "https://delight.barber.be", "delight.barber.be", True
    settings.EMAIL_HOST = "smtp.provider.be"
    settings.DEFAULT_FROM_EMAIL = "Barber & Sons <hello@barber.be>"
    Organisation.objects.update(released_base_url=settings.BASE_URL)
    return settings


def states(browser) -> dict[str, str]:
    page = browser.get("/setup/")
    return {check.label: check.state for check in page.context["checks"]}


def link_in(mail) -> str:
    return re.search(r'href="[^"]*(/setup/mail/[^"]+)"', html_of(mail)).group(1)


# --- The lines --------------------------------------------------------------------------------------------------


def test_on_ones_own_machine_the_page_says_what_is_missing(fresh, sponsor, signed_in):
    found = states(signed_in(sponsor))
    assert found["Address"] == found["Mail server"] == found["Test mail"] == found["Backup"] == "todo"
    assert found["Worker"] == found["People"] == found["Customers"] == found["Who may be asked by mail"] == "todo"
    assert [found[label] for label in found if label.startswith("SPF")] == ["unknown"]
    assert "Seen from outside" not in found


def test_whoever_is_alone_makes_a_team_before_inviting_anybody(fresh, sponsor, signed_in):
    def next_step() -> str:
        checks = signed_in(sponsor).get("/setup/").context["checks"]
        return next(check.url for check in checks if check.label == "People")

    assert next_step() == "/people/teams/new/"
    Team.objects.create(name="Mill Lane")
    assert next_step() == "/people/invite/"


def test_what_is_there_is_done(fresh, real, sponsor, manager, signed_in, make_customer, survey):
    make_customer()
    note_progress()
    Organisation.objects.update(backed_up_at=timezone.now(), country="UA")
    found = states(signed_in(sponsor))
    done = {label for label, state in found.items() if state == "done"}
    assert done >= {"Address", "Mail server", "Worker", "Backup", "People", "Customers", "First survey"}
    assert found["Seen from outside"] == "todo"
    assert found["Who may be asked by mail"] == "done"


@pytest.mark.parametrize(
    ("label", "name", "value", "state"),
    [
        ("Address", "BASE_HOST", "127.0.0.1", "todo"),
        ("Address", "HTTPS", False, "todo"),
        ("Mail server", "EMAIL_HOST", "localhost", "unknown"),
    ],
)
def test_half_of_it_is_not_done(label, name, value, state, fresh, real, sponsor, signed_in):
    assert states(signed_in(sponsor))[label] == "done"
    setattr(real, name, value)
    assert states(signed_in(sponsor))[label] == state


def test_an_old_backup_and_a_worker_that_stands_still_are_no_longer_done(fresh, sponsor, signed_in):
    note_progress()
    Organisation.objects.update(backed_up_at=timezone.now())
    browser = signed_in(sponsor)
    assert (states(browser)["Backup"], states(browser)["Worker"]) == ("done", "done")
    Organisation.objects.update(backed_up_at=timezone.now() - timedelta(days=3))
    Progress.objects.update(at=timezone.now() - timedelta(minutes=2))
    assert (states(browser)["Backup"], states(browser)["Worker"]) == ("todo", "todo")


def test_the_records_name_our_domain(fresh, real, sponsor, signed_in):
    browser = signed_in(sponsor)
    assert "SPF and DKIM for barber.be" in states(browser)
    page = browser.get("/help/mail-records/").content.decode()
    assert "dig +short TXT barber.be" in page


@pytest.mark.parametrize(
    ("country", "rule"), [("TR", "recorded"), ("RU", "recorded"), ("UA", "existing"), ("", "existing")]
)
def test_the_country_decides_who_may_be_asked_at_first(country, rule, db):
    assert default_consent_rule(country) == rule
    company = set_up_organisation(name="B", postal_address="x", country=country)
    assert company.consent_rule == rule


# --- The test mail ----------------------------------------------------------------------------------------------


def test_the_test_mail_is_believed_when_its_button_is_pressed(fresh, sponsor, signed_in, post_office):
    browser = signed_in(sponsor)
    browser.post("/setup/mail/")
    [mail] = post_office.deliver()
    assert sponsor.email in mail["To"]
    link = link_in(mail)
    assert "Has the test mail arrived?" in browser.get(link).content.decode()
    assert Organisation.get().mail_arrived_at is None  # programs that open links have not read it
    assert browser.post(link).url == "/setup/"
    assert Organisation.get().mail_arrived_at is not None
    assert states(browser)["Test mail"] == "done"
    assert AuditEntry.objects.filter(verb="test_mail_arrived", actor=sponsor).exists()


def test_a_scanner_that_presses_the_button_tells_nothing(fresh, sponsor, manager, signed_in, post_office):
    signed_in(sponsor).post("/setup/mail/")
    [mail] = post_office.deliver()
    link = link_in(mail)
    assert Client().post(link).status_code == 302  # to the log-in page
    assert signed_in(manager).post(link).status_code == 403
    assert Organisation.get().mail_arrived_at is None


def test_only_the_latest_link_counts_and_not_for_ever(fresh, sponsor, signed_in, post_office):
    browser = signed_in(sponsor)
    browser.post("/setup/mail/")
    [first] = post_office.deliver()
    browser.post("/setup/mail/")
    [second] = post_office.deliver()
    assert browser.get(link_in(first)).status_code == 404
    assert browser.get(link_in(second)).status_code == 200
    assert browser.get(link_in(second)[:-3] + "x/").status_code == 404
    Organisation.objects.update(mail_tested_at=timezone.now() - timedelta(days=8))
    assert not setup.mail_link_opens(Organisation.get(), setup.mail_test_token(Organisation.get()))


def test_the_page_says_how_the_test_mail_fared(fresh, sponsor, signed_in, post_office):
    browser = signed_in(sponsor)
    browser.post("/setup/mail/")
    assert "It waits to be sent" in browser.get("/setup/").content.decode()
    Message.objects.update(state="failed", reason="refused", ended_at=timezone.now())
    assert "the mail server refused the mail" in browser.get("/setup/").content.decode()
    browser.post("/setup/mail/")
    post_office.deliver()
    assert "The mail server took it" in browser.get("/setup/").content.decode()


# --- Seen from outside ------------------------------------------------------------------------------------------


def test_a_phone_outside_reports_back_once(fresh, real, sponsor, signed_in):
    browser = signed_in(sponsor)
    link = browser.get("/setup/outside/").context["url"].removeprefix(real.BASE_URL)
    phone = Client(REMOTE_ADDR="93.184.216.34")
    assert "I can see it" in phone.get(link, secure=True).content.decode()
    assert states(browser)["Seen from outside"] == "todo"
    assert "Thank you" in phone.post(link, secure=True).content.decode()
    assert states(browser)["Seen from outside"] == "done"
    assert phone.get(link, secure=True).status_code == 404


def test_a_phone_in_the_own_network_proves_nothing(fresh, real, sponsor, signed_in):
    link = f"/setup/seen/{setup.outside_token()}/"
    assert "own network" in Client(REMOTE_ADDR="192.168.1.7").post(link, secure=True).content.decode()
    assert states(signed_in(sponsor))["Seen from outside"] == "todo"


def test_an_old_or_forged_link_opens_nothing(fresh):
    token = setup.outside_token()
    assert setup.outside_link_opens(token)
    assert not setup.outside_link_opens(token[:-2] + "xx")
    assert not setup.outside_link_opens(f"{int(time.time())}.x")
    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
        assert not setup.outside_link_opens(token)


# --- The end of it ----------------------------------------------------------------------------------------------


def test_set_up_is_finished_when_what_must_be_is_done(fresh, real, sponsor, signed_in):
    browser = signed_in(sponsor)
    assert browser.post("/setup/finish/").url == "/setup/"
    assert Organisation.get().set_up_at is None
    assert "Not yet: Test mail" in browser.get("/setup/").content.decode()
    Organisation.objects.update(mail_arrived_at=timezone.now())
    assert browser.post("/setup/finish/").url == "/path/"
    company = Organisation.get()
    assert company.set_up_at is not None
    assert company.programme_began_on == timezone.localdate(timezone=company.zone)
    finished = company.set_up_at
    finish_set_up(by=sponsor)
    assert Organisation.get().set_up_at == finished


def test_an_address_that_nobody_reaches_keeps_it_open(fresh, real, sponsor, signed_in):
    Organisation.objects.update(mail_arrived_at=timezone.now())
    real.BASE_HOST = "localhost"
    assert signed_in(sponsor).post("/setup/finish/").url == "/setup/"
    assert Organisation.get().set_up_at is None


def test_on_ones_own_machine_the_test_mail_is_enough(fresh, sponsor, signed_in):
    Organisation.objects.update(mail_arrived_at=timezone.now())
    assert signed_in(sponsor).post("/setup/finish/").url == "/path/"


@pytest.mark.parametrize("path", ["/setup/finish/", "/setup/mail/", "/organisation/rooms/"])
def test_set_up_is_the_sponsors(path, fresh, manager, signed_in):
    assert signed_in(manager).post(path).status_code == 403
    assert Organisation.get().set_up_at is None
    assert Organisation.get().mail_tested_at is None


# --- No mail to customers before that (rule 33) -----------------------------------------------------------------


def test_with_a_real_mail_server_no_customer_gets_a_mail_before_set_up_is_finished(
    fresh, real, send, make_customer, post_office, sponsor
):
    send(make_customer(email="olena@gmail.com"))
    assert post_office.deliver() == []
    assert Invitation.objects.get().not_sent_reason == "not_set_up"
    finish_set_up(by=sponsor)
    send(make_customer(email="mark@gmail.com"))
    assert [mail["To"] for mail in post_office.deliver()] == ["Olena Koval <mark@gmail.com>"]


def test_managers_are_told_that_customers_get_nothing_yet(fresh, real, sponsor, manager, staff, signed_in):
    def page(user) -> str:
        return signed_in(user).get("/", secure=True).content.decode()

    assert "Until then customers get no mail" in page(manager)
    assert 'href="/setup/">Go on' in page(sponsor)
    assert "customers get no mail" not in page(staff)
    finish_set_up(by=sponsor)
    assert "customers get no mail" not in page(manager)


def test_colleagues_get_theirs_all_the_same(fresh, real, post_office):
    from delight.outbox.services import enqueue

    person = User.objects.create_user("ada@gmail.com", "x", name="Ada")
    enqueue(kind="password-reset", object_id=person.pk, key="reset:1")
    assert len(post_office.deliver()) == 1


def test_in_the_local_mailbox_anybody_may_be_written_to(fresh, send, make_customer, post_office):
    send(make_customer())
    assert len(post_office.deliver()) == 1
