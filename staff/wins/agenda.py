"""What stands on the agenda of a meeting, found out without writing anything.

Each thing comes once. First customers' praise and actions that are not done; then what was not told last time, in its
order; then what is new: answered issues, thanks, moments. What has become something is told by that. New is what came
since a week before the last meeting began and stood on no agenda of the team so far: so nothing slips through that was
written while a meeting began, or finished late.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from delight.organisation.models import Organisation
from delight.programme.models import Issue
from staff.moments.models import Moment
from staff.people.models import Membership, Team
from staff.recognition.models import Recipient, Recognition
from staff.wins.models import ActionItem, AgendaItem, Turn, WinsMeeting
from staff.wins.times import ENDED, last_ended

Kind, State = AgendaItem.Kind, AgendaItem.State
WEEK = timedelta(days=7)
UNTOLD = (State.WAITING, State.SKIPPED)
TURNED = Q(became_action__isnull=False) | Q(became_idea__isnull=False) | Q(became_issue__isnull=False)
SOURCES = ("moment", "recognition", "action", "issue")
ROOMS = {Kind.MOMENT: "moments", Kind.RECOGNITION: "recognition"}  # what comes from rooms that may be hidden


@dataclass(frozen=True)
class Line:
    """Something that is to stand on the agenda. An own item that comes again has the item before it as `carried`."""

    kind: str
    source: dict[str, Any] = field(default_factory=dict)
    text: str = ""
    notes: str = ""
    carried: AgendaItem | None = None

    @property
    def key(self) -> tuple[str, int | None]:
        """Of two lines with the same key one is enough."""
        for name, thing in self.source.items():
            return name, thing.pk
        return "own", self.carried.pk if self.carried else 0

    def __getattr__(self, name: str) -> Any:
        """A line is shown like an item: `line.moment`, `line.issue` …"""
        if name in SOURCES:
            return self.source.get(name)
        raise AttributeError(name)


def agenda_for(meeting: WinsMeeting) -> list[Line]:
    """What belongs on the agenda and does not stand there yet. `meeting` may be one that is not written yet."""
    last = last_ended(meeting.team)
    there, hidden = _keys_of(meeting), _hidden_kinds()
    lines: list[Line] = []
    for line in sorted([*_carried(last), *_new(meeting.team, last)], key=_comes_later):
        if line.key not in there and line.kind not in hidden:
            there.add(line.key)
            lines.append(line)
    return lines


def _comes_later(line: Line) -> bool:
    """A meeting begins with what customers said and what was agreed: it must not drown in the rest."""
    thanks = line.recognition
    return line.kind != Kind.ACTION and (thanks is None or thanks.kind != Recognition.Kind.PRAISE)


def _hidden_kinds() -> set[str]:
    company = Organisation.objects.first()
    return {kind for kind, room in ROOMS.items() if company and room in company.hidden_rooms}


def _keys_of(meeting: WinsMeeting) -> set[tuple[str, int | None]]:
    if meeting.pk is None:
        return set()
    items = AgendaItem.objects.filter(meeting=meeting)
    found = {(name, item[f"{name}_id"]) for item in items.values(*[f"{n}_id" for n in SOURCES]) for name in SOURCES}
    carried = items.filter(kind=Kind.OWN, carried_from__isnull=False).values_list("carried_from", flat=True)
    return found | {("own", pk) for pk in carried}


# --- What was not told last time --------------------------------------------------------------------------------


def _carried(last: WinsMeeting | None) -> list[Line]:
    if last is None:
        return []
    untold = AgendaItem.objects.filter(meeting=last, state__in=UNTOLD).exclude(TURNED)
    items = untold.select_related(
        *SOURCES,
        "moment__user",
        "moment__idea",
        "moment__customer",
        "recognition__by",
        "recognition__team",
        "action__owner",
    )
    return [_again(item) for item in items if _still_stands(item)]


def _still_stands(item: AgendaItem) -> bool:
    """Whether there is still something to tell: it may be read, has words, and is not done."""
    if item.moment is not None and not words_of_moment(item.moment):
        return False
    if item.action is not None:
        return item.action.done_at is None and item.action.dropped_at is None
    return may_be_read(item)


def may_be_read(item: AgendaItem) -> bool:
    """Not what was withdrawn or taken back into private, nor what lost its words with an erased customer."""
    if item.moment is not None:
        return item.moment.state == Moment.State.LOGGED
    if item.recognition is not None:
        stands = item.recognition.state == Recognition.State.TOLD and not item.recognition.is_private
        return stands and bool(item.recognition.text)
    return item.issue is None or bool(item.issue.text)


def words_of_moment(moment: Moment) -> str:
    """What was done, in its author's words, else in those of the idea that it followed."""
    return moment.what or (moment.idea.words if moment.idea else "")


def _again(item: AgendaItem) -> Line:
    source = {name: getattr(item, name) for name in SOURCES if getattr(item, name) is not None}
    return Line(item.kind, source, item.text, item.notes, item)


# --- What is new ------------------------------------------------------------------------------------------------


def _new(team: Team, last: WinsMeeting | None) -> list[Line]:
    since = since_of(last)
    return [
        *[Line(Kind.ACTION, {"action": each}) for each in unfinished_actions(team)],
        *[Line(Kind.ISSUE, {"issue": each}) for each in answered_issues(team, since)],
        *[Line(Kind.RECOGNITION, {"recognition": each}) for each in new_recognitions(team, since)],
        *[Line(Kind.MOMENT, {"moment": each}) for each in new_moments(team, since)],
    ]


def since_of(last: WinsMeeting | None) -> datetime:
    return ((last.began_at or last.starts_at) if last else timezone.now()) - WEEK


def _stood(team: Team, **source: Any) -> Exists:
    """It is or was on an agenda of the team that counts: one that is over."""
    return Exists(AgendaItem.objects.filter(meeting__team=team, meeting__state__in=ENDED, **source))


def new_moments(team: Team, since: datetime) -> QuerySet[Moment]:
    """With words, and not told yet: one that is picked while a meeting runs stands on no agenda, but is told."""
    told = Moment.objects.told().filter(team=team, created_at__gt=since).exclude(what="", idea=None)
    ended = Turn.objects.filter(meeting__team=team, meeting__state__in=ENDED, state=Turn.State.TOLD)
    new = told.exclude(_stood(team, moment=OuterRef("pk"))).exclude(Exists(ended.filter(moment=OuterRef("pk"))))
    return new.select_related("user", "customer", "idea").order_by("happened_at", "pk")


def new_recognitions(team: Team, since: datetime) -> QuerySet[Recognition]:
    """Public thanks and praise to the team or its people; not of those who would rather not hear it in a round."""
    places = Membership.objects.now().filter(team=team).values("user_id")
    public = Recognition.objects.public().filter(told_at__gt=since).exclude(text="")
    theirs = public.filter(Q(team=team) | Q(recipients__user__in=places)).distinct()
    shy = Exists(Recipient.objects.filter(recognition=OuterRef("pk"), user__taste__likes_public=False))
    new = theirs.exclude(shy).exclude(_stood(team, recognition=OuterRef("pk")))
    return new.select_related("by", "team").prefetch_related("recipients__user").order_by("told_at", "pk")


def answered_issues(team: Team, since: datetime) -> QuerySet[Issue]:
    """Those that have their answer, and whose answer no meeting has shown."""
    shown = AgendaItem.objects.filter(
        issue=OuterRef("pk"), meeting__team=team, meeting__began_at__gte=OuterRef("answered_at")
    )
    waiting = AgendaItem.objects.filter(issue=OuterRef("pk"), meeting__team=team, meeting__state="not_held")
    answered = Issue.objects.filter(team=team, state__in=["done", "declined"], answered_at__gt=since)
    answered = answered.exclude(text="")
    return answered.exclude(Exists(shown)).exclude(Exists(waiting)).order_by("answered_at", "pk")


def unfinished_actions(team: Team) -> QuerySet[ActionItem]:
    return ActionItem.objects.open().filter(meeting__team=team).select_related("owner").order_by("due_on", "pk")


# --- Stories ----------------------------------------------------------------------------------------------------


def own_moments(team: Team, user: Any, last: WinsMeeting | None) -> QuerySet[Moment]:
    """What somebody may pick from to tell: their moments that nobody has heard yet, the latest first."""
    if Kind.MOMENT in _hidden_kinds():
        return Moment.objects.none()
    new = new_moments(team, since_of(last)).filter(user=user)
    untold = AgendaItem.objects.filter(meeting=last, state__in=UNTOLD, moment__isnull=False).exclude(TURNED)
    carried = untold if last else None
    also = Q(pk__in=carried.values("moment_id"), user=user) if carried is not None else Q(pk__in=[])
    both = Moment.objects.told().filter(Q(pk__in=new.values("pk")) | also)
    return both.select_related("customer", "idea").order_by("-happened_at", "-pk")


def stories_left(last: WinsMeeting | None) -> dict[int, Turn]:
    """Stories that people left for the last meeting and that were not told there, by person.

    A moment that was told or left out on the agenda, or was withdrawn, is none of them any more, nor is what something
    was made of.
    """
    if last is None:
        return {}
    heard = AgendaItem.objects.filter(meeting=last, state__in=(State.TOLD, State.LEFT), moment__isnull=False)
    over = set(heard.values_list("moment_id", flat=True))
    turned = AgendaItem.objects.filter(TURNED, meeting=last)
    about = Q(turn=OuterRef("pk")) | Q(moment__isnull=False, moment=OuterRef("moment"))
    untold = Turn.objects.filter(meeting=last).exclude(state=Turn.State.TOLD).exclude(Exists(turned.filter(about)))
    left = list(untold.select_related("moment"))
    for turn in left:
        if turn.moment is not None and (turn.moment_id in over or turn.moment.state != Moment.State.LOGGED):
            turn.moment = None
    return {turn.user_id: turn for turn in left if turn.story or turn.moment_id}


def places_of(meeting: WinsMeeting) -> int:
    """How many items there are; the next one goes behind them."""
    last = AgendaItem.objects.filter(meeting=meeting).order_by("-position").values_list(F("position"), flat=True)
    return (last.first() or 0) + 1
