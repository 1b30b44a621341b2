"""Choosing who is asked and who signs."""

import uuid
from collections.abc import Iterable
from typing import Any, Self

from crispy_forms.bootstrap import StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from delight.customers.models import Customer, Segment
from delight.customers.searching import matching
from delight.customers.visits.access import visits_visible_to
from delight.lib.sortkey import fold
from staff.people.access import managed_team_ids
from staff.people.models import Membership, User
from surveys.sending.access import audience_of
from surveys.sending.models import Sending

MOST_PICKED = 200
MOST_FOUND = 20
MOST_SEARCHED = 5
FEWEST_CHARACTERS = 2
# While names are typed, those who are found appear below; without a script the button does the same.
AS_ONE_TYPES = {
    "hx-post": "",
    "hx-vals": '{"search": "1"}',
    "hx-trigger": "input changed delay:300ms",
    "hx-target": "#found",
    "hx-select": "#found",
    "hx-swap": "outerHTML",
    "hx-sync": "this:replace",
}


class CustomersField(forms.ModelMultipleChoiceField):
    """Customers to tick, each with what tells two of one name apart."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, customer: Customer) -> str:
        known = [customer.account.name if customer.account else "", customer.email or customer.phone]
        told_apart = " · ".join(part for part in known if part)
        return format_html('{} <span class="muted small">{}</span>', customer.name, told_apart)

    def offer(self, customers: Iterable[Customer]) -> None:
        """Show these and no others; whoever is among the user's customers may be ticked."""
        self.choices = [(customer.pk, self.label_from_instance(customer)) for customer in customers]


class SendingForm(forms.ModelForm):
    """Who is asked, who signs, and one reminder or none."""

    picked_words = forms.CharField(
        label=_("Picked customers"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 2, **AS_ONE_TYPES}),
        help_text=_("Type a name and tick who is meant. E-mail addresses may be pasted, one on each line."),
    )
    idempotency_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Sending
        fields = ["audience", "segment", "sender", "remind_after_days"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.customers = audience_of(user).select_related("account")
        self.fields["sender"] = forms.ModelChoiceField(
            possible_senders(user), label=_("Who signs"), initial=user.pk, empty_label=None,
            help_text=_("Customers see this name, and their replies go there."),
        )  # fmt: skip
        self.fields["idempotency_key"].initial = uuid.uuid4()
        self.fields["segment"] = forms.ModelChoiceField(
            Segment.objects.all(), label=_("Segment"), required=False, empty_label=_("Choose a segment")
        )
        self.fields["picked"] = CustomersField(self.customers, label=_("Customers to ask"), required=False)
        offered = self._offer()
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Field("audience"),
            Field("segment"),
            Div(
                "picked_words",
                Div(
                    StrictButton(
                        _("Find"), type="submit", name="search", value="1", css_class="btn-small", formnovalidate=True
                    ),
                    css_class="mb-3",
                ),
                Div(*(["picked"] if offered else []), css_id="found", aria_live="polite"),
                css_class="only-picked",
            ),
            Div(Div("sender", css_class="col"), Div("remind_after_days", css_class="col"), css_class="row"),
            "idempotency_key",
            Submit("look", _("See who will be asked")),
        )

    # --- Picking by hand ----------------------------------------------------------------------------------------

    @classmethod
    def as_it_stands(cls, data: QueryDict, user: User) -> Self:
        """The form with what was chosen so far, and no complaint about what is missing still."""
        return cls(initial={**data.dict(), "picked": data.getlist("picked")}, user=user)

    def seen(self, **options: Any) -> Self:
        """A form that holds what this valid one has chosen: the customers are ticks now, and no words."""
        chosen = {name: self.cleaned_data[name] for name in (*self.Meta.fields, "idempotency_key")}
        picked = [customer.pk for customer in self.cleaned_data["picked"]]
        return type(self)(initial={**chosen, "picked": picked}, user=self.user, **options)

    def to_send(self) -> Self:
        """The same without a way to change it, so that what was seen is what is sent."""
        form = self.seen(auto_id=False)
        for field in form.fields.values():
            field.widget = field.hidden_widget()
        return form

    def _offer(self) -> bool:
        """Those who are ticked, and below them those whom the words find. Says whether there is anything to show."""
        field: CustomersField = self.fields["picked"]  # type: ignore[assignment]
        chosen = {int(pk) for pk in self._stands("picked") or [] if str(pk).isdecimal()}
        ticked = list(self.customers.filter(pk__in=list(chosen)[:MOST_PICKED])) if chosen else []
        lines, addresses = self._lines()
        wanted = Q()
        for line in lines[:MOST_SEARCHED]:
            wanted |= matching(line, addresses_of=Q(), visits=visits_visible_to(self.user))
        others = self.customers.exclude(pk__in=chosen).exclude(email__in=addresses)
        shown = list(others.filter(wanted)[: MOST_FOUND + 1]) if wanted else []
        field.offer([*ticked, *shown[:MOST_FOUND]])
        if len(shown) > MOST_FOUND:
            field.help_text = _("There are more. Type another word to narrow it down.")
        elif wanted and not shown:
            field.help_text = _("Nobody else is found by these words.") if ticked else _("Nobody found")
        return bool(ticked or wanted)

    def _stands(self, name: str) -> Any:
        """What is in a field now, valid or not."""
        field = self.fields[name]
        if self.is_bound:
            return field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        return self.get_initial_for_field(field, name)

    def _lines(self) -> tuple[list[str], set[str]]:
        """What to look for, line by line, and what are e-mail addresses as they stand."""
        words = str(self._stands("picked_words") or "").replace("\0", "")[:20_000]
        lines = [line.strip() for line in words.splitlines()]
        addresses = {
            part.lower() for line in lines if "@" in line for part in line.replace(",", " ").replace(";", " ").split()
        }
        return [line for line in lines if len(fold(line)) >= FEWEST_CHARACTERS], addresses

    def _picked(self) -> list[Customer]:
        ticked, (_lines, addresses) = list(self.cleaned_data.get("picked") or []), self._lines()
        if len(ticked) + len(addresses) > MOST_PICKED:
            self.add_error("picked_words", _("Pick at most 200 customers by hand; for more, use a segment."))
            return []
        written = list(self.customers.filter(email__in=addresses))
        unknown = sorted(addresses - {customer.email for customer in written})
        if unknown:
            self.add_error(
                "picked_words",
                ValidationError(
                    _("Not among your customers: %(addresses)s. Correct or remove them."),
                    params={"addresses": ", ".join(unknown[:5])},
                ),
            )
        elif self.has_error("picked"):
            self.add_error("picked_words", _("Somebody who was ticked is not among your customers any more."))
        elif not ticked and not written:
            self.add_error("picked_words", _("Tick at least one customer, or write an e-mail address."))
        return list({customer.pk: customer for customer in [*ticked, *written]}.values())

    # --- What holds ---------------------------------------------------------------------------------------------

    def clean_remind_after_days(self) -> int:
        days = self.cleaned_data["remind_after_days"]
        if days > 30:
            raise ValidationError(_("Choose at most 30 days: the links close then. 0 means no reminder."))
        return days

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("audience") == Sending.Audience.SEGMENT and not cleaned.get("segment"):
            self.add_error("segment", _("Choose the segment that is asked."))
        if cleaned.get("audience") != Sending.Audience.SEGMENT:
            cleaned["segment"] = None
        cleaned["picked"] = self._picked() if cleaned.get("audience") == Sending.Audience.PICKED else []
        return cleaned


class SampleForm(forms.Form):
    """Whose name stands under the mail that is shown."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sender"] = forms.ModelChoiceField(possible_senders(user), required=False)


def possible_senders(user: User) -> Any:
    """People whose name may stand under the mail: oneself, and managers and staff of the teams one manages."""
    people = User.objects.filter(is_active=True, email__isnull=False)
    if user.is_sponsor:
        return people
    teams = Membership.objects.now().filter(team_id__in=managed_team_ids(user))
    return people.filter(pk__in=[user.pk, *teams.values_list("user_id", flat=True)])
