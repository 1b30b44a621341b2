"""Everything that is typed in about people."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.utils.translation import gettext_lazy as _

from delight.lib.addresses import normal_email
from delight.organisation.fields import TimeZoneField, currency_choices
from staff.people.access import invited_by_others, managed_team_ids
from staff.people.models import Membership, Team, User

AS_COMPANY = _("As the company has it")


def language_field(empty: Any = AS_COMPANY) -> forms.ChoiceField:
    choices = [*([("", empty)] if empty is not None else []), *settings.LANGUAGES]
    return forms.ChoiceField(label=_("Language"), choices=choices, required=empty is None)


class TeamForm(forms.ModelForm):
    time_zone = TimeZoneField(empty=AS_COMPANY)

    class Meta:
        model = Team
        fields = ["name", "time_zone"]
        error_messages = {"name": {"unique": _("There is a team with this name already.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"] = TimeZoneField(empty=AS_COMPANY, kept=self.instance.time_zone)


class InviteForm(forms.Form):
    """Who is asked to join. The teams are those that the person who asks manages."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    name = forms.CharField(
        label=_("Name"), max_length=120, required=False, help_text=_("Can be set and changed when joining.")
    )
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none(), empty_label=_("Choose a team"))
    role = forms.ChoiceField(label=_("Role"), choices=Membership.Role, initial=Membership.Role.STAFF)
    is_sponsor = forms.BooleanField(
        label=_("Sponsor"), required=False, help_text=_("Sees everything and sets everything, in all teams.")
    )
    language = language_field()

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        cast(forms.ModelChoiceField, self.fields["team"]).queryset = Team.objects.filter(pk__in=managed_team_ids(by))
        if by.is_sponsor:
            self.fields["team"].required = False
        else:
            del self.fields["is_sponsor"]

    def clean_email(self) -> str:
        email = normal_email(self.cleaned_data["email"]) or ""
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(
                _("Somebody with this address has a login already. A sponsor can add them to a team.")
            )
        if invited_by_others(self.by, email):
            raise forms.ValidationError(_("This address has been invited by others already. Ask a sponsor."))
        return email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("team") and not cleaned.get("is_sponsor") and "team" not in self.errors:
            self.add_error("team", _("Choose a team. Only a sponsor can do without."))
        return cleaned


class PlaceForm(forms.Form):
    """A place in one of the teams that the user manages, and the role there."""

    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none(), empty_label=_("Choose a team"))
    role = forms.ChoiceField(label=_("Role"), choices=Membership.Role, initial=Membership.Role.STAFF)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["team"]).queryset = Team.objects.filter(pk__in=managed_team_ids(by))


class ProfileForm(forms.ModelForm):
    language = language_field()
    time_zone = TimeZoneField(empty=AS_COMPANY)

    class Meta:
        model = User
        fields = ["name", "language", "time_zone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["time_zone"] = TimeZoneField(empty=AS_COMPANY, kept=self.instance.time_zone)


class JoinForm(forms.Form):
    """What somebody tells us when they join. The address is the invitation's; it is shown for password managers."""

    email = forms.EmailField(label=_("E-mail"), disabled=True, required=False)
    name = forms.CharField(label=_("Your name"), max_length=120)
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html,
    )
    language = language_field(empty=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "username"
        self.fields["name"].widget.attrs["autocomplete"] = "name"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        person = User(email=normal_email(cleaned.get("email")), name=cleaned.get("name", ""))
        if cleaned.get("password"):
            try:
                validate_password(cleaned["password"], person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned

    def person(self) -> dict[str, str]:
        """What `accept_invitation` takes."""
        return {field: self.cleaned_data[field] for field in ("email", "name", "password", "language")}


class SetUpForm(JoinForm):
    """The very first page: the company and its first sponsor."""

    company = forms.CharField(label=_("Company name"), max_length=120)
    postal_address = forms.CharField(
        label=_("Postal address"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
        help_text=_("Stands at the foot of every mail to customers."),
    )
    currency = forms.ChoiceField(
        label=_("Currency"), choices=currency_choices, initial="EUR", help_text=_("Stays as it is from then on.")
    )
    time_zone = TimeZoneField(initial="Europe/Berlin")
    field_order = ["company", "postal_address", "currency", "time_zone", "language", "name", "email", "password"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = bool(self.initial.get("email"))
        self.fields["email"].disabled, self.fields["email"].required = known, not known
        self.fields["name"].label = _("Your own name")
        self.fields["email"].label = _("Your own e-mail")

    def organisation(self) -> dict[str, str]:
        """What `set_up_organisation` takes."""
        wanted = {"name": "company", "default_language": "language"}
        same = {field: field for field in ("postal_address", "currency", "time_zone")}
        return {field: self.cleaned_data[source] for field, source in {**wanted, **same}.items()}
