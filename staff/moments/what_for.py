"""What money was for, in the pages of budgets: the words of the moment, and the way to it."""

from collections.abc import Collection

from django.urls import reverse

from staff.budget.hooks import tell_what_for
from staff.moments.models import Moment


@tell_what_for
def moments_of(spend_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """By the spend's id. Stubs are their author's alone, so nothing is told of them."""
    told = Moment.objects.filter(spend__in=spend_ids).exclude(state=Moment.State.STUB).select_related("idea")
    return {
        moment.spend_id: (words, reverse("moment", args=[moment.pk]))
        for moment in told
        if moment.spend_id and (words := moment.what or (moment.idea.words if moment.idea else ""))
    }
