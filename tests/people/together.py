"""Doing several things in the same moment, so that a missing guard shows every time and not now and then."""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

BLOCKED = "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pid = ANY(%s)"


def together(*calls: Callable[[], Any], held: QuerySet) -> list[Any]:
    """What each call gave, or the exception it raised, when all of them met at the held rows before any could go on."""
    ends: list[Any] = [None] * len(calls)
    pids: list[int] = []

    def run(number: int) -> None:
        try:
            connection.ensure_connection()
            pids.append(connection.connection.info.backend_pid)
            ends[number] = calls[number]()
        except Exception as error:
            ends[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(calls))]
    with transaction.atomic():
        list(held.select_for_update())
        for thread in threads:
            thread.start()
        _wait_until_blocked(pids, len(calls))
    for thread in threads:
        thread.join()
    return ends


def _wait_until_blocked(pids: list[int], wanted: int) -> None:
    until = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute(BLOCKED, [pids])
            if cursor.fetchone()[0] >= wanted:
                return
            time.sleep(0.01)
    raise AssertionError("The calls did not meet at the held rows.")
