"""Forms of an import: the file, how it is read, its columns, and what is done with rows that need a decision."""

from typing import Any

from crispy_forms.layout import HTML, Div, Fieldset
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delight.customers.access import teams_to_give
from delight.customers.forms import date_field, helper
from delight.customers.importing.columns import FIELDS, RARE, titles
from delight.customers.importing.services import Beginning, Inspection, inspect
from delight.customers.importing.sources import recognise
from delight.customers.models import CustomerImport
from delight.lib.csvfile import UnreadableFileError
from delight.lib.encodings import NAMES
from delight.organisation.models import Organisation
from staff.people.models import Team, User

DELIMITERS = {",": gettext_lazy("commas"), ";": gettext_lazy("semicolons"), "\t": gettext_lazy("tabs")}


class UploadForm(forms.Form):
    """A file with customers. `found` is what was seen in it."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "A CSV file or an Excel workbook, up to 50 MB and 100,000 rows, with the names of the columns in its first"
            " line. Contacts from Google, Outlook, Mailchimp or HubSpot can be taken as they were exported."
        ),
        error_messages={"empty": gettext_lazy("The file is empty.")},
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,text/csv"}),
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


class ReadingForm(forms.Form):
    """For a file whose letters or columns were guessed wrongly."""

    encoding = forms.ChoiceField(label=gettext_lazy("Letters stored as"), choices=list(NAMES.items()))
    delimiter = forms.ChoiceField(label=gettext_lazy("Separated by"), choices=list(DELIMITERS.items()))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper("encoding", "delimiter")


class SheetForm(forms.Form):
    """Which sheet of a workbook holds the customers."""

    sheet = forms.TypedChoiceField(label=gettext_lazy("Sheet"), coerce=int)

    def __init__(self, *args: Any, stored: CustomerImport, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"sheet": stored.sheet}, **kwargs})
        self.fields["sheet"].choices = list(enumerate(stored.sheets))  # type: ignore[attr-defined]
        self.helper = helper("sheet")


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
        recognised = recognise(beginning.header)
        self.looks_like, guessed = recognised.sentence, stored.columns or recognised.columns
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
        often = [name for name in FIELDS if name not in RARE or name in guessed or self._chosen(name)]
        self.helper = helper(
            Fieldset(_("Columns"), Div(*(f"column_{name}" for name in often), css_class="grid")),
            HTML(format_html('<details class="help"><summary>{}</summary>', _("More columns"))),
            Div(*(f"column_{name}" for name in RARE if name not in often), css_class="grid"),
            HTML("</details>"),
            Fieldset(_("For the whole file"), "address_source", "consent_on", "team"),
        )

    def _chosen(self, name: str) -> bool:
        return bool(self[f"column_{name}"].value())

    def _begin_with(self, stored: CustomerImport) -> None:
        if Organisation.get().asks_only_with_consent:
            self.fields["address_source"].help_text = _(
                "Your company asks only people whose consent is recorded. Others are kept, and get no survey by mail."
            )
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
    """What the manager has decided about bad rows, about customers who are there, and about rows that say one twice."""

    skip_bad_rows = forms.BooleanField(required=False, widget=forms.HiddenInput)
    leave_known = forms.TypedChoiceField(
        label=gettext_lazy("Customers whom you have already"),
        choices=[
            ("", gettext_lazy("Update them with what the file says")),
            ("1", gettext_lazy("Leave them as they are")),
        ],
        coerce=bool,
        empty_value=False,  # type: ignore[arg-type]  # any value will do
        required=False,
        widget=forms.RadioSelect,
    )
    join_doubles = forms.TypedChoiceField(
        label=gettext_lazy("Further rows about a customer who stands in the file before"),
        choices=[
            ("", gettext_lazy("Leave them out")),
            ("1", gettext_lazy("Let them fill what the first row leaves empty")),
        ],
        coerce=bool,
        empty_value=False,  # type: ignore[arg-type]  # any value will do
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, stored: CustomerImport | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = ["skip_bad_rows"]
        if stored is not None:
            asked += ["leave_known"] * bool(stored.changed) + ["join_doubles"] * bool(stored.doubles)
        self.helper = helper(*asked)
