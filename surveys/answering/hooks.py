"""The one upward door of this room: who wants to know about an answer, inside its transaction.

Each function gets the Response when it begins to count, when a counted one is changed, and when it stops
counting; `response.counts` tells which. Rooms to the right join in their AppConfig.ready().
"""

from collections.abc import Callable

from surveys.answering.models import Response

AFTER_RESPONSE: list[Callable[[Response], None]] = []


def tell(response: Response) -> None:
    for listener in AFTER_RESPONSE:
        listener(response)
