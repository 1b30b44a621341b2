"""What the page "Today" says about thanks: for those without an e-mail address it is the only place."""

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from staff.people.models import User
from staff.recognition.access import drafts_for, visible_to
from staff.recognition.models import Recognition

FOR = timedelta(days=7)
MOST = 5
Kind = Recognition.Kind


@dataclass(frozen=True)
class News:
    """A line with the page behind it; `kind` is "thanks", "spotlight", "praise", "treat" or "draft"."""

    kind: str
    text: str
    url: str


def news_for(user: User) -> list[News]:
    """What was said to the reader within a week; what waits for their word; for managers, praise to release."""
    found = visible_to(user).filter(recipients__user=user)
    recent = found.filter(told_at__gte=timezone.now() - FOR) | found.filter(
        kind=Kind.TREAT, may_tell=True, recipients__agrees_to_tell=None
    )
    lines = [_line(each) for each in recent.distinct().select_related("by")[:MOST]]
    return [*_drafts(user), *lines]


def _drafts(user: User) -> list[News]:
    if not drafts_for(user).exists():
        return []
    return [News("draft", _("A customer praises somebody by name: share it or not"), reverse("drafts"))]


def _line(recognition: Recognition) -> News:
    name = recognition.by.name if recognition.by else ""
    words = {
        Kind.THANKS: _("Thanks to you, from: %(name)s"),
        Kind.SPOTLIGHT: _("You are in the spotlight, thanks to: %(name)s"),
        Kind.PRAISE: _("A customer’s praise for you"),
        Kind.TREAT: _("For you, from: %(name)s"),
    }[Kind(recognition.kind)]
    return News(recognition.kind, words % {"name": name}, reverse("recognition", args=[recognition.pk]))
