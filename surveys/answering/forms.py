"""What customers send, and what a list of answers shows."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.answering.services import LONGEST_COMMENT


class WordsField(forms.CharField):
    """A customer's words, whatever they are: shortened and cleaned, never refused."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\0", "")[:LONGEST_COMMENT]


class AnswerForm(forms.Form):
    """What a customer sends: a score, and words if they like."""

    score = forms.IntegerField(
        min_value=0,
        max_value=10,
        error_messages={
            "required": _("Please choose a number from 0 to 10, then send your answer."),
            "invalid": _("Please choose a number from 0 to 10, then send your answer."),
            "min_value": _("Please choose a number from 0 to 10, then send your answer."),
            "max_value": _("Please choose a number from 0 to 10, then send your answer."),
        },
    )
    comment = WordsField(required=False)

    def first_error(self) -> str:
        """One sentence that says what to do."""
        return str(next(iter(self.errors.values()))[0])


class AddressForm(forms.Form):
    """Who wants to be asked again names the address that was mailed."""

    email = forms.EmailField()


class CheckForm(forms.Form):
    """Who it was, says a manager. There is no default: a missing word must not take back a person's wish."""

    who = forms.ChoiceField(choices=[("person", _("a person")), ("machine", _("a machine"))])

    def add_prefix(self, field_name: str) -> str:
        return "is"  # the buttons' name


class AnswerFilterForm(forms.Form):
    """Which answers the list shows."""

    SHOW = [
        ("", _("All answers")),
        ("low", _("0 to 6")),
        ("mid", _("7 and 8")),
        ("high", _("9 and 10")),
        ("words", _("With words")),
        ("check", _("Needs checking")),
    ]
    show = forms.ChoiceField(choices=SHOW, required=False, label=_("Show"))
