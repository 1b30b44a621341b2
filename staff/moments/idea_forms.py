"""Forms of the idea bank."""

from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delight.customers.access import customers_visible_to, search_for
from delight.customers.forms import FEWEST_CHARACTERS, helper
from delight.customers.models import Customer
from delight.organisation.models import Trade
from staff.budget.models import NOTHING
from staff.moments.idea_shelf import FREE, PAID
from staff.moments.models import Idea
from staff.people.access import people_visible_to
from staff.people.models import User

MOST_CUSTOMERS = 8
OWN_SOURCES = [choice for choice in Idea.Source.choices if choice[0] != Idea.Source.STARTER]


class IdeaFilterForm(forms.Form):
    """Which ideas are shown."""

    words = forms.CharField(
        label=gettext_lazy("Words"), required=False, max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=gettext_lazy("What it is"), required=False, choices=[("", gettext_lazy("All")), *Idea.Kind.choices]
    )
    trade = forms.ChoiceField(
        label=gettext_lazy("Trade"), required=False, choices=[("", gettext_lazy("Ours")), *Trade.choices]
    )
    cost = forms.ChoiceField(
        label=gettext_lazy("Cost"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            (FREE, gettext_lazy("costs nothing")),
            (PAID, gettext_lazy("costs something")),
        ],
    )
    source = forms.ChoiceField(
        label=gettext_lazy("Where it comes from"), required=False,
        choices=[("", gettext_lazy("Anywhere")), *Idea.Source.choices],
    )  # fmt: skip
    retired = forms.BooleanField(label=gettext_lazy("Retired ones"), required=False)

    def __init__(self, *args: Any, manages: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not manages:
            del self.fields["retired"]
        self.helper = helper(Field("words", wrapper_class="grow"), *[name for name in self.fields if name != "words"])

    @property
    def chosen(self) -> dict[str, Any]:
        """What is odd chooses nothing."""
        self.is_valid()
        return self.cleaned_data


class IdeaForm(forms.ModelForm):
    """Something to do or say. A customer who gave it is found by name; several who fit are shown to choose from."""

    who = forms.CharField(
        label=gettext_lazy("Which customer"), required=False, max_length=100,
        help_text=gettext_lazy("If a customer gave it: the name, or a whole e-mail address. Empty: nobody is named."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    customer = forms.ModelChoiceField(
        Customer.objects.none(), label=gettext_lazy("Who of them"), required=False, empty_label=None,
        widget=forms.RadioSelect,
    )  # fmt: skip

    class Meta:
        model = Idea
        fields = ["kind", "text", "source", "credited", "customer", "usual_cost"]
        widgets = {"kind": forms.RadioSelect, "text": forms.Textarea(attrs={"rows": 3})}
        labels = {"kind": gettext_lazy("What it is")}
        help_texts = {
            "text": gettext_lazy(
                "To do: one sentence that anybody can follow. To say: the exact words, as in “I really appreciate it,"
                " Mr Johnson”."
            ),
            "usual_cost": gettext_lazy("0: it costs nothing. Empty: it differs."),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        fields: Any = self.fields
        fields["text"].required = True
        fields["kind"].choices = Idea.Kind.choices
        fields["source"].choices = OWN_SOURCES
        shown = people_visible_to(user).filter(is_active=True)
        fields["credited"].queryset = User.objects.filter(
            Q(pk__in=shown.values("pk")) | Q(pk=self.instance.credited_id)
        )
        fields["credited"].empty_label = _("nobody")
        if self.instance.pk is None:
            self.initial.update(kind=Idea.Kind.DO, credited=user, usual_cost=NOTHING)
        self.initial.update(text=self.instance.words, who=str(self.instance.customer or ""))
        if self.instance.starter:
            for name in ("source", "credited", "who"):
                del fields[name]
        self.found = self._fitting()
        if len(self.found) > 1:
            fields["customer"].queryset = Customer.objects.filter(pk__in=[each.pk for each in self.found])
        else:
            del fields["customer"]
        order = ["kind", "text", "source", "who", "customer", "credited", "usual_cost"]
        self.order_fields(order)
        self.helper = helper(*[name for name in order if name in self.fields])

    def _fitting(self) -> list[Customer]:
        """Whom the typed words may mean; those who are named already are not looked for again."""
        if not self.is_bound or "who" not in self.fields or self.data.get("source") != Idea.Source.CUSTOMER:
            return []
        words = str(self.data.get("who", "")).strip()[:100]
        if self.instance.customer and words == self.initial["who"]:
            return [self.instance.customer]
        if len(words) < FEWEST_CHARACTERS:
            return []
        return list(search_for(self.user, customers_visible_to(self.user), words)[:MOST_CUSTOMERS])

    def clean_text(self) -> str:
        return " ".join(self.cleaned_data["text"].split()).strip('“”"«»„')

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "who" not in self.fields:
            return cleaned
        if cleaned.pop("who", "") and cleaned.get("source") == Idea.Source.CUSTOMER and not cleaned.get("customer"):
            if not self.found:
                self.add_error("who", ValidationError(_("Nobody found. Try part of the name.")))
            elif len(self.found) > 1:
                self.add_error("who", ValidationError(_("This fits several customers: choose one of them.")))
        cleaned["customer"] = cleaned.get("customer") or (self.found[0] if len(self.found) == 1 else None)
        return cleaned


class KitForm(forms.ModelForm):
    """What to keep in the drawer, so that the idea can be done at any time."""

    class Meta:
        model = Idea
        fields = ["kit"]
        widgets = {"kit": forms.Textarea(attrs={"rows": 6})}
        help_texts = {
            "kit": gettext_lazy("What lies ready, how many, where, and who fills it up. Empty: it is no kit any more.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper("kit")


class StarterForm(forms.Form):
    """What is done with an idea that ships with Delight."""

    do = forms.ChoiceField(choices=[("pin", ""), ("keep", "")])
