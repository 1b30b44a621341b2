"""The embedded PostgreSQL and Valkey: where they live, how they start, how one knows that they are ready.

Both listen on Unix sockets in a private folder and on nothing else: no port, no password, and two checkouts can run
side by side.
"""

import os
import signal
import socket
import stat
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from delight.local import processes
from delight.local.accounts import Account, server_account
from delight.local.paths import DATABASE, Trouble, make_local_folder, nickname, temp_folders
from delight.local.programs import SHARED, Programs, find_programs
from delight.local.watchdog import SERVERS, Keeper

LOCALE = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
# Its log says what went wrong and not with whose data: what is erased must not go on standing there.
NO_VALUES = ("log_error_verbosity=terse", "log_min_error_statement=panic")
NO_FSYNC = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True)
class Home:
    """Where one pair of servers lives."""

    folder: Path  # the local data folder: logs, records
    data: Path  # PostgreSQL's data
    sockets: Path
    programs: Programs
    account: Account | None  # who runs them; None: we ourselves

    @property
    def database_url(self) -> str:
        return f"postgres://{DATABASE}@/{self.sockets}/{DATABASE}"

    @property
    def redis_url(self) -> str:
        return f"redis+socket://{self.valkey_socket}?virtual_host=0"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def options(self) -> dict[str, Any]:
        return dict(self.account.options) if self.account else {}

    def private(self, folder: Path) -> Path:
        """Make a folder that only the servers' account can enter, and refuse one that somebody else made."""
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.lstat()
        owners = {os.getuid(), self.account.uid if self.account else os.getuid()}
        if not stat.S_ISDIR(status.st_mode) or status.st_uid not in owners:
            raise Trouble(f"{folder} belongs to somebody else: remove it, or set TMPDIR to another folder.")
        folder.chmod(0o700)
        if self.account:
            self.account.own(folder)
        return folder


def local_home(folder: Path) -> Home:
    """The home of a checkout's own servers. Under /var/lib when root's stand-in cannot reach the checkout."""
    make_local_folder(folder)
    programs = find_programs()
    name = f"postgres-{programs.version().split('.')[0]}"
    data, spare = folder / name, SHARED / f"delight-{nickname(folder)}"
    if (spare / name).exists():
        data = spare / name
    account = server_account(data)
    if account and not account.can("x", data.parent):
        if data.exists():
            raise Trouble(
                f"The account {account.name} cannot reach {data}: open the folders above it for passing (chmod o+x)."
            )
        spare.mkdir(mode=0o711, exist_ok=True)
        data = spare / name
    temp = temp_folder(account)
    return Home(folder, data, temp / f"delight-{nickname(folder)}", _reachable(programs, account), account)


def temporary_home(folder: Path, base: Path) -> Home:
    """A home for tests, all in `base`, a folder in `temp_folder`; `folder` takes logs and records."""
    account = server_account(base / "data")
    return Home(folder, base / "data", base / "s", _reachable(find_programs(), account), account)


def _reachable(programs: Programs, account: Account | None) -> Programs:
    return programs if account is None or programs.reachable_by(account) else programs.copied()


def temp_folder(account: Account | None) -> Path:
    """A folder for sockets that the servers' account can enter, too."""
    for folder in temp_folders():
        if os.access(folder, os.W_OK) and (account is None or account.can("x", folder)):
            return folder
    raise Trouble("No temp folder with a short path that may be written: set TMPDIR to one.")


def start_postgres(keeper: Keeper, home: Home, *, fsync: bool = True) -> subprocess.Popen[bytes]:
    """Start PostgreSQL, making the cluster and the empty database first if need be; see `wait_for_postgres`."""
    home.private(home.sockets)
    if not home.data.exists():
        _make_cluster(home, fsync=fsync)
    _clear_stale_files(home)
    settings = ["listen_addresses=", f"unix_socket_directories={home.sockets}", "unix_socket_permissions=0700"]
    settings += ["max_connections=200", "jit=off", *NO_VALUES, *(() if fsync else NO_FSYNC)]
    command = [str(home.programs.postgres / "postgres"), "-D", str(home.data)]
    command += [word for setting in settings for word in ("-c", setting)]
    return keeper.start("postgres", command, phase=SERVERS, stop=signal.SIGINT, **home.options)


def _make_cluster(home: Home, *, fsync: bool) -> None:
    """Make the cluster beside its place and move it there whole: a half-made one is never taken for ready."""
    new = home.data.with_name(f"{home.data.name}.new")
    subprocess.run(["rm", "-rf", str(new)], check=True)
    home.private(new)
    initdb = [home.programs.postgres / "initdb", "-D", new, "-U", DATABASE, "--auth=trust", "-E", "UTF8"]
    initdb += LOCALE if int(home.programs.version().split(".")[0]) >= 17 else LOCALE[:1]
    initdb += ["--set", "timezone=UTC", "--set", "log_timezone=UTC", *(() if fsync else ("--no-sync",))]
    _run(home, initdb)
    _run(
        home, [home.programs.postgres / "postgres", "--single", "-D", new, "postgres"], f"CREATE DATABASE {DATABASE}\n"
    )
    new.rename(home.data)


def _run(home: Home, command: list[Any], text: str = "") -> None:
    answer = subprocess.run(
        [str(word) for word in command],
        input=text,
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
        env={**os.environ, "LC_ALL": "C"},
        **home.options,
    )
    if answer.returncode or "ERROR:" in answer.stderr:
        raise Trouble(f"PostgreSQL could not be set up: {_last_line(answer.stderr or answer.stdout)}")


def _clear_stale_files(home: Home) -> None:
    """Remove what a killed server left: its number may belong to any process now, and PostgreSQL would not start."""
    pidfile = home.data / "postmaster.pid"
    pid = _first_number(pidfile)
    if pid and str(home.data) in processes.command_line(pid):
        processes.stop([processes.Process("postgres", pid, processes.born(pid), SERVERS, signal.SIGINT)])
    for path in (pidfile, home.sockets / ".s.PGSQL.5432.lock", home.sockets / ".s.PGSQL.5432"):
        path.unlink(missing_ok=True)


def _first_number(path: Path) -> int:
    try:
        return int(path.read_text().split("\n")[0])
    except (OSError, ValueError):
        return 0


def start_valkey(keeper: Keeper, home: Home) -> subprocess.Popen[bytes]:
    """Start Valkey. It keeps nothing on disk: what must not be lost is in PostgreSQL."""
    home.private(home.sockets)
    command = [
        str(home.programs.valkey),
        "--port",
        "0",
        "--unixsocket",
        str(home.valkey_socket),
        "--unixsocketperm",
        "700",
    ]
    command += ["--save", "", "--appendonly", "no", "--dir", str(home.sockets), "--daemonize", "no"]
    return keeper.start("valkey", command, phase=SERVERS, **home.options)


def wait_for_postgres(home: Home, server: subprocess.Popen[bytes]) -> None:
    """Return when PostgreSQL takes connections: it writes 'ready' into its own file."""

    def ready() -> bool:
        try:
            lines = (home.data / "postmaster.pid").read_text().split("\n")
        except OSError:
            return False
        return len(lines) > 7 and lines[0] == str(server.pid) and lines[7].strip() == "ready"

    _wait(home, "postgres", server, ready)


def wait_for_valkey(home: Home, server: subprocess.Popen[bytes]) -> None:
    def ready() -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1)
                client.connect(str(home.valkey_socket))
                client.sendall(b"PING\r\n")
                return client.recv(64).startswith(b"+PONG")
        except OSError:
            return False

    _wait(home, "valkey", server, ready)


def _wait(home: Home, name: str, server: subprocess.Popen[bytes], ready: Any, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        if server.poll() is not None or time.monotonic() > deadline:
            log = home.folder / "log" / f"{name}.log"
            raise Trouble(f"{name} did not start; {log} ends with: {_last_line(log.read_text(errors='replace'))}")
        time.sleep(0.01)


def _last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2] or "(nothing)"
