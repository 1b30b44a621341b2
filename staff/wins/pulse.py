"""The monthly staff pulse: opening and closing a round, answering, and what is shown to whom."""

import random
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from delight.lib.tokens import fingerprints
from delight.organisation.models import Holiday, Organisation
from delight.outbox.services import enqueue
from staff.people.access import teams_visible_to
from staff.people.models import Membership, Team, User
from staff.wins.models import PulseAnswer, PulseFigure, PulseRound, PulseTicket
from staff.wins.pulse_rule import FEWEST, People, decide, mean

PULSE = "pulse"
OPEN_FOR = timedelta(days=10)
OPENED_LATE = timedelta(days=5)  # a worker that was off still asks; later it is a matter of the next month
LOOKED_BACK = timedelta(days=730)
SHOWN_MONTHS = 12


# --- Opening ----------------------------------------------------------------------------------------------------


def hourly() -> None:
    """Close what is over, also while the room is hidden; and ask on the month's first working day."""
    company = Organisation.objects.first()
    if company is None:
        return
    day = _today(company)
    for each in PulseRound.objects.filter(closed_at=None, closes_on__lte=day):
        close_round(each)
    if "wins" not in company.hidden_rooms and is_time_to_ask(company, timezone.now()):
        open_round(company)


def is_time_to_ask(company: Organisation, now: datetime) -> bool:
    first = first_working_day(company, now.astimezone(company.zone).date())
    opening = datetime.combine(first, company.opens_at, tzinfo=company.zone)
    return opening <= now < opening + OPENED_LATE


def first_working_day(company: Organisation, day: date) -> date:
    """Of the month of `day`; the first itself where no day of it is one."""
    days = [day.replace(day=number) for number in range(1, 29)]
    closed = Holiday.days_between(days[0], days[-1])
    open_days = (each for each in days if each.isoweekday() in company.working_days and each not in closed)
    return next(open_days, days[0])


@transaction.atomic
def open_round(company: Organisation) -> PulseRound | None:
    """This month's round, with a mail to everybody who has an address; None when there is one already."""
    day = _today(company)
    facts = {"closes_on": day + OPEN_FOR}
    opened, is_new = PulseRound.objects.get_or_create(month=day.replace(day=1), defaults=facts)
    if not is_new:
        return None
    for user in User.objects.filter(is_active=True, email__isnull=False).order_by("pk"):
        enqueue(kind=PULSE, object_id=opened.pk, key=f"{PULSE}:{opened.pk}:{user.pk}")
    return opened


def _today(company: Organisation) -> date:
    return timezone.now().astimezone(company.zone).date()


# --- Answering --------------------------------------------------------------------------------------------------


def open_round_now() -> PulseRound | None:
    company = Organisation.objects.first()
    if company is None:
        return None
    return PulseRound.objects.filter(closed_at=None, closes_on__gt=_today(company)).first()


def is_open(asked: PulseRound) -> bool:
    return asked.closed_at is None and asked.closes_on > _today(Organisation.get())


def has_answered(user: User, asked: PulseRound) -> bool:
    return PulseTicket.objects.filter(round=asked, mark__in=_marks(asked.pk, user.pk)).exists()


def _marks(round_pk: int, user_pk: int) -> list[str]:
    """What stands for a person on this round's tickets, under every key; without a key nobody can tell whose it is."""
    return fingerprints("pulse-ticket", f"{round_pk}:{user_pk}")


def mark_of(asked: PulseRound, user: User) -> str:
    """What is written on a ticket."""
    return _marks(asked.pk, user.pk)[0]


def team_of(user: User) -> Team | None:
    """For which team an answer counts: of several the one that somebody has been in longest.

    None where fewer than five belong to it: such a team is never shown, and in the table an answer that is alone in
    its team would be somebody's. For the same reason those without a team are five or more, or nobody: else the
    smallest of the other teams is counted with them.
    """
    team_ids = _homes()
    sizes = Counter(team_ids.values())
    counted = sorted((size, team) for team, size in sizes.items() if team is not None and size >= FEWEST)
    rest = len(team_ids) - sum(size for size, _team in counted)
    while counted and 0 < rest < FEWEST:
        rest += counted.pop(0)[0]
    team = team_ids.get(user.pk)
    return Team.objects.get(pk=team) if team in {each for _size, each in counted} else None


def _homes() -> dict[int, int | None]:
    """Everybody who works here, with the team they have been in longest."""
    found: dict[int, int | None] = dict.fromkeys(User.objects.filter(is_active=True).values_list("pk", flat=True))
    places = Membership.objects.now().filter(user__is_active=True).order_by("-since", "-pk")
    return found | dict(places.values_list("user_id", "team_id"))


@transaction.atomic
def answer(*, by: User, asked: PulseRound, glad: int, able: int) -> bool:
    """Count an answer, once; False for a second one, and when the round is over.

    All of the round's tickets and all of its answers are written anew by each answer, in random order and under
    random keys. So all rows come from one transaction, and their place in the table tells nothing.
    """
    asked = PulseRound.objects.select_for_update().get(pk=asked.pk)
    if not is_open(asked) or has_answered(by, asked):
        return False
    team = team_of(by)
    tickets = [*PulseTicket.objects.filter(round=asked)]
    tickets.append(PulseTicket(round=asked, team=team, mark=mark_of(asked, by)))
    answers = [*PulseAnswer.objects.filter(round=asked)]
    answers.append(PulseAnswer(round=asked, team=team, glad=glad, able=able))
    _write_anew(PulseTicket, asked, tickets)
    _write_anew(PulseAnswer, asked, answers)
    return True


def _write_anew(model: Any, asked: PulseRound, rows: list[Any]) -> None:
    model.objects.filter(round=asked).delete()
    random.SystemRandom().shuffle(rows)
    for row in rows:
        row.pk = uuid4()
        row._state.adding = True
    model.objects.bulk_create(rows)


# --- Closing ----------------------------------------------------------------------------------------------------


@transaction.atomic
def close_round(asked: PulseRound) -> bool:
    """Turn the answers into the figures that may be shown (see `pulse_rule`), and delete them. Once."""
    row = PulseRound.objects.select_for_update().get(pk=asked.pk)
    if row.closed_at is not None:
        return False
    scores: dict[int | None, list[PulseAnswer]] = defaultdict(list)
    for each in PulseAnswer.objects.filter(round=row):
        scores[each.team_id].append(each)
    before = _shown_before(row)
    shown = decide(_people(row) or {}, before) if before is not None else None
    if shown is not None:
        figures = [_figure(row, team, scores[team]) for team in sorted(shown.teams)]
        if shown.company:
            figures.append(_figure(row, None, [each for several in scores.values() for each in several]))
        PulseFigure.objects.bulk_create(figures)
    PulseAnswer.objects.filter(round=row).delete()
    row.closed_at = timezone.now()
    row.save(update_fields=["closed_at"])
    return True


def _figure(asked: PulseRound, team: int | None, answers: list[PulseAnswer]) -> PulseFigure:
    glad, able = mean(each.glad for each in answers), mean(each.able for each in answers)
    return PulseFigure(round=asked, team_id=team, glad=glad, able=able)


def _people(asked: PulseRound) -> dict[int | None, People] | None:
    """Who has answered, by team; None when the key has changed and tickets can no longer be read."""
    whose = {mark: pk for pk in User.objects.values_list("pk", flat=True) for mark in _marks(asked.pk, pk)}
    found: dict[int | None, set[int]] = defaultdict(set)
    for ticket in PulseTicket.objects.filter(round=asked):
        if ticket.mark not in whose:
            return None
        found[ticket.team_id].add(whose[ticket.mark])
    return {team: frozenset(people) for team, people in found.items()}


def _shown_before(asked: PulseRound) -> list[tuple[People, ...]] | None:
    """The groups that earlier rounds have shown; None when that cannot be told any more: then nothing is shown."""
    earlier = PulseRound.objects.filter(figures__isnull=False, month__gte=asked.month - LOOKED_BACK)
    found = []
    for each in earlier.exclude(pk=asked.pk).distinct().prefetch_related("figures"):
        people = _people(each)
        if people is None:
            return None
        teams = {figure.team_id for figure in each.figures.all()}
        parts = [group for team, group in people.items() if team is not None and team in teams]
        rest = frozenset[int]().union(*people.values()).difference(*parts)
        found.append((*parts, rest) if None in teams and rest else tuple(parts))
    return found


# --- Showing ----------------------------------------------------------------------------------------------------


def results_for(user: User) -> list[dict[str, Any]]:
    """Of the reader's teams, and of the company: month by month what is shown, the latest first."""
    rounds = list(PulseRound.objects.exclude(closed_at=None)[:SHOWN_MONTHS])
    teams = list(teams_visible_to(user))
    figures = {(each.round_id, each.team_id): each for each in PulseFigure.objects.filter(round__in=rounds)}
    groups: list[Team | None] = [*teams, None]
    return [
        {
            "team": team,
            "months": [{"round": each, "figure": figures.get((each.pk, team.pk if team else None))} for each in rounds],
        }
        for team in groups
        if rounds
    ]


def pulse_card(user: User) -> dict[str, Any] | None:
    """For the page "Today": the two questions wait; None when they do not, or are answered."""
    asked = open_round_now()
    if asked is None or has_answered(user, asked):
        return None
    return {"round": asked, "closes_on": asked.closes_on}
