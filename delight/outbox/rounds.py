"""What has to be looked at now and then, whoever rings. Each room joins in its `kinds.py` with `register_round`.

The last time is a row, taken by the database's clock: of many workers one goes, and a worker that was off goes as
soon as it is back.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

log = logging.getLogger(__name__)

TAKE = """
INSERT INTO outbox_progress (name, at) VALUES (%(name)s, clock_timestamp())
ON CONFLICT (name) DO UPDATE SET at = clock_timestamp()
WHERE outbox_progress.at <= clock_timestamp() - make_interval(secs => %(seconds)s)
"""


@dataclass(frozen=True)
class Round:
    """`run()` is called at least `every` so often, by one worker; it must be safe to run twice."""

    name: str
    every: timedelta
    run: Callable[[], object]


ROUNDS: dict[str, Round] = {}


def register_round(name: str, every: timedelta, run: Callable[[], object]) -> None:
    ROUNDS[name] = Round(name, every, run)


def run_rounds() -> None:
    """Go where it is time; a round that fails is tried again at its next time, and stops no other."""
    for each in ROUNDS.values():
        if _is_ours(each):
            try:
                each.run()
            except Exception:
                log.exception("The round %s failed", each.name)


def _is_ours(each: Round) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"name": f"round:{each.name}"[:40], "seconds": each.every.total_seconds()})
        return bool(cursor.rowcount)
