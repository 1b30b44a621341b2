"""A worker that is killed in the middle of an import: nothing of it stands, and the next one does it all, once."""

from contextlib import nullcontext

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from delight.customers.importing import jobs
from delight.customers.importing.services import choose_columns, inspect, start_import, upload_import
from delight.customers.models import Customer, CustomerImport
from delight.outbox.models import Job
from delight.outbox.pump import run_due
from tests.faults.senders import until
from tests.faults.test_jobs_killed import is_stuck, worker  # noqa: F401 (a fixture)

ROWS = jobs.BATCH + 500


@pytest.fixture
def checked(transactional_db, sponsor, team) -> CustomerImport:
    lines = "".join(f"Person {n},p{n}@mail.example\n" for n in range(ROWS))
    file = SimpleUploadedFile("customers.csv", f"Name,E-mail\n{lines}".encode(), "text/csv")
    one = upload_import(by=sponsor, file=file, found=inspect(file))
    columns = {"name": 0, "email": 1}
    choose_columns(by=sponsor, customer_import=one, columns=columns, address_source="existing", team=team)
    run_due()
    one.refresh_from_db()
    assert (one.state, one.new) == ("checked", ROWS)
    return one


@pytest.fixture
def in_the_way(checked):
    """Somebody else is about to add the last customer of the file: the import waits for them in its second batch."""
    line = connection.copy()
    line.set_autocommit(False)
    with line.cursor() as cursor:
        cursor.execute(
            "INSERT INTO customers_customer (name, address_as, sort_key, search_text, contact_text, email, phone,"
            " phone_key, language, time_zone, account_role, preferred_channel, preferred_time, outside_id,"
            " address_source, last_asked_for, given_up_hash, created_at)"
            " VALUES ('Somebody', '', '', '', '', %s, '', '', '', '', '', '', '', '', 'other', '', '', now())",
            [f"p{ROWS - 1}@mail.example"],
        )
    yield line
    line.close()


@pytest.mark.slow
def test_a_killed_import_leaves_nothing_and_the_next_worker_does_it_all(checked, sponsor, in_the_way, worker):  # noqa: F811
    start_import(by=sponsor, customer_import=checked, skip_bad_rows=False)
    first = worker("first")
    until(lambda: is_stuck("first"), what="reaching the second batch")
    job = Job.objects.get(kind="run-import")
    assert (job.state, job.done) == ("running", jobs.BATCH)
    first.kill()
    first.wait()
    in_the_way.rollback()
    assert Customer.objects.count() == 0
    checked.refresh_from_db()
    assert checked.state == "importing"

    worker("second")
    until(lambda: Job.objects.get(kind="run-import").is_over, what="the job")
    job.refresh_from_db()
    assert (job.state, job.attempts, job.done) == ("done", 2, ROWS)
    assert (Customer.objects.count(), Customer.objects.values("email").distinct().count()) == (ROWS, ROWS)
    checked.refresh_from_db()
    assert (checked.state, checked.new, checked.bad) == ("done", ROWS, 0)


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("guarded", [True, pytest.param(False, marks=pytest.mark.slow)], ids=["guarded", "control"])
def test_without_the_one_transaction_half_of_it_would_stand(checked, sponsor, monkeypatch, guarded):
    """The control: each batch written by itself, as if nothing held them together."""
    start_import(by=sponsor, customer_import=checked, skip_bad_rows=False)
    real, calls = jobs.write, []

    def write(*arguments):
        calls.append(1)
        if len(calls) == 2:
            raise Killed
        real(*arguments)

    monkeypatch.setattr(jobs, "write", write)
    run = jobs._run_once
    if not guarded:
        run = jobs._run_once.__wrapped__
        related = CustomerImport.objects.select_related("file", "workbook", "created_by", "team")
        monkeypatch.setattr(jobs, "_claimed", lambda pk, state: nullcontext(related.get(pk=pk)))
    with pytest.raises(Killed):
        run(checked.pk, lambda done, total: None)
    assert Customer.objects.count() == (0 if guarded else jobs.BATCH)
