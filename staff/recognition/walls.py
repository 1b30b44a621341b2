"""Verbs on walls: links for a screen in the room."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from delight.lib.tokens import make_token, read_token
from delight.organisation.models import AuditEntry
from staff.people.models import Team, User
from staff.recognition.models import Wall

PURPOSE = "wall"


@transaction.atomic
def make_wall(*, by: User, name: str, team: Team | None = None) -> Wall:
    """A link that shows stories without a login: those of a team, or, without one, of the whole company."""
    wall = Wall.objects.create(name=name, team=team, made_by=by)
    AuditEntry.record(by=by, verb="make_wall", obj=wall)
    return wall


@transaction.atomic
def revoke_wall(*, by: User, wall: Wall) -> bool:
    """The link shows nothing any more, at once and for good."""
    if not Wall.objects.filter(pk=wall.pk, revoked_at=None).update(revoked_at=timezone.now()):
        return False
    AuditEntry.record(by=by, verb="revoke_wall", obj=wall)
    return True


def token_of(wall: Wall) -> str:
    return make_token(PURPOSE, wall.public_id)


def address_of(wall: Wall) -> str:
    """What a screen opens; absolute, since it is read by a camera."""
    return settings.BASE_URL + reverse("wall", args=[token_of(wall)])


def wall_behind(token: str) -> Wall | None:
    """The wall of a link; None when it is forged, cut or revoked."""
    public_id = read_token(PURPOSE, token)
    if public_id is None:
        return None
    return Wall.objects.select_related("team").filter(public_id=public_id, revoked_at=None).first()
