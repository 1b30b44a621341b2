"""The mail of a survey before it is sent, for whoever is about to send it."""

from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.conf import settings
from django.urls import reverse

from delight.customers.models import Customer
from delight.organisation.models import Organisation
from delight.outbox.models import Message
from staff.people.models import User
from surveys.design.models import SurveyVersion
from surveys.sending.emails import invitation, sample
from surveys.sending.models import Invitation, Sending

# In its frame the mail can do nothing: no script, nothing fetched, no link followed. Its styles stand in it.
# "allow-same-origin" opens none of that; without it the frame gets a process of its own, and seen in Chromium 150
# without a screen, the page around it then got no clicks.
MAIL_POLICY = {
    "sandbox": ["allow-same-origin"],
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
}


def samples(version: SurveyVersion, sender: User) -> list[dict[str, Any]]:
    """In each language: its name, subject and text, and where to see it as it looks."""
    organisation = Organisation.get()
    return [
        {
            "language": name,
            "code": code,
            "mail": sample(version, code, sender.name, organisation),
            "url": f"{reverse('sending_mail', args=[version.survey_id, code])}?sender={sender.pk}",
        }
        for code, name in settings.LANGUAGES
    ]


def sample_html(version: SurveyVersion, language: str, sender: User) -> str:
    """What a customer without a form of address gets. Nobody is invited: the links in it lead nowhere."""
    nobody = Invitation(
        sending=Sending(version=version, sender=sender), customer=Customer(email="sample@invalid"), language=language
    )
    nobody.organisation = Organisation.get()
    html = invitation(nobody, Message(kind="invite", key="sample")).html
    # Without this a pressed link would load in the frame; a new tab is what the sandbox does not open.
    return html.replace("<head>", '<head><base target="_blank">', 1)
