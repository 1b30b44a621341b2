"""Handing one mail to the mail server, and telling "surely not sent" from "nobody knows"."""

import smtplib
from typing import Any

from django.core.mail import get_connection

from delight.outbox.mail import Email

SMTP = "django.core.mail.backends.smtp.EmailBackend"


class NotSent(Exception):
    """The server surely does not have this mail; it may be tried again later."""


class Refused(Exception):
    """The server does not want this mail, now or later; `reason` is one of the outbox's reasons."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unknown(Exception):
    """The line broke after the text was handed over: it may have arrived."""


class SmtpChannel:
    """One connection for a batch: a new one per mail halves the rate."""

    def __init__(self) -> None:
        self._backend: Any = get_connection(SMTP)

    def open(self) -> None:
        """Connect if not connected. Raises NotSent."""
        if self._backend.connection is not None:
            return
        try:
            self._backend.open()
            smtp: Any = self._backend.connection
            smtp.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException) as error:
            self._backend.connection = None
            raise NotSent(str(error)) from error

    def close(self) -> None:
        smtp, self._backend.connection = self._backend.connection, None
        if smtp is None:
            return
        try:
            smtp.quit()
        except (OSError, smtplib.SMTPException):
            smtp.close()

    def send(self, email: Email) -> None:
        """Hand one mail over. Raises NotSent, Refused or Unknown; returns when the server has it."""
        self._envelope(email)
        try:
            code, _answer = self._backend.connection.data(email.content)
        except smtplib.SMTPDataError as error:
            code = error.smtp_code
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise Unknown(str(error)) from error
        if code != 250:
            self._reset()
            raise NotSent(str(code)) if 400 <= code < 500 else Refused("refused")

    def _envelope(self, email: Email) -> None:
        smtp = self._backend.connection
        try:
            code, _answer = smtp.mail(email.sender)
            reason = "refused"
            if code == 250:
                code, _answer = smtp.rcpt(email.recipient)
                reason = "bad_address"
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise NotSent(str(error)) from error
        if code in (250, 251):
            return
        self._reset()
        if 400 <= code < 500:
            raise NotSent(str(code))
        raise Refused(reason)

    def _reset(self) -> None:
        try:
            self._backend.connection.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _drop(self) -> None:
        self._backend.connection.close()
        self._backend.connection = None
