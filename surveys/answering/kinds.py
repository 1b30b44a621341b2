"""The second look at what came in, a minute later."""

from delight.outbox.registry import JobKind, register_job
from surveys.answering import services, unsubscribing
from surveys.answering.models import Response


def look_again(response_id: int, progress: services.Progress) -> None:
    """At what its sender sent, and at whether it pressed unsubscribe."""
    services.look_again(response_id)
    response = Response.objects.get(pk=response_id)
    if response.invitation_id:
        unsubscribing.look_again_at(invitation_id=response.invitation_id, client=response.client)


register_job(JobKind(name="second-look", run=look_again))
register_job(JobKind(name="second-look-leaving", run=unsubscribing.look_again))
