"""What the audit page is narrowed to."""

from typing import Any

from crispy_forms.bootstrap import StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from delight.organisation.audit import NOBODY
from delight.organisation.audit_words import OBJECTS


class AuditForm(forms.Form):
    person = forms.ChoiceField(label=_("Who"), required=False)
    kind = forms.ChoiceField(label=_("Of what"), required=False)
    first = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = get_user_model()._default_manager.values_list("pk", "name")
        self.fields["person"].choices = [  # type: ignore[attr-defined]
            ("", _("Everybody")), (NOBODY, _("the program itself")), *((str(pk), name) for pk, name in people),
        ]  # fmt: skip
        kinds = sorted(((name, str(thing.word)) for name, thing in OBJECTS.items()), key=lambda kind: kind[1])
        self.fields["kind"].choices = [("", _("Everything")), *kinds]  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            "person", "kind", "first", "last", StrictButton(_("Show"), type="submit", css_class="btn-small")
        )

    def chosen(self) -> dict[str, Any]:
        """What is asked for; what cannot be read narrows nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
