"""What to say in a follow-up, in a few plain sentences for a person who has the phone at the ear or writes a mail."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from surveys.followups.models import FollowUp


@dataclass(frozen=True)
class Step:
    """What to do, and words for it that may be said as they are."""

    do: str | Promise
    say: str | Promise = ""


UNHAPPY = (
    Step(_("Thank them for being frank."), _("Thank you for telling us. I'm calling because I read your answer.")),
    Step(_("Ask, and let them tell it."), _("What happened?")),
    Step(_("Listen to the end. Explain nothing, defend nothing, and write down their words.")),
    Step(_("Let them say what helps."), _("What would put it right for you?")),
    Step(
        _("Promise only what you can keep, and say by when."),
        _("I'll see to it, and you hear from me by tomorrow evening."),
    ),
    Step(_("Ask once more before you say goodbye."), _("What else should we know?")),
)

UNHAPPY_WRITTEN = (
    Step(_("Thank them for being frank."), _("Thank you for telling us. I'm writing because I read your answer.")),
    *UNHAPPY[1:],
)

HAPPY = (
    Step(_("Thank them, and name what they liked."), _("Thank you for your kind answer. It made our day.")),
    Step(_("Find out what we should never change."), _("What do you like most about working with us?")),
    Step(_("Ask what more we could do for them."), _("What else could we take off your hands?")),
    Step(
        _("Ask for a name. A no is fine."),
        _("Who else do you know whom we could be of use to? May we mention you?"),
    ),
)


def script_for(follow_up: FollowUp) -> tuple[Step, ...]:
    """The steps of the conversation, by what the answer asks for, and by whether there is a number to call."""
    if follow_up.asked == FollowUp.Asked.HAPPY:
        return HAPPY
    return UNHAPPY if follow_up.customer.phone_key else UNHAPPY_WRITTEN
