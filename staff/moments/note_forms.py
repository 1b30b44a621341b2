"""The form of a personal note."""

import uuid
from typing import Any

from crispy_bootstrap5.bootstrap5 import Field
from django import forms
from django.utils.translation import gettext_lazy as _

from delight.customers.forms import helper
from staff.moments.models import LONGEST


class NoteForm(forms.Form):
    """One's own words. `key` is the page's: pressed twice, sent once."""

    text = forms.CharField(
        label=_("Your words"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 9}),
        help_text=_("Short, and about what only you can know. Your name and the company stand below it by themselves."),
    )  # fmt: skip
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, keeps: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("text"), "key")

    def clean_text(self) -> str:
        return self.cleaned_data["text"].replace("\r\n", "\n").strip()
