"""Forms of the wins meeting. They validate and lay out; services write."""

import uuid
from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delight.customers.forms import date_field, helper
from delight.organisation.fields import TimeZoneField
from delight.programme.models import Issue
from staff.moments.models import Moment
from staff.people.access import managers_of
from staff.people.models import User
from staff.wins.access import members_of
from staff.wins.models import AgendaItem, MeetingPlan, Turn, WinsMeeting
from staff.wins.times import zone_of_team

LONGEST_NOTE = 500
AS_TEAM = gettext_lazy("as the team, else as the company")
# What gets in the way of those who meet customers; a complaint is a customer's.
IN_THE_WAY = [choice for choice in Issue.Kind.choices if choice[0] != Issue.Kind.COMPLAINT]


class SearchForm(forms.Form):
    """Words to look for in what was told and noted."""

    words = forms.CharField(
        label=gettext_lazy("What was said in a meeting"), required=False, max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("words", wrapper_class="grow"))

    @property
    def searched(self) -> str:
        return self.cleaned_data.get("words", "").strip() if self.is_valid() else ""


class PlanForm(forms.ModelForm):
    """When a team meets."""

    time_zone = TimeZoneField(empty=AS_TEAM)

    class Meta:
        model = MeetingPlan
        fields = ["weekday", "at", "minutes", "time_zone"]
        widgets = {"at": forms.TimeInput(format="%H:%M", attrs={"type": "time"})}
        help_texts = {
            "minutes": gettext_lazy("Ten are enough; a quiet clock runs along."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"] = TimeZoneField(empty=AS_TEAM, kept=self.instance.time_zone)
        self.helper = helper("weekday", "at", "minutes", "time_zone")


class PickForm(forms.Form):
    """What somebody will tell: a moment of theirs, or a story in their own words."""

    moment = forms.ModelChoiceField(
        Moment.objects.none(), label=gettext_lazy("Your moments this week"), required=False, empty_label=None,
        widget=forms.RadioSelect,
    )  # fmt: skip
    story = forms.CharField(
        label=gettext_lazy("Or in your own words"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Something you saw, something a customer said. It need not be yours."),
    )  # fmt: skip
    is_absent = forms.BooleanField(label=gettext_lazy("I will not be there: please read it out for me"), required=False)

    def __init__(self, *args: Any, moments: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["moment"]
        field.queryset = moments
        field.label_from_instance = _moment_label
        self.has_moments = moments.exists()
        if not self.has_moments:
            del self.fields["moment"]
            self.fields["story"].label = gettext_lazy("In your own words")
        self.helper = helper(*self.fields)

    @property
    def has_story(self) -> bool:
        return bool(self.picked["moment"] or self.picked["story"])

    @property
    def picked(self) -> dict[str, Any]:
        facts = self.cleaned_data
        return {"moment": facts.get("moment"), "story": facts["story"].strip(), "is_absent": facts["is_absent"]}


def _moment_label(moment: Moment) -> str:
    """What happened, for whom, when."""
    what = moment.what or (moment.idea.words if moment.idea else "")
    who = str(moment.customer) if moment.customer else ""
    return " · ".join(filter(None, [what[:120], who, date_format(moment.happened_at, "SHORT_DATE_FORMAT")]))


class WithNote(forms.Form):
    """A press that takes along the note that is being typed beside it."""

    text = forms.CharField(max_length=LONGEST_NOTE, required=False)

    def clean_text(self) -> str:
        return "\n".join(filter(None, (" ".join(line.split()) for line in self.cleaned_data["text"].splitlines())))


class TurnForm(WithNote):
    """What becomes of a turn; `seen` is what it was on the page that was pressed."""

    seen = forms.ChoiceField(choices=Turn.State.choices)
    to = forms.ChoiceField(choices=Turn.State.choices)


class ItemForm(WithNote):
    seen = forms.ChoiceField(choices=AgendaItem.State.choices)
    to = forms.ChoiceField(choices=AgendaItem.State.choices)


class MoveForm(forms.Form):
    to = forms.ChoiceField(choices=[("first", ""), ("up", ""), ("down", "")])


class LeaderForm(forms.Form):
    """Who was to lead on the page that was pressed; empty: nobody. And who shall."""

    current = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    to = forms.IntegerField(min_value=1, max_value=2**62)


class BeginForm(forms.Form):
    """`sure`: on another day than the meeting's it has been asked."""

    sure = forms.BooleanField(required=False)


class DoForm(forms.Form):
    do = forms.ChoiceField(choices=[("done", ""), ("drop", ""), ("reopen", "")])


class NoteForm(WithNote):
    text = forms.CharField(max_length=LONGEST_NOTE)


class AddForm(forms.Form):
    """Something else for the agenda. The key is made with the form: pressed twice it is one item."""

    text = forms.CharField(label=gettext_lazy("Something else to talk about"), max_length=300)
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def clean_text(self) -> str:
        return " ".join(self.cleaned_data["text"].split())


class ActionForm(forms.Form):
    """Who does what until when."""

    text = forms.CharField(
        label=gettext_lazy("What is to be done"), max_length=300,
        error_messages={"required": gettext_lazy("Say what is to be done.")},
    )  # fmt: skip
    owner = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Who"), empty_label=None)
    due_on = date_field(label=gettext_lazy("Until"))

    def __init__(self, *args: Any, meeting: WinsMeeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        field: Any = self.fields["owner"]
        field.queryset = members_of(meeting.team)

    def clean_due_on(self) -> Any:
        day = self.cleaned_data["due_on"]
        if day < timezone.now().astimezone(zone_of_team(self.meeting.team)).date():
            raise ValidationError(_("That day is over."))
        return day


class KindForm(forms.Form):
    kind = forms.ChoiceField(choices=IN_THE_WAY)


class ObstacleForm(forms.Form):
    """What got in the way, in twenty seconds."""

    text = forms.CharField(
        label=gettext_lazy("In your words"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What it is"), choices=IN_THE_WAY, initial=Issue.Kind.OBSTACLE, widget=forms.RadioSelect
    )
    owner = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Who looks after it"), empty_label=gettext_lazy("not known yet"),
        required=False,
    )  # fmt: skip
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, meeting: WinsMeeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["owner"]
        field.queryset = members_of(meeting.team)
        self.initial.setdefault("owner", managers_of(meeting.team).first())
        self.initial.setdefault("key", uuid.uuid4())
        self.helper = helper("text", "kind", "owner", "key")
        self.auto_id = "id_obstacle_%s"


class PulseForm(forms.Form):
    """Two questions, from 0 to 10."""

    SCORES = [(str(score), str(score)) for score in range(11)]
    glad = forms.TypedChoiceField(
        label=gettext_lazy("I am glad to work here"), choices=SCORES, coerce=int, widget=forms.RadioSelect
    )
    able = forms.TypedChoiceField(
        label=gettext_lazy("I have what I need to delight customers"), choices=SCORES, coerce=int,
        widget=forms.RadioSelect,
    )  # fmt: skip
