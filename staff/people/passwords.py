"""Django's rules for passwords in our words: its translations call a password by another name than our pages do."""

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class LongEnough(MinimumLengthValidator):
    def get_error_message(self) -> str:
        words = ngettext(
            "This password is too short: it needs at least %(count)d character.",
            "This password is too short: it needs at least %(count)d characters.",
            self.min_length,
        )
        return words % {"count": self.min_length}

    def get_help_text(self) -> str:
        words = ngettext("At least %(count)d character.", "At least %(count)d characters.", self.min_length)
        return words % {"count": self.min_length}


class NotCommon(CommonPasswordValidator):
    def get_error_message(self) -> str:
        return _("Too many people use this password. Choose one that nobody can guess.")

    def get_help_text(self) -> str:
        return _("Not one that many people use.")


class NotLikeThePerson(UserAttributeSimilarityValidator):
    def get_error_message(self) -> str:
        return _("This password is too much like your name or e-mail address.")

    def get_help_text(self) -> str:
        return _("Not like your name or e-mail address.")
