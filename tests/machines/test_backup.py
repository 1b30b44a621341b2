"""The drill: load, back up, destroy, put back somewhere else. All rows are the same, and no mail leaves the copy."""

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from delight.front.backups import contents_of, read_backup
from delight.local.paths import ROOT, Trouble, temp_folders
from delight.organisation.models import AuditEntry, Organisation
from delight.organisation.services import release_sending, this_copy, why_sending_is_off
from delight.outbox.models import Message
from staff.people.models import User
from tests.faults.senders import environment
from tests.journeys.site import PRODUCT, copy
from tests.local.conftest import Checkout
from tests.machines.digests import digests

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
committed = pytest.mark.django_db(transaction=True)  # for what other processes have to see


@pytest.fixture
def company(settings):
    """The demo company, with a survey on its way to everybody and an invitation to a colleague: mail is due."""
    from delight.outbox.jobs import run_one
    from staff.people.services import invite_person
    from surveys.design.models import Survey
    from surveys.sending.services import send_survey

    call_command("demo", verbosity=0)
    owner = User.objects.filter(is_sponsor=True).first()
    invite_person(by=owner, email="ada@barber.example", team=None, is_sponsor=True)
    send_survey(by=owner, survey=Survey.objects.first(), sender=owner)
    while run_one():
        pass
    assert Message.objects.filter(state="waiting").count() > 100
    return Organisation.get()


@pytest.fixture
def backup(tmp_path):
    """`backup()`: the whole database in a new file."""

    def make(file: Path = tmp_path / "all.dump") -> Path:
        call_command("backup", str(file), verbosity=0)
        return file

    return make


def manage(*words: str, **more) -> subprocess.CompletedProcess:
    """A command as a process of its own, on this test's database."""
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        env=environment(9), cwd=ROOT, capture_output=True, text=True, timeout=120, check=False, **more,
    )  # fmt: skip


# --- The drill ----------------------------------------------------------------------------------------------------

LOOK = """
import json
from pathlib import Path
from django.conf import settings
from delight.organisation.services import release_sending, why_sending_is_off
from delight.outbox.pump import run_due, send_batch
from tests.machines.digests import digests

def letters():
    return len(list(Path(settings.LOCAL_FOLDER, "mailbox").glob("*.eml")))

same, why = digests(), why_sending_is_off()
run_due()
silent = letters()
release_sending(by=None)
send_batch()
print(json.dumps([same, why, silent, letters()]))
"""


@pytest.fixture
def clean_folder():
    """A checkout that has never run: its own servers, its own key, nothing of ours but the code."""
    base = Path(tempfile.mkdtemp(prefix="delight-drill-", dir=temp_folders()[0]))
    base.chmod(0o711)
    root = base / "checkout"
    root.mkdir()
    for name in (*PRODUCT, "tests/machines"):
        (root / name).parent.mkdir(exist_ok=True)
        copy(ROOT / name, root / name)
    checkout = Checkout(root)
    yield checkout
    checkout.clear()
    shutil.rmtree(base, ignore_errors=True)


@committed
def test_a_backup_put_back_in_a_clean_folder_has_all_rows_and_sends_nothing(company, backup, clean_folder):
    before, file = digests(), backup()
    done = clean_folder.run("restore", str(file))
    assert done.returncode == 0, done.stderr
    assert "Barber & Sons is back: 600 customers" in done.stdout
    assert f"key stands in {clean_folder.local}/secret-key" in done.stderr
    (clean_folder.local / "secret-key").write_text(os.environ["SECRET_KEY"])
    looked = clean_folder.run("shell", "--no-imports", "-c", LOOK)
    assert looked.returncode == 0, looked.stderr
    after, why, silent, released = json.loads(looked.stdout.splitlines()[-1])
    assert after == before
    assert len(before) > 40
    assert (why, silent) == ("off", 0)
    assert released > 10  # the control: the same rows leave as soon as a sponsor lets them


@committed
def test_put_back_in_its_own_place_it_is_silent_from_the_first_moment(company, backup):
    """The same cluster and the same database: nothing but the switch tells this copy from the one that may send."""
    before, file, copy_before = digests(), backup(), this_copy()
    Organisation.objects.update(name="Something else")
    User.objects.filter(is_sponsor=False).update(is_active=False)
    done = manage("restore", str(file), "--replace", "--yes")
    assert done.returncode == 0, done.stderr
    assert "SECRET_KEY" not in done.stderr
    assert this_copy() == copy_before
    assert why_sending_is_off() == "off"
    assert digests() == before
    assert AuditEntry.objects.filter(verb="restore").count() == 1
    release_sending(by=None)
    assert why_sending_is_off() == ""


# --- What is no backup --------------------------------------------------------------------------------------------


@pytest.fixture
def small(backup):
    """A backup of a database that waits for its company."""
    return backup()


@committed
def test_a_backup_says_what_it_holds_is_private_and_is_noted(organisation, tmp_path, make_customer):
    make_customer("Zoë O'Neil\t\\ {1}")
    done = manage("backup", str(tmp_path / "all.dump"))
    assert done.returncode == 0, done.stderr
    assert re.search(
        r"all\.dump \(0\.\d MB\) holds Barber & Sons: 1 customers, 0 answers.* rows in \d+ tables", done.stdout
    )
    assert (tmp_path / "all.dump").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["all.dump"]
    assert Organisation.get().backed_up_at is not None


def test_nothing_is_overwritten(small):
    before = small.read_bytes()
    with pytest.raises(CommandError, match="never overwritten"):
        call_command("backup", str(small))
    assert small.read_bytes() == before


def test_a_file_that_was_cut_off_is_refused(small):
    whole = small.read_bytes()
    assert read_backup(small).is_ours
    for missing in (1, 20, 73, 74, 2_000, 20_000, len(whole) - 1):
        small.write_bytes(whole[:-missing])
        with pytest.raises(CommandError, match="not the whole of one"):
            call_command("restore", str(small), replace=True, yes=True)


def test_a_single_flipped_bit_anywhere_is_noticed(small):
    """Of 60 such files PostgreSQL's own program took 13 as they were."""
    whole = small.read_bytes()
    places = [*Random(3).sample(range(8 * len(whole)), 300), *range(8 * (len(whole) - 73), 8 * len(whole))]
    for place in places:
        flipped = bytearray(whole)
        flipped[place // 8] ^= 1 << place % 8
        small.write_bytes(flipped)
        with pytest.raises(Trouble, match=r"is damaged|no backup, or not the whole"):
            read_backup(small)
    with pytest.raises(CommandError, match="no backup, or not the whole"):  # through the door, the last of them
        call_command("restore", str(small), replace=True, yes=True)
    small.write_bytes(whole.replace(b"PGDMP", b"PGDMQ"))
    with pytest.raises(CommandError, match="is damaged: it is not what was written"):
        call_command("restore", str(small), replace=True, yes=True)
    small.write_bytes(whole)
    assert read_backup(small).is_ours


def test_other_files_are_refused(small, tmp_path):
    for contents in (b"", b"Hello", b"-- PostgreSQL database dump\nCREATE TABLE x ();\n"):
        (tmp_path / "other").write_bytes(contents)
        with pytest.raises(CommandError, match="it is no backup"):
            call_command("restore", str(tmp_path / "other"), replace=True, yes=True)
    with pytest.raises(CommandError, match="There is no file"):
        call_command("restore", str(tmp_path / "none"), replace=True, yes=True)
    with pytest.raises(CommandError, match="There is no file"):
        call_command("restore", str(tmp_path), replace=True, yes=True)


def test_a_dump_that_was_not_made_here_is_refused(small, tmp_path):
    from delight.front import backups

    with backups._client("pg_dump", "-Fc", "--table=django_session", f"--file={tmp_path}/other", failed="x"):
        pass
    with pytest.raises(CommandError, match="it is no backup"):
        call_command("restore", f"{tmp_path}/other", replace=True, yes=True)


@committed
def test_a_backup_of_a_newer_delight_is_refused(organisation, backup):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('people', '0999_wings', now())")
        file = backup()
        cursor.execute("DELETE FROM django_migrations WHERE name = '0999_wings'")
    with pytest.raises(CommandError, match=r"newer Delight \(it knows people\.0999_wings\)"):
        call_command("restore", str(file), replace=True, yes=True)


@committed
def test_a_backup_from_between_migrations_that_are_one_by_now_is_refused(organisation, backup):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name = '0014_memory'")
        file = backup()
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('customers', '0014_memory', now())")
    with pytest.raises(CommandError, match="of the very first days: update that one"):
        call_command("restore", str(file), replace=True, yes=True)


@committed
def test_a_company_is_replaced_only_when_told_to(organisation, backup, monkeypatch):
    small = backup()
    for options in ({}, {"yes": True}):
        with pytest.raises(CommandError, match="not empty"):
            call_command("restore", str(small), **options)
    with pytest.raises(CommandError, match="add --yes"):  # nobody is there to be asked
        call_command("restore", str(small), replace=True)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _prompt: "yes")  # not the company's name
    with pytest.raises(CommandError, match="Nothing has changed"):
        call_command("restore", str(small), replace=True)
    assert why_sending_is_off() == ""
    monkeypatch.setattr("builtins.input", lambda _prompt: "Barber & Sons")
    call_command("restore", str(small), replace=True)
    assert why_sending_is_off() == "off"


def test_somebody_elses_tables_are_never_deleted(small, monkeypatch):
    monkeypatch.setattr(type(connection.introspection), "table_names", lambda *_: ["wp_posts"])
    with pytest.raises(CommandError, match="not Delight's"):
        call_command("restore", str(small), replace=True, yes=True)


@committed
def test_a_restore_that_fails_changes_nothing(organisation, backup, monkeypatch):
    from delight.front import backups

    file, before = backup(), digests()
    lines = list(backups._script(file))

    def cut(*_):
        yield from lines[: len(lines) // 2]
        raise Trouble("the file has gone")

    monkeypatch.setattr(backups, "_script", cut)
    with pytest.raises(Trouble, match="has gone"):
        backups.put_back(file, instead_of=sorted(contents_of(lines).tables), rows=1, told=lambda _words: None)
    assert digests() == before
    wrong = b"SELECT 1 / 0;\n"
    for script in ([*lines, wrong], [wrong, *lines * 20]):  # at the end; and at the start, with much still to come
        monkeypatch.setattr(backups, "_script", lambda _file, these=script: iter(these))
        with pytest.raises(Trouble, match=r"nothing has changed .*division by zero"):
            backups.put_back(file, instead_of=sorted(contents_of(lines).tables), rows=1, told=lambda _words: None)
        assert digests() == before


# --- What goes wrong on the way out -------------------------------------------------------------------------------


def test_a_full_disk_leaves_no_file(tmp_path):
    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    done = manage("backup", str(tmp_path), preexec_fn=little_room)
    assert done.returncode == 1
    assert "nothing is kept of it" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_killed_backup_is_no_backup_and_the_next_one_clears_it_away(tmp_path):
    command = [sys.executable, "manage.py", "backup", str(tmp_path)]
    held = connection.copy()
    with held.cursor() as cursor:  # the program waits for this lock, in the middle of its work
        cursor.execute("BEGIN; LOCK TABLE people_user IN ACCESS EXCLUSIVE MODE")
        process = subprocess.Popen(command, env=environment(9), cwd=ROOT, start_new_session=True)
        while not list(tmp_path.iterdir()):
            time.sleep(0.05)
        os.killpg(process.pid, 9)
        process.wait()
        cursor.execute("ROLLBACK")
    held.close()
    assert not list(tmp_path.glob("delight-*"))
    (part,) = tmp_path.iterdir()
    assert part.name.startswith(".delight-")
    with pytest.raises(Trouble):
        read_backup(part)
    call_command("backup", str(tmp_path), keep=3)
    assert [path.suffix for path in tmp_path.iterdir()] == [".dump"]


def test_a_stopped_backup_clears_up_itself(tmp_path):
    held = connection.copy()
    with held.cursor() as cursor:
        cursor.execute("BEGIN; LOCK TABLE people_user IN ACCESS EXCLUSIVE MODE")
        process = subprocess.Popen(
            [sys.executable, "manage.py", "backup", str(tmp_path)], env=environment(9), cwd=ROOT
        )  # fmt: skip
        while not list(tmp_path.iterdir()):
            time.sleep(0.05)
        process.terminate()
        assert process.wait(20) == 143
        cursor.execute("ROLLBACK")
    held.close()
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_password_is_told_in_a_sentence(tmp_path):
    nobody = {**environment(9), "DATABASE_URL": "postgres://delight:wrong@127.0.0.1:9/delight"}
    nobody.pop("DELIGHT_LOCAL")
    for words in (("backup", str(tmp_path)), ("restore", str(tmp_path / "x"))):
        done = subprocess.run(
            [sys.executable, "manage.py", *words], env=nobody, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        assert done.stderr.startswith("CommandError: The database could not be reached: ")
    assert list(tmp_path.iterdir()) == []


def test_only_the_latest_are_kept(tmp_path):
    for day in range(1, 6):
        (tmp_path / f"delight-2026-01-0{day}-000000.dump").touch()
    (tmp_path / "holiday.jpg").touch()
    call_command("backup", str(tmp_path), keep=3)
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left[:2] == ["delight-2026-01-04-000000.dump", "delight-2026-01-05-000000.dump"]
    assert len(left) == 4
    assert "holiday.jpg" in left


@pytest.mark.parametrize("words", [["--keep", "0"], ["--keep", "x"], ["new.dump", "--keep", "3"], ["no/such/folder/x"]])
def test_odd_wishes_are_refused(tmp_path, words, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError):
        call_command("backup", *words)
    assert list(tmp_path.iterdir()) == []


def test_the_program_of_another_version_is_not_taken(monkeypatch):
    from delight.local.programs import find_clients

    assert (find_clients(18) / "pg_dump").exists()
    with pytest.raises(Trouble, match="postgresql-client-11"):
        find_clients(11)
