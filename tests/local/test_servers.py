"""The embedded servers by themselves: what killed runs leave behind, and whose folders are trusted."""

import os
import subprocess

import pytest

from delight.local.paths import Trouble, make_local_folder
from delight.local.servers import (
    Home,
    start_postgres,
    start_valkey,
    temporary_home,
    wait_for_postgres,
    wait_for_valkey,
)
from delight.local.state import try_lock
from delight.local.watchdog import Keeper


@pytest.fixture
def home(base) -> Home:
    return temporary_home(make_local_folder(base / "local"), base)


@pytest.fixture
def keeper(home, base):
    lock = try_lock(base / "lock")
    keeper = Keeper(home.folder, lock=lock)
    yield keeper
    keeper.close()
    os.close(lock)


def ask(home: Home, question: str) -> str:
    command = [home.programs.postgres / "psql", "-h", home.sockets, "-U", "delight", "-d", "delight", "-Atc", question]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.slow
def test_postgres_starts_over_files_that_name_a_process_of_somebody_else(home, keeper):
    wait_for_postgres(home, start_postgres(keeper, home, fsync=False))
    [server] = keeper.children
    server.kill()
    server.wait()
    keeper.ended()
    pidfile, lockfile = home.data / "postmaster.pid", home.sockets / ".s.PGSQL.5432.lock"
    lockfile.write_text(str(os.getpid()) + "\n" + lockfile.read_text().partition("\n")[2])
    pidfile.write_text(str(os.getpid()) + "\n" + pidfile.read_text().partition("\n")[2])
    wait_for_postgres(home, start_postgres(keeper, home, fsync=False))
    assert ask(home, "SELECT 1") == "1"


@pytest.mark.slow
def test_postgres_takes_over_from_a_forgotten_server_on_the_same_data(home, keeper):
    forgotten = start_postgres(keeper, home, fsync=False)
    wait_for_postgres(home, forgotten)
    again = start_postgres(keeper, home, fsync=False)
    assert forgotten.wait(10) is not None
    wait_for_postgres(home, again)
    assert ask(home, "SELECT 1") == "1"


@pytest.mark.slow
def test_the_database_is_the_same_on_every_system(home, keeper):
    wait_for_postgres(home, start_postgres(keeper, home, fsync=False))
    assert ask(home, "SHOW server_encoding") == "UTF8"
    assert ask(home, "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'delight'") == "b|C.UTF-8"
    assert ask(home, "SELECT lower('ÇIĞ')") == "çiğ"
    assert ask(home, "SHOW listen_addresses") == ""


@pytest.mark.slow
def test_a_half_made_cluster_is_made_again(home, keeper):
    half = home.data.with_name(f"{home.data.name}.new")
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    wait_for_postgres(home, start_postgres(keeper, home, fsync=False))
    assert not half.exists()


def test_valkey_starts_over_a_socket_that_was_left_behind(home, keeper):
    wait_for_valkey(home, start_valkey(keeper, home))
    [server] = keeper.children
    server.kill()
    server.wait()
    keeper.ended()
    assert home.valkey_socket.exists()
    wait_for_valkey(home, start_valkey(keeper, home))


def test_a_server_that_does_not_start_is_explained_by_its_log(home, keeper):
    wait_for_postgres(home, start_postgres(keeper, home, fsync=False))
    (home.data / "postgresql.auto.conf").write_text("shared_buffers = nonsense\n")
    with pytest.raises(Trouble, match=r"postgres did not start; .*postgres\.log ends with: .*FATAL"):
        wait_for_postgres(home, start_postgres(keeper, home, fsync=False))


def test_sockets_are_closed_to_other_accounts(home, keeper):
    wait_for_valkey(home, start_valkey(keeper, home))
    assert home.sockets.stat().st_mode & 0o777 == 0o700
    assert home.valkey_socket.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make a folder of somebody else's")
def test_a_socket_folder_that_somebody_else_made_is_refused(home, keeper):
    home.sockets.mkdir()
    os.chown(home.sockets, 12345, 12345)
    with pytest.raises(Trouble, match="belongs to somebody else"):
        start_valkey(keeper, home)


def test_a_link_in_place_of_the_socket_folder_is_refused(home, keeper, base):
    (base / "elsewhere").mkdir()
    home.sockets.symlink_to(base / "elsewhere")
    with pytest.raises(Trouble, match="belongs to somebody else"):
        start_valkey(keeper, home)
