"""A real SMTP server on loopback that keeps what it gets in memory."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.processes import free_port


class MailServer:
    """The messages that arrived, oldest first. Set `refuse` to have it answer with an error."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refuse: str | None = None
        self.port = 0
        self._lock = threading.Lock()

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to send its mail here."""
        return {"PAIDUP_SMTP_HOST": "127.0.0.1", "PAIDUP_SMTP_PORT": str(self.port)}

    def to(self, address: str) -> list[EmailMessage]:
        """The messages to one address."""
        return [message for message in self.messages if address in str(message["To"])]

    def wait(self, address: str, count: int = 1, seconds: float = 30) -> list[EmailMessage]:
        """The messages to one address once there are so many; fails when there aren't in time."""
        deadline = time.monotonic() + seconds
        while len(found := self.to(address)) < count:
            assert time.monotonic() < deadline, f"{len(found)} of {count} messages to {address}"
            time.sleep(0.05)
        return found

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        del server, session
        if self.refuse:
            return self.refuse
        message = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(message, EmailMessage)
        with self._lock:
            self.messages.append(message)
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A server on a port of its own."""
    kept = MailServer()
    kept.port = free_port()
    controller = Controller(kept, hostname="127.0.0.1", port=kept.port)
    controller.start()
    try:
        yield kept
    finally:
        controller.stop()
