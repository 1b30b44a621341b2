"""Imports that are killed, doubled, or that meet on the way."""

import threading
from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from delight.customers.importing import jobs
from delight.customers.models import Account, Customer, CustomerImport
from delight.organisation.models import AuditEntry
from delight.outbox.models import Job
from delight.outbox.pump import run_due
from tests.customers.helpers import check, start

ROWS = 1200


def file_of(rows: int, *, backwards: bool = False) -> str:
    lines = [f"Person {n},p{n}@mail.example,Firm {n % 7}\n" for n in range(rows)]
    if backwards:
        lines.reverse()
    return "Name,E-mail,Company\n" + "".join(lines)


@pytest.fixture
def checked(manager, signed_in, team) -> CustomerImport:
    return check(signed_in(manager), file_of(ROWS), team=team.pk)


@pytest.fixture
def failing_write(monkeypatch):
    """`failing_write(error)`: the second batch of rows fails once."""

    def fail_with(error: BaseException) -> None:
        monkeypatch.setattr(jobs, "BATCH", 500)
        real, calls = jobs.write, []

        def write(*arguments):
            calls.append(1)
            real(*arguments)
            if len(calls) == 2:
                raise error

        monkeypatch.setattr(jobs, "write", write)

    return fail_with


@pytest.mark.django_db(transaction=True)
def test_a_failed_run_writes_nothing_and_may_be_started_again(manager, signed_in, checked, failing_write):
    failing_write(RuntimeError("the disk is full"))
    browser = signed_in(manager)
    start(browser, checked)
    assert checked.state == "checked"
    assert "nothing was written" in checked.error
    assert not Customer.objects.exists()
    assert not Account.objects.exists()
    assert not AuditEntry.objects.filter(verb="import").exists()

    start(browser, checked)
    assert (checked.state, checked.error, checked.new) == ("done", "", ROWS)
    assert Customer.objects.count() == ROWS


class Killed(BaseException):
    """The process is gone: nobody catches this, nothing is tidied up."""


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_nothing_and_the_next_one_does_it_all(manager, signed_in, checked, failing_write):
    failing_write(Killed())
    with pytest.raises(Killed):
        start(signed_in(manager), checked)
    assert not Customer.objects.exists()
    assert Job.objects.get(kind="run-import").state == "running"

    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    run_due()

    assert Customer.objects.count() == ROWS
    assert Account.objects.count() == 7
    checked.refresh_from_db()
    assert checked.state == "done"


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_while_the_one_transaction_is_open(manager, signed_in, checked, monkeypatch):
    seen: list[tuple[int, int]] = []
    real = jobs.write
    monkeypatch.setattr(jobs, "BATCH", 500)

    def write(*arguments):
        real(*arguments)
        seen.append(_from_another_connection(lambda: (Customer.objects.count(), _done())))

    monkeypatch.setattr(jobs, "write", write)
    start(signed_in(manager), checked)
    assert seen == [(0, 0), (0, 500), (0, 1000)]
    assert Customer.objects.count() == ROWS


def _done() -> int:
    return Job.objects.get(kind="run-import").done


def _from_another_connection(question):
    answers: list = []

    def ask() -> None:
        answers.append(question())
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    return answers[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "control"])
def test_two_workers_on_one_import_make_no_doubles(checked, monkeypatch, guarded):
    """The state moves under the row's lock: without that, both run to their end."""
    CustomerImport.objects.filter(pk=checked.pk).update(state="importing")
    if not guarded:
        monkeypatch.setattr(jobs, "_claimed", _not_claimed)
    ran: list[int] = []
    monkeypatch.setattr(jobs, "_end", _counting(jobs._end, ran))
    barrier, errors = threading.Barrier(2), []

    def work() -> None:
        barrier.wait()
        try:
            jobs.run(checked.pk, lambda done, total: None)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _worker in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Customer.objects.count() == ROWS
    assert AuditEntry.objects.filter(verb="import").count() == len(ran)
    assert (len(ran) == 1 and not errors) == guarded


def _not_claimed(import_id, state):
    related = CustomerImport.objects.select_related("file", "workbook", "created_by", "team")
    return nullcontext(related.get(pk=import_id))


def _counting(real, ran):
    def end(*arguments):
        real(*arguments)
        ran.append(1)

    return end


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("backwards", [False, True])
def test_two_imports_of_the_same_people_at_once_make_no_doubles(sponsor, signed_in, team, checked, backwards):
    """Backwards: each waits for what the other has written, which is a deadlock."""
    twin = check(signed_in(sponsor), file_of(ROWS, backwards=backwards), team=team.pk)
    CustomerImport.objects.filter(pk__in=[checked.pk, twin.pk]).update(state="importing")
    barrier, errors = threading.Barrier(2), []

    def work(pk: int) -> None:
        barrier.wait()
        try:
            jobs.run(pk, lambda done, total: None)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[pk]) for pk in (checked.pk, twin.pk)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not errors
    assert (Customer.objects.count(), Account.objects.count()) == (ROWS, 7)
    outcomes = CustomerImport.objects.order_by("new").values_list("state", "new", "same")
    assert list(outcomes) == [("done", 0, ROWS), ("done", ROWS, 0)]


@pytest.mark.django_db
def test_a_failed_check_lets_the_columns_be_chosen_again(manager, signed_in, team, monkeypatch):
    def fail(*arguments):
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(jobs, "_note_problems", fail)
        one = check(signed_in(manager), file_of(3), team=team.pk)
    assert one.state == "failed"
    assert "Try again" in one.error

    one = check(signed_in(manager), file_of(3), team=team.pk)
    assert one.state == "checked"
