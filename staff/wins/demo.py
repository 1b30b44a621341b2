"""The demo company's meetings: ten weeks of minutes in three shops, tomorrow's agenda, and three months of pulse."""

import random
from datetime import datetime, time, timedelta

from django.db.models import F

from delight.programme.models import Issue
from staff.moments.models import Moment
from staff.people.models import Team, User
from staff.recognition.models import Recognition
from staff.wins import demo_pulse
from staff.wins.access import members_of
from staff.wins.meetings import rota, write_agenda
from staff.wins.models import ActionItem, AgendaItem, MeetingPlan, Turn, WinsMeeting
from staff.wins.times import first_after, zone_of

WEEKS = 10
HOURS = {"Mill Lane": time(8, 45), "Harbour": time(9, 15), "Station Square": time(18, 15)}
STORIES = (
    "The gentleman with the stick: the chair was warm and low before he came in. He noticed.",
    "A child that was afraid of the machine cut the dog’s fringe first, on the screen. Then it sat still.",
    "I asked what the photo on her phone was about. She told me of her garden for half an hour and left laughing.",
    "Somebody had missed the train. I called the next stop so that he could sit down and wait with a coffee.",
    "He said that he had an interview. I took ten minutes more for the collar and wished him luck. He called to tell.",
    "She had forgotten her purse. I said: next time. She was back within the hour, with cake.",
    "A regular did not want to talk. So I did not, and he thanked me for exactly that.",
    "The bride’s mother had nobody to zip her dress. Well.",
    "It rained. The umbrella from the drawer went out and came back the next day, dry.",
    "An old customer comes from the hospital now. I had the mirror turned away until she asked for it.",
)
TALKS = (
    ("Who opens on Saturdays in December?", "Two of us take turns; the list hangs at the mirror."),
    ("The playlist in the morning", "Quiet until ten, then as it comes."),
    ("Cards for the first visit", "New ones are ordered; a hundred are enough."),
    ("How do we greet those who wait?", "By name, where we know it. The tablet says who is expected."),
    ("The light at chair three", ""),
)
ACTIONS = (
    "Ask the bakery about the smaller slices", "Write the umbrella cards", "Move the waiting chairs to the window",
    "Find out what the quiet dryer costs", "Put the bus times beside the till", "Order towels for the hot-towel kit",
    "Call the three who have not been here since spring", "Write down how we take children’s first cut",
)  # fmt: skip


def make(*, rng: random.Random, now: datetime) -> list[WinsMeeting]:
    """With dice of its own, so that what other rooms throw stays as it is. Nothing here is to be mailed."""
    own = random.Random(4711)  # noqa: S311 - the same company each time is what is wanted
    made = []
    for number, team in enumerate(Team.objects.order_by("pk")):
        plan = _plan(team, now, days_ahead=1 + 2 * number)
        meetings = [_held(own, team, starts_at) for starts_at in _past(plan, now)]
        _fill(team, meetings)
        _actions(own, team, meetings, now)
        made += meetings
    _tomorrow()
    demo_pulse.make(own, now)
    return made


def _plan(team: Team, now: datetime, *, days_ahead: int) -> MeetingPlan:
    """The first shop meets tomorrow."""
    manager = User.objects.filter(memberships__team=team, memberships__role="manager").first()
    weekday = (now + timedelta(days=days_ahead)).isoweekday()
    set_at = now - timedelta(weeks=WEEKS + 1)
    at = HOURS.get(team.name, time(9))
    return MeetingPlan.objects.create(team=team, weekday=weekday, at=at, set_by=manager, set_at=set_at)


def _past(plan: MeetingPlan, now: datetime) -> list[datetime]:
    """Their times, the oldest first; the latest was more than a day ago."""
    zone = zone_of(plan)
    return [first_after(plan, now - timedelta(weeks=ago, days=1), zone) for ago in range(WEEKS, 0, -1)]


def _held(own: random.Random, team: Team, starts_at: datetime) -> WinsMeeting:
    began = starts_at + timedelta(minutes=own.randint(0, 4))
    meeting = WinsMeeting.objects.create(
        team=team, starts_at=starts_at, state=WinsMeeting.State.HELD, facilitator=rota(team)[0], began_at=began,
        ended_at=began + timedelta(minutes=own.randint(9, 13), seconds=own.randrange(60)), version=own.randint(9, 30),
    )  # fmt: skip
    people = list(members_of(team))
    own.shuffle(people)
    away = own.choice([None, None, people[-1]])
    for place, person in enumerate(people):
        story = own.choice(STORIES) if own.random() < 0.7 or person == away else ""
        state = Turn.State.ABSENT if person == away and own.random() < 0.5 else Turn.State.TOLD
        facts = {"state": state, "is_away": person == away, "story": story}
        Turn.objects.create(meeting=meeting, user=person, position=place, **facts)
    text, notes = own.choice(TALKS)
    AgendaItem.objects.create(
        meeting=meeting, kind=AgendaItem.Kind.OWN, text=text, notes=notes, added_by=people[0], position=1,
        state=AgendaItem.State.TOLD,
    )  # fmt: skip
    return meeting


def _fill(team: Team, meetings: list[WinsMeeting]) -> None:
    """Moments, thanks and issues of the time, each in the first meeting after it."""
    for moment in Moment.objects.told().filter(team=team).order_by("created_at"):
        _tell(meetings, moment.created_at, kind="moment", moment=moment)
    theirs = Recognition.objects.public().filter(recipients__user__in=members_of(team)).exclude(text="")
    for recognition in theirs.exclude(recipients__user__taste__likes_public=False).distinct().order_by("told_at"):
        _tell(meetings, recognition.told_at, kind="recognition", recognition=recognition)
    for issue in Issue.objects.filter(team=team).order_by("raised_at"):
        _tell(meetings, issue.raised_at, kind="issue", issue=issue, added_by_id=issue.raised_by_id)
        if issue.answered_at and issue.answered_at > issue.raised_at + timedelta(days=7):
            _tell(meetings, issue.answered_at, kind="issue", issue=issue)


def _tell(meetings: list[WinsMeeting], at: datetime, **source: object) -> None:
    first = next((meeting for meeting in meetings if meeting.starts_at > at), None)
    if first is None or at < meetings[0].starts_at - timedelta(days=7):
        return
    things = {name: value for name, value in source.items() if name in ("moment", "recognition", "issue")}
    facts = {**source, "state": "told", "position": 2}
    AgendaItem.objects.get_or_create(meeting=first, **things, defaults=facts)


def _actions(own: random.Random, team: Team, meetings: list[WinsMeeting], now: datetime) -> None:
    """Each was done in its week, but for the last two: one is late, one still has time."""
    people = list(members_of(team))
    for number, meeting in enumerate(meetings):
        due_on = (meeting.starts_at + timedelta(days=7)).date()
        action = ActionItem.objects.create(
            meeting=meeting, text=ACTIONS[(number + team.pk) % len(ACTIONS)], owner=own.choice(people), due_on=due_on,
            made_at=meeting.ended_at,
        )  # fmt: skip
        if number < len(meetings) - 2:
            action.done_at, action.done_by = meeting.starts_at + timedelta(days=own.randint(1, 6)), action.owner
            action.save()
    late = ActionItem.objects.filter(meeting=meetings[-2])
    late.update(due_on=(now - timedelta(days=3)).date())
    ActionItem.objects.filter(meeting=meetings[-1], due_on__lte=now.date()).update(
        due_on=F("due_on") + timedelta(days=7)
    )


def _tomorrow() -> None:
    """The first shop's next meeting with its agenda; its mails are not written, or they would leave now."""
    plan = MeetingPlan.objects.select_related("team").order_by("pk")[0]
    last = WinsMeeting.objects.filter(team=plan.team)[0]
    meeting = WinsMeeting.objects.create(
        team=plan.team, starts_at=first_after(plan, last.starts_at, zone_of(plan)), facilitator=rota(plan.team)[0]
    )
    write_agenda(meeting)
    turn = Turn.objects.filter(meeting=meeting).exclude(user__email="stylist@barber.example")[0]
    Turn.objects.filter(pk=turn.pk).update(story=STORIES[1])
