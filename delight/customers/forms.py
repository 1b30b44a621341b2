"""Forms of this room. They validate and lay out; services write."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Fieldset, Layout
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delight.customers.access import addresses_seen_by, people_to_give, teams_to_give
from delight.customers.importing.columns import FIELDS, guess_columns, titles
from delight.customers.importing.services import Beginning, Inspection, inspect
from delight.customers.models import Account, Customer, CustomerImport, Segment
from delight.lib.csvfile import UnreadableFileError
from delight.lib.sortkey import fold, sort_key
from staff.people.models import Team, User

FEWEST_CHARACTERS = 2
DELIMITERS = {",": gettext_lazy("commas"), ";": gettext_lazy("semicolons"), "\t": gettext_lazy("tabs")}


def helper(*layout: Any) -> FormHelper:
    """The form element and its buttons stand in the template."""
    made = FormHelper()
    made.form_tag = False
    made.disable_csrf = True
    if layout:
        made.layout = Layout(*layout)
    return made


def date_field(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **options)


# --- Looking for customers ----------------------------------------------------------------------------------------


class SearchForm(forms.Form):
    """Words to look for. Staff see nothing before they have typed two characters."""

    words = forms.CharField(
        label=gettext_lazy("Name, company, e-mail or phone"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("words", wrapper_class="grow"))

    @property
    def searched(self) -> str:
        """What to look for, or nothing when it is too short."""
        words = self.cleaned_data.get("words", "") if self.is_valid() else ""
        return words if len(fold(words)) >= FEWEST_CHARACTERS else ""


class FilterForm(SearchForm):
    """What a manager's list is narrowed by."""

    segment = forms.ModelChoiceField(
        Segment.objects.all(), label=gettext_lazy("Segment"), required=False, empty_label=gettext_lazy("All")
    )
    team = forms.ModelChoiceField(
        Team.objects.none(), label=gettext_lazy("Team"), required=False, empty_label=gettext_lazy("All")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["team"].queryset = teams_to_give(user)  # type: ignore[attr-defined]
        self.helper = helper(Field("words", wrapper_class="grow"), "segment", "team")

    def narrow(self, customers: Any) -> Any:
        if not self.is_valid():
            return customers.none()
        chosen = self.cleaned_data
        if chosen["words"]:
            customers = customers.search(chosen["words"], addresses_seen_by(self.user))
        wanted = {name: chosen[name] for name in ("segment", "team") if chosen[name]}
        return customers.filter(**wanted)


# --- One customer, company, segment -------------------------------------------------------------------------------


class CustomerForm(forms.ModelForm):
    """A customer's facts, with the teams and people that the user may name."""

    class Meta:
        model = Customer
        fields = [
            "name",
            "address_as",
            "email",
            "phone",
            "address_source",
            "consent_on",
            "language",
            "time_zone",
            "account",
            "account_role",
            "preferred_channel",
            "preferred_time",
            "outside_id",
            "segment",
            "team",
            "owner",
        ]
        field_classes = {"consent_on": forms.DateField}
        widgets = {
            "consent_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "phone": forms.TextInput(attrs={"type": "tel"}),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = teams_to_give(user)
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]
        self.fields["owner"].queryset = people_to_give(user, also=self.instance.owner_id)  # type: ignore[attr-defined]
        self.fields["time_zone"].help_text = _("As in Europe/Istanbul. Empty: the company's.")
        self.fields["language"].choices = [("", _("the company's")), *settings.LANGUAGES]  # type: ignore[attr-defined]
        for name in ("account", "segment", "team", "owner"):
            self.fields[name].empty_label = _("none")  # type: ignore[attr-defined]
        self.fields["account_role"].choices = [("", _("not known")), *Customer.AccountRole.choices]  # type: ignore[attr-defined]
        self.fields["preferred_channel"].choices = [("", _("not known")), *Customer.Channel.choices]  # type: ignore[attr-defined]
        if self.instance.pk is None:
            self.initial.setdefault("address_source", Customer.AddressSource.EXISTING)
            if not user.is_sponsor and len(teams) == 1:
                self.initial.setdefault("team", teams[0])
        self.helper = helper(
            "name",
            "address_as",
            "email",
            "phone",
            "address_source",
            "consent_on",
            "account",
            "account_role",
            "preferred_channel",
            "preferred_time",
            "segment",
            "team",
            "owner",
            "outside_id",
            "language",
            "time_zone",
        )

    def _get_validation_exclusions(self) -> set[str]:
        # The constraints name these columns, which the model fills by itself: without them Django skips the rules.
        return super()._get_validation_exclusions() - {"phone_key", "erased_at"}  # type: ignore[misc]


class UniqueNameMixin:
    """Refuses a name that differs from another one only in case, accents or blanks."""

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())  # type: ignore[attr-defined]
        others = self._meta.model.objects.exclude(pk=self.instance.pk)  # type: ignore[attr-defined]
        if others.filter(sort_key=sort_key(name)).exists():
            raise ValidationError(_("This name is there already."))
        return name


class AccountForm(UniqueNameMixin, forms.ModelForm):
    class Meta:
        model = Account
        fields = ["name", "owner", "value_per_year", "renews_on"]
        widgets = {"renews_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people_to_give(user, also=self.instance.owner_id)  # type: ignore[attr-defined]
        self.fields["owner"].empty_label = _("nobody")  # type: ignore[attr-defined]
        self.helper = helper("name", "owner", "value_per_year", "renews_on")


class SegmentForm(UniqueNameMixin, forms.ModelForm):
    class Meta:
        model = Segment
        fields = ["name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper("name")


# --- Import -------------------------------------------------------------------------------------------------------


class UploadForm(forms.Form):
    """A file with customers. `found` is what was seen in it."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "A CSV file in UTF-8, up to 10 MB and 20,000 rows, with the names of the columns in its first line."
        ),
        error_messages={"empty": gettext_lazy("The file is empty.")},
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )
    found: Inspection

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper("file")

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        try:
            self.found = inspect(file)
        except UnreadableFileError as error:
            raise ValidationError(str(error)) from error
        return file


class DelimiterForm(forms.Form):
    """For a file whose delimiter was guessed wrongly."""

    delimiter = forms.ChoiceField(
        label=gettext_lazy("Separated by"),
        choices=list(DELIMITERS.items()),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper("delimiter")


class ColumnsForm(forms.Form):
    """Which column holds what, and what is asked once for the whole file."""

    address_source = forms.ChoiceField(
        label=gettext_lazy("How did you get these addresses?"),
        choices=[
            ("existing", gettext_lazy("They are our customers: they have bought from us")),
            ("consent", gettext_lazy("They agreed to get mail from us")),
            ("other", gettext_lazy("Another way (bought, found, collected): they will never be mailed")),
        ],
        widget=forms.RadioSelect,
    )
    consent_on = date_field(
        label=gettext_lazy("They agreed on"),
        required=False,
        help_text=gettext_lazy("For rows that do not give a day of their own."),
    )
    team = forms.ModelChoiceField(
        Team.objects.none(),
        label=gettext_lazy("Which team serves them?"),
        required=False,
        empty_label=gettext_lazy("no team"),
        help_text=gettext_lazy("For rows that name no team. Customers who have a team stay with it."),
    )

    def __init__(self, *args: Any, user: User, beginning: Beginning, stored: CustomerImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        choices = [("", _("not in the file")), *enumerate(titles(beginning.header))]
        guessed = stored.columns or guess_columns(beginning.header)
        for name, label in FIELDS.items():
            self.fields[f"column_{name}"] = forms.TypedChoiceField(
                label=label,
                choices=choices,
                coerce=int,
                required=False,
                empty_value=None,
                initial=guessed.get(name, ""),
            )
        self.fields["team"].queryset = teams_to_give(user)  # type: ignore[attr-defined]
        self._begin_with(stored)
        self.helper = helper(
            Fieldset(_("Columns"), Div(*(f"column_{name}" for name in FIELDS), css_class="grid")),
            Fieldset(_("For the whole file"), "address_source", "consent_on", "team"),
        )

    def _begin_with(self, stored: CustomerImport) -> None:
        teams = list(self.fields["team"].queryset)  # type: ignore[attr-defined]
        self.initial.setdefault("address_source", stored.address_source)
        self.initial.setdefault("consent_on", stored.consent_on)
        self.initial.setdefault("team", stored.team_id or (teams[0].pk if len(teams) == 1 else None))
        if self.user.is_sponsor and len(teams) > 1:
            hint = _("Without a team only managers can take over conversations with these customers.")
            self.fields["team"].help_text = f"{self.fields['team'].help_text} {hint}"

    @property
    def taken(self) -> set[int]:
        """The numbers of the columns that are chosen as the form stands."""
        values = (str(self[f"column_{name}"].value()) for name in FIELDS)
        return {int(value) for value in values if value.isdecimal()}

    @property
    def columns(self) -> dict[str, int]:
        chosen = {name: self.cleaned_data.get(f"column_{name}") for name in FIELDS}
        return {name: number for name, number in chosen.items() if number is not None}

    def clean(self) -> dict[str, Any]:
        columns = self.columns
        if not {"email", "phone"} & columns.keys():
            self.add_error("column_email", _("Choose the column with e-mail addresses, or the one with phone numbers."))
        if not {"name", "first_name", "last_name"} & columns.keys():
            self.add_error("column_name", _("Choose the column with the names."))
        day = self.cleaned_data.get("consent_on")
        if self.cleaned_data.get("address_source") == "consent" and not day and "consent_on" not in columns:
            self.add_error("consent_on", _("Consent needs the day on which it was given."))
        if not self.user.is_sponsor and "team" not in columns and not self.cleaned_data.get("team"):
            self.add_error("team", _("Choose one of your teams."))
        return self.cleaned_data


class StartForm(forms.Form):
    """What the manager has decided about bad rows."""

    skip_bad_rows = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper("skip_bad_rows")


def posted(request: HttpRequest) -> dict[str, Any]:
    """What a form is bound to: a GET shows it unbound."""
    return {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
