"""The question that stands before erasing somebody."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _


class EraseForm(forms.Form):
    """`never_write` is asked only where there is an address."""

    never_write = forms.BooleanField(
        label=_("Never write to this address again"),
        required=False,
        initial=True,
        help_text=_(
            "A code is kept from which nobody can read the address. Whoever brings the address back by a file will "
            "not mail it by this. Untick it only if the person wants to hear from you later."
        ),
    )

    def __init__(self, *args: Any, has_address: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_address:
            del self.fields["never_write"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned.setdefault("never_write", False)
        return cleaned
