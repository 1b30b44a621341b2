"""The mail of the week: thanks to the reader, spotlights, and what their own teams were thanked for.

An hourly round writes the rows, one for each reader and week of the calendar; what stands in the mail, and whether
there is any, is decided when it is about to leave. A week without thanks sends nothing.
"""

import zoneinfo
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from delight.organisation.models import Organisation
from delight.outbox.models import Message, State
from delight.outbox.registry import Skip
from delight.outbox.services import enqueue
from staff.people.models import Membership, User
from staff.recognition.access import visible_to
from staff.recognition.models import Recipient, Recognition, RecognitionQuerySet, Taste
from staff.recognition.taste import kept_taste_of

DIGEST = "recognition-digest"
GRACE = timedelta(days=2)
WEEK = timedelta(days=7)
MOST = 20  # of each part


@dataclass(frozen=True)
class Digest:
    """What one reader's mail tells. None of it is in two parts."""

    reader: User
    taste: Taste
    to_reader: list[Recognition]
    spotlights: list[Recognition]
    of_teams: list[Recognition]


# --- When -------------------------------------------------------------------------------------------------------


def plan_digests() -> None:
    """A row for everybody whose hour has come within two days, and for whom there is something."""
    company, now = Organisation.objects.first(), timezone.now()
    if company is None:
        return
    wanted = {
        key_of(user.pk, due): (user, due) for user in readers() if now - (due := last_due(user, company, now)) < GRACE
    }
    known = set(Message.objects.filter(key__in=wanted).values_list("key", flat=True))
    for key, (user, due) in wanted.items():
        if key not in known and told_to(user, due).exists():
            kept_taste_of(user)
            enqueue(kind=DIGEST, object_id=user.pk, key=key, due_at=due)


def readers() -> QuerySet[User]:
    """Everybody with an address who has not switched it off."""
    without = Taste.objects.filter(digest=False).values("user_id")
    return User.objects.filter(is_active=True, email__isnull=False).exclude(pk__in=without).select_related("taste")


def last_due(user: User, company: Organisation, now: datetime) -> datetime:
    """When the reader's day and hour were last, by their own clock."""
    zone = zoneinfo.ZoneInfo(user.time_zone or company.time_zone)
    taste: Taste = getattr(user, "taste", None) or Taste(user=user)
    here = now.astimezone(zone)
    day = here.date() - timedelta(days=(here.isoweekday() - taste.digest_weekday) % 7)
    due = datetime.combine(day, time(taste.digest_hour), tzinfo=zone)
    return due if due <= now else datetime.combine(day - WEEK, time(taste.digest_hour), tzinfo=zone)


def key_of(pk: int, due: datetime) -> str:
    """One mail for a person and a week of the calendar."""
    year, week, _day = due.isocalendar()
    return f"{DIGEST}:{pk}:{year}-W{week:02}"


# --- What -------------------------------------------------------------------------------------------------------


def told_to(user: User, due: datetime) -> RecognitionQuerySet:
    """What others were thanked for, and the reader, since the last mail; not what the reader gave.

    Who changes the day misses nothing by it, and reads nothing twice.
    """
    last = Message.objects.filter(kind=DIGEST, object_id=user.pk, state=State.SENT, promised_at__lt=due)
    before = last.order_by("-promised_at").values_list("promised_at", flat=True).first()
    since = before if before and before > due - 2 * WEEK else due - WEEK
    fresh = visible_to(user).filter(told_at__gt=since, told_at__lte=due).exclude(by=user)
    places = Membership.objects.now().filter(user=user).values("team_id")
    mates = Membership.objects.now().filter(team__in=places).values("user_id")
    to_mates = Recipient.objects.filter(recognition=OuterRef("pk"), user__in=mates)
    of_teams = Q(team__in=places) | Q(Exists(to_mates))
    open_ones = Q(is_private=False) & (Q(kind=Recognition.Kind.SPOTLIGHT) | of_teams)
    to_reader = Recipient.objects.filter(recognition=OuterRef("pk"), user=user)
    return fresh.filter(open_ones | Q(Exists(to_reader)))


def still_wanted(message: Message) -> Digest | Skip:
    user = User.objects.filter(pk=message.object_id).first()
    if user is None or not user.is_active:
        return Skip("left")
    if not user.email:
        return Skip("no_address")
    taste = kept_taste_of(user)
    if not taste.digest:
        return Skip("unsubscribed")
    found = _digest(user, taste, message.promised_at)
    return found if found.to_reader or found.spotlights or found.of_teams else Skip("gone")


def _digest(user: User, taste: Taste, due: datetime) -> Digest:
    told = list(told_to(user, due).with_names())
    mine = [each for each in told if any(to.user_id == user.pk for to in each.recipients.all())]
    others = [each for each in told if each not in mine]
    bright = [each for each in others if each.kind == Recognition.Kind.SPOTLIGHT]
    rest = [each for each in others if each.kind != Recognition.Kind.SPOTLIGHT]
    return Digest(user, taste, mine[:MOST], bright[:MOST], rest[:MOST])


def about(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Whose mail it is, for the outbox page."""
    found = User.objects.filter(pk__in=ids).values_list("pk", "name")
    return {pk: (name, reverse("person", args=[pk])) for pk, name in found}
