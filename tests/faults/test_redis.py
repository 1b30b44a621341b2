"""Redis is down, or frozen, while sendings are created: no request waits for it, and nothing is lost."""

import os
import signal
import statistics
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from delight.local.paths import ROOT
from delight.outbox.models import Message
from surveys.sending.models import Sending
from tests.faults.invariants import examine
from tests.faults.senders import environment, until
from tests.faults.servers import Site, own_valkey, start_celery, timed
from tests.faults.sink import Sink

A_BEAT = 11  # seconds from one ring of beat to the next, and one more
USUAL, TROUBLED = 10, 50  # sendings before the trouble, and during it; fewer in the quick tier, more in the long


@pytest.fixture
def valkey():
    with own_valkey() as made:
        yield made


@pytest.fixture
def sink(tmp_path):
    """A mail server that is quick: here it is not the matter."""
    made = Sink(tmp_path, before=0, after=0)
    yield made
    made.stop()


@pytest.fixture
def site(transactional_db, sponsor, signed_in, valkey, sink, tmp_path):
    """`site(application)`: the site under gunicorn, with Olga's browser."""
    made = []

    def start(application: str = "delight.wsgi") -> Site:
        log = tmp_path / "gunicorn.log"
        made.append(Site(log, sink.port, valkey.url, application=application))
        made[0].session = signed_in(sponsor).cookies["sessionid"].value
        return made[0]

    yield start
    for each in made:
        each.stop()


@pytest.fixture
def create(survey, sponsor, make_customers):
    """`create(site)`: one sending to the next customer, through the form; fails unless it was made."""
    people = iter(make_customers(2 * (USUAL + TROUBLED)))

    def do(site: Site, timeout: float = 30) -> None:
        fields = {
            "audience": "picked", "picked_words": next(people).email, "sender": sponsor.pk,
            "remind_after_days": 0, "send": "1",
        }  # fmt: skip
        assert site.ask("POST", reverse("sending_new", args=[survey.pk]), fields, timeout) == 302

    return do


@pytest.fixture
def pump(sink):
    """Have all that is due done by a process of its own, without any broker."""

    def run() -> None:
        command = [sys.executable, "manage.py", "pump"]
        subprocess.run(command, env=environment(sink.port), cwd=ROOT, check=True, capture_output=True, timeout=120)

    return run


@pytest.mark.slow
@pytest.mark.parametrize("trouble", ["end", "freeze"])
def test_no_request_waits_for_redis_and_nothing_is_lost(
    site, valkey, create, pump, sink, figures, trouble, pytestconfig
):
    times = 2 if pytestconfig.getoption("--long") else 1
    before, during, web = int(times * USUAL), int(times * TROUBLED), site()
    usual = [timed(lambda: create(web)) for _each in range(before)]
    until(lambda: valkey.rings() > 0, what="the ring")
    getattr(valkey, trouble)()
    troubled = [timed(lambda: create(web)) for _each in range(during)]
    valkey.thaw()
    medians = [1000 * statistics.median(each) for each in (usual, troubled)]
    figures(
        f"median {medians[0]:.0f} ms with Redis, {medians[1]:.0f} ms without; longest {1000 * max(troubled):.0f} ms"
    )
    assert max(troubled) < 1
    assert medians[1] < 2 * medians[0] + 20
    pump()
    assert Sending.objects.count() == before + during
    assert Message.objects.count() == before + during
    found = examine(sink.copies(), killed=0)
    assert not found.broken, str(found)
    assert found.figures["arrived"] == before + during


@pytest.mark.slow
def test_the_bell_rings_again_once_redis_is_back(site, valkey, create):
    web = site()
    valkey.freeze()
    create(web)
    valkey.thaw()
    before = valkey.rings()
    create(web)
    until(lambda: valkey.rings() > before, what="the ring")


@pytest.mark.slow
def test_a_bell_that_rings_inside_the_request_keeps_people_waiting(site, valkey, create):
    """The control: the same site, ringing the way that Celery's examples do."""
    web = site("tests.faults.waiting_bell")
    assert timed(lambda: create(web)) < 1
    valkey.freeze()
    with pytest.raises(TimeoutError):
        create(web, timeout=2)


# --- The bell's other end ---------------------------------------------------------------------------------------


@pytest.fixture
def celery(valkey, sink, tmp_path):
    """`celery(app)`: a worker and a beat of that app."""
    started = []

    def start(app: str):
        started.extend(start_celery(tmp_path, name, sink.port, valkey.url, app=app) for name in ("worker", "beat"))
        return started

    yield start
    for process in started:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture
def redis_ends_and_comes_back(invite, valkey, sink):
    """A mail goes out; Redis ends; another mail is due; a beat later Redis is back."""

    def do() -> None:
        invite(2)
        later = Message.objects.order_by("pk").last()
        Message.objects.filter(pk=later.pk).update(due_at=timezone.now() + timedelta(days=1))
        until(lambda: sink.count() == 1, 40, "the first mail")
        valkey.end()
        time.sleep(1)  # the look that has found the first mail looks once more
        Message.objects.filter(pk=later.pk).update(due_at=timezone.now())
        time.sleep(A_BEAT)
        assert sink.count() == 1  # a control, too: this mail's only way is the bell
        valkey.begin()

    return do


@pytest.mark.long
def test_worker_and_beat_find_redis_again_by_themselves(celery, redis_ends_and_comes_back, sink):
    running = celery("delight.celery")
    redis_ends_and_comes_back()
    until(lambda: sink.count() == 2, 60, "the second mail")
    assert [process.poll() for process in running] == [None, None]


@pytest.mark.long
def test_a_worker_that_does_not_look_for_redis_again_needs_a_restart(celery, redis_ends_and_comes_back, sink):
    """The control: the same two without `broker_connection_retry`."""
    celery("tests.faults.giving_up")
    redis_ends_and_comes_back()
    time.sleep(2 * A_BEAT)
    assert sink.count() == 1
