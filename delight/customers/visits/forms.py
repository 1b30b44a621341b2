"""Forms of the visits' pages."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from delight.customers.access import members_of
from delight.customers.forms import helper
from delight.customers.models import Customer, Visit, VisitCalendar
from delight.customers.visits.files import Found, inspect
from delight.lib.csvfile import UnreadableFileError
from delight.lib.outgoing import OutgoingError, split_address
from delight.organisation.models import Organisation
from staff.people.models import Team, User


def moment_field(**options: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    return forms.DateTimeField(widget=widget, required=False, **options)


class DayForm(forms.Form):
    """Which day's visits of which team are shown; what is odd falls back to today and the first team."""

    day = forms.DateField(required=False)
    team = forms.IntegerField(required=False)

    def __init__(self, *args: Any, teams: Sequence[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.teams = teams
        self.is_valid()

    @property
    def chosen_day(self) -> date:
        day = self.cleaned_data.get("day")
        return day if day and 2000 <= day.year <= 2100 else timezone.localdate()

    @property
    def opening_of_day(self) -> datetime:
        """When the chosen day's work begins: most visits are later, and it is quicker to change than to type."""
        return timezone.make_aware(datetime.combine(self.chosen_day, Organisation.get().opens_at))

    @property
    def chosen_team(self) -> Team | None:
        asked = [team for team in self.teams if team.pk == self.cleaned_data.get("team")]
        return next(iter([*asked, *self.teams]), None)


class HereForm(forms.Form):
    """A customer is here now, or will be at the time that is given. Two taps: open, and note."""

    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), empty_label=None)
    reference = forms.CharField(
        label=_("Reference"), max_length=60, required=False, help_text=_("Room, table or invoice, such as 214.")
    )
    starts_at = moment_field(label=_("When"), help_text=_("Empty: now."))

    def __init__(self, *args: Any, teams: QuerySet[Team], first: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["team"]
        field.queryset = teams
        theirs = list(teams)
        if len(theirs) == 1:
            field.widget = forms.HiddenInput()
        field.initial = next((team for team in theirs if team.pk == first), next(iter(theirs), None))
        self.helper = helper("team", "reference", "starts_at")


class PlanForm(forms.Form):
    """A visit on a later day: at which team, when, and with whom."""

    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), empty_label=None)
    starts_at = moment_field(label=_("When"))
    served_by = forms.ModelChoiceField(
        User.objects.none(), label=_("Served by"), required=False, empty_label=_("nobody in particular")
    )
    reference = forms.CharField(
        label=_("Reference"), max_length=60, required=False, help_text=_("Room, table or invoice, such as 214.")
    )

    def __init__(self, *args: Any, teams: QuerySet[Team], first: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team: Any = self.fields["team"]
        served_by: Any = self.fields["served_by"]
        theirs = list(teams)
        team.queryset = teams
        team.initial = next((one for one in theirs if one.pk == first), next(iter(theirs), None))
        if len(theirs) == 1:
            team.widget = forms.HiddenInput()
        served_by.queryset = User.objects.filter(pk__in=members_of({one.pk for one in theirs}), is_active=True)
        self.fields["starts_at"].required = True
        self.helper = helper("team", "starts_at", "served_by", "reference")

    def clean_starts_at(self) -> datetime:
        at: datetime = self.cleaned_data["starts_at"]
        if at <= timezone.now():
            raise ValidationError(_("This time is over. For somebody who is here, use “Is here now”."))
        return at

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        team, person = given.get("team"), given.get("served_by")
        if team and person and not members_of({team.pk}).filter(user_id=person.pk).exists():
            self.add_error("served_by", _("Works in another team."))
        return given


class SettleForm(forms.Form):
    """What came of a visit: the state that the reader saw, and the one that it becomes."""

    STEPS = {("planned", "came"), ("planned", "missed"), ("came", "planned"), ("missed", "planned")}

    was = forms.ChoiceField(choices=Visit.State.choices)
    to = forms.ChoiceField(choices=Visit.State.choices)
    back = forms.ChoiceField(choices=[("visits", ""), ("customer", ""), ("home", "")], required=False)

    def clean(self) -> dict[str, Any]:
        if (self.cleaned_data.get("was"), self.cleaned_data.get("to")) not in self.STEPS:
            raise ValidationError("not a step")
        return self.cleaned_data


class VisitForm(forms.ModelForm):
    """A visit's details. The times of a booking stay its calendar's."""

    starts_at = moment_field(label=_("Begins"))
    ends_at = moment_field(label=_("Ends"))

    class Meta:
        model = Visit
        fields = ["starts_at", "ends_at", "reference", "value", "served_by"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        served_by: Any = self.fields["served_by"]
        served_by.queryset = User.objects.filter(
            Q(pk__in=members_of({self.instance.team_id}), is_active=True) | Q(pk=self.instance.served_by_id)
        )
        served_by.empty_label = _("nobody")
        if self.instance.source == Visit.Source.CALENDAR:
            del self.fields["starts_at"], self.fields["ends_at"]
        else:
            self.fields["starts_at"].required = True
        self.helper = helper(*self.fields)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        start, end = given.get("starts_at"), given.get("ends_at")
        if start and end and end < start:
            self.add_error("ends_at", _("It ends before it begins."))
        return given


class GuestForm(forms.Form):
    """Which customer a booking is of."""

    customer = forms.ModelChoiceField(Customer.objects.none())

    def __init__(self, *args: Any, customers: QuerySet[Customer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"].queryset = customers  # type: ignore[attr-defined]


class TeamField(forms.ModelChoiceField):
    """One of the teams that the user manages; the only one is chosen already."""

    def offer(self, teams: QuerySet[Team]) -> None:
        self.queryset = teams
        self.empty_label = _("Choose a team")
        if len(teams) == 1:
            self.empty_label = None
            self.initial = teams[0]


class CalendarForm(forms.ModelForm):
    """A calendar's name and its address."""

    team = TeamField(Team.objects.none(), label=_("Team"))
    url = forms.CharField(
        label=_("Calendar address"),
        max_length=500,
        help_text=_(
            "The secret .ics address. In Google Calendar: “Settings”, your calendar, “Secret address in iCal format”."
            " In Outlook: “Settings”, “Shared calendars”, “Publish a calendar”, ICS."
        ),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )

    class Meta:
        model = VisitCalendar
        fields = ["team", "name", "url"]

    def __init__(self, *args: Any, teams: QuerySet[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].offer(teams)  # type: ignore[attr-defined]
        self.helper = helper("team", "name", "url")

    def clean_url(self) -> str:
        url = self.cleaned_data["url"].strip()
        if url.lower().startswith("webcal://"):
            url = f"https://{url[len('webcal://') :]}"
        try:
            split_address(url)
        except OutgoingError as error:
            raise ValidationError(str(error)) from error
        return url


class VisitFileForm(forms.Form):
    """A file with visits. `found` is what was seen in it."""

    team = TeamField(Team.objects.none(), label=_("Team"))
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "A CSV file, up to 10 MB and 20,000 rows, with the names of the columns in its first line: begins; e-mail,"
            " phone, customer number or name; and if you like ends, reference, value, served by, booking number."
        ),
        error_messages={"empty": _("The file is empty.")},
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )
    found: Found

    def __init__(self, *args: Any, teams: QuerySet[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].offer(teams)  # type: ignore[attr-defined]
        self.helper = helper("team", "file")

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        try:
            self.found = inspect(file)
        except UnreadableFileError as error:
            raise ValidationError(str(error)) from error
        return file
