"""What of the outbox is shown."""

from django import forms
from django.utils.translation import gettext_lazy as _

from delight.outbox.models import State


class FilterForm(forms.Form):
    CHOICES = [
        ("", _("All that ended")),
        (State.SENT, State.SENT.label),
        (State.SKIPPED, State.SKIPPED.label),
        (State.FAILED, State.FAILED.label),
        (State.CANCELLED, State.CANCELLED.label),
        (State.WAITING, State.WAITING.label),
    ]
    state = forms.ChoiceField(label=_("Show"), choices=CHOICES, required=False)
