"""A sender is frozen with SIGSTOP in the middle of a batch, another takes over, and then the first wakes up."""

import signal
import time

import pytest
from django.db import connection
from django.db.models.functions import Now

from delight.outbox import pump
from delight.outbox.models import Message, State
from tests.faults.invariants import Rule, examine
from tests.faults.senders import everything_ended, start_pump, until
from tests.faults.sink import Sink

TOTAL = 30  # one batch


@pytest.fixture
def sink(tmp_path):
    """A mail server that takes its time: the batch lasts a second and a half."""
    made = Sink(tmp_path, before=0.025, after=0.025)
    yield made
    made.stop()


def state_of(name: str) -> str:
    """What the database sees of that sender."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s", [name]
        )
        return (cursor.fetchone() or [""])[0]


def freeze_at_a_hand_over(process, name: str) -> None:
    """Not inside a transaction: that keeps its rows locked, and nobody can take those over."""
    while True:
        process.send_signal(signal.SIGSTOP)
        if state_of(name) == "idle":
            return
        process.send_signal(signal.SIGCONT)
        time.sleep(0.005)


@pytest.fixture
def frozen_sender(invite, sink, tmp_path):
    """`frozen_sender(…)`: a sender that stands still with most of a batch in its hands."""
    started = []

    def start(**how):
        invite(TOTAL)
        started.append(start_pump(tmp_path, "first", sink.port, **how))
        until(lambda: sink.count() >= 3, what="the first mails")
        freeze_at_a_hand_over(started[0], "first")
        assert Message.objects.filter(state=State.CLAIMED).count() > TOTAL / 2
        return started[0]

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def wake_up_too_late(sink, settings, monkeypatch, tmp_path):
    """`wake_up_too_late(sender)`: it wakes up when another has just taken over, who then sends what there is to send.

    Returns the findings, and how many mails the first has sent after that.
    """
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    claim, late = pump.claim, []

    def do(sender):
        def claim_and_wake(*args):
            batch = claim(*args)
            if batch:
                before = sink.count()
                sender.send_signal(signal.SIGCONT)
                until(lambda: "done" in (tmp_path / "first.log").read_text(), what="the end of the first one's batch")
                late.append(sink.count() - before)
            return batch

        monkeypatch.setattr(pump, "claim", claim_and_wake)
        assert pump.send_batch() == 0  # the lease holds
        until(lambda: not Message.objects.filter(lease_until__gte=Now()).exists(), what="the end of the lease")
        assert pump.send_batch() > 0
        assert everything_ended()
        return examine(sink.copies(), killed=1), *late

    return do


@pytest.mark.slow
def test_a_sender_that_wakes_up_after_its_lease_sends_nothing_more(frozen_sender, wake_up_too_late, figures):
    found, late = wake_up_too_late(frozen_sender())
    figures(found)
    assert late <= 1  # the mail that was in its hands
    assert not found.broken, str(found)
    assert found.figures["invitations"] == TOTAL


@pytest.mark.slow
def test_without_the_fence_it_sends_the_rest_of_a_batch_that_is_no_longer_its_own(frozen_sender, wake_up_too_late):
    """The control. That the other one then does not send all of it again is the last guard's work, a CHECK."""
    found, late = wake_up_too_late(frozen_sender(fenced=False))
    assert late > TOTAL / 2
    assert Rule.SENT in found.broken
