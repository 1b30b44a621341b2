"""What the pages of the idea bank show: the list with its filters, and what is known of one idea."""

from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Avg, Count, Exists, Func, IntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery

from delight.lib.sortkey import fold
from delight.organisation.models import Organisation
from staff.budget.models import NOTHING, Spend
from staff.moments.models import Idea, IdeaPin, Moment, MomentQuerySet
from staff.moments.starters import STARTERS, Starter, starters_of
from staff.people.models import User

FREE, PAID = "free", "paid"
ENOUGH_TO_NAME_A_SUM = 3
REACTION = Moment.Reaction


class Shelf:
    """The ideas that a choice leaves: rows, the newest first, then starters of which no row is made yet."""

    def __init__(self, user: User, chosen: dict[str, Any], trade: str) -> None:
        self.rows = _marked(_narrowed(chosen), user).select_related("credited", "customer")
        self.starters = _starters(chosen, trade)

    def __len__(self) -> int:
        return self._of_rows + len(self.starters)

    def __getitem__(self, part: slice) -> list[Idea]:
        start, stop = part.start or 0, len(self) if part.stop is None else part.stop
        ideas = list(self.rows[start:stop]) if start < self._of_rows else []
        after = slice(max(start - self._of_rows, 0), max(stop - self._of_rows, 0))
        return ideas + [not_made_yet(starter) for starter in self.starters[after]]

    @property
    def _of_rows(self) -> int:
        if not hasattr(self, "_counted"):
            self._counted = self.rows.count()
        return self._counted


def not_made_yet(starter: Starter) -> Any:
    """A starter as an idea that nobody has used so far; its first use makes the row."""
    idea: Any = Idea(
        kind=starter.kind, trade=starter.trade, starter=starter.key, source=Idea.Source.STARTER, usual_cost=NOTHING
    )
    idea.stories, idea.pinned = 0, False
    return idea


def _marked(ideas: QuerySet[Idea], user: User) -> QuerySet[Idea]:
    """With how many stories each has, and whether the reader has pinned it."""
    told = Moment.objects.told().filter(Q(idea=OuterRef("pk")) | Q(pk=OuterRef("born_of"))).order_by()
    counted = told.annotate(count=Func("pk", function="COUNT", output_field=IntegerField())).values("count")
    return ideas.annotate(
        stories=Subquery(counted), pinned=Exists(IdeaPin.objects.filter(user=user, idea=OuterRef("pk")))
    )


def _narrowed(chosen: dict[str, Any]) -> QuerySet[Idea]:
    ideas = Idea.objects.filter(retired_at__isnull=False) if chosen.get("retired") else Idea.objects.in_use()
    for name in ("kind", "trade", "source"):
        if chosen.get(name):
            ideas = ideas.filter(**{name: chosen[name]})
    if chosen.get("cost"):
        ideas = ideas.filter(usual_cost=NOTHING) if chosen["cost"] == FREE else ideas.filter(usual_cost__gt=NOTHING)
    for word in _words(chosen):
        fitting = [starter.key for starter in STARTERS if word in fold(str(starter.text))]
        ideas = ideas.filter(Q(text__icontains=word) | Q(kit__icontains=word) | Q(text="", starter__in=fitting))
    return ideas.order_by("-created_at", "-id")


def _words(chosen: dict[str, Any]) -> list[str]:
    return fold(chosen.get("words") or "").split()[:6]


def _starters(chosen: dict[str, Any], trade: str) -> list[Starter]:
    only_others = chosen.get("source") not in ("", None, Idea.Source.STARTER)
    if chosen.get("retired") or chosen.get("cost") == PAID or only_others:
        return []
    found = starters_of(chosen.get("trade") or trade)
    if chosen.get("kind"):
        found = [starter for starter in found if starter.kind == chosen["kind"]]
    for word in _words(chosen):
        found = [starter for starter in found if word in fold(str(starter.text))]
    made = set(Idea.objects.exclude(starter="").values_list("starter", flat=True))
    return [starter for starter in found if starter.key not in made]


# --- One idea ---------------------------------------------------------------------------------------------------


class Reactions(NamedTuple):
    """How customers took it, as far as somebody could see it."""

    well: int
    seen: int


class Costs(NamedTuple):
    """What it cost so far. A sum is named only where it is nobody's own: from three times on."""

    free: int
    paid: int
    low: Decimal | None
    high: Decimal | None
    mean: Decimal | None

    @property
    def named(self) -> bool:
        return self.paid >= ENOUGH_TO_NAME_A_SUM


def stories_of(idea: Idea) -> MomentQuerySet:
    """The moments that were logged with it, and the one of which it was made."""
    theirs = Q(idea=idea) | Q(pk=idea.born_of_id) if idea.born_of_id else Q(idea=idea)
    return Moment.objects.told().filter(theirs)


def facts_of(idea: Idea) -> dict[str, Any]:
    """Reactions and costs of an idea, in one query."""
    spent = Q(spend__state=Spend.State.SPENT)
    numbers = stories_of(idea).aggregate(
        well=Count("pk", filter=Q(reaction__in=[REACTION.DELIGHTED, REACTION.PLEASED])),
        seen=Count("pk", filter=Q(reaction__in=[REACTION.DELIGHTED, REACTION.PLEASED, REACTION.CALM])),
        free=Count("pk", filter=Q(spend=None)),
        paid=Count("pk", filter=spent),
        low=Min("spend__amount", filter=spent),
        high=Max("spend__amount", filter=spent),
        mean=Avg("spend__amount", filter=spent),
    )
    well, seen = numbers.pop("well"), numbers.pop("seen")
    return {"reactions": Reactions(well, seen), "costs": Costs(**numbers)}


def is_pinned(user: User, idea: Idea) -> bool:
    return IdeaPin.objects.filter(user=user, idea=idea).exists()


def own_trade() -> str:
    company = Organisation.objects.first()
    return company.trade if company else ""
