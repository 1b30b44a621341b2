"""The watchdog: when the parent is gone, however it went, so are its children."""

import fcntl
import os
import subprocess
import sys

import pytest

from delight.local import processes
from delight.local.paths import ROOT, make_local_folder
from delight.local.processes import Process, born

from .conftest import until

PARENT = """
import os, signal, subprocess, sys
from pathlib import Path
from delight.local.state import try_lock
from delight.local.watchdog import Keeper

folder, watched, command, fork = Path(sys.argv[1]), sys.argv[2] == "watched", sys.argv[3], sys.argv[4:] == ["fork"]
if watched:
    keeper = Keeper(folder, lock=try_lock(folder / "lock"), remove=(folder / "rubbish",))
    child = keeper.start("child", ["sh", "-c", command], phase=1, grace=0.5)
else:
    child = subprocess.Popen(["sh", "-c", command], start_new_session=True)
if fork and not os.fork():  # it keeps the pipe open
    import time
    time.sleep(3)
    os._exit(0)
print(child.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(base):
    folder = make_local_folder(base / "local")
    (folder / "rubbish").mkdir()
    return folder


def parent_of(folder, command: str, *words: str, watched: bool = True) -> tuple[subprocess.Popen, Process]:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(folder), "watched" if watched else "alone", command, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    pid = int(parent.stdout.readline())
    return parent, Process("child", pid, born(pid), 1, 15)


def kill(parent: subprocess.Popen) -> None:
    parent.kill()
    parent.wait()
    parent.stdin.close()
    parent.stdout.close()


def test_a_child_dies_with_its_killed_parent(folder):
    parent, child = parent_of(folder, "sleep 100")
    assert child.alive
    kill(parent)
    until(lambda: not child.alive, 5)
    until(lambda: not (folder / "rubbish").exists(), 5)


def test_without_the_watchdog_it_would_live_on(folder):
    parent, child = parent_of(folder, "sleep 100", watched=False)
    kill(parent)
    with pytest.raises(AssertionError):
        until(lambda: not child.alive, 1)
    child.kill_group()


def test_a_child_that_will_not_stop_is_killed_with_its_own_children(folder):
    parent, child = parent_of(folder, "trap '' TERM; sleep 100 & echo $! > grandchild.pid; wait; sleep 100")
    kill(parent)
    until(lambda: not child.alive, 5)


def test_a_fork_that_holds_the_pipe_open_does_not_save_them(folder):
    parent, child = parent_of(folder, "sleep 100", "fork")
    kill(parent)
    until(lambda: not child.alive, 2.5)


def test_the_lock_is_held_until_the_last_child_is_gone(folder):
    parent, child = parent_of(folder, "trap 'sleep 0.3; exit' TERM; while :; do sleep 0.02; done")
    kill(parent)
    with (folder / "lock").open() as lock:
        with pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(lock, fcntl.LOCK_EX)
    assert not child.alive


def test_a_number_that_belongs_to_a_later_process_is_left_alone():
    with subprocess.Popen(["sleep", "100"], start_new_session=True) as other:
        processes.stop([Process("ours", other.pid, "an earlier birth", 1, 15)])
        with pytest.raises(subprocess.TimeoutExpired):
            other.wait(0.3)
        processes.stop([Process("ours", other.pid, born(other.pid), 1, 15)])
        assert other.wait(5) == -15


def test_what_a_dead_child_started_is_stopped_too():
    leader = subprocess.Popen(
        ["sh", "-c", "sleep 100 & echo $!"], start_new_session=True, stdout=subprocess.PIPE, text=True
    )
    grandchild = int(leader.stdout.readline())
    leader.stdout.close()
    ours = Process("ours", leader.pid, "long ago", 1, 15)
    leader.wait(5)
    assert born(grandchild)
    processes.stop([ours])
    until(lambda: not born(grandchild), 5)
