"""Choices for forms of this and other rooms: time zones and currencies in the reader's words."""

import zoneinfo
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from delight.lib.sortkey import sort_key

# The regions of the time zone database that people live in; the nearest to most users first.
REGIONS = {
    "Europe": _("Europe"),
    "Asia": _("Asia"),
    "Africa": _("Africa"),
    "America": _("America"),
    "Atlantic": _("Atlantic"),
    "Australia": _("Australia"),
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific"),
}
# Codes that the tables name and nobody lives under: unions, test codes, islands without people.
NO_COUNTRIES = {
    "AC", "AQ", "BV", "CP", "CQ", "DG", "EA", "EU", "EZ", "HM", "IC", "QO", "TA", "UM", "UN", "XA", "XB", "ZZ",
}  # fmt: skip
CURRENCIES = [
    *("EUR", "GBP", "CHF", "TRY", "UAH", "PLN", "CZK", "HUF", "RON", "BGN", "SEK", "NOK", "DKK", "ISK", "RSD"),
    *("MDL", "GEL", "KZT", "ILS", "AED", "SAR", "USD", "CAD", "AUD", "NZD", "JPY", "SGD", "INR", "BRL", "MXN", "ZAR"),
]


@lru_cache(maxsize=1)
def _cities() -> dict[str, list[tuple[str, str]]]:
    cities: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for name in sorted(_current_zones()):
        region, _slash, city = name.partition("/")
        if region in cities and city:
            cities[region].append((name, city.replace("_", " ")))
    return cities


def _current_zones() -> set[str]:
    """Each country's zones by their names of today, no Kiev beside Kyiv; without the table, all that are known."""
    known = zoneinfo.available_timezones()
    tables = [*(Path(folder) for folder in zoneinfo.TZPATH), files("tzdata").joinpath("zoneinfo")]
    for table in (folder / "zone.tab" for folder in tables):
        if table.is_file():
            lines = table.read_text("utf-8").splitlines()
            return known & {line.split("\t")[2] for line in lines if line and not line.startswith("#")}
    return known


def time_zone_choices(empty: Any = None, kept: str = "") -> list[tuple[Any, Any]]:
    """Groups of cities for a select. `empty` is what no zone means; `kept` is a value to offer whatever it is."""
    groups: list[tuple[Any, Any]] = [(REGIONS[region], cities) for region, cities in _cities().items()]
    offered = {"UTC", *(name for cities in _cities().values() for name, _city in cities)}
    others = ["UTC", kept] if kept and kept not in offered else ["UTC"]
    groups.append((_("Other"), [(name, name) for name in others]))
    return [("", empty), *groups] if empty is not None else groups


def _locale() -> Locale:
    """The reader's, as far as it is known."""
    try:
        return Locale.parse(get_language() or "en", sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def currency_choices() -> list[tuple[str, str]]:
    """Codes with their names in the active language."""
    names = _locale().currencies
    return [(code, f"{code} · {names.get(code, code)}") for code in CURRENCIES]


def country_choices() -> list[tuple[str, str]]:
    """Countries by their names in the active language, in the order of its letters."""
    names = _locale().territories
    countries = {code: name for code, name in names.items() if len(code) == 2 and code not in NO_COUNTRIES}
    found = sorted(countries.items(), key=lambda pair: sort_key(pair[1]))
    return [("", _("Choose a country")), *found]


class TimeZoneField(forms.ChoiceField):
    """A select of time zones; `empty` is the text for none, where none may be chosen."""

    def __init__(self, *, empty: Any = None, kept: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Time zone"))
        kwargs.setdefault("required", empty is None)
        super().__init__(choices=lambda: time_zone_choices(empty, kept), **kwargs)


class CountryField(forms.ChoiceField):
    """A select of countries, by their names in the reader's language."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Country"))
        super().__init__(choices=country_choices, **kwargs)


def name_currency(form: forms.ModelForm, *names: str) -> None:
    """Put the company's currency behind the labels of sums."""
    for name in names:
        form.fields[name].label = f"{form.fields[name].label}, {form.instance.currency}"


def country_name(code: str) -> str:
    """What the reader calls the country."""
    return _locale().territories.get(code, code)
