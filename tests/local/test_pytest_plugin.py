"""The plugin that gives a test run its servers, tried on a small project of its own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from delight.local import processes
from delight.local.environment import NAMES
from delight.local.paths import ROOT

from .conftest import until

SETTINGS = f"""
[pytest]
pythonpath = . {ROOT}
addopts = -p delight.local.pytest_plugin -p no:valkey -p no:django -p no:cacheprovider
"""
TESTS = """
import os, socket, time
from pathlib import Path

import pytest


@pytest.mark.parametrize("number", range(4))
def test_servers_are_there(number):
    local = Path(os.environ["DELIGHT_LOCAL"])
    for name in ("valkey.sock", ".s.PGSQL.5432"):
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(local.parent / "s" / name))
    with open("seen", "a") as seen:
        seen.write(f"{local}\\n")
    time.sleep(float(os.environ.get("STAY", "0")))
"""


@pytest.fixture
def project(base):
    (base / "pytest.ini").write_text(SETTINGS)
    (base / "test_it.py").write_text(TESTS)
    (base / "tmp").mkdir(mode=0o711)
    return base


def start(project: Path, *words: str, **environment: str) -> subprocess.Popen:
    odd = (*NAMES, "DJANGO_SETTINGS_MODULE")
    mine = {name: value for name, value in os.environ.items() if name not in odd and not name.startswith("PYTEST")}
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", *words],
        cwd=project,
        env={**mine, "TMPDIR": str(project / "tmp"), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def folders_seen(project: Path) -> set[str]:
    seen = project / "seen"
    return set(seen.read_text().split()) if seen.exists() else set()


@pytest.mark.parametrize("words", [pytest.param((), id="alone"), pytest.param(("-n", "2"), id="with workers")])
@pytest.mark.slow
def test_a_run_has_one_pair_of_servers_and_leaves_nothing(project, words):
    answer, _ = (run := start(project, *words, DATABASE_URL="postgres://real/site")).communicate(timeout=60)
    assert run.returncode == 0, answer
    [folder] = folders_seen(project)
    assert not Path(folder).exists()
    assert not list((project / "tmp").glob("delight-test-*"))


@pytest.mark.slow
def test_a_killed_run_leaves_no_server_and_no_folder(project):
    run = start(project, STAY="30")
    until(lambda: folders_seen(project))
    [folder] = folders_seen(project)
    running = processes.recorded(Path(folder))
    assert all(process.alive for process in running)
    run.kill()
    run.communicate()
    until(lambda: not any(process.alive for process in running))
    until(lambda: not Path(folder).exists())


@pytest.mark.slow
def test_what_a_run_killed_with_its_watchdog_left_is_swept_by_the_next(project):
    run = start(project, STAY="30")
    until(lambda: folders_seen(project))
    [folder] = folders_seen(project)
    running = processes.recorded(Path(folder))
    run.send_signal(signal.SIGSTOP)
    kill_children(run.pid, but=[process.pid for process in running])
    run.kill()
    run.communicate()
    time.sleep(0.5)
    assert all(process.alive for process in running)  # the control
    os.utime(Path(folder).parent, (0, 0))
    start(project, "--collect-only").communicate(timeout=60)
    assert not any(process.alive for process in running)
    assert not Path(folder).exists()


def kill_children(pid: int, but: list[int]) -> None:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for child in set(map(int, children)) - set(but):
        os.kill(child, signal.SIGKILL)
