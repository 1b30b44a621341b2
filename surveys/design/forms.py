from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from surveys.design.models import Survey
from surveys.design.services import Words
from surveys.design.wording import check_placeholders


class SurveyForm(forms.ModelForm):
    """A new survey needs only a name; the words are there already."""

    class Meta:
        model = Survey
        fields = ["name"]
        help_texts = {"name": _("For your own lists; customers do not see it.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("make", _("Make the survey")))


class OneLineField(forms.CharField):
    """A sentence that may be too long for one line on a phone, and is one line all the same."""

    widget = forms.Textarea(attrs={"rows": 2})

    def to_python(self, value: Any) -> str:
        return " ".join((super().to_python(value) or "").split())


class WordsForm(forms.Form):
    """Everything a customer reads, in one language."""

    subject = forms.CharField(label=_("Subject of the mail"), max_length=150)
    message = forms.CharField(
        label=_("Message"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Written by a person, as “I”. Paragraphs are separated by an empty line."),
    )
    question = OneLineField(label=_("Question"), max_length=300)
    low_label = forms.CharField(label=_("Words at 0"), max_length=60)
    high_label = forms.CharField(label=_("Words at 10"), max_length=60)
    why = OneLineField(label=_("Second question"), max_length=300)
    thanks = forms.CharField(label=_("Thank-you"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, words: Words, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(words, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "subject",
            "message",
            "question",
            Div(Div("low_label", css_class="col"), Div("high_label", css_class="col"), css_class="row"),
            "why",
            "thanks",
            Submit("save", _("Save the words")),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, text in list(cleaned.items()):
            try:
                check_placeholders(text)
            except ValidationError as error:
                self.add_error(name, error)
        return cleaned
