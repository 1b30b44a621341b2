"""Ringing for the worker. A request never touches Redis: it sets an event, one daemon thread publishes.

A ring that is lost costs seconds: beat rings as well, and so does `manage.py pump --loop`.
"""

import logging
import os
import threading
import time

from django.db import transaction

log = logging.getLogger(__name__)

_wanted = threading.Event()
_lock = threading.Lock()
_thread: threading.Thread | None = None
_pid = 0


def ring() -> None:
    """Say that something is due once this transaction commits. Never waits, never fails."""
    transaction.on_commit(_ring_now, robust=True)


def _ring_now() -> None:
    global _thread, _pid
    _wanted.set()
    with _lock:
        if _thread is None or not _thread.is_alive() or _pid != os.getpid():
            _pid = os.getpid()
            _thread = threading.Thread(target=_publish_forever, name="bell", daemon=True)
            _thread.start()


def _publish_forever() -> None:
    while True:
        _wanted.wait()
        _wanted.clear()
        _publish()
        time.sleep(1)


def _publish() -> None:
    from delight.celery import app

    # Measured with Redis frozen: the defaults wait over 60 s, this under one.
    try:
        with app.connection_for_write(
            transport_options={"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "max_retries": 1}
        ) as connection:
            app.send_task(
                "delight.outbox.tasks.pump",
                connection=connection,
                expires=60,
                retry=True,
                retry_policy={"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0},
            )
    except Exception as error:
        log.warning("The bell could not ring: %s", error.__class__.__name__)
