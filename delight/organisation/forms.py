"""The company's settings and its holidays, as forms."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from delight.organisation.fields import CountryField, TimeZoneField, name_currency
from delight.organisation.models import Holiday, Organisation


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class OrganisationForm(forms.ModelForm):
    """All that a sponsor may set. The currency is not here: sums that were entered would change their meaning."""

    country = CountryField(required=False)
    time_zone = TimeZoneField()
    working_days = forms.TypedMultipleChoiceField(
        label=_("Working days"), choices=Organisation.Weekday, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Organisation
        fields = [
            "name",
            "trade",
            "country",
            "postal_address",
            "reply_to",
            "default_language",
            "time_zone",
            "first_weekday",
            "working_days",
            "opens_at",
            "closes_at",
            "ask_again_after_days",
            "consent_rule",
            "keep_log_days",
            "forget_after_months",
            "approve_over",
            "receipt_over",
            "gifts_noticed_over",
        ]
        help_texts = {
            "trade": _("Decides with which ideas everybody begins."),
            "consent_rule": _("In some countries, such as Turkey and Russia, the law asks for consent first."),
        }
        widgets = {
            "postal_address": forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
            "opens_at": TimeInput(),
            "closes_at": TimeInput(),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"] = TimeZoneField(kept=self.instance.time_zone)
        name_currency(self, "approve_over", "receipt_over", "gifts_noticed_over")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Fieldset(_("Company"), "name", "trade", "country", "postal_address", "reply_to"),
            Fieldset(_("Language and calendar"), "default_language", "time_zone", "first_weekday"),
            Fieldset(_("Working time"), "working_days", Row(Column("opens_at"), Column("closes_at"))),
            Fieldset(_("Surveys"), "ask_again_after_days", "consent_rule"),
            Fieldset(_("Delight budget"), "approve_over", "receipt_over", "gifts_noticed_over"),
            Fieldset(_("What is kept, and how long"), "keep_log_days", "forget_after_months"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("The working day must end after it begins."))
        return cleaned


class HolidayForm(forms.ModelForm):
    class Meta:
        model = Holiday
        fields = ["day", "name"]
        widgets = {"day": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}
        error_messages = {"day": {"unique": _("This day is in the list already.")}}

    def clean_day(self) -> date:
        day = self.cleaned_data["day"]
        if not 2000 <= day.year <= 2100:
            raise forms.ValidationError(_("Is the year right?"))
        return day
