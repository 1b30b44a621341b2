"""The ring's other end: look for due rows."""

from delight.celery import app
from delight.outbox.pump import run_due

LONGEST = 20  # seconds: a worker that is told to stop ends with this task


@app.task(name="delight.outbox.tasks.pump")
def pump() -> None:
    run_due(LONGEST)
