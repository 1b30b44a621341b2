"""The words of a survey: those it starts with in every language, and filling in the few placeholders."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

PLACEHOLDERS = ("company", "name", "sender")
_BRACED = re.compile(r"\{([^{}]*)\}")


def check_placeholders(text: str) -> None:
    """Refuse any {word} that nobody fills in. Texts are data: there is no template engine behind them."""
    for word in _BRACED.findall(text):
        if word not in PLACEHOLDERS:
            raise ValidationError(
                _("{%(word)s} is not known here. You can use {company}, {name} and {sender}."), params={"word": word}
            )


def fill(text: str, values: dict[str, str]) -> str:
    """The text with its placeholders replaced once, left to right; values are never read as text to fill.

    An empty value goes with the comma and the blank before it: "A question, {name}?" becomes "A question?".
    """
    for word in PLACEHOLDERS:
        if values.get(word) == "":
            text = leave_out(text, "{" + word + "}")
    return _BRACED.sub(lambda match: values.get(match.group(1), match.group(0)), text)


def leave_out(text: str, mark: str) -> str:
    """The text without a mark that stands for nothing, and without the comma and blanks that belong to it."""
    if mark not in text:
        return text
    text = re.sub(rf"^{re.escape(mark)}[,:]?[ \u00a0]*", "", text)
    return re.sub(rf"(,?[ \u00a0]+)?{re.escape(mark)}", "", text)


def languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


def starting_words(language: str) -> dict[str, str]:
    """The words a new relationship survey begins with, in one language."""
    with translation.override(language):
        return {
            "subject": _("One question from {company}"),
            "message": _(
                "I would like to know how we are doing, and I read every answer myself.\n\n"
                "One tap on a number is enough; it takes ten seconds."
            ),
            "thanks": _("I read every answer, and yours helps us to get better."),
            "question": _("How likely are you to recommend {company} to a friend?"),
            "low_label": _("Not at all"),
            "high_label": _("Very likely"),
            "why": _("What is the main reason?"),
        }
