"""The ring's other end: look for due rows."""

from delight.celery import app
from delight.outbox.pump import run_due
from delight.outbox.rounds import run_rounds


@app.task(name="delight.outbox.tasks.pump")
def pump() -> None:
    run_rounds()
    run_due()
