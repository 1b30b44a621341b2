"""Sending a survey: choose, see who will be asked, send; then watch it."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from delight.organisation.models import Organisation
from staff.people.access import require_manager
from staff.people.requests import SignedInRequest
from surveys.design.access import get_survey_for
from surveys.sending.access import get_sending_for, get_sending_to_stop_for, sendings_visible_to
from surveys.sending.emails import sample
from surveys.sending.forms import SendingForm
from surveys.sending.models import Invitation, Sending
from surveys.sending.queries import figures, preview, state_words, with_counts
from surveys.sending.services import AlreadySent, send_survey, stop_sending


def sending_list(request: SignedInRequest) -> HttpResponse:
    require_manager(request.user)
    page = Paginator(with_counts(sendings_visible_to(request.user)), 50).get_page(request.GET.get("page"))
    return render(request, "sending/sending_list.html", {"page_obj": page, "query": ""})


def sending_new(request: SignedInRequest, survey_pk: int) -> HttpResponse:
    """First the choice with a count of who will be asked and who not, then the button that sends."""
    survey = get_survey_for(request.user, survey_pk)
    form = SendingForm(request.POST or None, user=request.user)
    seen, mails = None, []
    if request.method == "POST" and form.is_valid():
        if "send" in request.POST:
            try:
                sending = send_survey(by=request.user, survey=survey, **_chosen(form))
            except AlreadySent:
                messages.error(request, _("This page was used for a sending already. Please choose once more here."))
                return redirect("sending_new", survey.pk)
            messages.success(request, _("On its way. You may close this page: the work goes on."))
            return redirect("sending", sending.pk)
        draft = form.save(commit=False)
        draft.created_by = request.user
        seen = preview(draft, form.cleaned_data["picked"])
        organisation = Organisation.get()
        mails = [
            (name, sample(survey.current, code, draft.sender.name, organisation)) for code, name in settings.LANGUAGES
        ]
    context = {
        "survey": survey, "form": form, "preview": seen, "mails": mails,
        "send_label": _send_label(seen.asked) if seen else "",
    }  # fmt: skip
    return render(request, "sending/sending_new.html", context)


def _chosen(form: SendingForm) -> dict:
    names = ["audience", "segment", "sender", "picked", "remind_after_days", "idempotency_key"]
    return {name: form.cleaned_data[name] for name in names}


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
