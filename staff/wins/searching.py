"""Finding a past meeting by what was told, noted and agreed in it, and the lines in which the words stand."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from staff.moments.models import Moment
from staff.people.models import User
from staff.recognition.models import Recognition
from staff.wins.access import meetings_visible_to
from staff.wins.models import ActionItem, AgendaItem, Turn, WinsMeeting

ITEM_WORDS = ("text", "notes", "action__text", "issue__text", "issue__done", "became_issue__text")
TURN_WORDS = ("story", "notes", "user__name")
ACTION_WORDS = ("text", "owner__name")
LINES = 3
AROUND = 70  # letters before and behind what was found


@dataclass(frozen=True)
class Found:
    """A line with the words: what stands before them, they themselves, and what stands behind."""

    before: str
    words: str
    after: str


def history_for(user: User, words: str) -> QuerySet[WinsMeeting]:
    """Meetings that were held, the latest first; with `words`, those in which something with them was told or noted."""
    held = meetings_visible_to(user).filter(state=WinsMeeting.State.HELD)
    if not words:
        return held
    here = {"meeting": OuterRef("pk")}
    return held.filter(
        Exists(_items(words).filter(**here))
        | Exists(_turns(words).filter(**here))
        | Exists(_actions(words).filter(**here))
    )


def with_lines(meetings: Iterable[WinsMeeting], words: str) -> None:
    """Each meeting's `found`: the first lines in which the words stand; none without words."""
    by_pk: dict[int, list[Found]] = {meeting.pk: [] for meeting in meetings}
    for meeting in meetings:
        meeting.found = by_pk[meeting.pk]  # type: ignore[attr-defined]
    for pk, text in _texts(list(by_pk), words) if words else ():
        line = excerpt(text, words)
        if line is not None and line not in by_pk[pk] and len(by_pk[pk]) < LINES:
            by_pk[pk].append(line)


def excerpt(text: str, words: str) -> Found | None:
    """The words with what stands around them; None where they do not stand."""
    text = " ".join(text.split())
    place = re.search(re.escape(" ".join(words.split())), text, re.IGNORECASE)
    if place is None:
        return None
    before, after = text[: place.start()], text[place.end() :]
    if len(before) > AROUND:
        before = "…" + before[-AROUND:].partition(" ")[2]
    if len(after) > AROUND:
        after = after[:AROUND].rpartition(" ")[0] + "…"
    return Found(before, place[0], after)


def _texts(meetings: list[int], words: str) -> Iterator[tuple[int, str]]:
    """What is searched, with the meeting it belongs to; stories first. No words of what may be read no more."""
    for turn in _turns(words).filter(meeting__in=meetings).select_related("moment", "user"):
        moment = turn.moment.what if turn.moment and turn.moment.state == Moment.State.LOGGED else ""
        yield from ((turn.meeting_id, f"{turn.user.name}: {text}") for text in (moment, turn.story, turn.notes) if text)
        yield turn.meeting_id, turn.user.name
    own = ("moment", "recognition", "action", "issue", "became_issue")
    for item in _items(words).filter(meeting__in=meetings).select_related(*own):
        yield from ((item.meeting_id, text) for text in _texts_of(item))
    for action in _actions(words).filter(meeting__in=meetings).select_related("owner"):
        yield action.meeting_id, f"{action.text} – {action.owner.name}"


def _texts_of(item: AgendaItem) -> Iterator[str]:
    if item.moment is not None and item.moment.state == Moment.State.LOGGED:
        yield item.moment.what
    thanks = item.recognition
    if thanks is not None and thanks.state == Recognition.State.TOLD and not thanks.is_private:
        yield thanks.text
    for issue in (item.issue, item.became_issue):
        yield from (issue.text, issue.done) if issue is not None else ()
    yield from (item.action.text if item.action else "", item.text, item.notes)


# --- Where it stands ----------------------------------------------------------------------------------------------


def _items(words: str) -> QuerySet[AgendaItem]:
    thanks = Recognition.objects.public().filter(text__icontains=words).values("pk")
    found = _any_of(words, *ITEM_WORDS) | _told_moment(words) | Q(recognition__in=thanks)
    return AgendaItem.objects.filter(found)


def _turns(words: str) -> QuerySet[Turn]:
    return Turn.objects.filter(_any_of(words, *TURN_WORDS) | _told_moment(words), state=Turn.State.TOLD)


def _actions(words: str) -> QuerySet[ActionItem]:
    return ActionItem.objects.filter(_any_of(words, *ACTION_WORDS))


def _any_of(words: str, *fields: str) -> Q:
    found = Q()
    for field in fields:
        found |= Q(**{f"{field}__icontains": words})
    return found


def _told_moment(words: str) -> Q:
    """Moments only where they stand, not withdrawn."""
    return Q(moment__state=Moment.State.LOGGED, moment__what__icontains=words)
