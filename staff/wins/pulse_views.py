"""The page of the staff pulse: two questions while they are asked, and what came of them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from staff.people.requests import SignedInRequest
from staff.wins import pulse
from staff.wins.forms import PulseForm


@require_http_methods(["GET", "HEAD", "POST"])
def pulse_page(request: SignedInRequest) -> HttpResponse:
    card = pulse.pulse_card(request.user)
    form = PulseForm(request.POST or None) if card else None
    if request.method == "POST" and (form is None or form.is_valid()):
        if form and pulse.answer(by=request.user, asked=card["round"], **form.cleaned_data):  # type: ignore[index]
            messages.success(request, _("Thank you. Your answer is in, without your name."))
        return redirect("pulse")
    context = {
        "form": form,
        "card": card,
        "team": pulse.team_of(request.user),
        "results": pulse.results_for(request.user),
    }
    return render(request, "wins/pulse.html", context, status=422 if form is not None and form.is_bound else 200)
