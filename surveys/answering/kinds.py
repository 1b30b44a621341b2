"""The second look at what came in, a minute later."""

from delight.outbox.registry import JobKind, register_job
from surveys.answering import services, unsubscribing

register_job(JobKind(name="second-look", run=services.look_again))
register_job(JobKind(name="second-look-leaving", run=unsubscribing.look_again))
