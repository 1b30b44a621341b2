"""Two answers of people to one invitation: which of them counts, says a manager."""

from django.db import transaction

from delight.organisation.models import AuditEntry
from staff.people.models import User
from surveys.answering.models import Response
from surveys.answering.services import COUNTING, lock, settle


class NotAPersons(Exception):
    """Only what a person said can count; the answer has to be checked first."""


@transaction.atomic
def let_count(*, by: User, response: Response) -> Response:
    """Have this answer count instead of the one that stands; the other is kept beside it. Raises NotAPersons.

    It lasts: what comes in later changes nothing, unless a machine turns out to be behind this one.
    """
    if response.invitation_id is None:
        return response
    invitation = lock(response.invitation_id)
    responses = list(Response.objects.filter(invitation=invitation))
    chosen = next(each for each in responses if each.pk == response.pk)
    if chosen.verdict not in COUNTING:
        raise NotAPersons
    if chosen.is_active:
        return chosen
    for each in responses:
        each.is_preferred = each is chosen
    Response.objects.filter(invitation=invitation, is_preferred=True).update(is_preferred=False)
    chosen.save(update_fields=["is_preferred"])
    settle(invitation.pk, responses)
    AuditEntry.record(by=by, verb="let_count", obj=chosen, fields=["is_active", "is_preferred"])
    return chosen
