"""The hourly look for occasions, and the mail that tells everybody of a trial."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.functional import lazy

from delight.organisation.models import Organisation
from delight.outbox.models import Message
from delight.outbox.registry import Mail, MailKind, Skip, register_mail
from delight.outbox.rounds import register_round
from staff.budget.models import today
from staff.moments.models import OccasionTrial
from staff.moments.occasions import make_occasions
from staff.moments.trials import MAIL, notice_of
from staff.people.mailing import mail_to
from staff.people.models import User


def trial_still_wanted(message: Message) -> Any:
    """The trial and the person to tell; not once it is stopped or over, and not those who have left."""
    trial = OccasionTrial.objects.filter(pk=message.object_id).first()
    if trial is None:
        return Skip("gone")
    if trial.stopped_at or trial.ends_on <= today(Organisation.get()):
        return Skip("done")
    person = User.objects.filter(pk=int(message.key.rpartition(":")[2])).first()
    if person is None or not person.is_active:
        return Skip("left")
    return (trial, person) if person.email else Skip("no_address")


def build_trial(wanted: tuple[OccasionTrial, User], message: Message) -> Mail:
    """To everybody who works here, days before it begins."""
    trial, person = wanted
    topic = reverse("help_topic", args=["occasions"])
    return mail_to(person, "trial", topic, trial=trial, notice=lazy(notice_of, str)(trial))


register_mail(
    MailKind(
        name=MAIL, still_wanted=trial_still_wanted, build=build_trial, grace=timedelta(days=30), room="moments"
    )
)  # fmt: skip
register_round("occasions", timedelta(hours=1), make_occasions)
