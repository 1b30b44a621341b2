"""Forms of a customer's memory. They validate; services write."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delight.customers.forms import date_field
from delight.customers.memory.delicate import sounds_delicate
from delight.customers.memory_models import LONGEST_ANSWER, LONGEST_FACT, LONGEST_QUESTION
from delight.customers.models import Fact

LASTING, VISIT = "lasting", "visit"


def _line(label: Any, longest: int, **attrs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=longest,
        widget=forms.TextInput({"autocomplete": "off", "class": "form-control", **attrs}),
    )


class FactForm(forms.Form):
    """One line and Enter; everything else has a default. What is sensitive is offered to those who may read it.

    A sentence that sounds like health, diet or belief is taken once its writer has said which, or that it is neither.
    """

    text = _line(gettext_lazy("Something to remember"), LONGEST_FACT)
    source = forms.ChoiceField(
        label=gettext_lazy("Where from"), choices=Fact.Source.choices, widget=forms.RadioSelect, required=False
    )
    holds = forms.ChoiceField(
        label=gettext_lazy("How long"),
        choices=[(LASTING, gettext_lazy("lasting")), (VISIT, gettext_lazy("for this visit"))],
        widget=forms.RadioSelect,
        required=False,
    )
    expires_on = date_field(
        label=gettext_lazy("Forget on"),
        required=False,
        help_text=gettext_lazy("If you know when it is over. “For this visit” needs no day."),
    )
    never_say = forms.BooleanField(label=gettext_lazy("Never say aloud"), required=False)
    pin = forms.BooleanField(label=gettext_lazy("Pin on top"), required=False)
    sensitive = forms.ChoiceField(
        label=gettext_lazy("About health, diet or belief?"),
        choices=[("", gettext_lazy("no")), *Fact.Sensitive.choices],
        required=False,
        help_text=gettext_lazy("Only those who serve the customer see it, and only with the customer’s consent."),
    )
    agreed = forms.BooleanField(label=gettext_lazy("The customer agrees that we keep it"), required=False)
    consent_on = date_field(label=gettext_lazy("The customer agreed on"), required=False)
    neither = forms.BooleanField(label=gettext_lazy("It is about none of these"), required=False)

    def __init__(self, *args: Any, serving: bool, fact: Fact | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("initial", initial_of(fact) if fact else {"source": Fact.Source.TOLD, "holds": LASTING})
        super().__init__(*args, **{"auto_id": "fact_%s"} | kwargs)
        self.fact = fact
        left_out = {"consent_on"} if fact is None else {"pin", "agreed"}
        if not serving:
            left_out |= {"pin", "sensitive", "agreed", "consent_on"}
        for name in left_out:
            del self.fields[name]

    @property
    def more_is_wrong(self) -> bool:
        """Whether what is wrong stands among the folded details."""
        return bool(set(self.errors) & {each.name for each in self.others}) if self.is_bound else False

    @property
    def is_asked(self) -> bool:
        """Whether the sentence sounds delicate, and its writer has to say how it is meant."""
        return bool(self.is_bound and self._sounds_delicate())

    @property
    def about(self) -> list[forms.BoundField]:
        """What says how delicate it is."""
        names = ["sensitive", "agreed", "consent_on", *(["neither"] if self.is_asked else [])]
        return [self[name] for name in names if name in self.fields]

    @property
    def others(self) -> list[forms.BoundField]:
        """The details that are no radio buttons."""
        return [self[name] for name in ("expires_on", "never_say", "pin") if name in self.fields]

    def clean_expires_on(self) -> date | None:
        day: date | None = self.cleaned_data["expires_on"]
        unchanged = self.fact is not None and day == self.fact.expires_on
        if day is not None and day <= timezone.localdate() and not unchanged:
            raise ValidationError(_("Choose a day to come."))
        return day

    def clean_consent_on(self) -> date | None:
        day: date | None = self.cleaned_data["consent_on"]
        if day is not None and day > timezone.localdate():
            raise ValidationError(_("This day is still to come."))
        return day

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("sensitive"):
            self._clean_consent(given)
        elif self._sounds_delicate() and not given.get("neither"):
            self._ask()
        return given

    def _clean_consent(self, given: dict[str, Any]) -> None:
        if "agreed" in self.fields and not given.get("agreed"):
            self.add_error("agreed", _("Health, diet and belief are kept only with consent: ask, then tick it."))
        elif "consent_on" in self.fields and not given.get("consent_on") and "consent_on" not in self.errors:
            self.add_error("consent_on", _("Health, diet and belief are kept only with consent: give its day."))

    def _sounds_delicate(self) -> bool:
        """Those who put a sentence right are asked only where it is another one."""
        text = str(self.data.get("text", ""))
        return sounds_delicate(text) and (self.fact is None or text != self.fact.text)

    def _ask(self) -> None:
        if "sensitive" in self.fields:
            self.add_error("sensitive", _("It sounds like that: say which, or that it is about none of these."))
        else:
            self.add_error("text", _("Health, diet and belief may be kept only by those who serve the customer."))

    def values(self) -> dict[str, Any]:
        """What the services take."""
        given = self.cleaned_data
        return {
            "text": given["text"],
            "source": given["source"] or Fact.Source.TOLD,
            "for_visit": given["holds"] == VISIT,
            "expires_on": given["expires_on"],
            "never_say": given["never_say"],
            "sensitive": given.get("sensitive", ""),
            "consent_on": given.get("consent_on") or (timezone.localdate() if given.get("agreed") else None),
        }


def initial_of(fact: Fact) -> dict[str, Any]:
    """A fact as its form shows it."""
    same = ("text", "source", "never_say", "sensitive", "consent_on")
    day = None if fact.visit_id else fact.expires_on
    return {name: getattr(fact, name) for name in same} | {
        "holds": VISIT if fact.visit_id else LASTING,
        "expires_on": day,
    }


class QuestionForm(forms.Form):
    """A question for the next visit."""

    question = _line(gettext_lazy("Ask next time"), LONGEST_QUESTION)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "ask_%s"} | kwargs)


class AnswerForm(forms.Form):
    """What they said."""

    answer = forms.CharField(max_length=LONGEST_ANSWER)


class InsteadForm(forms.Form):
    """Whether to pin, and which of five is to be unpinned for it."""

    to = forms.ChoiceField(choices=[("pin", ""), ("unpin", "")])
    instead = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
