"""Everything that is typed in about people."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.utils.translation import gettext_lazy as _

from delight.lib.addresses import normal_email
from delight.organisation.fields import CountryField, TimeZoneField, currency_choices
from staff.people.access import invited_by_others, managed_team_ids
from staff.people.desks import is_simple
from staff.people.login_names import check_login_name, free_login_name
from staff.people.models import JoinInvitation, Membership, Team, User

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

    how = forms.CharField(required=False, widget=forms.HiddenInput)  # which button: "mail" or "show"
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, required=False, help_text=_("Not needed for a code that you show now.")
    )
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
        if not email or self.shown:
            return ""
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(
                _("Somebody with this address has a login already. A sponsor can add them to a team.")
            )
        if invited_by_others(self.by, email):
            raise forms.ValidationError(_("This address has been invited by others already. Ask a sponsor."))
        return email

    @property
    def shown(self) -> bool:
        """Whether a code is wanted, and no mail."""
        return self.cleaned_data.get("how") == "show"

    def mailed_to(self) -> dict[str, Any]:
        """What `invite_person` takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "how"}

    def shown_to(self) -> dict[str, Any]:
        """What `show_invitation` takes."""
        return {name: self.cleaned_data[name] for name in ("name", "team", "role", "language")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.shown and "email" not in self.errors and not cleaned.get("email"):
            self.add_error("email", _("Where should the mail go? Without an address, show a code."))
        if self.shown and cleaned.get("is_sponsor"):
            self.add_error("is_sponsor", _("A sponsor is invited by mail."))
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


def pin_field(label: Any, **kwargs: Any) -> forms.RegexField:
    """Figures only; a phone shows its figures for it."""
    attrs = {"inputmode": "numeric", "autocomplete": "off", "minlength": "4", "maxlength": "6", "pattern": "[0-9]*"}
    return forms.RegexField(
        r"\A[0-9]{4,6}\Z",
        label=label,
        widget=forms.PasswordInput(attrs=attrs),
        error_messages={"invalid": _("Four to six figures.")},
        **kwargs,
    )


class PinForm(forms.Form):
    pin = pin_field(_("PIN"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pin"].widget.attrs["autofocus"] = True


class OwnPinForm(forms.Form):
    """A new PIN, typed twice; both empty to have none."""

    pin = pin_field(_("PIN"), help_text=_("Four to six figures that nobody guesses: not 1234, not a year."))
    again = pin_field(_("PIN once more"))

    def __init__(self, *args: Any, has_one: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = not has_one
        if has_one:
            self.fields["again"].help_text = _("Leave both empty to have no PIN any more.")

    def clean_pin(self) -> str:
        pin: str = self.cleaned_data["pin"]
        if pin and is_simple(pin):
            raise forms.ValidationError(_("This PIN is too easy to guess. Choose another one."))
        return pin

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and cleaned["pin"] != cleaned["again"]:
            self.add_error("again", _("The two are not the same."))
        return cleaned


class DeskForm(forms.Form):
    name = forms.CharField(label=_("What this device is called"), max_length=80)


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


def new_password_field() -> forms.CharField:
    return forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html,
    )


def check_password_of(form: forms.Form, person: User) -> None:
    """The house's rules, which look at name and address, too."""
    password = form.cleaned_data.get("password")
    if password:
        try:
            validate_password(password, person)
        except forms.ValidationError as error:
            form.add_error("password", error)


class JoinForm(forms.Form):
    """What somebody tells us when they join. The address is the invitation's; it is shown for password managers."""

    email = forms.EmailField(label=_("E-mail"), disabled=True, required=False)
    name = forms.CharField(label=_("Your name"), max_length=120)
    password = new_password_field()
    language = language_field(empty=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "username"
        self.fields["name"].widget.attrs["autocomplete"] = "name"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        check_password_of(self, User(email=normal_email(cleaned.get("email")), name=cleaned.get("name", "")))
        return cleaned

    def person(self) -> dict[str, str]:
        """What `accept_invitation` takes."""
        return {field: self.cleaned_data[field] for field in ("email", "name", "password", "language")}


def own_address(typed: str) -> str:
    """In one spelling. Raises ValidationError for one that others have, or are invited by."""
    email = normal_email(typed) or ""
    taken = User.objects.filter(email=email).exists() or JoinInvitation.objects.open().filter(email=email).exists()
    if email and taken:
        raise forms.ValidationError(_("This address cannot be used here. Leave it out, or ask your manager."))
    return email


class OwnAddressForm(forms.Form):
    """The address that somebody says is theirs."""

    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def clean_email(self) -> str:
        return own_address(self.cleaned_data["email"])


class OpenJoinForm(JoinForm):
    """For a link that somebody shows: an address or a sign-in name, as the person likes."""

    login_name = forms.CharField(
        label=_("Sign-in name"),
        max_length=40,
        required=False,
        help_text=_("For signing in without an e-mail address. Empty: made from your name."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    field_order = ["language", "name", "email", "login_name", "password"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].disabled = False
        self.fields["email"].help_text = _(
            "If you have one: reminders come there, and a new password if you need it, once you have opened the link"
            " in our mail."
        )
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        if self.initial.get("name"):
            self.initial.setdefault("login_name", free_login_name(self.initial["name"]))

    def clean_email(self) -> str:
        return own_address(self.cleaned_data["email"])

    def clean_login_name(self) -> str:
        name = self.cleaned_data["login_name"].strip().lower()
        if not name:
            return ""
        check_login_name(name)
        if User.objects.filter(login_name=name).exists():
            free = free_login_name(name)
            raise forms.ValidationError(_("Somebody has this name already. Free: %(name)s"), params={"name": free})
        return name

    def person(self) -> dict[str, str]:
        return {**super().person(), "login_name": self.cleaned_data["login_name"]}


class NewPasswordForm(forms.Form):
    """For a link that lets somebody without an e-mail address in again."""

    login_name = forms.CharField(label=_("Sign-in name"), disabled=True, required=False)
    password = new_password_field()

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of = person
        self.initial["login_name"] = person.signs_in_with
        self.fields["login_name"].widget.attrs["autocomplete"] = "username"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        check_password_of(self, self.of)
        return cleaned


class SetUpForm(JoinForm):
    """The very first page: the company and its first sponsor."""

    company = forms.CharField(label=_("Company name"), max_length=120)
    postal_address = forms.CharField(
        label=_("Postal address"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
        help_text=_("Stands at the foot of every mail to customers."),
    )
    country = CountryField(help_text=_("Its law decides who may be asked by mail."))
    currency = forms.ChoiceField(
        label=_("Currency"), choices=currency_choices, initial="EUR", help_text=_("Stays as it is from then on.")
    )
    time_zone = TimeZoneField(initial="Europe/Berlin")
    field_order = ["company", "country", "postal_address", "currency", "time_zone", "language"]
    field_order += ["name", "email", "password"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = bool(self.initial.get("email"))
        self.fields["email"].disabled, self.fields["email"].required = known, not known
        self.fields["name"].label = _("Your own name")
        self.fields["email"].label = _("Your own e-mail")

    def organisation(self) -> dict[str, str]:
        """What `set_up_organisation` takes."""
        wanted = {"name": "company", "default_language": "language"}
        same = {field: field for field in ("country", "postal_address", "currency", "time_zone")}
        return {field: self.cleaned_data[source] for field, source in {**wanted, **same}.items()}
