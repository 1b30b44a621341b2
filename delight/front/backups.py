"""Backups: one compressed file by pg_dump, sealed by its checksum, read to its last byte before it gets its name; and
the way back.

Files, sessions and everything else are rows, so one dump is a whole backup. A copy that is put back is silent from the
transaction on that makes it: not even a worker that never stopped finds a moment to send from it.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import secrets
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient
from django.db.migrations.loader import MigrationLoader

from delight.local.paths import Trouble
from delight.local.programs import find_clients

Told = Callable[[str], None]
CHUNK = 1 << 20

ORGANISATION, MIGRATIONS = "organisation_organisation", "django_migrations"
COPY = re.compile(rb"COPY public\.(\w+) \((.*)\) FROM stdin;\n")
END_OF_ROWS = b"\\.\n"
BEGIN = "BEGIN;\nSET lock_timeout = '20s';\n"
SEAL, SEAL_LENGTH = re.compile(rb"\nsha256 ([0-9a-f]{64})\n"), 73  # what a backup ends with; its programs read past it
SILENT = "UPDATE public.organisation_organisation SET sending_on = false;\nCOMMIT;\n"


# --- PostgreSQL's programs ----------------------------------------------------------------------------------------


def _environment() -> dict[str, str]:
    """What a client needs to come to our database; not in its command line, which everybody on the machine can read."""
    given = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGDATABASE": "NAME"}
    own = {name: str(given[key]) for name, key in names.items() if given[key]}
    rest = DatabaseClient.settings_to_cmd_args_env(given, [])[1] or {}
    return {**os.environ, "LC_ALL": "C", "PGCLIENTENCODING": "UTF8", **own, **rest}


@contextlib.contextmanager
def _client(name: str, *arguments: str, failed: str, **streams: Any) -> Iterator[subprocess.Popen[bytes]]:
    """One of PostgreSQL's programs, of the server's own version. Raises Trouble with its last words when it fails."""
    connection.ensure_connection()
    folder = find_clients(connection.pg_version // 10000)  # type: ignore[attr-defined]
    with tempfile.TemporaryFile() as said:
        command = [str(folder / name), *arguments]
        with subprocess.Popen(command, env=_environment(), stderr=said, **streams) as process:  # noqa: S603 - our own
            try:
                yield process
                code = process.wait()
            except BaseException:
                process.kill()
                raise
            finally:
                if process.stdin:
                    with contextlib.suppress(BrokenPipeError):
                        process.stdin.close()
        if code:
            said.seek(0)
            lines = said.read().decode(errors="replace").strip().splitlines()
            raise Trouble(f"{failed} ({_telling(lines, name, code)}).")


def _telling(lines: list[str], name: str, code: int) -> str:
    told = next((line for line in lines if "error:" in line.lower()), lines[-1] if lines else "")
    return told.partition("rror:")[2].strip() or told or f"{name} ended with code {code}"


# --- What a file holds --------------------------------------------------------------------------------------------


@dataclass
class Contents:
    """What was found in a backup by reading all of it."""

    rows: Counter[str] = field(default_factory=Counter)
    tables: set[str] = field(default_factory=set)
    migrations: set[tuple[str, str]] = field(default_factory=set)
    fingerprints: set[str] = field(default_factory=set)
    name: str = ""

    def take(self, table: str, columns: list[str], line: bytes) -> None:
        self.rows[table] += 1
        if table not in (ORGANISATION, MIGRATIONS):
            return
        cells = [_plain(cell) for cell in line.rstrip(b"\n").split(b"\t")]
        row = dict(zip(columns, cells, strict=True))
        if table == MIGRATIONS:
            self.migrations.add((row["app"], row["name"]))
        else:
            self.name = row["name"]
            self.fingerprints = set(row["key_fingerprints"].strip("{}").split(",")) - {""}

    @property
    def is_ours(self) -> bool:
        return {ORGANISATION, MIGRATIONS} <= self.tables

    def unknown_migrations(self) -> list[str]:
        """What a newer Delight did to this database, and ours would not understand."""
        ours = MigrationLoader(None).disk_migrations
        known = set(ours).union(*(each.replaces for each in ours.values()))
        return sorted(f"{app}.{name}" for app, name in self.migrations - known)

    @property
    def stopped_half_way(self) -> bool:
        """Whether it has some, but not all, of several migrations that are one by now: no way leads on from there."""
        together = (set(each.replaces) for each in MigrationLoader(None).disk_migrations.values())
        return any(self.migrations & each and each - self.migrations for each in together)


ESCAPED = re.compile(r"\\(.)")


def _plain(cell: bytes) -> str:
    return ESCAPED.sub(lambda found: {"t": "\t", "n": "\n", "r": "\r"}.get(found[1], found[1]), cell.decode())


def contents_of(lines: Iterable[bytes]) -> Contents:
    """Read a backup's SQL through."""
    found, table, columns = Contents(), "", [""]
    for line in lines:
        if table:
            if line == END_OF_ROWS:
                table = ""
            else:
                found.take(table, columns, line)
        elif begins := COPY.fullmatch(line):
            table, columns = begins[1].decode(), begins[2].decode().replace('"', "").split(", ")
            found.tables.add(table)
    return found


def _script(file: Path) -> Iterator[bytes]:
    """The SQL of a backup, line by line. Raises Trouble when PostgreSQL's program cannot read it."""
    options = ("--no-owner", "--no-privileges", "--no-comments", "--file=-")
    failed = f"{file} cannot be read by the program that wrote it"
    with _client("pg_restore", *options, str(file), failed=failed, stdout=subprocess.PIPE) as process:
        yield from process.stdout or ()


def _checksum(file: BinaryIO, length: int) -> bytes:
    """Of the first `length` bytes of a file."""
    found = hashlib.sha256()
    while length > 0 and (chunk := file.read(min(length, CHUNK))):
        found.update(chunk)
        length -= len(chunk)
    return found.hexdigest().encode()


def _seal(file: Path) -> None:
    """Write the checksum behind all that was written: the programs' own checks overlook some flipped bits."""
    with file.open("r+b") as opened:
        opened.write(b"\nsha256 %s\n" % _checksum(opened, file.stat().st_size))
        opened.flush()
        os.fsync(opened.fileno())


def _check_seal(file: Path) -> None:
    with file.open("rb") as opened:
        length = opened.seek(0, os.SEEK_END) - SEAL_LENGTH
        opened.seek(max(length, 0))
        seal = SEAL.fullmatch(opened.read())
        if not seal:
            raise Trouble(f"{file} cannot be used: it is no backup, or not the whole of one.")
        opened.seek(0)
        if _checksum(opened, length) != seal[1]:
            raise Trouble(f"{file} is damaged: it is not what was written, and nothing is taken from it.")


def read_through(file: Path) -> Contents:
    """Read a file to its last byte. Raises Trouble unless it is a whole dump, exactly as it was written."""
    _check_seal(file)
    return contents_of(_script(file))


def read_backup(file: Path) -> Contents:
    """The same, and Trouble unless this code understands it."""
    if not os.access(file, os.R_OK) or not file.is_file():
        raise Trouble(f"There is no file {file} that could be read.")
    found = read_through(file)
    if newer := found.unknown_migrations():
        raise Trouble(f"{file} was made by a newer Delight (it knows {newer[-1]}): update this one first.")
    if found.stopped_half_way:
        raise Trouble(f"{file} was made by a Delight of the very first days: update that one, and back it up again.")
    return found


# --- Out ----------------------------------------------------------------------------------------------------------


def make_backup(file: Path, told: Told) -> Contents:
    """Write a backup. Under its own name it is whole; before that it lies beside it as `.….part`, for nobody but us."""
    part, lock = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part"), None
    try:  # whatever stops us from here on, no file is left
        lock = _new_file(part)
        fcntl.flock(lock, fcntl.LOCK_EX)
        _dump(part, lock, told)
        _seal(part)
        told("Reading it back")
        found = read_through(part)
        if not found.is_ours:
            raise Trouble("There is nothing to back up: this database has none of Delight's tables.")
        if file.exists():
            raise Trouble(f"{file} is there already: backups are never overwritten.")
        part.rename(file)
        _sync(file.parent)
    finally:
        part.unlink(missing_ok=True)
        if lock is not None:
            os.close(lock)
    return found


def _new_file(part: Path) -> int:
    """A file for nobody but us."""
    try:
        return os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Trouble(f"Nothing can be written in {part.parent}: {error.strerror}.") from error


def _dump(part: Path, lock: int, told: Told) -> None:
    # The program holds our lock, too: should we be killed, its file is left alone for as long as it still writes.
    options = ("--format=custom", "--no-owner", "--no-privileges", f"--file={part}")
    failed = "The backup failed, and nothing is kept of it"
    with _client("pg_dump", *options, failed=failed, pass_fds=[lock]) as process:
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(1)
                return
            told(f"{part.stat().st_size / 1e6:,.0f} MB written")


def _sync(folder: Path) -> None:
    """Have a new name survive a power cut, where the file system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)


def clear_leftovers(folder: Path, pattern: str) -> None:
    """Remove what killed backups left half-written."""
    for part in folder.glob(f".{pattern}.*.part"):
        with contextlib.suppress(OSError), part.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            part.unlink()


# --- And back -----------------------------------------------------------------------------------------------------


def put_back(file: Path, *, instead_of: list[str], rows: int, told: Told) -> None:
    """Run a backup's SQL, in place of these tables, in one transaction whose last act switches sending off."""
    failed = "The backup could not be put back, and nothing has changed"
    options = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1")
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL}
    # Where the pipe breaks, the program has ended and says why.
    with _client("psql", *options, failed=failed, **streams) as process, contextlib.suppress(BrokenPipeError):
        into: Any = process.stdin
        into.write((BEGIN + _drop(instead_of)).encode())
        for number, line in enumerate(_script(file)):
            into.write(line)
            if number % 10_000 == 0:
                told(f"{min(99, 100 * number // max(rows, 1))} % is back")
        into.write(SILENT.encode())  # cut off before this line, the transaction is undone
        into.close()
    connection.close()


def _drop(tables: list[str]) -> str:
    names = ", ".join(f"public.{connection.ops.quote_name(table)}" for table in tables)
    return f"DROP TABLE {names} CASCADE;\n" if tables else ""
