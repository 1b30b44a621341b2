"""Forms of the budget pages."""

import uuid
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from crispy_forms.bootstrap import FormActions, StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delight.organisation.fields import name_currency
from delight.organisation.models import Organisation
from staff.budget.models import Spend, Suspension, today
from staff.budget.sums import role_sums, this_month
from staff.people.models import Membership, User

LONGEST = timedelta(days=92)  # a budget that is closed is looked at again within three months
CENT = Decimal("0.01")
WHEN = (("next", gettext_lazy("from next month")), ("now", gettext_lazy("from now, this month included")))


def helper(*fields: str, button: Any, to: str, primary: bool = False) -> FormHelper:
    """A form that is posted to another address than the page's."""
    made = FormHelper()
    made.form_class, made.form_action = "form", to
    submit = StrictButton(button, type="submit", css_class="btn-primary" if primary else "")
    made.layout = Layout(*fields, FormActions(submit))
    return made


def money_field(label: Any, *, least: Decimal = CENT, **kwargs: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=least, max_digits=12, decimal_places=2, **kwargs)


def when_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("It counts"), choices=WHEN, initial="next", widget=forms.RadioSelect,
        help_text=gettext_lazy("“From now” never takes away what is spent or waits for approval."),
    )  # fmt: skip


def day_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


# --- One person's sum -------------------------------------------------------------------------------------------


class SumForm(forms.Form):
    """A person's own monthly sum; empty leads back to the role's."""

    amount = money_field(
        gettext_lazy("Own sum a month"), least=Decimal(0), required=False,
        help_text=gettext_lazy("Empty: the same as everybody with this role."),
    )  # fmt: skip
    when = when_field()

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = reverse("budget_sum", args=[person.pk])
        self.helper = helper("amount", "when", button=gettext_lazy("Set the sum"), to=to)


class ExtraForm(forms.Form):
    """A one-off extra. The key is made with the page, so that pressing twice counts once."""

    amount = money_field(gettext_lazy("One-off extra"), help_text=gettext_lazy("Counts this month only."))
    note = forms.CharField(label=gettext_lazy("What for"), max_length=200)
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = reverse("budget_extra", args=[person.pk])
        self.helper = helper("amount", "note", "key", button=gettext_lazy("Add the extra"), to=to)


# --- A budget that is closed ------------------------------------------------------------------------------------


def check_review(day: date, after: date) -> date:
    """A day on which somebody looks again: later than `after`, and not too far away."""
    now = today(Organisation.get())
    if day <= after:
        raise forms.ValidationError(_("Choose a day after %(day)s.") % {"day": date_format(after, "DATE_FORMAT")})
    if day > now + LONGEST:
        last = date_format(now + LONGEST, "DATE_FORMAT")
        raise forms.ValidationError(_("Look at it again within three months, by %(day)s.") % {"day": last})
    return day


class CloseForm(forms.ModelForm):
    """Close a budget: why, and until when."""

    class Meta:
        model = Suspension
        fields = ["reason", "review_on"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 3}), "review_on": day_input()}
        help_texts = {"reason": gettext_lazy("The person reads this, and can reply.")}

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = reverse("budget_close", args=[person.pk])
        self.helper = helper("reason", "review_on", button=gettext_lazy("Close the budget"), to=to)

    def clean_review_on(self) -> date:
        return check_review(self.cleaned_data["review_on"], today(Organisation.get()))


class RenewForm(forms.Form):
    """A later review date, and why."""

    text = forms.CharField(
        label=gettext_lazy("Why it stays closed"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    review_on = forms.DateField(label=gettext_lazy("New review date"), widget=day_input())

    def __init__(self, *args: Any, suspension: Suspension, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.suspension = suspension
        to = reverse("budget_renew", args=[suspension.pk])
        self.helper = helper("text", "review_on", button=gettext_lazy("Renew"), to=to)

    def clean_review_on(self) -> date:
        return check_review(self.cleaned_data["review_on"], self.suspension.review_on)


class ReplyForm(forms.Form):
    """What the person has to say to it."""

    text = forms.CharField(
        label=gettext_lazy("Your reply"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Whoever closed the budget reads it."),
    )  # fmt: skip

    def __init__(self, *args: Any, suspension: Suspension, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = reverse("budget_reply", args=[suspension.pk])
        self.helper = helper("text", button=gettext_lazy("Send the reply"), to=to, primary=True)


# --- Approvals --------------------------------------------------------------------------------------------------


class ApproveForm(forms.Form):
    """What was asked for, or less of it."""

    amount = money_field(gettext_lazy("Sum"))

    def __init__(self, *args: Any, spend: Spend, **kwargs: Any) -> None:
        kwargs = {"initial": {"amount": spend.amount}, "auto_id": f"id_{spend.pk}_%s", **kwargs}
        super().__init__(*args, **kwargs)
        self.spend = spend
        to = reverse("approval_approve", args=[spend.pk])
        self.helper = helper("amount", button=gettext_lazy("Approve"), to=to)

    def clean_amount(self) -> Decimal:
        amount = self.cleaned_data["amount"]
        if amount > self.spend.amount:
            raise forms.ValidationError(_("Approve what was asked for, or less."))
        return amount


class DeclineForm(forms.Form):
    """No, and why."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The person reads this."),
    )  # fmt: skip

    def __init__(self, *args: Any, spend: Spend, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"id_{spend.pk}_%s", **kwargs})
        to = reverse("approval_decline", args=[spend.pk])
        self.helper = helper("reason", button=gettext_lazy("Decline"), to=to)


# --- Settings ---------------------------------------------------------------------------------------------------


class RoleSumsForm(forms.Form):
    """What everybody with a role gets a month; the fields show what holds next month."""

    staff = money_field(gettext_lazy("Staff, a month"), least=Decimal(0))
    manager = money_field(gettext_lazy("Managers, a month"), least=Decimal(0))
    when = when_field()

    def __init__(self, *args: Any, known: dict[str, Decimal], **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": known, **kwargs})
        to = reverse("budget_role_sums")
        self.helper = helper("staff", "manager", "when", button=gettext_lazy("Set the sums"), to=to, primary=True)

    def changed_roles(self, month: date) -> dict[str, Decimal]:
        """The roles for which what is asked for is not so yet in `month`."""
        now = role_sums(month)
        wanted = {role: self.cleaned_data[role] for role in Membership.Role.values}
        return {role: amount for role, amount in wanted.items() if now.get(role) != amount}


class ThresholdForm(forms.ModelForm):
    class Meta:
        model = Organisation
        fields = ["approve_over", "receipt_over", "gifts_noticed_over"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_currency(self, *self.Meta.fields)
        self.helper = helper(*self.Meta.fields, button=gettext_lazy("Save"), to=reverse("budget_settings"))


# --- Which months -----------------------------------------------------------------------------------------------


class MonthForm(forms.Form):
    """?month=2026-08; what is odd means this month."""

    month = forms.DateField(input_formats=["%Y-%m"], required=False)

    def chosen(self, company: Organisation) -> date:
        now = this_month(company)
        self.is_valid()
        return min(self.cleaned_data.get("month") or now, now)


class FileForm(forms.Form):
    """Which months of the ledger are downloaded."""

    first = forms.ChoiceField(label=gettext_lazy("From"))
    last = forms.ChoiceField(label=gettext_lazy("To"))

    def __init__(self, *args: Any, months: list[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(f"{month:%Y-%m-%d}", date_format(month, "YEAR_MONTH_FORMAT")) for month in months]
        for name in ("first", "last"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
            self.fields[name].initial = choices[0][0] if choices else ""
        button = gettext_lazy("Download as CSV")
        self.helper = helper("first", "last", button=button, to=reverse("budget_file"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        found = [date.fromisoformat(cleaned[name]) for name in ("first", "last") if cleaned.get(name)]
        if len(found) == 2:
            cleaned["first"], cleaned["last"] = sorted(found)
        return cleaned
