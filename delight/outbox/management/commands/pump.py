import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, close_old_connections

from delight.organisation.services import check_key
from delight.outbox.pump import run_due
from delight.outbox.rounds import run_rounds


class Command(BaseCommand):
    help = "Sends the mail and runs the jobs that are due; with --loop again and again, without any broker."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on until TERM or Ctrl-C")
        parser.add_argument("--every", type=float, default=10.0, help="seconds between two looks (default 10)")

    def handle(self, *args: Any, loop: bool, every: float, **options: Any) -> None:
        check_key()
        stop = threading.Event()
        if not loop:
            run_rounds()
            self.stdout.write(f"{run_due()} done")
            return
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        signal.signal(signal.SIGINT, lambda *_: stop.set())
        while not stop.is_set():
            self.look()
            stop.wait(every)

    def look(self) -> None:
        """One look; a database that is away is looked for again the next time."""
        try:
            run_rounds()
            self.stdout.write(f"{run_due()} done")
        except (OperationalError, InterfaceError) as error:
            self.stderr.write(f"The database could not be reached: {error}")
            close_old_connections()
