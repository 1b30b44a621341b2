"""What the room of moments hears of conversations: whom to take care of, and what was put right."""

from datetime import timedelta

from delight.organisation.models import Organisation
from staff.budget.models import today
from staff.moments.models import OccasionKind
from staff.moments.occasions import AFTER_REPAIR_DAYS, CARE_DAYS, suggest, take_care_of
from surveys.followups.models import FollowUp, Outcome


def begin(follow_up: FollowUp) -> None:
    """After a low answer no trial leaves out a hint about this customer for half a year."""
    if follow_up.asked == FollowUp.Asked.UNHAPPY:
        take_care_of(follow_up.customer, today(Organisation.get()) + timedelta(days=CARE_DAYS))


def go_on(outcome: Outcome) -> None:
    """A week after something was put right, whoever serves the customer may ask how it is now."""
    follow_up = outcome.follow_up
    if follow_up.asked == FollowUp.Asked.UNHAPPY and outcome.result == Outcome.Result.SOLVED:
        suggest(
            kind=OccasionKind.REPAIRED, customer=follow_up.customer, cycle=f"follow-up:{follow_up.pk}",
            due_on=today(Organisation.get()) + timedelta(days=AFTER_REPAIR_DAYS),
        )  # fmt: skip
