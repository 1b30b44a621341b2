"""What is done in a meeting, from several phones at once.

Whoever changes something takes the meeting's row first, so that one comes after the other, and counts its version up;
the others' phones see by it that there is something new. Each change says what it has seen: where somebody else was
quicker nothing is changed, and the page shows what stands.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator

from delight.outbox.services import enqueue
from delight.programme.models import Issue
from delight.programme.services import key_for, raise_issue
from staff.moments.ideas import LONGEST as LONGEST_IDEA
from staff.moments.ideas import NothingToTake, add_idea, steal_idea
from staff.moments.models import Idea
from staff.people.models import Team, User
from staff.wins.access import members_of
from staff.wins.actions import make_action
from staff.wins.agenda import may_be_read, places_of, words_of_moment
from staff.wins.meetings import MINUTES, OPEN, prepare_meeting, rota, write_agenda
from staff.wins.models import ActionItem, AgendaItem, Turn, WinsMeeting

State = WinsMeeting.State
LONGEST_TEXT = 300
THOUGHT_OVER = timedelta(seconds=30)  # so long the minutes wait, for whoever ended the meeting by mistake
# What may become of a turn or of an item; each may be taken back.
TURN_STATES = set(Turn.State.values)
ITEM_STATES = set(AgendaItem.State.values)


def changing(meeting: WinsMeeting, change: Callable[[WinsMeeting], Any], *states: str) -> Any:
    """Run `change` with the meeting's row held, and count its version up when it has changed something.

    None where the meeting is in none of the `states` any more.
    """
    with transaction.atomic():
        row = WinsMeeting.objects.select_for_update(of=["self"]).select_related("team").get(pk=meeting.pk)
        if states and row.state not in states:
            return None
        result = change(row)
        if result:
            row.version += 1
            row.save(update_fields=["version"])
        return result


# --- From beginning to end --------------------------------------------------------------------------------------


@transaction.atomic
def begin_meeting(*, by: User, meeting: WinsMeeting) -> bool:
    """Begin, with all that has come in until now on the agenda. Tells whether it began by this."""
    row = WinsMeeting.objects.select_for_update(of=["self"]).select_related("team").get(pk=meeting.pk)
    if row.state != State.PLANNED:
        return False
    row.began_at = timezone.now()
    write_agenda(row)
    if not members_of(row.team).filter(pk=row.facilitator_id or 0).exists():
        row.facilitator = next(iter(rota(row.team)), None)
    row.state = State.RUNNING
    row.version += 1
    row.save(update_fields=["state", "began_at", "facilitator", "version"])
    return True


@transaction.atomic
def end_meeting(*, by: User | None, meeting: WinsMeeting) -> bool:
    """End, and have the minutes mailed to the team half a minute later. Ended twice is once."""
    now = timezone.now()
    row = WinsMeeting.objects.select_for_update(of=["self"]).select_related("team").get(pk=meeting.pk)
    if row.state != State.RUNNING:
        return False
    row.state, row.ended_at, row.version = State.HELD, now, row.version + 1
    row.save(update_fields=["state", "ended_at", "version"])
    for user in members_of(row.team).filter(email__isnull=False):
        key = f"{MINUTES}:{row.pk}:{user.pk}:{row.version}"  # ended again after "Not over yet" it is another mail
        enqueue(kind=MINUTES, object_id=row.pk, key=key, due_at=now + THOUGHT_OVER)
    return True


# --- Turns ------------------------------------------------------------------------------------------------------


def move_turn(*, by: User, turn: Turn, seen: str, to: str) -> bool:
    """Told, next time, not here, or back again. A told moment is told on the agenda, too.

    Whoever is not here stays so when their story is read out; they are here when they come back into the round.

    False when somebody else was quicker, or the meeting is over.
    """

    def change(row: WinsMeeting) -> bool:
        away = {Turn.State.ABSENT: {"is_away": True}, Turn.State.WAITING: {"is_away": False}}.get(Turn.State(to), {})
        if not Turn.objects.filter(pk=turn.pk, state=seen).exclude(state=to).update(state=to, **away):
            return False
        if turn.moment_id and (to == Turn.State.TOLD or seen == Turn.State.TOLD):
            item = AgendaItem.objects.filter(meeting=row, moment=turn.moment_id)
            item.update(state=AgendaItem.State.TOLD if to == Turn.State.TOLD else AgendaItem.State.WAITING)
        return True

    return bool(changing(turn.meeting, change, State.RUNNING))


@transaction.atomic
def prepare_turn(*, by: User, turn: Turn, moment: Any, story: str, is_absent: bool) -> bool:
    """What somebody will tell, or leaves to be read out because they will not be there."""

    def change(_row: WinsMeeting) -> bool:
        states = [Turn.State.WAITING, Turn.State.ABSENT]
        to = Turn.State.ABSENT if is_absent else Turn.State.WAITING
        mine = Turn.objects.filter(pk=turn.pk, state__in=states)
        return bool(mine.update(moment=moment, story=story, state=to, is_away=is_absent))

    return bool(changing(turn.meeting, change, *OPEN))


# --- The agenda -------------------------------------------------------------------------------------------------


@transaction.atomic
def add_item(*, by: User, meeting: WinsMeeting, text: str, key: Any = None) -> AgendaItem:
    """Put something on the agenda; of the next meeting, if this one is over. The same key and text are one."""
    key = key_for(key, text) if key else None
    Team.objects.select_for_update(no_key=True).get(pk=meeting.team_id)  # one after the other, in everybody's order
    if key and (there := AgendaItem.objects.filter(key=key).first()):
        return there
    if WinsMeeting.objects.select_for_update().get(pk=meeting.pk).state not in OPEN:
        meeting = prepare_meeting(meeting.team)

    def change(row: WinsMeeting) -> AgendaItem:
        return AgendaItem.objects.create(
            meeting=row, kind=AgendaItem.Kind.OWN, text=text, added_by=by, key=key, position=places_of(row)
        )

    return changing(meeting, change)


def move_item(*, by: User, item: AgendaItem, to: str) -> bool:
    """First, or one place up or down among those to come; False at the end, or when it is not to come any more."""

    def change(row: WinsMeeting) -> bool:
        order = list(AgendaItem.objects.filter(meeting=row, state=AgendaItem.State.WAITING))
        place = next((number for number, each in enumerate(order) if each.pk == item.pk), None)
        if place is None:
            return False
        other = {"first": 0, "up": place - 1, "down": place + 1}[to]
        if other == place or not 0 <= other < len(order):
            return False
        order.insert(other, order.pop(place))
        for number, position in enumerate(sorted(each.position for each in order)):
            order[number].position = max(position, order[number - 1].position + 1) if number else position
        AgendaItem.objects.bulk_update(order, ["position"])
        return True

    return bool(changing(item.meeting, change, *OPEN))


def mark_item(*, by: User, item: AgendaItem, seen: str, to: str) -> bool:
    """Told, next time, left out, or back again; False when somebody else was quicker."""

    def change(_row: WinsMeeting) -> bool:
        return bool(AgendaItem.objects.filter(pk=item.pk, state=seen).exclude(state=to).update(state=to))

    return bool(changing(item.meeting, change, *OPEN))


def note_turn(*, by: User, turn: Turn, text: str) -> bool:
    """A note about what somebody tells: to the moment on the agenda, with which it stays, else to their turn."""
    item = AgendaItem.objects.select_related("meeting").filter(meeting=turn.meeting, moment=turn.moment_id or 0).first()
    return add_note(by=by, to=item or turn, text=text)


def add_note(*, by: User, to: AgendaItem | Turn, text: str) -> bool:
    """Put words to what is noted already: two who write at once are both kept. The same words again are once."""

    def change(_row: WinsMeeting) -> bool:
        row = type(to).objects.get(pk=to.pk)
        if f"\n{text}\n" in f"\n{row.notes}\n":
            return False
        row.notes = f"{row.notes}\n{text}" if row.notes else text
        row.save(update_fields=["notes"])
        return True

    return bool(changing(to.meeting, change))


# --- What comes of an item --------------------------------------------------------------------------------------


def stand_for_story(*, by: User, turn: Turn) -> AgendaItem | None:
    """An item for a story in somebody's own words, so that something may be made of it; None without words.

    A moment has its item on the agenda. This one is told already, and stands on no agenda again.
    """

    def change(row: WinsMeeting) -> AgendaItem | None:
        stored = Turn.objects.get(pk=turn.pk)
        if not stored.story or stored.moment_id:
            return None
        text = Truncator(" ".join(stored.story.split())).chars(LONGEST_TEXT)
        facts = {
            "meeting": row, "kind": AgendaItem.Kind.OWN, "state": AgendaItem.State.TOLD, "text": text,
            "added_by_id": stored.user_id, "position": places_of(row),
        }  # fmt: skip
        return AgendaItem.objects.get_or_create(turn=stored, defaults=facts)[0]

    return changing(turn.meeting, change, State.RUNNING)


def words_of(item: AgendaItem) -> str:
    """What the item is about, in one line. Raises NothingToTake where that is not to be read any more."""
    said = item.text
    if item.moment is not None:
        said = words_of_moment(item.moment)
    for thing in (item.recognition, item.action, item.issue):
        said = thing.text if thing is not None else said
    if not said.strip() or not may_be_read(item):
        raise NothingToTake
    return " ".join(said.split())


def make_item_action(*, by: User, item: AgendaItem, owner: User, due_on: date, text: str) -> ActionItem:
    """Somebody will do something about it until then. An item that has an action gives that one."""

    def change(row: WinsMeeting) -> ActionItem:
        stored = AgendaItem.objects.select_related("became_action").get(pk=item.pk)
        if stored.became_action is None:
            stored.became_action = make_action(by=by, meeting=row, text=text, owner=owner, due_on=due_on)
            stored.save(update_fields=["became_action"])
        return stored.became_action

    return changing(item.meeting, change)


def make_item_idea(*, by: User, item: AgendaItem) -> Idea:
    """Put it into the bank of ideas; of a moment it is credited to its author. Raises NothingToTake."""

    def change(_row: WinsMeeting) -> Idea:
        stored = AgendaItem.objects.select_related("became_idea", "moment").get(pk=item.pk)
        if stored.became_idea is None:
            stored.became_idea = _idea_of(item, by)
            stored.save(update_fields=["became_idea"])
        return stored.became_idea

    return changing(item.meeting, change)


def _idea_of(item: AgendaItem, by: User) -> Idea:
    words = Truncator(words_of(item)).chars(LONGEST_IDEA)
    if item.moment is not None:
        return steal_idea(by=by, moment=item.moment)[0]
    return add_idea(by=by, kind=Idea.Kind.DO, text=words, credited=item.added_by or by)


def make_item_issue(*, by: User, item: AgendaItem, kind: str, owner: User | None) -> Issue:
    """Something is in the way: an issue, of this team. Raises NothingToTake for an item without words."""

    def change(row: WinsMeeting) -> Issue:
        stored = AgendaItem.objects.select_related("became_issue").get(pk=item.pk)
        if stored.became_issue is None:
            stored.became_issue = raise_issue(by=by, kind=kind, text=words_of(item), team=row.team, owner=owner)
            stored.save(update_fields=["became_issue"])
        return stored.became_issue

    return changing(item.meeting, change)


def raise_obstacle(
    *, by: User, meeting: WinsMeeting, kind: str, text: str, owner: User | None = None, key: Any = None
) -> Issue:
    """What got in somebody's way this week; its answer is shown in a later meeting."""

    def change(row: WinsMeeting) -> Issue:
        issue = raise_issue(by=by, kind=kind, text=text, team=row.team, owner=owner, key=key)
        facts = {
            "kind": AgendaItem.Kind.ISSUE, "state": AgendaItem.State.TOLD, "added_by": by, "position": places_of(row),
        }  # fmt: skip
        AgendaItem.objects.get_or_create(meeting=row, issue=issue, defaults=facts)
        return issue

    return changing(meeting, change)
