"""Who has to know that the working days have changed, inside its transaction: rooms that keep dates in their rows.

Rooms to the right join in their AppConfig.ready(). Each function gets whoever changed it.
"""

from collections.abc import Callable
from typing import Any

AFTER_CALENDAR: list[Callable[[Any], object]] = []


def tell(by: Any) -> None:
    for listener in AFTER_CALENDAR:
        listener(by)
