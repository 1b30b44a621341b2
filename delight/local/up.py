"""`manage.py up`: everything, on the embedded servers. A supervisor; it never imports Django."""

import argparse
import http.client
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from delight.local.environment import is_local
from delight.local.paths import LOCAL, ROOT, Trouble, make_local_folder, say
from delight.local.processes import stop_leftovers
from delight.local.servers import local_home
from delight.local.stack import WEB_PORT, Service, listen, start_stack
from delight.local.state import read_note, try_lock, wait_for_lock, write_note
from delight.local.watchdog import APPS, Keeper

EXCEPTION = re.compile(r"[\w.]*(Error|Exception|Configured)\b")
STOPPERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LONGEST_PAUSE = 30.0
HEALTHY_AFTER = 60.0  # a service that ran this long is started again at once


def options_from(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py up", description="Start Delight with all it needs.")
    parser.add_argument("--port", type=int, default=WEB_PORT, help=f"where to answer (default: {WEB_PORT})")
    parser.add_argument(
        "--empty", action="store_true", help="no demo company; print a link to set up the first sponsor"
    )
    return parser.parse_args(arguments)


def main(options: argparse.Namespace) -> int:
    folder = make_local_folder(LOCAL)
    up_lock, lock = take_locks(folder)
    write_note(folder, environment={}, url="")
    stop_leftovers(folder)
    home = local_home(folder)
    keeper = Keeper(folder, lock=lock, remove=(home.sockets,))
    os.close(lock)  # the watchdog holds it until everything has stopped
    for number in STOPPERS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup means it
            signal.signal(number, _interrupt)
    try:
        web = open_port(options.port)
        write_note(folder, web_port=web.getsockname()[1])
        services, variables = start_stack(keeper, home, web_port=web.getsockname()[1])
        site = Site(keeper, web, {**os.environ, **variables})
        services += site.open(empty=options.empty or not is_local())
        watch(keeper, services)
    except KeyboardInterrupt:
        pass
    finally:
        for number in STOPPERS:
            signal.signal(number, signal.SIG_IGN)
        say("Stopping…")
        keeper.close()
        os.close(up_lock)
    return 0


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def take_locks(folder: Path) -> tuple[int, int]:
    """Take the lock that says `up` runs, then the servers' own, which the last run may still hold for a moment."""
    up_lock = try_lock(folder / "up.lock")
    if up_lock is None:
        url = read_note(folder).get("url")
        raise Trouble(
            f"Delight is already running at {url}" if url else "Delight is already starting in this checkout."
        )
    lock = wait_for_lock(folder / "servers.lock", 30)
    if lock is None:
        raise Trouble("Another command of this checkout uses the embedded servers: end it, then run up again.")
    return up_lock, lock


def open_port(port: int) -> socket.socket:
    for candidate in range(port, min(port + 100, 65536)):
        if web := listen(candidate):
            if candidate != port:
                say(f"Port {port} is taken; using {candidate}.")
            return web
    raise Trouble(f"Port {port} and those after it are taken: choose another with --port.")


class Site:
    """The site's own processes: web, worker, beat."""

    def __init__(self, keeper: Keeper, web: socket.socket, environment: dict[str, str]) -> None:
        self.keeper = keeper
        self.web = web
        self.environment = environment
        self.url = f"http://127.0.0.1:{web.getsockname()[1]}/"

    def open(self, *, empty: bool) -> list[Service]:
        """Prepare the database and the files, start everything, and print the address as soon as it answers."""
        words = self.get_ready(empty=empty)
        web = Service("web", partial(self.start, "web", self.web_command(), pass_fds=[self.web.fileno()]))
        web.child = web.start()
        self.wait_until_healthy(web.child)
        write_note(self.keeper.folder, url=self.url)
        say(f"Delight is at {self.url} (Ctrl-C stops it)")
        if words:
            say(words)
        background = [Service(name, partial(self.start, name, self.celery(name))) for name in ("worker", "beat")]
        for service in background:
            service.child = service.start()
        return [web, *background]

    def start(self, name: str, command: list[str], **options: Any) -> subprocess.Popen[bytes]:
        return self.keeper.start(name, command, phase=APPS, cwd=ROOT, env=self.environment, **options)

    def get_ready(self, *, empty: bool) -> str:
        """Run migrations, catalogues, static files and the demo company, all in one process; return what it printed."""
        command = [sys.executable, str(ROOT / "manage.py"), "ready", *(["--empty"] if empty else [])]
        child = self.start("ready", command, stdout=subprocess.PIPE)
        words = child.communicate()[0].decode()
        if child.returncode:
            raise self.failed("ready", "The database or the static files could not be prepared")
        return words.strip()

    def web_command(self) -> list[str]:
        command = [sys.executable, "-m", "gunicorn", "delight.wsgi", "--bind", f"fd://{self.web.fileno()}"]
        command += ["--worker-class", "gthread", "--workers", "2", "--threads", "8", "--timeout", "60"]
        return [*command, "--graceful-timeout", "5", "--no-control-socket"]

    def celery(self, name: str) -> list[str]:
        command = [sys.executable, "-m", "celery", "-A", "delight.celery", name, "--loglevel", "INFO"]
        if name == "beat":
            return [*command, "--schedule", str(self.keeper.folder / "beat-schedule")]
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        return [*command, "--concurrency", "2", "--hostname", "delight@localhost", *quiet]

    def wait_until_healthy(self, child: subprocess.Popen[bytes], seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and child.poll() is None:
            if self.answers(child):
                return
            time.sleep(0.1)
        raise self.failed("web", "The web server did not start")

    def answers(self, child: subprocess.Popen[bytes]) -> bool:
        """Ask once; the socket is open already, so the question waits there until a worker takes it."""
        name = urlsplit(self.environment.get("BASE_URL", "")).netloc or "127.0.0.1"
        connection = http.client.HTTPConnection("127.0.0.1", self.web.getsockname()[1], timeout=10)
        try:
            connection.request("GET", "/healthz", headers={"Host": name})
            while connection.sock and not select.select([connection.sock], [], [], 0.05)[0]:
                if child.poll() is not None:
                    return False
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def failed(self, name: str, what: str) -> Trouble:
        log = self.keeper.folder / "log" / f"{name}.log"
        return Trouble(f"{what} ({telling_line(log.read_text(errors='replace'))}): see {log}.")


def telling_line(log: str) -> str:
    """The line of a log that says most about a failure: the last exception, else the last line."""
    lines = log.strip().splitlines() or ["no message"]
    return next((line for line in reversed(lines) if EXCEPTION.match(line)), lines[-1])


def watch(keeper: Keeper, services: list[Service]) -> None:
    """Start again whatever ends, each time after a longer pause, for as long as the watchdog watches."""
    for service in services:
        service.started = time.monotonic()
    waiting: list[tuple[float, Service]] = []
    while keeper.dog.poll() is None:
        now = time.monotonic()
        for child in keeper.ended():
            for service in services:
                if service.child is child:
                    waiting.append((now + note_end(service, now), service))
        for entry in [entry for entry in waiting if entry[0] <= now]:
            waiting.remove(entry)
            entry[1].child, entry[1].started = entry[1].start(), now
        time.sleep(0.2)


def note_end(service: Service, now: float) -> float:
    """Say that a service has ended; return how long to wait before it is started again."""
    service.failures = 0 if now - service.started > HEALTHY_AFTER else service.failures + 1
    pause = min(2.0 ** (service.failures - 1), LONGEST_PAUSE) if service.failures else 0.5
    code = service.child.returncode if service.child else 0
    say(f"{service.name} ended (code {code}); starting it again in {pause:g} s.")
    return pause
