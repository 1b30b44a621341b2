"""A worker that is killed while it reads a calendar or takes over a file: the next one does it all, and all once."""

import subprocess
import sys
import uuid
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from delight.customers.importing import services
from delight.customers.importing.services import choose_columns, start_import, upload_import
from delight.customers.models import Customer, Visit
from delight.customers.visits import calendars, files
from delight.customers.visits.calendars import add_calendar, read_calendar
from delight.local.paths import ROOT
from delight.outbox.models import Job
from delight.outbox.pump import run_due
from tests.customers.test_visit_calendars import booking_site, event, ics  # noqa: F401 (a fixture)
from tests.faults.senders import environment, until
from tests.faults.test_jobs_killed import NOBODY_LISTENS, is_stuck, worker  # noqa: F401 (a fixture)

BOOKINGS = 40
ROWS = 3 * files.BATCH
MANY = 20_000
ON_LOOPBACK = """
import sys
from functools import partial
import django
django.setup()
from delight.customers.visits.calendars import KIND, read_calendar
from delight.outbox.registry import JOB_KINDS, JobKind
JOB_KINDS[KIND] = JobKind(name=KIND, run=partial(read_calendar, allowed=lambda address: True))
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", *sys.argv[1:]])
"""

pytestmark = pytest.mark.django_db(transaction=True)


class Killed(BaseException):
    """The process is gone."""


@pytest.fixture
def in_the_way(organisation, team, manager):
    """`in_the_way(source, source_id, calendar)`: somebody is about to write the visit that the job wants to write."""
    line = connection.copy()
    line.set_autocommit(False)

    def do(source: str, source_id: str, calendar: int | None) -> None:
        with line.cursor() as cursor:
            cursor.execute(
                "INSERT INTO customers_visit (guest, team_id, starts_at, state, reference, source, calendar_id,"
                " source_id, created_at) VALUES ('', %s, now(), 'planned', '', %s, %s, %s, now())",
                [team.pk, source, calendar, source_id],
            )

    do.line = line
    yield do
    line.close()


def job(kind: str) -> Job:
    return Job.objects.filter(kind=kind).latest("pk")


def is_over(kind: str) -> bool:
    return job(kind).is_over


# --- Calendars ----------------------------------------------------------------------------------------------------


@pytest.fixture
def calendar(booking_site, team, manager):  # noqa: F811
    start = timezone.now() + timedelta(days=1)
    bookings = (event(f"{n}@booking", start + timedelta(minutes=n), f"Guest {n}") for n in range(BOOKINGS))
    booking_site.content = ics(*bookings)
    return add_calendar(by=manager, team=team, name="Bookings", url=booking_site.url)


@pytest.fixture
def reader(tmp_path):
    """`reader(name)`: a worker that may read calendars of this machine."""
    started = []

    def start(name: str) -> subprocess.Popen:
        with (tmp_path / f"{name}.log").open("wb") as log:
            started.append(
                subprocess.Popen(
                    [sys.executable, "-c", ON_LOOPBACK, "pump", "--loop", "--every", "0.2"],
                    env=environment(NOBODY_LISTENS, PGAPPNAME=name, DJANGO_SETTINGS_MODULE="delight.settings"),
                    stdout=log,
                    stderr=log,
                    cwd=ROOT,
                    start_new_session=True,
                )
            )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.slow
def test_a_killed_reading_of_a_calendar_is_done_by_the_next_worker_once(calendar, reader, in_the_way):
    in_the_way("calendar", f"{BOOKINGS - 1}@booking", calendar.pk)
    begun = job(calendars.KIND)
    first = reader("first")
    until(lambda: is_stuck("first"), what="the middle of the reading")
    first.kill()
    first.wait()
    in_the_way.line.rollback()
    assert Visit.objects.count() == 0
    reader("second")
    until(lambda: Job.objects.get(pk=begun.pk).is_over, what="the job")
    begun.refresh_from_db()
    assert (begun.state, begun.attempts) == ("done", 2)
    sources = Visit.objects.filter(calendar=calendar).values_list("source_id", flat=True)
    assert len(sources) == len(set(sources)) == BOOKINGS
    calendar.refresh_from_db()
    assert calendar.error == ""


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "control"])
def test_a_reading_that_was_written_and_not_noted_is_repeated_without_doubles(calendar, monkeypatch, guarded):
    """The control: bookings that are not known again by their source's own number."""
    take = calendars.take_events

    def take_and_die(*arguments):
        take(*arguments)
        raise Killed

    read = partial(read_calendar, calendar.pk, lambda done, total: None, allowed=lambda address: True)
    if not guarded:
        known = calendars.read_events
        monkeypatch.setattr(
            calendars, "read_events",
            lambda *a: [replace(each, source_id=str(uuid.uuid4())) for each in known(*a)],
        )  # fmt: skip
        monkeypatch.setattr(calendars, "_remove_planned", lambda *arguments: None)
    with monkeypatch.context() as dying:
        dying.setattr(calendars, "take_events", take_and_die)
        with pytest.raises(Killed):
            read()
    read()
    assert Visit.objects.count() == (BOOKINGS if guarded else 2 * BOOKINGS)


# --- Files --------------------------------------------------------------------------------------------------------


@pytest.fixture
def checked_visits(organisation, team, manager, make_customer):
    """`checked_visits(rows)`: a file of visits that waits to be taken over."""
    make_customer("Emma Peeters", email="emma@mail.example", team=team)

    def do(rows: int):
        day = (timezone.now() + timedelta(days=3)).strftime("%Y-%m-%d")
        lines = "".join(f"{day} {n // 60 % 24:02}:{n % 60:02},emma@mail.example,b-{n}\n" for n in range(rows))
        file = SimpleUploadedFile("visits.csv", f"Start,E-mail,Booking number\n{lines}".encode(), "text/csv")
        one = files.upload_visits(by=manager, team=team, file=file, found=files.inspect(file))
        run_due()
        one.refresh_from_db()
        assert (one.state, one.new, one.bad) == ("checked", rows, 0), one.problems
        return one

    return do


def examine_visits(one, rows: int) -> None:
    one.refresh_from_db()
    assert (one.state, one.new, one.bad) == ("done", rows, 0)
    assert (Visit.objects.count(), Visit.objects.values("source_id").distinct().count()) == (rows, rows)


@pytest.mark.slow
def test_a_killed_file_of_visits_leaves_nothing_and_the_next_worker_takes_it_whole(
    checked_visits,
    manager,
    team,
    worker,  # noqa: F811
    in_the_way,
):
    one = checked_visits(ROWS)
    files.take_visits(by=manager, visit_file=one)
    in_the_way("file", f"{team.pk}:b-{ROWS - 1}", None)
    first = worker("first")
    until(lambda: is_stuck("first"), what="the last part of the file")
    assert job("take-visits").done == ROWS - files.BATCH
    first.kill()
    first.wait()
    in_the_way.line.rollback()
    assert Visit.objects.count() == 0
    worker("second")
    until(lambda: is_over("take-visits"), what="the job")
    assert (job("take-visits").state, job("take-visits").attempts) == ("done", 2)
    examine_visits(one, ROWS)


def kill_at_half(kind: str, worker) -> None:  # noqa: F811
    first = worker("first")
    until(lambda: job(kind).done >= MANY / 2, what="half of the file", seconds=120)
    first.kill()
    first.wait()
    assert not is_over(kind)
    worker("second")
    until(lambda: is_over(kind), what="the job", seconds=120)
    assert (job(kind).state, job(kind).attempts, job(kind).done) == ("done", 2, MANY)


@pytest.mark.long
def test_a_file_of_20_000_visits_killed_at_half(checked_visits, manager, worker):  # noqa: F811
    one = checked_visits(MANY)
    files.take_visits(by=manager, visit_file=one)
    kill_at_half("take-visits", worker)
    examine_visits(one, MANY)


@pytest.mark.long
def test_a_file_of_20_000_customers_killed_at_half(organisation, sponsor, team, worker):  # noqa: F811
    lines = "".join(f"Person {n},p{n}@mail.example\n" for n in range(MANY))
    file = SimpleUploadedFile("customers.csv", f"Name,E-mail\n{lines}".encode(), "text/csv")
    one = upload_import(by=sponsor, file=file, found=services.inspect(file))
    columns = {"name": 0, "email": 1}
    choose_columns(by=sponsor, customer_import=one, columns=columns, address_source="existing", team=team)
    run_due()
    one.refresh_from_db()
    start_import(by=sponsor, customer_import=one, skip_bad_rows=False)
    kill_at_half("run-import", worker)
    one.refresh_from_db()
    assert (one.state, one.new, one.bad) == ("done", MANY, 0)
    assert (Customer.objects.count(), Customer.objects.values("email").distinct().count()) == (MANY, MANY)
