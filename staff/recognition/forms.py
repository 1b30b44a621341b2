"""Forms of this room. They validate and lay out; services write."""

import uuid
from datetime import timedelta
from typing import Any, cast

from crispy_bootstrap5.bootstrap5 import Field
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from delight.customers.forms import helper
from delight.lib.sortkey import fold
from delight.organisation.models import Organisation
from staff.moments.access import moments_visible_to
from staff.moments.models import Moment
from staff.people.models import Team, User
from staff.recognition.access import people_managed_by, people_to_thank, teams_for_walls
from staff.recognition.models import LONGEST, SHORTEST, Reaction, Taste, Value, Wall
from staff.recognition.reading import values_in_use

MOST_CHOICES = 200
STORIES_OF = timedelta(days=30)
MOST_STORIES = 40
LONGEST_NUMBER = 18  # digits that any column of numbers takes
TOO_SHORT = gettext_lazy("Say a little more, so that it tells what was good: at least 20 characters.")


def words_field(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, min_length=SHORTEST, max_length=LONGEST,
        error_messages={"min_length": TOO_SHORT}, widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip


class MomentChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        told = obj.what or (obj.idea.words if obj.idea else "")
        return f"{obj.user.name}: {Truncator(told).chars(70)}"


class ValueChoice(forms.ModelChoiceField):
    """Each value with what it means here."""

    def label_from_instance(self, obj: Any) -> str:
        if not obj.meaning:
            return obj.name
        return format_html('{}<br><span class="muted small">{}</span>', obj.name, obj.meaning)


class ThanksForm(forms.Form):
    """Thanks to colleagues, or a spotlight on them. `to` may name everybody who is active; a page shows some."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    to = forms.ModelMultipleChoiceField(queryset=User.objects.none(), required=False)
    team = forms.ModelChoiceField(
        label=gettext_lazy("Or a whole team"), queryset=Team.objects.all(), required=False, empty_label="–"
    )
    text = words_field(
        gettext_lazy("What for?"),
        gettext_lazy(
            "What was it, and what was good about it? At least 20 characters; two sentences do more than one word."
        ),
    )
    value = ValueChoice(
        label=gettext_lazy("Which value it shows"), queryset=Value.objects.none(), required=False, blank=True,
        empty_label=gettext_lazy("none in particular"), widget=forms.RadioSelect,
    )  # fmt: skip
    moment = MomentChoice(
        label=gettext_lazy("The moment it is about"), queryset=Moment.objects.none(), required=False, empty_label="–"
    )
    is_private = forms.BooleanField(
        label=gettext_lazy("Only for them"), required=False,
        help_text=gettext_lazy(
            "Nobody else reads it, not even managers. "
            "If you thank one person who likes thanks in private, it is private anyway."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, open_only: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if open_only:
            del self.fields["is_private"]
        self._choose_from("to", people_to_thank(user))
        self._choose_from("value", cast(QuerySet, values_in_use()))
        self._choose_from("moment", self._stories(user))

    def _choose_from(self, name: str, queryset: QuerySet) -> None:
        cast(forms.ModelChoiceField, self.fields[name]).queryset = queryset

    def _stories(self, user: User) -> QuerySet[Moment]:
        """Recent ones, and the one that is chosen, however old; none while their room is hidden."""
        told = moments_visible_to(user).told()
        if "moments" in Organisation.get().hidden_rooms:
            return told.none()
        recent = told.filter(happened_at__gte=timezone.now() - STORIES_OF).values_list("pk", flat=True)
        chosen = str(self["moment"].value() or "")
        is_number = chosen.isascii() and chosen.isdigit() and len(chosen) < LONGEST_NUMBER
        pks = [*recent[:MOST_STORIES], *([int(chosen)] if is_number else [])]
        return told.filter(pk__in=pks).select_related("user", "idea")

    def clean_to(self) -> list[User]:
        return list(self.cleaned_data["to"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if "to" not in self.errors and bool(given.get("to")) == bool(given.get("team")):
            self.add_error("to", _("Choose whom you thank: one or several colleagues, or a team."))
        if given.get("team") and given.get("is_private"):
            self.add_error("is_private", _("Thanks to a whole team are open to everybody."))
        return given


class WhoForm(forms.Form):
    """Words to look for colleagues by, and who is chosen so far."""

    who_words = forms.CharField(
        label=gettext_lazy("Somebody else: type a name"), required=False, max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )  # fmt: skip
    to = forms.ModelMultipleChoiceField(queryset=User.objects.none(), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["to"]).queryset = people_to_thank(user)

    @property
    def words(self) -> str:
        return fold(self.cleaned_data.get("who_words", "")) if self.is_valid() or self.is_bound else ""


class TreatForm(forms.Form):
    """What a manager did for somebody of their people."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    to = forms.ModelChoiceField(label=gettext_lazy("For whom?"), queryset=User.objects.none(), empty_label="–")
    text = words_field(
        gettext_lazy("What did you do for them?"),
        gettext_lazy("An afternoon off, a course, an obstacle out of the way. At least 20 characters."),
    )
    may_tell = forms.BooleanField(
        label=gettext_lazy("Others may read it, if they agree, too"), required=False,
        help_text=gettext_lazy("Until both of you agree it stays between you. Either can take that back."),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["to"]).queryset = people_managed_by(user)
        self.helper = helper(Field("to"), Field("text"), Field("may_tell"), "key")


class AgreeForm(forms.Form):
    """Whether others may read what was done."""

    agrees = forms.TypedChoiceField(choices=[("yes", "yes"), ("no", "no")], coerce=lambda value: value == "yes")


class ReactForm(forms.Form):
    """A sign to leave or to take back."""

    kind = forms.ChoiceField(choices=Reaction.Kind)
    on = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda value: value == "1")


class CommentForm(forms.Form):
    """A few words below a recognition."""

    text = forms.CharField(max_length=500)
    key = forms.UUIDField()


class ReleaseForm(forms.Form):
    """What becomes of a customer's praise."""

    what = forms.ChoiceField(choices=[("open", "open"), ("private", "private"), ("drop", "drop")])


class ValueForm(forms.Form):
    """A value that recognitions may show."""

    name = forms.CharField(label=pgettext_lazy("what we stand for", "Value"), max_length=60)
    meaning = forms.CharField(
        label=gettext_lazy("What it means here"), max_length=200, required=False,
        help_text=gettext_lazy("In words that a new colleague understands."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("name"), Field("meaning"))


class TasteForm(forms.ModelForm):
    """How one likes to be thanked, and when the mail of the week comes."""

    digest_hour = forms.TypedChoiceField(
        label=gettext_lazy("Hour"), choices=[(hour, f"{hour:02}:00") for hour in range(24)], coerce=int
    )

    class Meta:
        model = Taste
        fields = ["likes_public", "digest", "digest_weekday", "digest_hour"]
        help_texts = {
            "likes_public": gettext_lazy(
                "Otherwise new thanks to you alone stay between you and who gives them, and a wall names you neither as"
                " the one who is thanked nor as the one who thanks. What was open stays in the feed."
            ),
            "digest": gettext_lazy("Thanks to you and your team, and spotlights. A week without any brings no mail."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(
            Field("likes_public"), Field("digest"), Field("digest_weekday"), Field("digest_hour")
        )  # fmt: skip


class WallForm(forms.ModelForm):
    """A link for a screen. Only a sponsor makes one of the whole company."""

    class Meta:
        model = Wall
        fields = ["name", "team"]
        labels = {"name": pgettext_lazy("of a thing", "Name"), "team": gettext_lazy("Whose stories")}
        help_texts = {"name": gettext_lazy("Where the screen hangs, such as “Kitchen”.")}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = cast(forms.ModelChoiceField, self.fields["team"])
        team.queryset = teams_for_walls(user)
        team.required = not user.is_sponsor
        team.empty_label = _("Everybody’s") if user.is_sponsor else "–"
        self.helper = helper(Field("name"), Field("team"))
