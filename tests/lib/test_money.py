"""Sums as people of four languages type them."""

from decimal import Decimal, InvalidOperation

import pytest

from delight.lib.money import plain_sum


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("12", "12"), ("12,5", "12.5"), ("12.50", "12.50"), (" 7 ", "7"), ("0,05", "0.05"),
        ("1 234,50", "1234.50"), ("1\u00a0234,50", "1234.50"), ("1\u202f234", "1234"), ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"), ("1.234", "1234"), ("1,234", "1234"), ("12.345.678,9", "12345678.9"),
        ("1’234.50", "1234.50"),
    ],
)  # fmt: skip
def test_a_sum_is_read(typed, plain):
    assert plain_sum(typed) == plain


@pytest.mark.parametrize("odd", ["abc", "1,2,3", "12,", "1.23.456", "1e3,5"])
def test_what_is_no_sum_is_made_into_none(odd):
    with pytest.raises(InvalidOperation):
        Decimal(plain_sum(odd))
