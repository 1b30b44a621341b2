"""The sponsors' page about trials: whether one would come to an answer, what runs, and what came of it."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from delight.organisation.models import Organisation
from staff.budget.models import today
from staff.moments.models import OccasionKind, OccasionTrial
from staff.moments.occasion_access import get_trial_for
from staff.moments.occasion_forms import TrialForm
from staff.moments.trial_results import LEFT_OUT, SHOWN, groups_of, readable_on, result_of
from staff.moments.trials import (
    KINDS,
    CannotBeAnswered,
    Outlook,
    notice_of,
    outlooks,
    start_trial,
    stop_trial,
)
from staff.people.access import require_sponsor
from staff.people.requests import SignedInRequest

MOST_EARLIER = 10
POST_OR_BACK = ["GET", "HEAD", "POST"]


@require_safe
def trials(request: SignedInRequest) -> HttpResponse:
    require_sponsor(request.user)
    return _show(request)


@require_http_methods(POST_OR_BACK)
def trial_start(request: SignedInRequest) -> HttpResponse:
    require_sponsor(request.user)
    if request.method != "POST":
        return redirect("trials")
    form = TrialForm(request.POST, day=today(Organisation.get()))
    if not form.is_valid():
        return _show(request, form=form, status=422)
    kind, begins_on = OccasionKind(form.cleaned_data["kind"]), form.cleaned_data["begins_on"]
    try:
        start_trial(by=request.user, kind=kind, begins_on=begins_on)
    except CannotBeAnswered as error:
        form.add_error(None, str(error))
        return _show(request, form=form, status=422)
    messages.success(request, _("Planned. Everybody who works here is told by mail, and on the page “Today”."))
    return redirect("trials")


@require_http_methods(POST_OR_BACK)
def trial_stop(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_trial_for(request.user, pk)
    if request.method == "POST" and stop_trial(by=request.user, trial=found):
        messages.success(request, _("Stopped. From now on every hint is shown."))
    return redirect("trials")


def _show(request: SignedInRequest, *, form: TrialForm | None = None, status: int = 200) -> HttpResponse:
    company = Organisation.get()
    day = today(company)
    current = OccasionTrial.objects.filter(stopped_at=None, ends_on__gt=day)
    earlier = OccasionTrial.objects.filter(~Q(stopped_at=None) | Q(ends_on__lte=day)).select_related("stopped_by")
    running = list(current.select_related("started_by"))
    groups = groups_of(running)
    seen = outlooks(KINDS, day)
    context = {
        "running": [_running(trial, groups[trial.pk], day) for trial in running],
        "outlooks": _outlooks(seen, {trial.kind for trial in running}, form, day),
        "earlier": [_ended(trial, company, day) for trial in earlier[:MOST_EARLIER]],
        "form_errors": form.non_field_errors() if form else [],
        "needed": seen[0].needed,
    }
    return render(request, "moments/trials.html", context, status=status)


def _running(trial: OccasionTrial, counts: Any, day: date) -> dict[str, Any]:
    return {
        "trial": trial,
        "begun": trial.begins_on <= day,
        "last_day": trial.ends_on - timedelta(days=1),
        "shown": counts[SHOWN],
        "left_out": counts[LEFT_OUT],
        "notice": notice_of(trial),
    }


def _outlooks(seen: list[Outlook], busy: set[str], form: TrialForm | None, day: date) -> list[dict[str, Any]]:
    """For each kind what the last three months say, and where it would come to an answer, the form."""
    chosen = form["kind"].value() if form else ""
    lines = []
    for each in seen:
        fresh = TrialForm(day=day, initial={"kind": each.kind}, auto_id=f"{each.kind}-%s")
        own = form if form is not None and chosen == each.kind else fresh
        lines.append({"outlook": each, "busy": each.kind in busy, "form": own, "open": own is form})
    return lines


def _ended(trial: OccasionTrial, company: Organisation, day: date) -> dict[str, Any]:
    from_day = readable_on(trial, company)
    stopped = timezone.localdate(trial.stopped_at, company.zone) if trial.stopped_at else None
    return {
        "trial": trial,
        "last_day": stopped or trial.ends_on - timedelta(days=1),
        "stopped": stopped,
        "readable_on": from_day,
        "result": result_of(trial, company) if from_day <= day else None,
    }
