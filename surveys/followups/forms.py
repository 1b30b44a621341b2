"""Forms of the follow-up pages."""

from typing import Any

from crispy_bootstrap5.bootstrap5 import Field
from crispy_forms.bootstrap import FormActions, StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from staff.people.models import User
from surveys.followups.access import possible_owners
from surveys.followups.models import FollowUp, Outcome


class FilterForm(forms.Form):
    """Which follow-ups a list shows; what is odd falls back to one's own open ones."""

    WHOSE = (("mine", _("Mine")), ("team", _("My team's")))
    STATES = (("open", _("Open")), ("overdue", _("Overdue")), ("closed", _("Closed")))

    whose = forms.ChoiceField(choices=WHOSE, required=False)
    state = forms.ChoiceField(choices=STATES, required=False)

    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name) or choices[0][0] for name, choices in self.choices()}

    @classmethod
    def choices(cls) -> list[tuple[str, Any]]:
        return [("whose", cls.WHOSE), ("state", cls.STATES)]


class CloseForm(forms.ModelForm):
    """What came of the conversation. `seen` is the answer that stood above the form when it was opened."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Outcome
        fields = ["result", "happened", "what_else", "who_else"]
        widgets = {
            "result": forms.RadioSelect,
            "happened": forms.Textarea(attrs={"rows": 4}),
            "what_else": forms.Textarea(attrs={"rows": 2}),
            "who_else": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "happened": _("In a sentence or two, so that a colleague understands it in a year."),
            "what_else": _("Something else they said they need or would like."),
            "who_else": _("Somebody else they think we could be of use to."),
        }

    def __init__(self, *args: Any, follow_up: FollowUp, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.follow_up = follow_up
        self.fields["seen"].initial = follow_up.response_id
        result: Any = self.fields["result"]
        result.choices = [each for each in Outcome.Result.choices if each[0] != Outcome.Result.WITHDRAWN]
        self.helper = FormHelper()
        self.helper.form_class = "form"
        # A login that ends meanwhile costs nobody their words; by person, so that they are shown to nobody else.
        self.helper.attrs = {"data-keeps": f"follow-up-{follow_up.pk}-{by.pk}"}
        self.helper.form_action = reverse("follow_up_close", args=[follow_up.pk])
        self.helper.layout = Layout(
            "result",
            Field("happened"),
            Field("what_else"),
            Field("who_else"),
            "seen",
            FormActions(StrictButton(_("Close this follow-up"), type="submit", css_class="btn-primary btn-wide")),
        )

    def clean(self) -> dict[str, Any]:
        """Nobody closes what they have not read: a newer answer is shown first."""
        cleaned = super().clean() or {}
        seen = cleaned.pop("seen", None)
        if seen is not None and seen != self.follow_up.response_id:
            self.data = {**dict(self.data.items()), "seen": self.follow_up.response_id}
            self.add_error(None, _("Another answer has come in meanwhile. Read it above, then close once more."))
        return cleaned


class AssignForm(forms.Form):
    """Hand a follow-up to a colleague."""

    owner = forms.ModelChoiceField(
        queryset=User.objects.none(), label=_("Hand it to"), empty_label=_("Choose a person")
    )

    def __init__(self, *args: Any, follow_up: FollowUp, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = possible_owners(follow_up, by).exclude(pk=follow_up.owner_id or 0)
        self.helper = FormHelper()
        self.helper.form_class = "form"
        self.helper.form_action = reverse("follow_up_assign", args=[follow_up.pk])
        self.helper.layout = Layout("owner", FormActions(StrictButton(_("Hand it over"), type="submit")))
