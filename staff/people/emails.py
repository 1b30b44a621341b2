"""The mails of this room, one function each."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from delight.organisation.models import Organisation
from delight.outbox.mail import render
from delight.outbox.registry import Mail
from staff.people.addresses import claim_token
from staff.people.models import ClaimedAddress, JoinInvitation, User
from staff.people.services import join_token


def _language(own: str, organisation: Organisation) -> str:
    return own or organisation.default_language


def join_mail(invitation: JoinInvitation) -> Mail:
    """The link by which somebody joins, from the colleague who asks them in."""
    organisation = Organisation.get()
    language = _language(invitation.language, organisation)
    host = invitation.invited_by
    context = {
        "organisation": organisation,
        "name": invitation.name,
        "host": host.name if host else "",
        "team": invitation.team.name if invitation.team else "",
        "url": settings.BASE_URL + reverse("join", args=[join_token(invitation)]),
        "until": timezone.localtime(invitation.expires_at, organisation.zone),
    }
    with translation.override(language):
        subject, text, html = render("join", context)
    return Mail(
        to=invitation.email,
        to_name=invitation.name,
        from_name=host.name if host else organisation.name,
        reply_to=(host.email or "") if host else "",
        subject=subject,
        text=text,
        html=html,
        language=language,
    )


def password_reset_mail(user: User) -> Mail:
    """The link for a new password. The key is made here, so that it stands in no table."""
    organisation = Organisation.get()
    language = _language(user.language, organisation)
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    with translation.override(language):
        subject, text, html = render(
            "password_reset", {"organisation": organisation, "name": user.name, "url": settings.BASE_URL + path}
        )
    return Mail(
        to=user.email or "",
        to_name=user.name,
        from_name=organisation.name,
        subject=subject,
        text=text,
        html=html,
        language=language,
    )


def confirm_address_mail(claim: ClaimedAddress) -> Mail:
    """To an address of which nobody knows yet whose it is: it says nothing but where somebody has typed it in."""
    organisation = Organisation.get()
    language = _language(claim.user.language, organisation)
    context = {
        "organisation": organisation,
        "url": settings.BASE_URL + reverse("confirm_address", args=[claim_token(claim)]),
    }
    with translation.override(language):
        subject, text, html = render("confirm_address", context)
    return Mail(to=claim.email, from_name=organisation.name, subject=subject, text=text, html=html, language=language)
