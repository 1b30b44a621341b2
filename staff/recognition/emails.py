"""The mails of this room, all to people who work here; one press ends them."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse

from delight.lib.tokens import make_token
from delight.outbox.registry import Mail
from staff.people.mailing import mail_to
from staff.people.models import User
from staff.recognition.digest import Digest
from staff.recognition.models import Recipient, Recognition, Taste
from staff.recognition.taste import kept_taste_of

OFF = "digest-off"


@dataclass(frozen=True)
class Line:
    """A recognition as a mail prints it."""

    recognition: Recognition
    to: str
    url: str


def off_address(taste: Taste) -> str:
    """Behind the last line of each mail, and in its header (RFC 8058)."""
    return settings.BASE_URL + reverse("digest_off", args=[make_token(OFF, taste.public_id)])


def digest(wanted: Digest) -> Mail:
    """The thanks of the week."""
    parts = {name: [_line(each) for each in getattr(wanted, name)] for name in ("to_reader", "spotlights", "of_teams")}
    return _mail("recognition_digest", wanted.reader, wanted.taste, **parts)


def told(recipient: Recipient) -> Mail:
    """To the one in a spotlight, whom a customer praises, and to whom private thanks are."""
    taste = kept_taste_of(recipient.user)
    return _mail("recognition", recipient.user, taste, line=_line(recipient.recognition))


def _line(recognition: Recognition) -> Line:
    team = [recognition.team.name] if recognition.team else []
    names = [*(each.user.name for each in recognition.recipients.all()), *team]
    return Line(recognition, ", ".join(names), settings.BASE_URL + reverse("recognition", args=[recognition.pk]))


def _mail(name: str, reader: User, taste: Taste, **context: Any) -> Mail:
    off = off_address(taste)
    return mail_to(reader, name, reverse("feed"), unsubscribe_url=off, off_url=off, **context)
