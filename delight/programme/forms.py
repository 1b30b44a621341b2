"""Forms of issues. They validate and lay out; services write."""

import uuid
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delight.customers.access import customers_visible_to, search_for
from delight.customers.forms import date_field, helper
from delight.customers.models import Customer
from delight.lib.sortkey import fold
from delight.programme.access import owners_for, teams_to_raise_in
from delight.programme.models import Issue
from staff.people.models import Team, User

MOST_FOUND, MOST_TOUCHED, FEWEST, LONGEST_NUMBER = 8, 30, 2, 19


def _is_number(text: str) -> bool:
    """Digits that a row's number may have; Python refuses to count thousands of them."""
    return text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER


class IssueForm(forms.Form):
    """A kind and a sentence; whom it touched, and which team, if one likes."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("What is it?"), choices=Issue.Kind.choices, widget=forms.RadioSelect, initial="obstacle"
    )
    text = forms.CharField(
        label=gettext_lazy("In your words"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )
    words = forms.CharField(label=gettext_lazy("Customers touched"), required=False, max_length=100)
    team = forms.ModelChoiceField(
        Team.objects.none(),
        label=gettext_lazy("Team"),
        required=False,
        empty_label=None,
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.visible = user, customers_visible_to(user).select_related("account")
        self.fields["key"].initial = uuid.uuid4()
        self.fields["customers"] = TouchedField(self.visible, required=False)
        teams = teams_to_raise_in(user)
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]
        if len(teams) < 2:
            del self.fields["team"]
        self.found: list[Customer] = []
        self._offer()

    def _offer(self) -> None:
        """Those who are ticked, and those whom the words find."""
        field: TouchedField = self.fields["customers"]  # type: ignore[assignment]
        posted: Any = self.data
        many = posted.getlist("customers") if self.is_bound else self.initial.get("customers", [])
        chosen = [int(pk) for pk in many if _is_number(str(pk))][:MOST_TOUCHED]
        words = str((posted if self.is_bound else self.initial).get("words") or "").replace("\0", "")[:100]
        ticked = list(self.visible.filter(pk__in=chosen)) if chosen else []
        if len(fold(words)) >= FEWEST:
            others = search_for(self.user, self.visible, words).exclude(pk__in=[one.pk for one in ticked])
            self.found = list(others[:MOST_FOUND])
        self.searched = len(fold(words)) >= FEWEST
        field.choices = [(one.pk, field.label_from_instance(one)) for one in [*ticked, *self.found]]

    def clean_customers(self) -> list[Customer]:
        touched = list(self.cleaned_data["customers"])
        if len(touched) > MOST_TOUCHED:
            raise ValidationError(_("Tick at most 30."))
        return touched

    def values(self) -> dict[str, Any]:
        """What the services take."""
        names = ("key", "kind", "text", "customers", "team")
        return {name: self.cleaned_data.get(name) for name in names}


class TouchedField(forms.ModelMultipleChoiceField):
    """Customers to tick, each with what tells two of one name apart."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, customer: Customer) -> str:
        company = customer.account.name if customer.account else ""
        return format_html('{} <span class="muted small">{}</span>', customer.name, company)


class AnswerForm(forms.Form):
    """What became of it: an end needs a sentence."""

    state = forms.ChoiceField(choices=[(state, state) for state in ("done", "declined")])
    done = forms.CharField(
        label=gettext_lazy("What was done, or why it stays as it is"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Whoever raised it reads this."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper("done")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not given.get("done") and "done" not in self.errors:
            self.add_error("done", _("Say it in a sentence: whoever raised it waits for a word."))
        return given


class StandsForm(forms.Form):
    """A word in between, as often as one likes: it is being worked on."""

    state = forms.ChoiceField(choices=[("doing", "doing")])
    done = forms.CharField(
        label=gettext_lazy("Where it stands"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "A word in between. Whoever raised it reads this; a new one takes the place of the last."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper("done")


class HandForm(forms.Form):
    """Who looks after it, and until when."""

    owner = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Looked after by"), empty_label=None)
    due_on = date_field(label=gettext_lazy("Until"))

    def __init__(self, *args: Any, issue: Issue, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"owner": issue.owner_id, "due_on": issue.due_on})
        super().__init__(*args, **kwargs)
        self.issue = issue
        able: QuerySet[User] = owners_for(issue.team) | User.objects.filter(pk__in=[issue.owner_id or 0])
        self.fields["owner"].queryset = able  # type: ignore[attr-defined]
        self.helper = helper("owner", "due_on")

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if day < timezone.localdate() and day != self.issue.due_on:
            raise ValidationError(_("Choose a day to come."))
        return day


class FilterForm(forms.Form):
    """What the list is narrowed by."""

    show = forms.ChoiceField(
        label=gettext_lazy("Show"),
        required=False,
        choices=[
            ("", gettext_lazy("open")),
            ("mine", gettext_lazy("mine to look after")),
            ("raised", gettext_lazy("raised by me")),
            ("ended", gettext_lazy("answered")),
            ("all", gettext_lazy("all")),
        ],
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What it is"),
        required=False,
        choices=[("", gettext_lazy("everything")), *Issue.Kind.choices],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper("show", "kind")

    def narrow(self, issues: Any, user: User) -> Any:
        if not self.is_valid():
            return issues.none()
        show, kind = self.cleaned_data["show"], self.cleaned_data["kind"]
        narrowed = {
            "": lambda: issues.open(),
            "mine": lambda: issues.open().filter(owner=user),
            "raised": lambda: issues.filter(raised_by=user),
            "ended": lambda: issues.exclude(pk__in=issues.open().values("pk")),
            "all": lambda: issues,
        }[show]()
        return narrowed.filter(kind=kind) if kind else narrowed
