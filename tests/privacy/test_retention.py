"""The retention clock: what is old goes, what is needed stays, and no day is lost."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from delight.customers.models import Customer, Visit
from delight.front import retention
from delight.organisation.models import AuditEntry, CleanUp, Organisation
from delight.outbox.models import Job, Message, State
from delight.outbox.pump import run_due
from delight.outbox.rounds import run_rounds
from staff.people.models import JoinInvitation
from surveys.answering.models import Hit, Response
from tests.conftest import PASSWORD
from tests.followups.conftest import answered, follow_up  # noqa: F401 - fixtures

pytestmark = pytest.mark.slow

LOG_DAYS = 400
EACH_TIME = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # fmt: skip


def clean_up(day: date | None = None) -> dict[str, int]:
    day = day or timezone.now().date()
    retention.clean_up(day.toordinal(), lambda done, total: None)
    return CleanUp.objects.get(day=day).counts


def aged(rows, name: str, days: float) -> None:
    rows.update(**{name: timezone.now() - timedelta(days=days)})


@pytest.fixture
def calm(follow_up, staff):  # noqa: F811
    """Olena's answer was talked about; nothing of hers is open. Returns her."""
    from surveys.followups.services import close_follow_up

    close_follow_up(by=staff, follow_up=follow_up, result="talked", happened="All good.")
    Message.objects.filter(state="waiting").update(state="skipped", ended_at=timezone.now())
    return follow_up.customer


# --- Logs ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "left"), [(LOG_DAYS - 1, True), (LOG_DAYS + 1, False)])
def test_visits_to_survey_pages_go_with_the_logs(days, left, calm):
    aged(Hit.objects.all(), "at", days)
    count = Hit.objects.count()
    counts = clean_up()
    assert Hit.objects.exists() == left
    assert counts.get("answering.Hit", 0) == (0 if left else count)


def test_the_device_behind_an_old_answer_is_forgotten_and_the_answer_stays(calm):
    aged(Response.objects.all(), "submitted_at", LOG_DAYS + 1)
    assert clean_up()["answering.Response"] == 1
    response = Response.objects.get()
    assert (response.client, response.browser, response.score) == ("", "", 3)
    assert "answering.Response" not in clean_up(date(2031, 1, 1)), "nothing is left to do"


def test_the_organisation_decides_how_long(calm):
    Organisation.objects.update(keep_log_days=30)
    aged(Hit.objects.all(), "at", 31)
    clean_up()
    assert not Hit.objects.exists()


def test_lines_of_sent_mails_go_and_mails_to_be_sent_stay(calm):
    Message.objects.create(kind="invite", object_id=1, key="old", promised_at=timezone.now(), due_at=timezone.now())
    long_past = timezone.now() - timedelta(days=2000)
    Message.objects.update(created_at=long_past, due_at=long_past)
    aged(Message.objects.exclude(state=State.WAITING), "ended_at", LOG_DAYS + 1)
    clean_up()
    assert [message.key for message in Message.objects.all()] == ["old"]


def test_who_looked_something_up_goes_and_history_stays(calm, sponsor):
    for verb in ("reveal", "export_customer", "change", "erase_customer"):
        AuditEntry.record(by=sponsor, verb=verb, obj=calm)
    aged(AuditEntry.objects.all(), "at", 3000)
    clean_up()
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"change", "erase_customer"} <= verbs
    assert not {"reveal", "export_customer"} & verbs


def test_invitations_to_join_go_ninety_days_after_their_end(team):
    for days in (89, 91):
        end = timezone.now() - timedelta(days=days)
        JoinInvitation.objects.create(email=f"new{days}@barber.example", team=team, expires_at=end)
    clean_up()
    assert JoinInvitation.objects.get().email == "new89@barber.example"


def test_sessions_that_ended_go_with_their_devices_and_open_ones_stay(staff, colleague):
    from allauth.usersessions.models import UserSession
    from django.contrib.sessions.models import Session

    for person in (staff, colleague):
        Client().post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    ended = UserSession.objects.get(user=staff).session_key
    Session.objects.filter(session_key=ended).update(expire_date=timezone.now() - timedelta(minutes=1))
    clean_up()
    assert [device.user for device in UserSession.objects.all()] == [colleague]
    assert Session.objects.count() == 1


def test_counters_of_login_limits_that_ended_go(organisation):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cache")
        for key, sign in (("old", "-"), ("new", "+")):
            cursor.execute(f"INSERT INTO cache VALUES ('{key}', 'x', now() {sign} interval '1 day')")  # noqa: S608
        clean_up()
        cursor.execute("SELECT cache_key FROM cache")
        assert cursor.fetchall() == [("new",)]


# --- What is needed stays ------------------------------------------------------------------------------------------


def test_evidence_that_a_manager_has_to_look_at_stays(calm):
    Response.objects.update(verdict="check")
    aged(Hit.objects.all(), "at", 5000)
    aged(Response.objects.all(), "submitted_at", 5000)
    clean_up()
    assert Hit.objects.exists()
    assert Response.objects.get().client
    Response.objects.update(verdict="person")
    clean_up(date(2031, 1, 1))
    assert not Hit.objects.exists(), "the control: once it is decided, it goes"


def test_what_an_open_conversation_needs_stays(follow_up):  # noqa: F811
    aged(Hit.objects.all(), "at", 5000)
    Message.objects.filter(kind="follow-up").update(state="sent", ended_at=timezone.now() - timedelta(days=5000))
    before = Message.objects.filter(kind="follow-up").count()
    clean_up()
    assert Hit.objects.exists()
    assert Message.objects.filter(kind="follow-up").count() == before > 0


# --- Silent customers ---------------------------------------------------------------------------------------------


def long_ago(customer, days: float) -> None:
    """As if everything of this customer had happened so many days ago."""
    past = timezone.now() - timedelta(days=days)
    Customer.objects.filter(pk=customer.pk).update(created_at=past)
    Response.objects.filter(customer=customer).update(submitted_at=past)
    customer.follow_ups.update(opened_at=past, closed_at=past)
    for follow_up in customer.follow_ups.all():  # noqa: F402 - each of them
        type(follow_up.outcome).objects.filter(pk=follow_up.outcome.pk).update(at=past)
    AuditEntry.objects.update(at=past)


def is_erased(customer) -> bool:
    return Customer.objects.filter(pk=customer.pk).exclude(erased_at=None).exists()


def test_nobody_is_erased_unless_the_company_says_after_how_long(calm):
    long_ago(calm, 9999)
    clean_up()
    assert not is_erased(calm)


def test_who_was_silent_for_so_long_is_erased_as_by_hand(calm):
    Organisation.objects.update(forget_after_months=24)
    long_ago(calm, 800)
    assert clean_up()["customers.Customer"] == 1
    assert is_erased(calm)
    entry = AuditEntry.objects.get(verb="erase_customer")
    assert (entry.actor, entry.object_id) == (None, calm.pk)
    assert Response.objects.get().answers.exclude(text="").count() == 0


@pytest.mark.parametrize(
    "sign",
    [
        "created",
        "answer",
        "conversation",
        "visit",
        "change",
        "consent",
        "open follow-up",
        "to be checked",
        "a mail waits",
    ],
)
def test_any_sign_of_life_keeps_a_customer(sign, calm, team, sponsor):
    Organisation.objects.update(forget_after_months=24)
    long_ago(calm, 800)
    now = timezone.now()
    if sign == "created":
        Customer.objects.update(created_at=now)
    elif sign == "answer":
        Response.objects.update(submitted_at=now)
    elif sign == "conversation":
        type(calm.follow_ups.get().outcome).objects.update(at=now)
    elif sign == "visit":
        Visit.objects.create(customer=calm, team=team, starts_at=now - timedelta(days=100), state="came")
    elif sign == "change":
        AuditEntry.record(by=sponsor, verb="change", obj=calm, fields=["phone"])
    elif sign == "consent":
        Customer.objects.update(consent_on=now.date())
    elif sign == "open follow-up":
        calm.follow_ups.update(closed_at=None)
    elif sign == "to be checked":
        Response.objects.update(verdict="check")
    else:
        invitation = calm.invitations.get()
        Message.objects.create(kind="remind", object_id=invitation.pk, key="x", promised_at=now, due_at=now)
    clean_up()
    assert not is_erased(calm)


@given(days=st.integers(0, 1500), months=st.integers(6, 48))
@EACH_TIME
def test_the_newest_date_decides_whatever_the_dates_are(days, months, calm):
    """Erased if, and only if, the newest sign of life is older than so many months."""
    with transaction.atomic():
        Organisation.objects.update(forget_after_months=months)
        long_ago(calm, days)
        newest = timezone.now() - timedelta(days=days)
        due = newest < retention.months_before(timezone.now(), months)
        clean_up()
        erased = is_erased(calm)
        transaction.set_rollback(True)
    assert erased == due


def at_noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@given(
    now=st.dates(date(2024, 1, 1), date(2040, 12, 31)).map(
        lambda day: datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    ),
    months=st.integers(1, 240),
)
def test_months_are_counted_by_the_calendar(now, months):
    before = retention.months_before(now, months)
    assert (now.year * 12 + now.month) - (before.year * 12 + before.month) == months
    assert before.day <= now.day
    assert before.time() == now.time()


# --- The clock itself ---------------------------------------------------------------------------------------------


def jobs() -> list[str]:
    return list(Job.objects.filter(kind=retention.KIND).order_by("pk").values_list("key", "state"))


def test_the_round_begins_one_job_for_each_day_and_the_worker_does_it(organisation):
    run_rounds()
    run_rounds()
    today = timezone.now().date()
    assert jobs() == [(f"clean-up:{today}", "waiting")]
    run_due()
    assert jobs() == [(f"clean-up:{today}", "done")]
    assert CleanUp.objects.get().day == today
    retention.begin_today()
    assert len(jobs()) == 1


def test_a_second_run_on_the_same_day_adds_to_the_first(calm):
    aged(Hit.objects.filter(kind="open"), "at", LOG_DAYS + 1)
    first = clean_up()["answering.Hit"]
    aged(Hit.objects.all(), "at", LOG_DAYS + 1)
    rest = Hit.objects.count()
    assert clean_up()["answering.Hit"] == first + rest
    assert CleanUp.objects.count() == 1


@given(off=st.lists(st.booleans(), min_size=5, max_size=12))
@EACH_TIME
def test_no_day_is_lost_however_long_nobody_rang(off, calm):
    """Whatever days the worker was off: once it rings, all that is too old is gone, and nothing else."""
    Hit.objects.all().delete()
    CleanUp.objects.all().delete()
    begin = datetime(2030, 3, 1, 12, tzinfo=UTC)
    invitation = calm.invitations.get()
    for number in range(len(off)):
        hit = Hit.objects.create(invitation=invitation, kind="open", method="GET", client="x")
        Hit.objects.filter(pk=hit.pk).update(at=begin - timedelta(days=LOG_DAYS - number, hours=1))
    for number, is_off in enumerate(off):
        with time_machine.travel(begin + timedelta(days=number), tick=False):
            if not is_off:
                clean_up()
                assert Hit.objects.count() == len(off) - number - 1
    assert CleanUp.objects.count() == off.count(False)


def test_a_mail_that_crossed_with_erasing_leaves_no_address_for_long(calm, sponsor):
    from delight.front.rights import erase_customer

    erase_customer(by=sponsor, customer=calm, never_write=False)
    invitation = calm.invitations.get()
    invitation.mailed_to = ["hash"]
    invitation.save()
    clean_up()
    invitation.refresh_from_db()
    assert invitation.mailed_to == []


def test_the_audit_page_tells_how_much_went(calm, sponsor, signed_in):
    aged(Hit.objects.all(), "at", LOG_DAYS + 1)
    count = clean_up()["answering.Hit"]
    page = signed_in(sponsor).get(reverse("audit")).content.decode()
    assert f"Visits to survey pages: {count}" in page


def test_everything_that_the_clock_can_remove_has_words():
    from delight.lib import privacy
    from delight.lib.privacy import Kept
    from delight.organisation.audit_words import REMOVED

    clocked = {Kept.LOG, Kept.ENDED, Kept.EXPIRED}
    touched = {
        table.model
        for table in privacy.tables()
        if table.kept in clocked or any(line.kept in clocked for line in table.lines.values())
    }
    assert touched | {"customers.Customer"} == set(REMOVED)
