"""Senders are killed with SIGKILL at any moment: nothing is lost, and at most one mail per kill goes out twice."""

import random
import signal
import time

import pytest

from delight.outbox.models import Message
from tests.faults.invariants import Rule, examine
from tests.faults.senders import Crew, Naive, send_under_fire


@pytest.fixture
def fire(invite, sink, tmp_path):
    """`fire(total, size, kills, seed)`: send that many invitations while senders are killed; returns the findings."""

    def do(total: int, *, size: int, kills: int, seed: int):
        invite(total)
        crew = Crew(tmp_path, sink.port, size)
        try:
            send_under_fire(crew, sink.count, kills=kills, total=total, dice=random.Random(seed))
        finally:
            crew.stop()
        return examine(sink.copies(), killed=crew.killed)

    return do


def test_killed_senders_lose_nothing_and_double_at_most_one_mail_each(fire, figures, thorough):
    total, kills = (150, 5) if thorough else (50, 2)
    found = fire(total, size=2, kills=kills, seed=20260801)
    figures(found)
    assert not found.broken, str(found)
    assert found.figures["invitations"] == total
    assert found.killed == kills


@pytest.mark.long
def test_a_thousand_invitations_survive_many_killed_senders(fire, figures):
    started = time.monotonic()
    found = fire(1000, size=3, kills=20, seed=7)
    figures(f"{found} in {time.monotonic() - started:.0f} s")
    assert not found.broken, str(found)
    assert found.figures["invitations"] == 1000
    assert found.figures["marked “maybe twice”"] >= 1  # some kills landed in a hand-over


# --- Controls: without the guards the same judge says no --------------------------------------------------------


@pytest.mark.slow
def test_without_claims_two_senders_send_everything_twice(invite, sink):
    invite(20)
    naive = [Naive(sink.port) for _each in range(2)]
    for sender in naive:
        sender.wait_until_it_has_read()
    for sender in naive:
        sender.go()
    assert [sender.wait() for sender in naive] == [0, 0]
    broken = examine(sink.copies(), killed=0).broken
    assert broken.keys() == {Rule.ONE_PER_KILL, Rule.MARKED}


@pytest.mark.slow
def test_marking_before_the_hand_over_loses_what_a_killed_sender_held(invite, sink):
    invite(20)
    sender = Naive(sink.port, mark_first=True, die_after=5)
    sender.wait_until_it_has_read()
    sender.go()
    assert sender.wait() == -signal.SIGKILL
    assert not Message.objects.filter(ended_at=None).exists()
    broken = examine(sink.copies(), killed=1).broken
    assert broken.keys() == {Rule.ARRIVED}
    assert len(broken[Rule.ARRIVED]) == 15
