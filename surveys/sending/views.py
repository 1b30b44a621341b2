"""Sending a survey: choose, see who will be asked, send; then watch it."""

from typing import Any

from csp.decorators import csp
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from staff.people.access import require_manager
from staff.people.requests import SignedInRequest
from surveys.design.access import get_survey_for
from surveys.design.models import Survey
from surveys.sending.access import get_sending_for, get_sending_to_stop_for, sendings_visible_to
from surveys.sending.forms import SampleForm, SendingForm
from surveys.sending.models import Invitation, Sending
from surveys.sending.queries import figures, preview, state_words, with_counts
from surveys.sending.samples import MAIL_POLICY, sample_html, samples
from surveys.sending.services import AlreadySent, send_survey, stop_sending


def sending_list(request: SignedInRequest) -> HttpResponse:
    require_manager(request.user)
    page = Paginator(with_counts(sendings_visible_to(request.user)), 50).get_page(request.GET.get("page"))
    return render(request, "sending/sending_list.html", {"page_obj": page, "query": ""})


def sending_new(request: SignedInRequest, survey_pk: int) -> HttpResponse:
    """First the choice with a count of who will be asked and who not, then the button that sends."""
    survey = get_survey_for(request.user, survey_pk)
    if request.method == "POST" and "search" in request.POST and request.POST.get("audience") == "picked":
        form = SendingForm.as_it_stands(request.POST, request.user)
    else:
        form = SendingForm(request.POST or None, user=request.user)
    seen: dict[str, Any] = {"preview": None}
    if request.method == "POST" and form.is_bound and form.is_valid():
        if "send" in request.POST:
            return _send(request, survey, form)
        seen, form = _look(request, survey, form), form.seen()
    return render(request, "sending/sending_new.html", {"survey": survey, "form": form, **seen})


def _send(request: SignedInRequest, survey: Survey, form: SendingForm) -> HttpResponse:
    names = ["audience", "segment", "sender", "picked", "remind_after_days", "idempotency_key"]
    try:
        chosen = {name: form.cleaned_data[name] for name in names}
        sending = send_survey(by=request.user, survey=survey, **chosen)
    except AlreadySent:
        messages.error(request, _("This page was used for a sending already. Please choose once more here."))
        return redirect("sending_new", survey.pk)
    messages.success(request, _("On its way. You may close this page: the work goes on."))
    return redirect("sending", sending.pk)


def _look(request: SignedInRequest, survey: Survey, form: SendingForm) -> dict[str, Any]:
    """Who will be asked and who not, the mails, and the form that sends exactly this."""
    draft = form.save(commit=False)
    draft.created_by = request.user
    seen = preview(draft, form.cleaned_data["picked"])
    return {
        "preview": seen,
        "mails": samples(survey.current, draft.sender),
        "chosen": form.to_send(),
        "send_label": _send_label(seen.asked),
    }


@require_safe
@never_cache
@xframe_options_sameorigin
@csp(MAIL_POLICY)  # type: ignore[arg-type]  # its types know only views without arguments
def sending_mail(request: SignedInRequest, survey_pk: int, language: str) -> HttpResponse:
    """The mail as customers who read this language get it, for the frame on the page before sending."""
    survey = get_survey_for(request.user, survey_pk)
    form = SampleForm(request.GET, user=request.user)
    if language not in dict(settings.LANGUAGES) or not form.is_valid():
        raise Http404
    return HttpResponse(sample_html(survey.current, language, form.cleaned_data["sender"] or request.user))


def _send_label(asked: int) -> str:
    return ngettext("Send to %(count)s person", "Send to %(count)s people", asked) % {"count": asked}


def sending_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """Where a sending stands: sent, answered, and who was not asked and why."""
    sending = get_sending_for(request.user, pk)
    people = Invitation.objects.filter(sending=sending).select_related("customer").order_by("customer__sort_key", "pk")
    page = Paginator(people, 50).get_page(request.GET.get("page"))
    found, job = figures(sending), _job(sending)
    context = {
        "sending": sending, "figures": found, "page_obj": page, "query": "", "job": job,
        "moving": job is not None or (found.waiting > 0 and sending.state != Sending.State.STOPPED),
        "state_words": state_words(sending, found),
        "may_stop": sending.state != Sending.State.STOPPED
        and (request.user.is_sponsor or sending.created_by_id == request.user.pk),
    }  # fmt: skip
    return render(request, "sending/sending.html", context)


def _job(sending: Sending) -> dict | None:
    if sending.state != Sending.State.PREPARING or sending.job is None:
        return None
    # "finished": the page around it asks for all of itself again, so this part need not.
    return {
        "label": _("Looking at whom to ask"), "done": sending.job.done, "total": sending.job.total or None,
        "finished": True, "url": "",
    }  # fmt: skip


@require_POST
def sending_stop(request: SignedInRequest, pk: int) -> HttpResponse:
    sending = get_sending_to_stop_for(request.user, pk)
    stop_sending(by=request.user, sending=sending)
    messages.success(request, _("Stopped. Nothing more of it goes out; links that were sent keep working."))
    return redirect("sending", pk)
