"""Issues of the demo company: some open, one late, most answered."""

import random
from datetime import datetime, timedelta

from delight.customers.models import Customer
from delight.programme.models import Issue
from staff.people.access import managers_of
from staff.people.models import Membership, Team, User

Kind, State = Issue.Kind, Issue.State
# Kind, how many days ago, due how many days after, how it stands, what was said, what was done.
ISSUES = (
    (Kind.COMPLAINT, 2, 7, State.OPEN, "Two people waited twenty minutes although they had booked.", ""),
    (Kind.OBSTACLE, 11, 7, State.DOING, "The card reader loses its line every afternoon, and the queue grows.",
     "A new one is ordered."),
    (Kind.NEED, 4, 14, State.OPEN, "We need a second plug at the wash basin: one dryer for two chairs.", ""),
    (Kind.RULE, 20, 7, State.DECLINED, "Why do we ask for a deposit from regulars who have never missed a visit?",
     "It stays for weddings, where a chair is kept free for hours. For everybody else nobody asks any more."),
    (Kind.NEED, 33, 7, State.DONE, "Nobody has shown us how to do a fade on curly hair.",
     "Half a day with a trainer, everybody was there."),
    (Kind.OBSTACLE, 48, 7, State.DONE, "The stock list is on paper, and always with somebody else.",
     "It hangs beside the till now."),
    (Kind.COMPLAINT, 62, 7, State.DONE, "The towels smelled of the cleaning agent.",
     "Another agent, and the towels are rinsed twice."),
)  # fmt: skip


def make(*, rng: random.Random, now: datetime) -> None:
    """With dice of its own, so that what other rooms throw stays as it is."""
    rng = random.Random(18)  # noqa: S311 - the same company each time is what is wanted
    for number, team in enumerate(Team.objects.order_by("pk")):
        members = Membership.objects.now().filter(team=team).values("user_id")
        people = list(User.objects.filter(pk__in=members).order_by("pk"))
        owner = managers_of(team).first() or User.objects.filter(is_sponsor=True).order_by("pk").first()
        customers = list(Customer.objects.filter(team=team, erased_at=None).order_by("pk")[:40])
        if people and customers and owner:
            for place, told in enumerate(ISSUES):
                if (place + number) % 3 or number == 0:
                    _issue(rng, now, team, rng.choice(people), owner, rng.sample(customers, 2), told)


def _issue(
    rng: random.Random, now: datetime, team: Team, by: User, owner: User, customers: list[Customer], told: tuple
) -> None:
    kind, days, due, state, text, done = told
    at = now - timedelta(days=days, minutes=rng.randrange(400))
    ended = {}
    if state in (State.DONE, State.DECLINED):
        ended = {"answered_by": owner, "answered_at": at + timedelta(days=rng.randrange(2, 7))}
    elif done:
        ended = {"answered_by": owner, "answered_at": at + timedelta(days=3)}
    issue = Issue.objects.create(
        kind=kind, text=text, team=team, raised_by=by, owner=owner, owner_since=at, state=state, done=done,
        due_on=(at + timedelta(days=due)).date(), **ended,
    )  # fmt: skip
    Issue.objects.filter(pk=issue.pk).update(raised_at=at)
    if kind == Kind.COMPLAINT:
        issue.customers.set(customers)
