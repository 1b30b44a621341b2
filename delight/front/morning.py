"""The managers' morning mail: which conversations of their people are due today or overdue.

People without an e-mail address get no reminders themselves, so they stand first: somebody has to tell them.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from delight.organisation.models import Holiday, Organisation
from delight.outbox.models import Message, Progress
from delight.outbox.registry import Mail, Skip
from delight.outbox.services import enqueue
from staff.people.mailing import mail_to
from staff.people.models import Membership, User
from surveys.followups.models import FollowUp, FollowUpQuerySet

MORNING = "morning"
GRACE = timedelta(hours=6)
LOOKS_EVERY = timedelta(minutes=1)
MOST = 30


@dataclass(frozen=True)
class Somebody:
    """One owner's lines in the mail; `name` is empty where nobody has them."""

    name: str
    has_mail: bool
    lines: list[FollowUp]


# --- When -------------------------------------------------------------------------------------------------------


@transaction.atomic
def plan_mornings() -> None:
    """Once in each working morning: a row for every manager for whom there is something.

    A worker that was off makes up for it when it is back; what comes too late for the day is skipped by its grace,
    and listed.
    """
    company = Organisation.objects.first()
    opening = opening_of(company, timezone.now()) if company else None
    if company is None or opening is None or timezone.now() < opening:
        return
    Progress.objects.get_or_create(name=MORNING, defaults={"at": opening - timedelta(days=1)})
    if not Progress.objects.filter(name=MORNING, at__lt=opening).update(at=timezone.now()):
        return
    day = opening.astimezone(company.zone).date()
    for manager in recipients():
        if due_for(manager, company).exists():
            enqueue(kind=MORNING, object_id=manager.pk, key=f"{MORNING}:{manager.pk}:{day}", due_at=opening)


def opening_of(company: Organisation, moment: datetime) -> datetime | None:
    """When work begins on that day, in the company's zone; None on a day off."""
    day = moment.astimezone(company.zone).date()
    if day.isoweekday() not in company.working_days or Holiday.objects.filter(day=day).exists():
        return None
    return datetime.combine(day, company.opens_at, tzinfo=company.zone)


# --- For whom ---------------------------------------------------------------------------------------------------


def recipients() -> QuerySet[User]:
    managers = Membership.objects.now().filter(role=Membership.Role.MANAGER).values("user_id")
    found = User.objects.filter(Q(pk__in=managers) | Q(is_sponsor=True), is_active=True, email__isnull=False)
    return found.order_by("pk")


def due_for(user: User, company: Organisation) -> FollowUpQuerySet:
    """Others' conversations that are due by tonight: of one's teams; for sponsors those that no manager hears of."""
    tonight = datetime.combine(_today(company), time.max, tzinfo=company.zone)
    managed = Membership.objects.now().filter(role=Membership.Role.MANAGER)
    theirs = _of(managed.filter(user=user))
    if user.is_sponsor:
        theirs |= ~Q(pk__in=FollowUp.objects.filter(_of(managed.filter(user__in=recipients()))).values("pk"))
    due = FollowUp.objects.open().filter(theirs, due_at__lte=tonight, customer__erased_at=None)
    return due.exclude(owner=user)


def _of(places: QuerySet[Membership]) -> Q:
    """What belongs to the teams in which somebody has these places: theirs, and without a team their people's."""
    teams = places.values("team_id")
    people = Membership.objects.now().filter(team__in=teams).values("user_id")
    return Q(team__in=teams) | Q(team=None, owner__in=people)


def _today(company: Organisation) -> date:
    return timezone.now().astimezone(company.zone).date()


# --- The mail ---------------------------------------------------------------------------------------------------


def still_wanted(message: Message) -> User | Skip:
    user = recipients().filter(pk=message.object_id).first()
    if user is None:
        return Skip("gone")
    return user if due_for(user, Organisation.get()).exists() else Skip("done")


def build(user: User, message: Message) -> Mail:
    company = Organisation.get()
    due = due_for(user, company)
    return mail_to(
        user,
        MORNING,
        reverse("follow_ups") + "?whose=team",
        zone=company.zone,
        count=due.count(),
        people=by_person(due),
        base_url=settings.BASE_URL,
    )


def by_person(due: FollowUpQuerySet) -> list[Somebody]:
    """Those without an address first, then what nobody has, then the others; the most urgent MOST lines."""
    lines = due.select_related("customer", "owner").order_by("due_at", "id")[:MOST]

    def place(line: FollowUp) -> tuple[int, str, int]:
        owner = line.owner
        if owner is None:
            return 1, "", 0
        return (2 if owner.email else 0), owner.sort_key, owner.pk

    return [_somebody(list(group)) for _place, group in groupby(sorted(lines, key=place), key=place)]


def _somebody(lines: list[FollowUp]) -> Somebody:
    owner = lines[0].owner
    return Somebody(owner.name if owner else "", bool(owner and owner.email), lines)
