"""Choosing who is asked and who signs."""

import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from delight.customers.models import Customer, Segment
from staff.people.access import managed_team_ids
from staff.people.models import Membership, User
from surveys.sending.access import audience_of
from surveys.sending.models import Sending

MOST_PICKED = 200


class SendingForm(forms.ModelForm):
    """Who is asked, who signs, and one reminder or none."""

    picked_words = forms.CharField(
        label=_("Picked customers"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Only for “picked by hand”: their e-mail addresses, one on each line."),
    )
    idempotency_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Sending
        fields = ["audience", "segment", "sender", "remind_after_days"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["sender"] = forms.ModelChoiceField(
            possible_senders(user), label=_("Who signs"), initial=user.pk, empty_label=None,
            help_text=_("Customers see this name, and their replies go there."),
        )  # fmt: skip
        self.fields["idempotency_key"].initial = uuid.uuid4()
        self.fields["segment"] = forms.ModelChoiceField(
            Segment.objects.all(), label=_("Segment"), required=False, empty_label=_("Choose a segment")
        )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Field("audience"),
            Field("segment"),
            Field("picked_words"),
            Div(Div("sender", css_class="col"), Div("remind_after_days", css_class="col"), css_class="row"),
            "idempotency_key",
            Submit("look", _("See who will be asked")),
        )

    def clean_remind_after_days(self) -> int:
        days = self.cleaned_data["remind_after_days"]
        if days > 30:
            raise ValidationError(_("Choose at most 30 days: the links close then. 0 means no reminder."))
        return days

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("audience") == Sending.Audience.SEGMENT and not cleaned.get("segment"):
            self.add_error("segment", _("Choose the segment that is asked."))
        if cleaned.get("audience") != Sending.Audience.SEGMENT:
            cleaned["segment"] = None
        cleaned["picked"] = self._picked() if cleaned.get("audience") == Sending.Audience.PICKED else []
        return cleaned

    def _picked(self) -> list[Customer]:
        words = self.cleaned_data.get("picked_words", "")
        wanted = {line.strip().lower() for line in words.replace(",", "\n").splitlines() if line.strip()}
        if not wanted:
            self.add_error("picked_words", _("Write the e-mail address of at least one customer."))
            return []
        if len(wanted) > MOST_PICKED:
            self.add_error("picked_words", _("Pick at most 200 customers by hand; for more, use a segment."))
            return []
        found = list(audience_of(self.user).filter(email__in=wanted))
        unknown = sorted(wanted - {customer.email for customer in found})
        if unknown:
            self.add_error(
                "picked_words",
                ValidationError(
                    _("Not among your customers: %(addresses)s. Correct or remove them."),
                    params={"addresses": ", ".join(unknown[:5])},
                ),
            )
        return found


def possible_senders(user: User) -> Any:
    """People whose name may stand under the mail: oneself, and managers and staff of the teams one manages."""
    people = User.objects.filter(is_active=True, email__isnull=False)
    if user.is_sponsor:
        return people
    teams = Membership.objects.now().filter(team_id__in=managed_team_ids(user))
    return people.filter(pk__in=[user.pk, *teams.values_list("user_id", flat=True)])
