"""A worker that is killed, or that freezes, in the middle of preparing a sending: the next one finishes it."""

import signal

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from delight.organisation.services import stop_sending
from delight.outbox import jobs, registry
from delight.outbox.models import Job, Message
from delight.outbox.services import start_job
from surveys.sending.models import Invitation, Sending
from surveys.sending.services import BATCH
from tests.faults.senders import start_pump, until

TOTAL = BATCH + 100
NOBODY_LISTENS = 9
PREPARE = "prepare-sending"  # workers have jobs of their own as well, such as the day's clean-up


@pytest.fixture
def worker(tmp_path):
    """`worker(name)`: another process that does what is due."""
    started = []

    def start(name: str):
        started.append(start_pump(tmp_path, name, NOBODY_LISTENS))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def is_stuck(name: str) -> bool:
    """Whether that worker waits for somebody else's lock. Other databases of the cluster have a "first" as well."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = %s AND wait_event_type = 'Lock'",
            [name],
        )
        return cursor.fetchone() is not None


@pytest.fixture
def sending(transactional_db, make_customers, sponsor, send) -> Sending:
    stop_sending(by=sponsor)  # jobs are run, mails stay: here they are not the matter
    make_customers(TOTAL)
    return send()


@pytest.fixture
def stuck_worker(sending, worker):
    """A worker with the first batch done, caught in the middle of the second one."""
    line = connection.copy()
    line.set_autocommit(False)
    with line.cursor() as cursor:
        cursor.execute("SELECT 1 FROM customers_customer WHERE name = %s FOR UPDATE", [f"Customer {TOTAL - 1}"])
        first = worker("first")
        until(lambda: is_stuck("first") and Invitation.objects.count() == BATCH, what="reaching the second batch")
    yield first, line
    line.close()


def examine(sending: Sending) -> None:
    assert Invitation.objects.filter(sending=sending).count() == TOTAL
    assert Invitation.objects.values("customer").distinct().count() == TOTAL
    wanted = {f"invite:{pk}" for pk in Invitation.objects.values_list("pk", flat=True)}
    assert set(Message.objects.values_list("key", flat=True)) == wanted
    sending.refresh_from_db()
    assert sending.state == Sending.State.SENDING


@pytest.mark.slow
def test_a_killed_workers_job_is_finished_by_the_next_one(sending, stuck_worker, worker):
    first, line = stuck_worker
    assert Invitation.objects.count() == BATCH
    first.kill()
    first.wait()
    line.rollback()
    worker("second")
    until(lambda: Job.objects.get(kind=PREPARE).is_over, what="the job")
    job = Job.objects.get(kind=PREPARE)
    assert (job.state, job.attempts, job.done) == ("done", 2, TOTAL)
    examine(sending)


@pytest.mark.slow
def test_without_leases_a_killed_workers_job_is_never_finished(sending, stuck_worker, monkeypatch):
    """The control: a claim that takes only what nobody has begun."""
    first, line = stuck_worker
    first.kill()
    first.wait()
    line.rollback()
    Job.objects.exclude(kind=PREPARE).delete()
    Job.objects.update(lease_until=timezone.now())
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "CLAIM", jobs.CLAIM.replace("IN ('waiting', 'running')", "= 'waiting'"))
        assert jobs.run_one() == 0
    with pytest.raises(AssertionError):
        examine(sending)
    assert jobs.run_one() == 1
    examine(sending)


@pytest.mark.slow
def test_a_frozen_worker_that_wakes_up_after_its_lease_adds_nothing(sending, stuck_worker, worker, tmp_path):
    first, line = stuck_worker
    first.send_signal(signal.SIGSTOP)
    line.rollback()
    worker("second")
    until(lambda: Job.objects.get(kind=PREPARE).is_over, what="the job")
    first.send_signal(signal.SIGCONT)
    until(lambda: "taken over" in (tmp_path / "first.log").read_text(), what="the first worker's waking up")
    job = Job.objects.get(kind=PREPARE)
    assert (job.state, job.attempts, job.done) == ("done", 2, TOTAL)
    examine(sending)


@pytest.fixture
def taken_over_in_the_middle(organisation, monkeypatch):
    """A job of three steps whose first worker, after a step, sleeps past its lease; which worker did which step."""
    done: list[tuple[str, int]] = []

    def run(object_id, progress):
        me = "second" if done else "first"
        for step in (1, 2, 3):
            progress(step, 3)
            done.append((me, step))
            if (me, step) == ("first", 1):
                Job.objects.update(lease_until=timezone.now())
                assert jobs.run_one() == 1

    monkeypatch.setitem(registry.JOB_KINDS, "three-steps", registry.JobKind(name="three-steps", run=run))
    start_job(kind="three-steps", object_id=1, key="three-steps:1")
    return done


@pytest.mark.slow
def test_a_worker_whose_job_was_taken_over_does_not_one_step_more(taken_over_in_the_middle):
    assert jobs.run_one() == 1
    assert taken_over_in_the_middle == [("first", 1), ("second", 1), ("second", 2), ("second", 3)]
    assert Job.objects.get().state == "done"


@pytest.mark.slow
def test_without_the_fence_both_workers_do_the_rest(taken_over_in_the_middle, monkeypatch):
    """The control. Preparing a sending bears that, since its rows have keys; not every job does."""
    assert "AND fence = %s" in jobs.PROGRESS
    monkeypatch.setattr(jobs, "PROGRESS", jobs.PROGRESS.replace("AND fence = %s", "AND fence >= 0 * %s"))
    assert jobs.run_one() == 1
    assert taken_over_in_the_middle[-2:] == [("first", 2), ("first", 3)]


@pytest.fixture
def cut_off(organisation, monkeypatch):
    """`cut_off(n)`: a job whose first n runs the database cuts off; returns how often it ran."""

    def make(times: int) -> list[int]:
        runs: list[int] = []

        def run(object_id, progress):
            runs.append(object_id)
            if len(runs) <= times:
                raise OperationalError("canceling statement due to lock timeout")

        monkeypatch.setitem(registry.JOB_KINDS, "cut-off", registry.JobKind(name="cut-off", run=run))
        start_job(kind="cut-off", object_id=1, key="cut-off:1")
        return runs

    return make


def run_again() -> str:
    """Have the job run now, whenever it is due; returns its state."""
    Job.objects.update(due_at=timezone.now())
    jobs.run_one()
    return Job.objects.get().state


@pytest.mark.slow
def test_a_job_that_the_database_cuts_off_is_run_again_later(cut_off):
    runs = cut_off(1)
    assert run_again() == "waiting"
    job = Job.objects.get()
    assert job.lease_until is None
    assert job.due_at > timezone.now()
    assert run_again() == "done"
    assert len(runs) == 2


@pytest.mark.slow
def test_a_job_that_is_cut_off_every_time_fails_in_the_end(cut_off):
    runs = cut_off(99)
    assert [run_again() for _each in range(4)] == ["waiting", "waiting", "failed", "failed"]
    assert len(runs) == 3
