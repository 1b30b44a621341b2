"""A birthday on the form of a customer: a day and a month in one line. No year: nobody's age is asked for."""

from datetime import date
from typing import Any

from crispy_forms.layout import Column, Fieldset, Row
from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LEAP_YEAR = 2000


def fields_of_a_birthday(form: forms.ModelForm) -> Fieldset:
    """Give the two fields their choices; returns how they are laid out."""
    days: list[Any] = [("", "–"), *((day, day) for day in range(1, 32))]
    months: list[Any] = [("", "–"), *MONTHS.items()]
    for name, label, choices in (("birth_day", _("day"), days), ("birth_month", _("month"), months)):
        form.fields[name] = forms.TypedChoiceField(
            label=label, choices=choices, coerce=int, empty_value=None, required=False
        )
    return Fieldset(gettext_lazy("Birthday"), Row(Column("birth_day"), Column("birth_month")))


def check_birthday(form: forms.ModelForm) -> None:
    """Both or none, and a day that there is; the 29th of February is one."""
    day, month = form.cleaned_data.get("birth_day"), form.cleaned_data.get("birth_month")
    if (day is None) != (month is None):
        form.add_error("birth_day", _("A birthday is a day and a month."))
    elif day and month and not _is_a_day(day, month):
        form.add_error("birth_day", _("There is no such day in that month."))


def _is_a_day(day: int, month: int) -> bool:
    try:
        date(LEAP_YEAR, month, day)
    except ValueError:
        return False
    return True
