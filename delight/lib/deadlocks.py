"""Two people who write at once may stand in each other's way; PostgreSQL ends one of the two, who tries again."""

from collections.abc import Callable
from itertools import chain

from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from psycopg2.errors import DeadlockDetected


class TriedOnceMore:
    """Runs a view a second time after a deadlock: nothing of the first time is written.

    Innermost, so that it is the view alone. A second deadlock is an error as any other.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        is_deadlock = isinstance(exception, OperationalError) and isinstance(exception.__cause__, DeadlockDetected)
        if not is_deadlock or connection.in_atomic_block or request.resolver_match is None:
            return None
        for file in chain.from_iterable(each for _name, each in request.FILES.lists()):
            file.seek(0)
        view, args, kwargs = request.resolver_match
        response: HttpResponse = view(request, *args, **kwargs)
        return response
