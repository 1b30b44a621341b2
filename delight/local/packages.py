"""Requirements files: what they ask for, what is missing here, and how to install them without any tool at hand."""

import hashlib
import importlib.metadata
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from delight.local.paths import ROOT, Trouble

RUNTIME, TESTS = "requirements.txt", "tests/requirements.txt"
REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^]]*\])?\s*(?:==\s*([^\s;#]+))?")


def requirements(text: str) -> Iterator[tuple[str, str]]:
    """Yield each package's name and exact version; the version is empty when any will do."""
    for line in text.splitlines():
        if (found := REQUIREMENT.match(line)) and not line.lstrip().startswith(("#", "-")):
            yield found[1], found[2] or ""


def missing(files: Iterable[str]) -> list[str]:
    """Return the requirements that this interpreter does not have, as pip would write them."""
    wanted = [entry for file in files for entry in requirements((ROOT / file).read_text())]
    return [f"{name}=={version}" if version else name for name, version in wanted if not _present(name, version)]


def _present(name: str, version: str) -> bool:
    try:
        found = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return version in ("", found)


def fingerprint(file: str) -> str:
    return hashlib.sha256((ROOT / file).read_bytes()).hexdigest()


def install(python: Path, files: Iterable[str], log: Path) -> None:
    """Install requirements files into the environment of `python`; what pip says goes to the log."""
    give_pip(python)
    # Compiling everything is a third of the time, and most of it is never used: Python compiles what it imports.
    quick = ("--no-compile", "--no-input", "--disable-pip-version-check", "--retries", "2")
    command = [str(python), "-m", "pip", "install", *quick]
    with log.open("w") as output:
        answer = subprocess.run(
            [*command, *(word for file in files for word in ("-r", str(ROOT / file)))],
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            env=_pip_environment(),
            check=False,
        )
    if answer.returncode:
        raise Trouble(explain(log.read_text(errors="replace"), log))


def _pip_environment() -> dict[str, str]:
    """The caller's environment without what would make pip install elsewhere."""
    odd = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV", "PYTHONHOME", "PYTHONPATH")
    return {**{name: value for name, value in os.environ.items() if name not in odd}, "PIP_USER": "0"}


OFFLINE = ("NewConnectionError", "Temporary failure in name resolution", "Name or service not known", "ConnectTimeout")


def explain(output: str, log: Path) -> str:
    """Say in one sentence why pip failed."""
    if any(sign in output for sign in OFFLINE):
        return "The packages could not be downloaded: connect this machine to the internet and run the command again."
    errors = [line.removeprefix("ERROR: ") for line in output.splitlines() if line.startswith("ERROR: ")]
    return f"The packages could not be installed ({errors[-1] if errors else 'pip failed'}): see {log}."


def give_pip(python: Path) -> None:
    """Unpack pip into an environment that was made without it: a fresh Debian cannot make one that has it."""
    packages = next(python.parent.parent.glob("lib/python3*/site-packages"))
    if (packages / "pip").is_dir():
        return
    from delight.local.pip_wheel import pip_wheel  # here, because it is slow to import and rarely needed

    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(pip_wheel(Path(folder))) as wheel:
        wheel.extractall(packages)


def make_environment(folder: Path, *, clear: bool) -> None:
    """Make a virtual environment without pip, which works also where Python came without its installer."""
    base = getattr(sys, "_base_executable", "") or sys.executable
    command = [base, "-m", "venv", "--without-pip", *(["--clear"] if clear else []), str(folder)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise Trouble(f"The environment {folder} could not be made: {(answer.stderr or answer.stdout).strip()}")
    # So that plain `pytest` finds the house, too: unlike `python -m pytest` it does not look in the working folder.
    next(folder.glob("lib/python3*/site-packages")).joinpath("delight.pth").write_text(f"{ROOT}\n")
