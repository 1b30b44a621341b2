"""The path through the first weeks, and the switches of the rooms."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from delight.front.path import path, week_of
from delight.front.rooms import CAN_BE_HIDDEN
from delight.organisation.access import get_organisation_for
from delight.organisation.models import Organisation
from delight.organisation.services import update_organisation
from staff.people.access import require_manager
from staff.people.requests import SignedInRequest


class RoomsForm(forms.Form):
    """Which rooms are open."""

    shown = forms.MultipleChoiceField(
        label=gettext_lazy("Open rooms"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shown"].choices = [  # type: ignore[attr-defined]  # a field with choices
            (room.name, f"{room.label}. {room.what_for}") for room in CAN_BE_HIDDEN.values()
        ]

    @property
    def hidden(self) -> list[str]:
        """What is switched off, in the order of the table."""
        return [name for name in CAN_BE_HIDDEN if name not in self.cleaned_data["shown"]]


@require_safe
def path_page(request: SignedInRequest) -> HttpResponse:
    require_manager(request.user)
    company = Organisation.get()
    return render(request, "front/path.html", {"weeks": path(company), "now": week_of(company), "company": company})


@require_http_methods(["GET", "HEAD", "POST"])
def rooms_page(request: SignedInRequest) -> HttpResponse:
    company = get_organisation_for(request.user)
    shown = [name for name in CAN_BE_HIDDEN if name not in company.hidden_rooms]
    posted = request.POST if request.method == "POST" else None  # nothing ticked is an answer, too
    form = RoomsForm(posted, initial={"shown": shown})
    if posted is not None and form.is_valid():
        update_organisation(by=request.user, hidden_rooms=form.hidden)
        messages.success(request, _("The rooms are as you chose."))
        return redirect("rooms")
    return render(request, "front/rooms.html", {"form": form})
