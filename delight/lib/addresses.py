"""E-mail addresses and phone numbers in the one form in which they are stored and compared."""

import re
import unicodedata

_NOT_DIGITS = re.compile(r"[^0-9]+")


def normal_email(email: str | None) -> str | None:
    """Lower case without blanks around; None when empty."""
    return (email or "").strip().lower() or None


def normal_phone(phone: str | None) -> str:
    """ASCII digits with a leading + if one was written or 00 stood for it; empty when there are none."""
    text = (phone or "").strip().removeprefix("'")
    international = text.startswith("+")
    if international:
        text = text.replace("(0)", "")
    if text.isascii():
        digits = _NOT_DIGITS.sub("", text)
    else:
        digits = "".join(str(unicodedata.decimal(c)) for c in text if c.isdecimal())
    if digits.startswith("00") and not international:
        international, digits = True, digits[2:]
    return ("+" if international else "") + digits if digits else ""
