"""The page behind a join link. A stranger opens it, and leaves it signed in."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from delight.organisation.models import Organisation
from staff.people import services
from staff.people.address_views import on_its_way
from staff.people.addresses import claim_of
from staff.people.desks import has_desk
from staff.people.forms import JoinForm, NewPasswordForm, OpenJoinForm, SetUpForm
from staff.people.models import JoinInvitation, User

MOST_ATTEMPTS = 3


@sensitive_post_parameters("password")
@never_cache
@login_not_required
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Every link that opens nothing gets the same page, so that it tells nothing about addresses."""
    invitation = services.open_invitation(token)
    company = Organisation.objects.first()
    if invitation is None or not _fits(invitation, company):
        return _closed(request)
    # Whoever invited knows the language better than a browser that was never asked.
    language = _language(invitation)
    request.LANGUAGE_CODE = language
    with translation.override(language):
        response = _welcome(request, invitation, company)
    response.headers.setdefault("Content-Language", language)
    return response


def _language(invitation: JoinInvitation) -> str:
    own = invitation.person.language if invitation.person else ""
    return own or invitation.language or translation.get_language() or settings.LANGUAGE_CODE


def _welcome(request: HttpRequest, invitation: JoinInvitation, company: Organisation | None) -> HttpResponse:
    form = _form(request, invitation, company)
    try:
        user = _accept_once_free(invitation, form) if request.method == "POST" else None
    except services.LinkClosed:
        return _closed(request)
    if user is None:
        return render(request, "people/join.html", {"form": form, "company": company, "invitation": invitation})
    with translation.override(user.language or translation.get_language()):
        messages.success(request, _welcome_words(user, invitation))
        if claim := claim_of(user):
            messages.info(request, on_its_way(claim.email))
        _point_to_the_desk(request, user)
    # It has just been typed: "Is it you?" would be an odd question.
    record_authentication(request, user, method="password", reauthenticated=True)
    return perform_login(request, user, redirect_url=reverse("home"))


def _accept_once_free(invitation: JoinInvitation, form: JoinForm | NewPasswordForm) -> User | None:
    """None when the form has something to say. Somebody may take the same sign-in name or address in this very
    moment: then the form looks once more, and a name that was made from the person's name is made anew.
    """
    for _attempt in range(MOST_ATTEMPTS):
        if not form.is_valid():
            return None
        try:
            with transaction.atomic():
                return _accept(invitation, form)
        except IntegrityError:
            form.full_clean()
    form.add_error(None, _("That did not fit. Please try once more."))
    return None


def _point_to_the_desk(request: HttpRequest, user: User) -> None:
    """Once, in the first moment: where the team shares a device, there is a quicker way in."""
    if not user.pin and has_desk(user):
        words = _("Your team shares a device. With a PIN you come in there by tapping your name.")
        link = format_html('<a href="{}">{}</a>', reverse("own_pin"), _("Set a PIN"))
        messages.info(request, format_html("{} {}", words, link))


def _welcome_words(user: User, invitation: JoinInvitation) -> str:
    if invitation.person is not None:
        return _("The new password holds. Other devices are logged out.")
    if user.login_name:
        return _("Welcome! Your sign-in name: %(name)s") % {"name": user.login_name}
    return _("Welcome!")


def _fits(invitation: JoinInvitation, company: Organisation | None) -> bool:
    """Without a company only a sponsor's link opens; with one, only a link to an address or one that a colleague
    shows: the first link of all is over.
    """
    return bool(invitation.email or invitation.invited_by_id) if company else invitation.is_sponsor


def _form(request: HttpRequest, invitation: JoinInvitation, company: Organisation | None) -> JoinForm | NewPasswordForm:
    language = invitation.language or (company.default_language if company else translation.get_language())
    initial = {"email": invitation.email, "name": invitation.name, "language": language}
    if invitation.person is not None:
        return NewPasswordForm(request.POST or None, person=invitation.person)
    if company is None:
        return SetUpForm(request.POST or None, initial=initial)
    return (OpenJoinForm if invitation.is_shown else JoinForm)(request.POST or None, initial=initial)


def _accept(invitation: JoinInvitation, form: JoinForm | NewPasswordForm) -> User:
    if isinstance(form, NewPasswordForm):
        return services.accept_password_link(invitation=invitation, password=form.cleaned_data["password"])
    if isinstance(form, SetUpForm):
        return services.set_up_company(invitation=invitation, person=form.person(), company=form.organisation())
    return services.accept_invitation(invitation=invitation, **form.person())


def _closed(request: HttpRequest) -> HttpResponse:
    return render(request, "people/join_closed.html", status=404)
