"""Which idea goes with which kind of occasion: what has been done on such a day here, else a starter, else a word."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from delight.customers.visits.access import own_teams
from delight.organisation.models import Organisation
from staff.moments.chips import STARTER, chip_of
from staff.moments.models import Idea, IdeaPin, Moment, Occasion, OccasionKind
from staff.moments.starters import BY_KEY, HOTEL, RESTAURANT, SALON, SAY, SERVICES
from staff.people.models import User

Kind = OccasionKind
STARTERS = {
    (Kind.FIRST_VISIT, SALON): "salon-first",
    (Kind.FIRST_VISIT, RESTAURANT): "restaurant-taste",
    (Kind.FIRST_VISIT, HOTEL): "hotel-map",
    (Kind.FIRST_VISIT, SERVICES): "services-day-after",
    (Kind.FIFTH_VISIT, SALON): "salon-usual",
    (Kind.FIFTH_VISIT, RESTAURANT): "restaurant-usual",
    (Kind.FIFTH_VISIT, HOTEL): "hotel-again",
    (Kind.FIFTH_VISIT, SERVICES): "services-if-you-were-me",
    (Kind.ANNIVERSARY, SALON): "salon-thursday",
    (Kind.ANNIVERSARY, RESTAURANT): "restaurant-recipe",
    (Kind.ANNIVERSARY, HOTEL): "hotel-two-lines",
    (Kind.ANNIVERSARY, SERVICES): "services-praise",
    (Kind.LONG_SILENCE, SERVICES): "services-article",
    (Kind.REPAIRED, SALON): "salon-touch-up",
    (Kind.REPAIRED, HOTEL): "hotel-today",
}
WORDS = {
    Kind.FIRST_VISIT: _("Welcome them by name, and show them around as you would a friend."),
    Kind.FIFTH_VISIT: _("Say that you know them by now, and what you remember."),
    Kind.ANNIVERSARY: _("Say in your own words that you are glad to have had them as a customer all this time."),
    Kind.BIRTHDAY: _("Wish them a happy birthday by name, in a sentence of your own."),
    Kind.LONG_SILENCE: _("A call or two lines by hand, with nothing to sell: you have been thinking of them."),
    Kind.REPAIRED: _("Ask whether it has stayed right, and thank them for saying that it was not."),
}


@dataclass(frozen=True)
class Fit:
    """Words for an occasion. `chip` is what the page for logging calls the idea; empty where it is only a word."""

    words: str
    is_said: bool = False
    chip: str = ""


def fits_for(user: User, kinds: Collection[str]) -> dict[str, Fit]:
    """For each kind: an idea the reader has pinned and somebody has used for it, else one that was used for it in the
    reader's teams, else a starter of the trade, else a word.
    """
    trade, used = Organisation.get().trade, _used_for(user, kinds)
    keys = {kind: STARTERS.get((Kind(kind), trade), "") for kind in kinds if kind not in used}
    rows = {idea.starter: idea for idea in Idea.objects.filter(starter__in=[key for key in keys.values() if key])}
    starters = {kind: _of_starter(key, rows.get(key)) for kind, key in keys.items()}
    return {kind: used.get(kind) or starters.get(kind) or Fit(str(WORDS[Kind(kind)])) for kind in kinds}


def _used_for(user: User, kinds: Collection[str]) -> dict[str, Fit]:
    """What people have done on such an occasion: the reader's pinned ideas first, then the latest."""
    pinned = Exists(IdeaPin.objects.filter(user=user, idea=OuterRef("moment__idea")))
    told = Occasion.objects.filter(kind__in=kinds, moment__state=Moment.State.LOGGED, moment__idea__retired_at=None)
    found = told.exclude(moment__idea=None).annotate(pinned=pinned)
    near = found.filter(Q(pinned=True) | Q(moment__team__in=own_teams(user).values("pk")))
    latest = near.order_by("kind", "-pinned", "-decided_at", "-pk").distinct("kind").select_related("moment__idea")
    return {each.kind: fit_of(each.moment.idea) for each in latest}  # type: ignore[union-attr, arg-type]


def fit_of(idea: Idea) -> Fit:
    chip = chip_of(idea)
    return Fit(chip.words, chip.is_said, chip.value)


def _of_starter(key: str, row: Idea | None) -> Fit | None:
    """As a row where it has one; none for what was taken out of the bank."""
    if not key or (row is not None and row.retired_at):
        return None
    known = BY_KEY[key]
    return fit_of(row) if row else Fit(str(known.text), known.kind == SAY, f"{STARTER}{key}")
