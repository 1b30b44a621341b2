"""The local mailbox: every mail that left, to look at and to be the customer. Local mode only."""

import re
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from crispy_bootstrap5.bootstrap5 import Field
from crispy_forms.bootstrap import StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from delight.local.mailbox import NoSuchMail, list_mails, read_mail, received_at

MOST = 100
HEADERS = ("Reply-To", "List-Unsubscribe", "List-Unsubscribe-Post", "Message-ID")
HEAD = re.compile(r"<head(\s[^>]*)?>", re.IGNORECASE)
# A mail is somebody else's page: no script, nothing fetched, and a link leaves this frame only when it is pressed.
MAIL_POLICY = {
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox", "allow-top-navigation-by-user-activation"],
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "frame-ancestors": [SELF],
}


class RecipientForm(forms.Form):
    """Whose mails to show."""

    to = forms.EmailField(label=_("Only mails to"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.form_class = "filters"
        self.helper.disable_csrf = True
        self.helper.layout = Layout(Field("to", wrapper_class="grow"), StrictButton(_("Show"), type="submit"))


def folder() -> Path:
    """Where the mailbox keeps its mails; 404 on a site that sends real ones."""
    if not settings.LOCAL:
        raise Http404
    return Path(settings.LOCAL_FOLDER) / "mailbox"


def get_mail(mail_id: str) -> EmailMessage:
    try:
        return read_mail(folder(), mail_id)
    except NoSuchMail:
        raise Http404 from None


@require_safe
@never_cache
def mailbox(request: HttpRequest) -> HttpResponse:
    place = folder()
    form = RecipientForm(request.GET)
    to = form.cleaned_data["to"] if form.is_valid() else ""
    return render(request, "front/mailbox.html", {"form": form, "mails": list_mails(place, MOST, to or None), "to": to})


@require_safe
@never_cache
def mailbox_mail(request: HttpRequest, mail_id: str) -> HttpResponse:
    mail = get_mail(mail_id)
    context: dict[str, Any] = {
        "mail_id": mail_id,
        "subject": str(mail["Subject"] or ""),
        "sender": str(mail["From"] or ""),
        "recipient": str(mail["To"] or ""),
        "received": received_at(mail_id),
        "headers": [(name, str(mail[name])) for name in HEADERS if mail[name]],
        "text": _part(mail, "plain"),
        "has_html": bool(_part(mail, "html")),
    }
    return render(request, "front/mailbox_mail.html", context)


@require_safe
@never_cache
@xframe_options_sameorigin
@csp(MAIL_POLICY)  # type: ignore[arg-type]  # its types know only views without arguments
def mailbox_html(request: HttpRequest, mail_id: str) -> HttpResponse:
    """The mail's HTML as it is, for the frame; its links open in a new tab."""
    html = _part(get_mail(mail_id), "html")
    if not html:
        raise Http404
    return HttpResponse(HEAD.sub(lambda head: head.group() + '<base target="_blank">', html, count=1))


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part is not None else ""
