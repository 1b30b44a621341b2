import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from delight.outbox.pump import run_due


class Command(BaseCommand):
    help = "Sends the mail and runs the jobs that are due; with --loop again and again, without any broker."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on until TERM or Ctrl-C")
        parser.add_argument("--every", type=float, default=10.0, help="seconds between two looks (default 10)")

    def handle(self, *args: Any, loop: bool, every: float, **options: Any) -> None:
        stop = threading.Event()
        if loop:
            signal.signal(signal.SIGTERM, lambda *_: stop.set())
            signal.signal(signal.SIGINT, lambda *_: stop.set())
        while not stop.is_set():
            handled = run_due()
            self.stdout.write(f"{handled} done")
            if not loop:
                return
            stop.wait(every)
