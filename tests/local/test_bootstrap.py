"""Which Python runs a command, decided without making anything."""

import ast
import hashlib
import os
import subprocess
import sys

import pytest

from delight.local import bootstrap, packages, pip_wheel
from delight.local.bootstrap import Situation, State, Step, decide, judge
from delight.local.paths import ROOT, Trouble

WANTED = {"python": "3.11", "requirements.txt": "abc"}


@pytest.mark.parametrize(
    ("now", "step"),
    [
        (Situation("up"), Step.MAKE),
        (Situation("test", state=State.BROKEN), Step.MAKE),
        (Situation("up", state=State.OUTDATED), Step.INSTALL),
        (Situation("up", state=State.HANDMADE), Step.INSTALL),
        (Situation("up", state=State.READY), Step.ENTER),
        (Situation("migrate", state=State.READY), Step.ENTER),
        (Situation("migrate"), Step.SAY_UP_FIRST),
        (Situation("migrate", state=State.OUTDATED), Step.SAY_UP_FIRST),
        (Situation("migrate", complete=True), Step.RUN),
        (Situation("up", complete=True), Step.RUN),
        (Situation("up", active="foreign"), Step.NAME_MISSING),
        (Situation("up", active="foreign", state=State.READY), Step.NAME_MISSING),
        (Situation("up", active="foreign", complete=True), Step.RUN),
        (Situation("up", active="own", state=State.READY), Step.RUN),
        (Situation("up", active="own", state=State.HANDMADE), Step.NAME_MISSING),
        (Situation("up", active="own", state=State.OUTDATED), Step.INSTALL),
        (Situation("up", entered=True), Step.RUN),
    ],
    ids=str,
)
def test_the_step_follows_from_the_situation(now, step):
    assert decide(now) is step


def test_an_environment_is_ready_only_with_the_stamp_of_these_requirements_and_this_python():
    assert judge(WANTED, WANTED) is State.READY
    assert judge({**WANTED, "tests/requirements.txt": "def"}, WANTED) is State.READY
    assert judge(WANTED, {**WANTED, "tests/requirements.txt": "def"}) is State.OUTDATED
    assert judge({**WANTED, "requirements.txt": "old"}, WANTED) is State.OUTDATED
    assert judge({**WANTED, "python": "3.10"}, WANTED) is State.BROKEN
    assert judge(bootstrap.UNFINISHED, WANTED) is State.BROKEN
    assert judge(None, WANTED) is State.HANDMADE


def test_an_environment_whose_interpreter_is_gone_is_broken(tmp_path, monkeypatch):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python").symlink_to(tmp_path / "no-such-python")
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path / "bin/python")
    assert bootstrap.look_at_venv([packages.RUNTIME]) is State.BROKEN


def test_the_mark_of_having_entered_counts_for_this_process_alone(monkeypatch):
    monkeypatch.setenv(bootstrap.MARK, str(os.getpid()))
    assert bootstrap.look_around("up").entered
    assert bootstrap.MARK not in os.environ
    monkeypatch.setenv(bootstrap.MARK, str(os.getppid()))
    assert not bootstrap.look_around("up").entered


def test_an_active_environment_is_told_what_it_lacks_and_left_alone(checkout):
    (checkout.root / "requirements.txt").write_text("Django\nno-such-package==1.2  # a reason\npytest==0.1\n")
    answer = checkout.run("up")
    assert answer.returncode == 1
    assert answer.stderr == (
        "The active environment lacks no-such-package==1.2, pytest==0.1: run pip install -r requirements.txt\n"
    )
    assert not (checkout.root / ".venv").exists()


def test_requirements_are_read_with_extras_comments_and_options():
    text = "# head\nDjango==5.2.1   # why\ndjango-allauth[mfa]==65.2\n\n-r other.txt\npolib\n"
    assert list(packages.requirements(text)) == [("Django", "5.2.1"), ("django-allauth", "65.2"), ("polib", "")]


def test_pip_without_a_network_is_one_clear_sentence(tmp_path):
    output = "WARNING: Retrying … NewConnectionError(…)\nERROR: No matching distribution found for Django\n"
    assert packages.explain(output, tmp_path).startswith("The packages could not be downloaded: connect this machine")
    other = "ERROR: first\nERROR: No space left on device\n"
    assert "No space left on device" in packages.explain(other, tmp_path)


def test_pip_is_fetched_from_the_index_and_checked(monkeypatch, tmp_path):
    page = f'<a href="../../files/{pip_wheel.PIP}#sha256=x">{pip_wheel.PIP}</a>'.encode()
    monkeypatch.setenv("PIP_INDEX_URL", "https://packages.example/simple")
    answers = {
        "https://packages.example/simple/pip/": page,
        f"https://packages.example/files/{pip_wheel.PIP}": b"not pip",
    }
    monkeypatch.setattr(pip_wheel, "_read", answers.__getitem__)
    with pytest.raises(Trouble, match="is not the pip it should be"):
        pip_wheel.fetch_pip(tmp_path)
    monkeypatch.setattr(pip_wheel, "PIP_SHA256", hashlib.sha256(b"not pip").hexdigest())
    assert pip_wheel.fetch_pip(tmp_path).read_bytes() == b"not pip"


def test_manage_py_is_understood_by_an_old_python_and_tells_it_off(monkeypatch):
    source = (ROOT / "manage.py").read_text()
    assert ast.parse(source, feature_version=(3, 6))
    names: dict = {"__name__": "manage", "__file__": str(ROOT / "manage.py")}
    exec(compile(source, "manage.py", "exec"), names)  # noqa: S102 - our own file
    assert names["too_old"]() == ""
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    assert names["too_old"]().startswith("Delight needs Python 3.11 or newer, and this is 3.9:")


def test_in_a_made_environment_plain_programs_find_the_house(tmp_path):
    packages.make_environment(tmp_path / "venv", clear=False)
    command = [tmp_path / "venv" / "bin" / "python", "-c", "import delight.local.paths"]
    assert subprocess.run(command, cwd=tmp_path, check=False).returncode == 0
