"""What the outbox page shows: rows in words, without anybody's address."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from delight.outbox.models import OPEN, Message
from delight.outbox.registry import MAIL_KINDS, REASONS

KINDS = {
    "join": _("Invitation to join"),
    "password-reset": _("Link for a new password"),
    "confirm-address": _("Link to confirm an e-mail address"),
    "invite": _("Survey"),
    "remind": _("Reminder of a survey"),
    "follow-up": _("Follow-up"),
    "recognition": _("Thanks to a colleague"),
    "recognition-digest": _("Thanks of the week"),
    "setup-mail": _("Test mail"),
}


def kind_in_words(kind: str) -> str:
    """What a kind of mail is called on a page: its own name, that of its family, or as the room wrote it."""
    family = max((known for known in KINDS if kind.startswith(known)), key=len, default="")
    return str(KINDS[family]) if family else kind.replace("-", " ").replace("_", " ").capitalize()


def counts() -> dict[str, int]:
    """How many rows wait for their time, are due now, and are late."""
    now = timezone.now()
    late = Q(pk__in=Message.objects.late().values("pk"))
    return Message.objects.filter(state__in=OPEN).aggregate(
        later=Count("pk", filter=Q(due_at__gt=now) & ~late),
        due=Count("pk", filter=Q(due_at__lte=now) & ~late),
        late=Count("pk", filter=late),
    )


def listed(state: str = "") -> QuerySet[Message]:
    """Rows in one state; without one, those that ended. The latest first."""
    if state in OPEN:
        return Message.objects.filter(state__in=OPEN).order_by("promised_at", "pk")
    ended = Message.objects.exclude(state__in=OPEN)
    return (ended.filter(state=state) if state else ended).order_by("-ended_at", "-pk")


def in_words(messages: Iterable[Message]) -> list[dict[str, Any]]:
    """Each row as the page prints it; one question to the room of each kind says whom its rows are about."""
    shown = list(messages)
    about = _about(shown)
    return [
        {
            "kind": kind_in_words(message.kind),
            "about": about.get((message.kind, message.object_id)),
            "state": message.state,
            "state_words": message.get_state_display(),
            "reason": REASONS.get(message.reason, message.reason),
            "at": message.ended_at or message.promised_at,
            "maybe_twice": message.maybe_twice,
            "tries": message.attempts,
        }
        for message in shown
    ]


def _about(messages: list[Message]) -> dict[tuple[str, int], dict[str, str]]:
    """Kind and object → the name and the page of whom it is about, where its room tells."""
    ids: dict[str, set[int]] = {}
    for message in messages:
        ids.setdefault(message.kind, set()).add(message.object_id)
    found = {}
    for name, objects in ids.items():
        kind = MAIL_KINDS.get(name)
        for pk, (label, url) in (kind.about(objects) if kind and kind.about else {}).items():
            found[name, pk] = {"label": label, "url": url}
    return found
