"""The page behind a join link. A stranger opens it, and leaves it signed in."""

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from delight.organisation.models import Organisation
from staff.people import services
from staff.people.forms import JoinForm, SetUpForm
from staff.people.models import JoinInvitation, User


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
    language = invitation.language or translation.get_language()
    request.LANGUAGE_CODE = language
    with translation.override(language):
        response = _welcome(request, invitation, company)
    response.headers.setdefault("Content-Language", language)
    return response


def _welcome(request: HttpRequest, invitation: JoinInvitation, company: Organisation | None) -> HttpResponse:
    form = _form(request, invitation, company)
    if request.method == "POST" and form.is_valid():
        try:
            user = _accept(invitation, form)
        except services.LinkClosed:
            return _closed(request)
        with translation.override(user.language):
            messages.success(request, _("Welcome!"))
        return perform_login(request, user, redirect_url=reverse("home"))
    return render(request, "people/join.html", {"form": form, "company": company, "invitation": invitation})


def _fits(invitation: JoinInvitation, company: Organisation | None) -> bool:
    """Without a company only a sponsor's link opens; with one, only a link that names its person."""
    return bool(invitation.email) if company else invitation.is_sponsor


def _form(request: HttpRequest, invitation: JoinInvitation, company: Organisation | None) -> JoinForm:
    language = invitation.language or (company.default_language if company else translation.get_language())
    initial = {"email": invitation.email, "name": invitation.name, "language": language}
    form_class = JoinForm if company else SetUpForm
    return form_class(request.POST or None, initial=initial)


def _accept(invitation: JoinInvitation, form: JoinForm) -> User:
    if isinstance(form, SetUpForm):
        return services.set_up_company(invitation=invitation, person=form.person(), company=form.organisation())
    return services.accept_invitation(invitation=invitation, **form.person())


def _closed(request: HttpRequest) -> HttpResponse:
    return render(request, "people/join_closed.html", status=404)
