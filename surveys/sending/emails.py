"""The invitation and its reminder, rendered once per wording and filled in per person.

Rendering templates and inlining CSS for every person would take most of the time of a sending, so the mail is
rendered with marks in the places where people differ, and the marks are replaced.
"""

from dataclasses import dataclass
from functools import lru_cache
from html import escape

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from delight.lib.tokens import make_token
from delight.organisation.models import Organisation
from delight.outbox.mail import render
from delight.outbox.models import Message
from delight.outbox.registry import Mail
from surveys.design.models import SurveyVersion
from surveys.design.services import words_of
from surveys.design.wording import fill, leave_out
from surveys.sending.models import Invitation

# Letters and digits only, so that no escaping, inlining or wrapping touches them.
ANSWER_MARK = "delightanswermark0"
LEAVE_MARK = "delightleavemark0"
GREETING_MARK = "delightgreetingmark0"
NAME_MARK = "delightnamemark0"


@dataclass(frozen=True)
class Sheet:
    """Subject, text and HTML with marks."""

    subject: str
    text: str
    html: str


def answer_path(token: str) -> str:
    return f"/a/{token}/"


def unsubscribe_path(token: str) -> str:
    return f"/u/{token}/"


def invitation(invited: Invitation, message: Message) -> Mail:
    """The mail with the eleven score links."""
    return _mail(invited, is_reminder=False)


def reminder(invited: Invitation, message: Message) -> Mail:
    """The same, with a sentence that it is the only reminder."""
    return _mail(invited, is_reminder=True)


def _mail(invited: Invitation, *, is_reminder: bool) -> Mail:
    organisation = invited.organisation
    sender = invited.sending.sender
    company = (organisation.name, organisation.postal_address)
    sheet = _sheet(invited.sending.version, invited.language, company, sender.name, is_reminder)
    greeting = _greeting(invited)
    leave_token = make_token("unsubscribe", invited.public_id)
    marks = {
        ANSWER_MARK: make_token("answer", invited.public_id),
        LEAVE_MARK: leave_token,
        GREETING_MARK: greeting,
        NAME_MARK: invited.customer.address_as,
    }
    return Mail(
        to=invited.customer.email or "",
        to_name=invited.customer.name,
        from_name=_("%(name)s, %(company)s") % {"name": sender.name, "company": organisation.name},
        reply_to=organisation.reply_to or sender.email or "",
        subject=_put(sheet.subject, marks),
        text=_put(sheet.text, marks),
        html=_put(sheet.html, {mark: escape(value) for mark, value in marks.items()}),
        unsubscribe_url=settings.BASE_URL + unsubscribe_path(leave_token),
        language=invited.language,
    )


def sample(version: SurveyVersion, language: str, sender_name: str, organisation: Organisation) -> Sheet:
    """The mail as a customer without a form of address gets it; its links lead nowhere."""
    company = (organisation.name, organisation.postal_address)
    sheet = _sheet(version, language, company, sender_name, False)
    with translation.override(language):
        marks = {GREETING_MARK: _("Good day,"), NAME_MARK: "", ANSWER_MARK: "…", LEAVE_MARK: "…"}
    return Sheet(_put(sheet.subject, marks), _put(sheet.text, marks), "")


def _put(text: str, marks: dict[str, str]) -> str:
    for mark, value in marks.items():
        text = text.replace(mark, value) if value else leave_out(text, mark)
    return text


def _greeting(invited: Invitation) -> str:
    with translation.override(invited.language):
        if invited.customer.address_as:
            return _("Dear %(name)s,") % {"name": invited.customer.address_as}
        return _("Good day,")


def _sheet(
    version: SurveyVersion, language: str, company: tuple[str, str], sender_name: str, is_reminder: bool
) -> Sheet:
    make = _sent_sheet if version.frozen_at else _sent_sheet.__wrapped__
    return make(version, language, company, sender_name, is_reminder)


@lru_cache(maxsize=128)
def _sent_sheet(
    version: SurveyVersion, language: str, company: tuple[str, str], sender_name: str, is_reminder: bool
) -> Sheet:
    name, postal_address = company
    words = words_of(version, language)
    values = {"company": name, "sender": sender_name, "name": NAME_MARK}
    answer_url = settings.BASE_URL + answer_path(ANSWER_MARK)
    context = {
        "organisation": {"name": name},
        "subject": fill(words.subject, values),
        "greeting": GREETING_MARK,
        "paragraphs": [part.strip() for part in fill(words.message, values).split("\n\n") if part.strip()],
        "question_text": fill(words.question, values),
        "scores": [{"value": value, "url": f"{answer_url}?s={value}"} for value in range(11)],
        "low_label": words.low_label,
        "high_label": words.high_label,
        "sender_name": sender_name,
        "postal_address": postal_address,
        "unsubscribe_url": settings.BASE_URL + unsubscribe_path(LEAVE_MARK),
        "reminder": is_reminder,
    }
    with translation.override(words.language):
        return Sheet(*render("survey_invitation", context))
