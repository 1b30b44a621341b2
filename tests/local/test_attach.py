"""Commands other than `up` and `test`, with the embedded servers."""

import subprocess
import time

import pytest

from delight.local import processes

from .conftest import Checkout, until

ASK = """
from django.db import connection
print("here", flush=True)
input()
with connection.cursor() as cursor:
    cursor.execute("SELECT 'answered'")
    print(cursor.fetchone()[0])
"""


def asking(checkout: Checkout) -> subprocess.Popen:
    """A command that waits for a line, then asks the database."""
    return subprocess.Popen(
        checkout.command("shell", "--no-imports", "-c", ASK),
        env=checkout.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_a_command_starts_the_servers_for_its_own_duration(checkout):
    answer = checkout.run("ready")
    assert "owner@barber.example" in answer.stdout, answer.stderr
    assert not checkout.running


@pytest.mark.slow
def test_a_command_joins_the_servers_of_up(running):
    postgres = processes.find(running.local, "postgres")
    answer = running.run("runs")
    assert "runs: " in answer.stdout, answer.stderr
    assert postgres.alive
    assert processes.find(running.local, "postgres").pid == postgres.pid


@pytest.mark.slow
def test_servers_wait_for_a_command_that_joined_them(resting):
    owner = asking(resting)
    assert owner.stdout.readline() == "here\n"
    joined = asking(resting)
    assert joined.stdout.readline() == "here\n"
    owner.stdin.close()  # its input() fails: it ends
    time.sleep(0.5)
    answer, _ = joined.communicate("go\n", timeout=20)
    assert answer == "answered\n"
    owner.stdout.close()
    owner.wait(20)
    assert not resting.running


@pytest.mark.slow
def test_a_killed_command_leaves_no_server(resting):
    command = asking(resting)
    assert command.stdout.readline() == "here\n"
    running = resting.running
    assert {process.name for process in running} == {"postgres", "valkey", "mailbox"}
    command.kill()
    command.communicate()
    until(lambda: not [process for process in running if process.alive])


def test_help_and_checks_start_no_server(checkout):
    assert checkout.run("check").returncode == 0
    assert checkout.run("help").returncode == 0
    assert not (checkout.local / "postgres-18").exists()
