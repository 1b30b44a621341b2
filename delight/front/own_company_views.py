"""The page on which the demo ends."""

from typing import Any

from allauth.account.utils import perform_login
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from delight.front.mailbox import folder
from delight.front.own_company import NotTheDemo, begin_own_company
from delight.local.mailbox import prune
from delight.organisation.access import get_organisation_for
from staff.people.forms import SetUpForm
from staff.people.requests import SignedInRequest

# The word that is typed to make sure; each language has its own.
WORD = pgettext_lazy("typed to remove the demo", "begin")


class OwnCompanyForm(SetUpForm):
    """The company, its first sponsor, and a word that nobody types by mistake."""

    confirmation = forms.CharField(max_length=40)
    field_order = [*SetUpForm.field_order, "confirmation"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["confirmation"]
        field.label = gettext_lazy("Type “%(word)s” to make sure") % {"word": WORD}
        field.widget.attrs.update(autocomplete="off", autocapitalize="none", spellcheck="false")

    def clean_confirmation(self) -> str:
        typed = self.cleaned_data["confirmation"].strip().casefold()
        if typed != str(WORD).casefold():
            raise forms.ValidationError(_("This is not the word."))
        return typed


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_company(request: SignedInRequest) -> HttpResponse:
    if not get_organisation_for(request.user).is_demo:
        raise Http404
    form = OwnCompanyForm(request.POST or None, initial={"language": translation.get_language()})
    if request.method == "POST" and form.is_valid():
        return _begin(request, form)
    return render(request, "front/own_company.html", {"form": form})


def _begin(request: SignedInRequest, form: OwnCompanyForm) -> HttpResponse:
    try:
        sponsor = begin_own_company(by=request.user, person=form.person(), company=form.organisation())
    except NotTheDemo:
        raise Http404 from None
    request.session.flush()  # its row went with the demo
    if settings.LOCAL:
        prune(folder(), keep=0)
    with translation.override(sponsor.language):
        messages.success(request, _("The demo is gone. This is your company now."))
    return perform_login(request, sponsor, redirect_url=reverse("setup"))
