"""What is due goes out, once, with every header; what must not go out ends with a reason."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from delight.organisation.services import release_sending, stop_sending
from delight.outbox import channel, registry
from delight.outbox.mail import Email, is_invented, one_line
from delight.outbox.models import Message, Progress
from delight.outbox.pump import BATCH, backoff, claim, run_due, send_batch
from delight.outbox.registry import Mail, MailKind, Skip
from delight.outbox.services import cancel, enqueue


@pytest.fixture
def kind(monkeypatch):
    """A kind of mail that can be told what to do."""

    class Told:
        wanted = "yes"
        mail = Mail(to="ada@mail.example", subject="Hello", text="Hello\n", html="<p>Hello</p>")
        sent: list = []

    def build(subject, message):
        if isinstance(Told.mail, Exception):
            raise Told.mail
        return Told.mail.pop(0) if isinstance(Told.mail, list) else Told.mail

    Told.sent = []
    made = MailKind(
        name="told",
        still_wanted=lambda message: Told.wanted,
        build=build,
        grace=timedelta(hours=1),
        after_sent=lambda subject, message: Told.sent.append(message.key),
    )
    monkeypatch.setitem(registry.MAIL_KINDS, "told", made)
    return Told


def queue(key="told:1", **fields) -> Message:
    enqueue(kind="told", object_id=1, key=key, **fields)
    return Message.objects.get(key=key)


def state(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.state, message.reason


def test_a_due_mail_goes_out_once_and_its_row_ends_as_sent(organisation, kind, post_office):
    message = queue()
    assert len(post_office.deliver()) == 1
    assert state(message) == ("sent", "")
    assert post_office.deliver() == []
    assert kind.sent == ["told:1"]


def test_the_same_key_is_the_same_mail(organisation, kind, post_office):
    first, second = queue(), queue()
    assert first.pk == second.pk
    assert len(post_office.deliver()) == 1


def test_a_mail_that_is_not_due_yet_waits(organisation, kind, post_office):
    message = queue(due_at=timezone.now() + timedelta(minutes=5))
    assert post_office.deliver() == []
    assert state(message) == ("waiting", "")


def test_what_is_no_longer_wanted_ends_with_its_reason(organisation, kind, post_office):
    kind.wanted = Skip("answered")
    message = queue()
    assert post_office.deliver() == []
    assert state(message) == ("skipped", "answered")


def test_a_mail_past_its_grace_is_skipped_as_too_late(organisation, kind, post_office):
    message = queue(due_at=timezone.now() - timedelta(hours=2))
    assert post_office.deliver() == []
    assert state(message) == ("skipped", "too_late")


def test_a_mail_that_cannot_be_made_fails_and_the_others_go_out(organisation, kind, post_office):
    good = kind.mail
    kind.mail = ValueError("broken")
    broken = queue("told:broken")
    send_batch()
    kind.mail = good
    fine = queue("told:fine")
    assert len(post_office.deliver()) == 1
    assert state(broken) == ("failed", "build_failed")
    assert state(fine) == ("sent", "")


def test_a_lock_that_was_not_given_in_time_costs_a_wait_and_no_mail(organisation, kind, post_office):
    good = kind.mail
    first = queue("told:first")
    kind.mail = OperationalError("canceling statement due to lock timeout")
    send_batch()
    assert state(first) == ("waiting", "")
    assert first.due_at > timezone.now()
    kind.mail = good
    Message.objects.update(due_at=timezone.now())
    assert len(post_office.deliver()) == 1
    assert state(first) == ("sent", "")


def test_a_failing_after_sent_does_not_send_again(organisation, kind, post_office, monkeypatch):
    def explode(subject, message):
        raise RuntimeError

    made = registry.MAIL_KINDS["told"]
    monkeypatch.setitem(registry.MAIL_KINDS, "told", MailKind(**{**vars(made), "after_sent": explode}))
    first, second = queue("told:1"), queue("told:2")
    assert len(post_office.deliver()) == 2
    assert state(first) == state(second) == ("sent", "")
    assert post_office.deliver() == []


def test_an_unknown_kind_ends_with_that_reason(organisation, post_office):
    enqueue(kind="no such kind", object_id=1, key="x")
    run_due()
    message = Message.objects.get()
    assert state(message) == ("skipped", "unknown_kind")


def test_cancelling_ends_what_waits(organisation, kind, post_office):
    message = queue()
    assert cancel(kinds=["told"], object_ids=[1]) == 1
    assert post_office.deliver() == []
    assert state(message) == ("cancelled", "cancelled")


# --- The mail server's moods ------------------------------------------------------------------------------------


def test_a_mail_server_that_is_away_costs_a_wait_and_nothing_else(organisation, kind, post_office, settings):
    port = settings.EMAIL_PORT
    settings.EMAIL_PORT = 1
    message = queue()
    send_batch()
    assert state(message) == ("waiting", "")
    assert message.lease_until is None
    assert message.due_at > timezone.now()
    settings.EMAIL_PORT = port
    Message.objects.update(due_at=timezone.now())
    assert len(post_office.deliver()) == 1


@pytest.mark.parametrize(
    ("code", "expected"), [("451 later", ("waiting", "")), ("550 no such person", ("failed", "bad_address"))]
)
def test_a_refused_recipient_is_tried_later_or_fails(organisation, kind, post_office, monkeypatch, code, expected):
    async def refuse(server, session, envelope, address, options):
        return code

    monkeypatch.setattr(post_office, "handle_RCPT", refuse, raising=False)
    message = queue()
    send_batch()
    assert state(message) == expected


def test_each_try_counts_once_so_that_waits_grow_as_they_say(organisation, kind, post_office, monkeypatch):
    async def refuse(server, session, envelope, address, options):
        return "451 later"

    monkeypatch.setattr(post_office, "handle_RCPT", refuse, raising=False)
    message, waits = queue(), []
    for attempt in range(1, 4):
        Message.objects.update(due_at=timezone.now())
        before = timezone.now()
        send_batch()
        message.refresh_from_db()
        assert message.attempts == attempt
        waits.append(round((message.due_at - before).total_seconds()))
    assert waits == [15, 30, 60]


def test_a_line_that_breaks_after_the_text_is_tried_once_more_with_the_same_id(
    organisation, kind, post_office, monkeypatch
):
    real = channel.SmtpChannel.send

    def arrive_then_break(self, email: Email) -> None:
        real(self, email)
        raise channel.Unknown

    monkeypatch.setattr(channel.SmtpChannel, "send", arrive_then_break)
    message = queue()
    for _round in range(3):
        Message.objects.filter(state="waiting").update(due_at=timezone.now())
        send_batch()
    assert len(post_office.mails) == 2
    assert len({mail["Message-ID"] for mail in post_office.mails}) == 1
    assert state(message) == ("failed", "unknown_twice")


def test_a_row_left_in_handing_over_is_tried_once_more_and_then_given_up(organisation, kind, post_office):
    message = queue()
    past = timezone.now() - timedelta(seconds=1)
    Message.objects.update(state="handing", lease_until=past)
    assert len(post_office.deliver()) == 1
    assert state(message) == ("sent", "")
    assert message.maybe_twice
    Message.objects.update(state="handing", lease_until=past, ended_at=None)
    assert post_office.deliver() == []
    assert state(message) == ("failed", "unknown_twice")


def test_a_claimed_row_belongs_to_its_claimer_until_the_lease_ends(organisation, kind, post_office):
    message = queue()
    assert [each.pk for each in claim()] == [message.pk]
    assert claim() == []
    Message.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert [each.fence for each in claim()] == [2]


def test_a_claimer_that_lost_its_lease_sends_nothing(organisation, kind, post_office, monkeypatch):
    from delight.outbox import pump

    message = queue()
    batch = claim()
    Message.objects.update(fence=9)
    monkeypatch.setattr(pump, "claim", lambda: batch)
    send_batch()
    assert post_office.mails == []
    assert state(message) == ("claimed", "")


def test_a_sender_that_lost_its_lease_while_sending_marks_nothing_as_sent(organisation, kind, post_office, monkeypatch):
    real = channel.SmtpChannel.send

    def send_and_lose_the_lease(self, email: Email) -> None:
        real(self, email)
        Message.objects.filter(key="told:1").update(fence=9)

    monkeypatch.setattr(channel.SmtpChannel, "send", send_and_lose_the_lease)
    first, second = queue("told:1"), queue("told:2")
    send_batch()
    assert state(first) == ("handing", "")
    assert state(second) == ("sent", "")
    assert kind.sent == ["told:2"]


def test_a_statement_of_the_callers_goes_with_the_row(organisation, kind):
    queue("told:other")
    enqueue(
        kind="told", object_id=1, key="told:1",
        after=("UPDATE outbox_message SET attempts = %s WHERE key = %s;", [7, "told:other"]),
    )  # fmt: skip
    assert dict(Message.objects.values_list("key", "attempts")) == {"told:other": 7, "told:1": 0}


# --- Where mail must not go -------------------------------------------------------------------------------------


def test_a_restored_copy_stays_silent_until_a_sponsor_releases_it(organisation, kind, post_office, sponsor):
    message = queue()
    type(organisation).objects.update(released_copy="another:database")
    assert post_office.deliver() == []
    assert state(message) == ("waiting", "")
    release_sending(by=sponsor)
    assert len(post_office.deliver()) == 1


def test_a_changed_address_of_the_site_switches_sending_off(organisation, kind, post_office, settings):
    queue()
    settings.BASE_URL = "https://elsewhere.example"
    assert post_office.deliver() == []


def test_stopped_sending_keeps_everything(organisation, kind, post_office, sponsor):
    stop_sending(by=sponsor)
    message = queue()
    assert post_office.deliver() == []
    assert state(message) == ("waiting", "")


@pytest.mark.parametrize("local", [True, False])
def test_invented_addresses_are_only_for_the_local_mailbox(organisation, kind, post_office, settings, local):
    settings.LOCAL = local
    message = queue()
    assert len(post_office.deliver()) == int(local)
    assert state(message) == (("sent", "") if local else ("skipped", "demo_address"))


@pytest.mark.parametrize("host", ["127.0.0.1", "delight.barber.eu"])
def test_customers_get_no_links_to_this_machine_itself(organisation, kind, post_office, settings, monkeypatch, host):
    settings.LOCAL, settings.BASE_HOST = False, host
    kind.mail = Mail(to="ada@mail.eu", subject="Hello", text="Hello\n", html="")
    made = registry.MAIL_KINDS["told"]
    monkeypatch.setitem(registry.MAIL_KINDS, "told", MailKind(**{**vars(made), "to_customers": True}))
    message = queue()
    post_office.deliver()
    expected = ("skipped", "unreachable_site") if host == "127.0.0.1" else ("sent", "")
    assert state(message) == expected


@pytest.mark.parametrize("address", ["a@b.example", "a@example.com", "a@x.test", "a@localhost"])
def test_invented_addresses_are_known(address):
    assert is_invented(address)
    assert not is_invented("a@mail.eu")


# --- Headers ----------------------------------------------------------------------------------------------------


def test_header_values_take_no_line_breaks(organisation, kind, post_office):
    kind.mail = Mail(
        to="ada@mail.example", to_name="Ada\r\nBcc: eve@mail.example", subject="Hi\nBcc: eve@mail.example",
        text="x", html="", from_name="Olga\nX-Evil: 1",
    )  # fmt: skip
    queue()
    (mail,) = post_office.deliver()
    assert mail["Bcc"] is None
    assert mail["X-Evil"] is None
    assert mail["Subject"] == "Hi Bcc: eve@mail.example"
    assert one_line("a\x00b\tc") == "a b c"


@pytest.mark.parametrize("address", ["not an address", "a@b@c", "a@b..c", "a@", "ада@mail.example"])
def test_an_address_that_is_none_fails_with_a_reason_and_the_others_go_out(organisation, kind, post_office, address):
    good, wrong = kind.mail, Mail(to=address, subject="x", text="x", html="")
    kind.mail = [good, wrong, good]
    messages = [queue(f"told:{number}") for number in range(3)]
    assert len(post_office.deliver()) == 2
    assert [state(message) for message in messages] == [("sent", ""), ("failed", "bad_address"), ("sent", "")]


# --- Progress ---------------------------------------------------------------------------------------------------


def test_each_look_is_noted_as_progress(organisation):
    run_due()
    assert Progress.objects.get(name="pump").at > timezone.now() - timedelta(seconds=5)


def test_waits_between_tries_grow_to_an_hour():
    waits = [backoff(attempts) for attempts in range(20)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(seconds=15)
    assert waits[-1] == timedelta(hours=1)


def test_rows_five_minutes_late_are_the_alarm(organisation, kind):
    queue("told:late", due_at=timezone.now() - timedelta(minutes=6))
    queue("told:fine")
    assert [message.key for message in Message.objects.late()] == ["told:late"]


def test_a_worker_with_little_time_leaves_the_rest_to_the_next_ring(organisation, kind, post_office):
    for number in range(BATCH + 10):
        queue(f"told:{number}")
    assert run_due(0) == BATCH
    assert Message.objects.filter(state="waiting").count() == 10
    assert run_due(0) == 10
    assert not Message.objects.filter(ended_at=None).exists()


def test_a_claim_takes_no_more_than_a_batch_when_the_statistics_are_those_of_an_empty_table(organisation, kind):
    for number in range(BATCH + 10):
        queue(f"gone:{number}")
    Message.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE outbox_message")
    for number in range(BATCH + 10):
        queue(f"told:{number}")
    assert len(claim()) == BATCH
