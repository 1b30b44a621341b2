"""Forms about occasions and trials."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from delight.customers.forms import date_field, helper
from staff.moments.models import Occasion
from staff.moments.trials import KINDS, LASTS, TOLD_BEFORE


class StateForm(forms.Form):
    """A tap beside an occasion; `named` is empty on the customer's own page."""

    to = forms.ChoiceField(choices=[(Occasion.State.DISMISSED, ""), (Occasion.State.OPEN, "")])
    named = forms.BooleanField(required=False)


class DismissedForm(forms.Form):
    """Which occasion has just been put aside."""

    dismissed = forms.IntegerField(required=False, min_value=1, max_value=2**31)

    def chosen(self) -> int:
        return (self.cleaned_data["dismissed"] or 0) if self.is_valid() else 0


class TrialForm(forms.Form):
    """The start of a trial of one kind: from when, and that its sponsor knows what it does."""

    kind = forms.ChoiceField(choices=[(kind.value, kind.label) for kind in KINDS], widget=forms.HiddenInput)
    begins_on = date_field(label=_("Begins on"))
    agreed = forms.BooleanField(
        label=_("Everybody who works here is told by mail today, and I have put it into our privacy notice.")
    )

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = day + TOLD_BEFORE
        self.fields["begins_on"].initial = first
        self.fields["begins_on"].widget.attrs |= {"min": first.isoformat(), "max": (day + LASTS).isoformat()}
        self.helper: FormHelper = helper("kind", "begins_on", "agreed")
