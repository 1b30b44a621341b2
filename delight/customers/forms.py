"""Forms of this room. They validate and lay out; services write."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delight.customers.access import accounts_to_give, customers_visible_to, people_to_give, search_for, teams_to_give
from delight.customers.birthdays import check_birthday, fields_of_a_birthday
from delight.customers.models import Account, Customer, Segment
from delight.customers.searching import reached_by
from delight.lib.sortkey import fold, sort_key
from staff.people.models import Team, User

FEWEST_CHARACTERS = 2
MOST_KNOWN = 3
LAST_DAY = date(9998, 12, 31)  # days are counted on from it


def helper(*layout: Any) -> FormHelper:
    """The form element and its buttons stand in the template."""
    made = FormHelper()
    made.form_tag = False
    made.disable_csrf = True
    if layout:
        made.layout = Layout(*layout)
    return made


def date_field(**options: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(widget=widget, validators=[MaxValueValidator(LAST_DAY)], **options)


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
            customers = search_for(self.user, customers, chosen["words"])
        wanted = {name: chosen[name] for name in ("segment", "team") if chosen[name]}
        return customers.filter(**wanted)


# --- One customer, company, segment -------------------------------------------------------------------------------


class KnownForm(forms.Form):
    """What has been typed so far about somebody new."""

    email = forms.CharField(required=False, max_length=254)
    phone = forms.CharField(required=False, max_length=40)

    def known(self, user: User) -> list[Customer]:
        """Who is here already with this address or number, the first three."""
        if not self.is_valid():
            return []
        found = customers_visible_to(user).filter(reached_by(**self.cleaned_data))
        return list(found.select_related("account", "team")[:MOST_KNOWN])


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
            "notes_consent_on",
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
            "birth_day",
            "birth_month",
        ]
        field_classes = {"consent_on": forms.DateField, "notes_consent_on": forms.DateField}
        widgets = {
            "consent_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "notes_consent_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "phone": forms.TextInput(attrs={"type": "tel"}),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = teams_to_give(user)
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]
        self.fields["owner"].queryset = people_to_give(user, also=self.instance.owner_id)  # type: ignore[attr-defined]
        self.fields["account"].queryset = accounts_to_give(user, also=self.instance.account_id)  # type: ignore[attr-defined]
        self.fields["time_zone"].help_text = _("As in Europe/Istanbul. Empty: the company's.")
        self.fields["language"].choices = [("", _("the company's")), *settings.LANGUAGES]  # type: ignore[attr-defined]
        for name in ("account", "segment", "team", "owner"):
            self.fields[name].empty_label = _("none")  # type: ignore[attr-defined]
        self.fields["account_role"].choices = [("", _("not known")), *Customer.AccountRole.choices]  # type: ignore[attr-defined]
        self.fields["preferred_channel"].choices = [("", _("not known")), *Customer.Channel.choices]  # type: ignore[attr-defined]
        if self.instance.pk is None:
            for name in ("email", "phone"):
                self.fields[name].widget.attrs |= _says_who_is_known()
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
            "notes_consent_on",
            "account",
            "account_role",
            "preferred_channel",
            "preferred_time",
            "segment",
            "team",
            "owner",
            fields_of_a_birthday(self),
            "outside_id",
            "language",
            "time_zone",
        )

    def clean(self) -> dict[str, Any]:
        super().clean()
        check_birthday(self)
        return self.cleaned_data

    def _get_validation_exclusions(self) -> set[str]:
        # The constraints name these columns, which the model fills by itself: without them Django skips the rules.
        return super()._get_validation_exclusions() - {"phone_key", "erased_at"}  # type: ignore[misc]


def _says_who_is_known() -> dict[str, str]:
    """What is typed here is looked up once the field is left."""
    return {
        "hx-get": reverse("customer_known"),
        "hx-trigger": "change",
        "hx-include": "[name=email],[name=phone]",
        "hx-target": "#known",
        "hx-swap": "innerHTML",
    }


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
        fields = [
            "name", "owner", "value_per_year", "renews_on",
            "gift_rule", "gift_limit", "is_public_body", "has_open_bid",
        ]  # fmt: skip
        widgets = {"renews_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people_to_give(user, also=self.instance.owner_id)  # type: ignore[attr-defined]
        self.fields["owner"].empty_label = _("nobody")  # type: ignore[attr-defined]
        self.fields["gift_rule"].required = False
        self.helper = helper(*self.Meta.fields)

    def clean_gift_rule(self) -> str:
        """Not said: it stays as it is; a new company begins with free gestures only."""
        return self.cleaned_data["gift_rule"] or self.instance.gift_rule


class SegmentForm(UniqueNameMixin, forms.ModelForm):
    class Meta:
        model = Segment
        fields = ["name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper("name")


def posted(request: HttpRequest) -> dict[str, Any]:
    """What a form is bound to: a GET shows it unbound."""
    return {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
