"""Figures made of other rooms' rows. Nothing here writes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from delight.lib.statistics import ENOUGH_ANSWERS, NetPromoterScore, is_change
from staff.people.models import User
from surveys.answering.access import responses_visible_to
from surveys.answering.models import Answer, Response
from surveys.answering.services import COUNTING

PERIOD = timedelta(days=90)
PROMOTERS, PASSIVES, DETRACTORS = Q(score__gte=9), Q(score__range=(7, 8)), Q(score__lte=6)


def counting_responses(user: User | None) -> QuerySet[Response]:
    """Answers that go into the numbers and that this person may read; None for everybody's."""
    visible = Response.objects.all() if user is None else responses_visible_to(user)
    return visible.filter(is_active=True, verdict__in=COUNTING)


def net_promoter_score(user: User | None, since: datetime, until: datetime) -> NetPromoterScore:
    """The score of the answers from `since` up to and without `until`."""
    within = counting_responses(user).filter(submitted_at__gte=since, submitted_at__lt=until)
    return NetPromoterScore(**within.aggregate(**_counts()))


def _counts(when: Q | None = None, prefix: str = "") -> dict[str, Count]:
    bands = {"promoters": PROMOTERS, "passives": PASSIVES, "detractors": DETRACTORS}
    return {prefix + name: Count("pk", filter=band & when if when else band) for name, band in bands.items()}


@dataclass(frozen=True)
class Comparison:
    """A period's score beside that of the period before it."""

    now: NetPromoterScore
    before: NetPromoterScore

    @property
    def is_change(self) -> bool:
        """Whether the difference is more than chance explains."""
        return is_change(self.before, self.now)

    @property
    def comparable(self) -> bool:
        return self.now.enough and self.before.enough

    @property
    def points(self) -> int:
        return self.now.score - self.before.score

    @property
    def points_down(self) -> int:
        return -self.points

    @property
    def figure(self) -> dict[str, object]:
        """What `_figure.html` shows: words first, then the score with its margin."""
        return {
            "words": _("%(count)s of 10 would recommend us") % {"count": self.now.would_recommend_of_ten},
            "score": self.now.score if self.now.enough else None,
            "margin": self.now.margin,
            "answers": self.now.n,
            "needed": ENOUGH_ANSWERS,
        }

    @property
    def shares(self) -> dict[str, int]:
        """Whole percentages for `_nps_bar.html`: they add up to 100, and promoters less detractors are the score.

        Three figures rounded each for itself do neither; readers who subtract would find our score wrong.
        """
        promoters = self.now.share(self.now.promoters)
        detractors = promoters - self.now.score
        if promoters + detractors > 100:  # both were rounded up
            promoters, detractors = promoters - 1, detractors - 1
        return {"promoters": promoters, "passives": 100 - promoters - detractors, "detractors": detractors}


def compared_score(user: User | None, until: datetime | None = None, period: timedelta = PERIOD) -> Comparison:
    """The score of the last period beside the one before, in one query."""
    until = until or timezone.now()
    middle, start = until - period, until - 2 * period
    recent, earlier = Q(submitted_at__gte=middle), Q(submitted_at__lt=middle)
    within = counting_responses(user).filter(submitted_at__gte=start, submitted_at__lt=until)
    found = within.aggregate(**_counts(recent, "now_"), **_counts(earlier, "before_"))

    def score(prefix: str) -> NetPromoterScore:
        names = ("promoters", "passives", "detractors")
        return NetPromoterScore(**{name: found[prefix + name] for name in names})

    return Comparison(now=score("now_"), before=score("before_"))


def latest_answers(user: User, count: int = 5) -> QuerySet[Response]:
    """The newest answers that count, with their words ready."""
    words = Prefetch("answers", queryset=Answer.objects.exclude(text=""))
    found = counting_responses(user).select_related("customer__account").prefetch_related(words)
    return found.order_by("-submitted_at", "-id")[:count]


def answers_to_check(user: User) -> int:
    """How many answers wait for a manager to say who wrote them."""
    return responses_visible_to(user).filter(verdict=Response.Verdict.CHECK).count()
