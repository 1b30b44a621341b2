"""A complete answer (open the page, send it) beside a bare Django view under the same gunicorn.

    python -m tests.benchmarks.answers

Eight connections, kept open; two worker processes with four threads. A complete answer is two requests, seven
INSERTs or UPDATEs and a judgement; the bare view is one request, one SELECT and one INSERT.
"""

import http.client
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import urlencode

from tests.benchmarks.stage import ROUNDS, make_invitations, per_second, stage, table

CONNECTIONS = 8
ANSWERS = 400
PLAIN = 2000
NONCE = re.compile(r'name="nonce" value="([^"]+)"')


@contextmanager
def gunicorn(application: str) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    command += ["--threads", "4", "--worker-class", "gthread", "--log-level", "error"]
    server = subprocess.Popen(command)
    try:
        for _try in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                break
            except OSError:
                time.sleep(0.1)
        time.sleep(1)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def in_parallel(port: int, jobs: list, do: Callable[[http.client.HTTPConnection, object], None]) -> int:
    """Do the jobs over eight kept connections; returns how many were done."""
    waiting = iter(jobs)
    lock = threading.Lock()

    def work() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port)
        while True:
            with lock:
                job = next(waiting, None)
            if job is None:
                return
            do(line, job)

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        for done in [pool.submit(work) for _n in range(CONNECTIONS)]:
            done.result()
    return len(jobs)


def call(line: http.client.HTTPConnection, method: str, path: str, body: str | None = None) -> str:
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    line.request(method, path, body, headers)
    answer = line.getresponse()
    text = answer.read().decode()
    if answer.status != 200:
        raise RuntimeError(f"{method} {path}: {answer.status}")
    return text


def complete_answer(line: http.client.HTTPConnection, path: object) -> None:
    page = call(line, "GET", f"{path}?s=9")
    nonce = NONCE.search(page)
    body = urlencode({"nonce": nonce[1] if nonce else "", "score": 9, "comment": "You remembered my dry scalp."})
    call(line, "POST", str(path), body)


def bare(line: http.client.HTTPConnection, _job: object) -> None:
    call(line, "GET", "/bare/")


def main() -> None:
    with stage():
        paths = make_invitations(ANSWERS * (ROUNDS + 1))
        rows: dict[str, list[float]] = {"bare view": [], "complete answer": []}
        with gunicorn("tests.benchmarks.bare:application") as plain, gunicorn("delight.wsgi") as ours:
            in_parallel(plain, list(range(200)), bare)
            in_parallel(ours, paths[:ANSWERS], complete_answer)
            for turn in range(1, ROUNDS + 1):
                chosen = paths[turn * ANSWERS : (turn + 1) * ANSWERS]
                rows["bare view"].append(per_second(lambda: in_parallel(plain, list(range(PLAIN)), bare)))
                rows["complete answer"].append(
                    per_second(lambda chosen=chosen: in_parallel(ours, chosen, complete_answer))
                )
        table("Answers at 8 connections", "a second", rows, "bare view")
        from surveys.answering.models import Response

        print(f"  counted answers: {sum(1 for each in Response.objects.all() if each.counts)}")


if __name__ == "__main__":
    main()
