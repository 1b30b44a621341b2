"""What pages show of recognition, of the reader's own room and of others. No figure is made of anybody's thanks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from staff.moments.models import Moment
from staff.people.access import managed_team_ids
from staff.people.models import Membership, Team, User
from staff.recognition.access import visible_to
from staff.recognition.models import Comment, Reaction, Recipient, Recognition, RecognitionQuerySet, Value

QUIET_FOR = timedelta(weeks=8)
WORDS: dict[str, str | Promise] = {
    Reaction.Kind.HEART: _("heart"),
    Reaction.Kind.CLAP: _("applause"),
    Reaction.Kind.STAR: _("star"),
    Reaction.Kind.SMILE: _("smile"),
}


@dataclass(frozen=True)
class Sign:
    """A reaction as a button: whether the reader has left it, and the names of those who have. No number."""

    kind: str
    emoji: str
    words: str | Promise
    pressed: bool
    names: list[str]


@dataclass(frozen=True)
class Shown:
    """One recognition with what a page says of it; `key` is for a comment on it.

    `keeps` is the name under which the browser keeps words for a comment: another one for each reader, and once they
    have commented, so that what is sent is not given back.
    """

    recognition: Recognition
    people: list[User]
    signs: list[Sign]
    comments: list[Comment]
    is_mine: bool
    is_to_me: bool
    key: UUID
    keeps: str


def shown(recognition: Recognition, user: User) -> Shown:
    """Of one that was fetched `with_names`; asks the database nothing."""
    people = [each.user for each in recognition.recipients.all()]
    reactions = list(recognition.reactions.all())
    signs = [
        Sign(
            kind=kind.value,
            emoji=str(kind.label),
            words=WORDS[kind],
            pressed=any(each.kind == kind and each.user_id == user.pk for each in reactions),
            names=sorted(each.user.name for each in reactions if each.kind == kind),
        )
        for kind in Reaction.Kind
    ]
    is_mine, is_to_me = recognition.by_id == user.pk, any(each.pk == user.pk for each in people)
    comments = _comments(recognition, is_between=is_mine or is_to_me)
    last = max((each.pk for each in comments if each.by_id == user.pk), default=0)
    return Shown(
        recognition=recognition,
        people=people,
        signs=signs,
        comments=comments,
        is_mine=is_mine,
        is_to_me=is_to_me,
        key=uuid4(),
        keeps=f"comment-{recognition.pk}-{user.pk}-{last}",
    )


def _comments(recognition: Recognition, *, is_between: bool) -> list[Comment]:
    """What a manager did was between two before it was told: so is what they said below it until then."""
    standing: list[Comment] = list(recognition.standing_comments)  # type: ignore[attr-defined]
    if is_between or recognition.kind != Recognition.Kind.TREAT:
        return standing
    return [each for each in standing if each.at >= recognition.told_at]


def all_shown(found: Iterable[Recognition], user: User) -> list[Shown]:
    return [shown(each, user) for each in found]


# --- For other pages --------------------------------------------------------------------------------------------


def latest_for(user: User, n: int) -> list[Shown]:
    """The last ones that the reader may see, the newest first."""
    return all_shown(visible_to(user).with_names()[:n], user)


def recognitions_of_person(user: User, person: User) -> RecognitionQuerySet:
    """Those that thank a person: the open ones, and the private ones between them and the reader."""
    theirs = Recipient.objects.filter(recognition=OuterRef("pk"), user=person)
    return visible_to(user).filter(Exists(theirs)).with_names()


def recognitions_of_moment(user: User, moment: Moment) -> RecognitionQuerySet:
    """The thanks that a moment has brought, as far as the reader may see them."""
    return visible_to(user).filter(moment=moment).with_names()


def values_in_use() -> Iterable[Value]:
    return Value.objects.filter(retired_at=None)


# --- Whom nobody has thanked ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Quiet:
    """People of one team whom nobody has thanked for eight weeks; their names, and nothing else."""

    team: Team
    people: list[User]


def unthanked(user: User) -> list[Quiet]:
    """For a manager, own teams only. Who came less than eight weeks ago is left out, and so is the manager.

    Thanks to a whole team name nobody, so they do not count here; private ones do.
    """
    since = timezone.now() - QUIET_FOR
    places = Membership.objects.now().filter(team__in=managed_team_ids(user), user__is_active=True)
    known = places.filter(user__joined_at__lt=since, user__in=_long_here(since)).exclude(user=user)
    quiet = known.exclude(user__in=_thanked(since)).select_related("team", "user")
    found: dict[int, Quiet] = {}
    for place in quiet.order_by("team__sort_key", "team_id", "user__sort_key", "user_id"):
        found.setdefault(place.team_id, Quiet(place.team, [])).people.append(place.user)
    return list(found.values())


def _long_here(since: datetime) -> Iterable[int]:
    return Membership.objects.filter(since__lt=since.date()).values("user_id")  # type: ignore[return-value]


def _thanked(since: datetime) -> Iterable[int]:
    recent = Q(recognition__state=Recognition.State.TOLD, recognition__told_at__gte=since)
    return Recipient.objects.filter(recent).values("user_id")  # type: ignore[return-value]
