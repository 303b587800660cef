"""Handing a mail to the mail server, and telling what became of it.

What matters is the moment at which the server takes over: before it answers the mail's data, the
mail was not sent; if the connection breaks while that answer is awaited, nobody knows.
"""

import contextlib
import smtplib
import ssl
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Envelope:
    """A mail as bytes, from one address to another."""

    sender: str
    recipient: str
    data: bytes


@dataclass(frozen=True)
class Accepted:
    """The mail server has taken it over."""


@dataclass(frozen=True)
class Refused:
    """The mail server said no for good; `recipient` when it is the address that it refuses."""

    reason: str
    recipient: bool = False


@dataclass(frozen=True)
class NotSent:
    """It was certainly not sent, and may be tried again."""

    reason: str


@dataclass(frozen=True)
class Unknown:
    """The connection broke while the server's answer was awaited."""

    reason: str


Outcome = Accepted | Refused | NotSent | Unknown


class _Client(smtplib.SMTP):
    """Remembers whether a whole mail has left, so that a broken connection can be judged."""

    left = False

    def send(self, s: Any) -> None:
        super().send(s)
        if isinstance(s, bytes) and s.endswith(b"\r\n.\r\n"):
            self.left = True


class Post:
    """A connection to the mail server, opened for the first mail and kept for the next."""

    def __init__(self) -> None:
        self._smtp: _Client | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._hang_up()

    def send(self, envelope: Envelope) -> Outcome:
        """Hands one mail over. Never raises for what the server or the network does."""
        try:
            smtp = self._connected()
            answer = self._address(smtp, envelope)
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()
            return NotSent(_("The mail server can't be reached: %s") % error)
        return answer or self._hand_over(smtp, envelope.data)

    def _connected(self) -> _Client:
        if self._smtp is not None and self._alive(self._smtp):
            return self._smtp
        smtp = _Client(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=settings.EMAIL_TIMEOUT)
        self._smtp = smtp
        smtp.ehlo()
        if settings.EMAIL_USE_TLS:
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo()
        if settings.EMAIL_HOST_USER:
            smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        return smtp

    def _alive(self, smtp: _Client) -> bool:
        """Servers hang up on idle clients; a reset also clears what a refused mail left."""
        try:
            code, _answer = smtp.rset()
        except (smtplib.SMTPException, OSError):
            return False
        return code == 250

    def _address(self, smtp: _Client, envelope: Envelope) -> Outcome | None:
        code, answer = smtp.mail(envelope.sender)
        if code != 250:
            return _refusal(code, answer)
        code, answer = smtp.rcpt(envelope.recipient)
        if code not in {250, 251}:
            return _refusal(code, answer, recipient=True)
        return None

    def _hand_over(self, smtp: _Client, data: bytes) -> Outcome:
        smtp.left = False
        try:
            code, answer = smtp.data(data)
        except smtplib.SMTPDataError as error:  # the server didn't want to hear the data at all
            return _refusal(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()
            reason = _("The connection to the mail server broke: %s") % error
            return Unknown(reason) if smtp.left else NotSent(reason)
        return Accepted() if code == 250 else _refusal(code, answer)

    def _hang_up(self) -> None:
        if self._smtp is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
            self._smtp.close()
            self._smtp = None


def _refusal(code: int, answer: bytes | str, *, recipient: bool = False) -> Outcome:
    words = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    reason = _("The mail server answered: %(code)s %(words)s") % {"code": code, "words": words}
    if code >= 500:
        return Refused(reason, recipient=recipient)
    return NotSent(reason)
