"""The one mail of this room: the test mail of set-up."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from delight.front import morning, retention
from delight.front.setup import MAIL_TEST, mail_test_key, mail_test_token
from delight.organisation.models import Organisation
from delight.outbox.mail import render
from delight.outbox.models import Message
from delight.outbox.registry import JobKind, Mail, MailKind, Skip, register_job, register_mail
from delight.outbox.rounds import register_round
from staff.people.models import User


def _wanted(message: Message) -> User | Skip:
    company = Organisation.objects.first()
    user = User.objects.filter(pk=message.object_id, is_active=True, is_sponsor=True).first()
    if company is None or user is None:
        return Skip("gone")
    return user if message.key == mail_test_key(company) else Skip("cancelled")


def _build(user: User, message: Message) -> Mail:
    company = Organisation.get()
    language = user.language or company.default_language
    url = settings.BASE_URL + reverse("setup_mail_arrived", args=[mail_test_token(company)])
    with translation.override(language):
        subject, text, html = render("setup_test", {"organisation": company, "name": user.name, "url": url})
    return Mail(
        to=user.email or "", to_name=user.name, from_name=company.name, subject=subject, text=text, html=html,
        language=language,
    )  # fmt: skip


register_mail(MailKind(name=MAIL_TEST, still_wanted=_wanted, build=_build, grace=timedelta(hours=6)))
register_job(JobKind(name=retention.KIND, run=retention.clean_up))
register_mail(
    MailKind(
        name=morning.MORNING,
        still_wanted=morning.still_wanted,
        build=morning.build,
        grace=morning.GRACE,
        room="follow_ups",
    )
)
register_round("morning", morning.LOOKS_EVERY, morning.plan_mornings)
register_round("clean-up", timedelta(hours=1), retention.begin_today)
