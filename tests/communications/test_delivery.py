"""Sending through a real SMTP server on loopback: once, and what becomes of what can't be sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection
from pytest_django import Settings

from paidup.communications import delivery, files, gates
from paidup.communications.blocks import Button, Paragraph
from paidup.communications.delivery.smtp import Post
from paidup.communications.files import Attachment, File
from paidup.communications.gates import Fail, Render, Withdraw
from paidup.communications.models import Message
from paidup.communications.operations import (
    MessageRefused,
    approve_messages,
    queue_message,
    send_again,
    set_delivery_window,
)
from paidup.communications.states import Purpose
from paidup.customers.models import Contact, ContactLink, Customer
from paidup.history.models import Event
from paidup.lib.ids import new_id
from paidup.lib.tenancy import tenant
from paidup.organizations.operations import stop_automation
from paidup.todos.models import Todo
from tests.support.books import AT, Books, found_books
from tests.support.mail import MailServer, mail_server
from tests.support.processes import free_port

pytestmark = pytest.mark.usefixtures("committed")


class Moody(MailServer):
    """A mail server that answers recipients as told, or breaks off after the mail is there."""

    recipient: str | None = None
    breaks_off = False

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        if self.recipient:
            return self.recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  likewise
        answer = await super().handle_DATA(server, session, envelope)
        if self.breaks_off and server.transport:
            server.transport.close()
        return answer


@pytest.fixture
def server(settings: Settings) -> Iterator[Moody]:
    kept = Moody()
    kept.port = free_port()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", kept.port
    controller = Controller(kept, hostname="127.0.0.1", port=kept.port)
    controller.start()
    yield kept
    controller.stop()


@pytest.fixture
def books() -> Books:
    return found_books(name="Acme & Söhne")


def queue(books: Books, **changes: Any) -> UUID:
    """A message to a new customer's contact."""
    options: dict[str, Any] = {"purpose": Purpose.RECEIPT, "at": books.at}
    customer = books.customer(email=f"{new_id().hex[:8]}@payer.example")
    with tenant(books.id):
        message = queue_message(
            customer=customer,
            contact=Contact.objects.filter(
                id__in=ContactLink.objects.filter(customer=customer).values("contact_id")
            ).get(),
            subject="Danke für die Zahlung",
            blocks=[Paragraph("Grüße"), Button("Pay", "https://acme.localhost/pay/x/")],
            intent_key=new_id().hex,
            by=books.by,
            **options | changes,
        )
        assert message
        return message.id


def deliver(books: Books, message_id: UUID, *, at: datetime = AT) -> datetime | None:
    with Post() as post:
        return delivery.deliver_one(books.id, message_id, post=post, now=lambda: at)


def stored(books: Books, message_id: UUID) -> Message:
    with tenant(books.id):
        return Message.objects.select_related("contact").get(id=message_id)


def open_todos(books: Books) -> list[str]:
    with tenant(books.id):
        return list(Todo.objects.open().values_list("kind", flat=True))


def test_a_message_is_sent_once(books: Books, server: Moody) -> None:
    message_id = queue(books)
    for _time in range(3):
        assert deliver(books, message_id) is None
    [mail] = server.messages
    message = stored(books, message_id)
    assert message.state == "sent"
    assert message.contact
    assert mail["From"] == f"{books.organization.name} <billing@localhost>"
    assert message.contact.email in str(mail["To"])
    assert mail["Subject"] == "Danke für die Zahlung"
    assert mail["Message-ID"] == message.message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "en"
    text, html = mail.get_body(["plain"]), mail.get_body(["html"])
    assert text
    assert html
    assert "Grüße" in text.get_content()
    assert "https://acme.localhost/pay/x/" in text.get_content()
    assert "Acme &amp; Söhne" in html.get_content()
    with tenant(books.id):
        [event] = Event.objects.filter(kind="message.sent")
        customer = Customer.objects.get()
        assert customer.id == event.customer_id
        assert customer.last_contacted_at == AT


def test_no_transaction_is_open_while_the_server_is_talked_to(
    books: Books, server: Moody, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    send = Post.send

    def watched(self: Post, envelope: Any) -> Any:
        seen.append((connection.in_atomic_block, stored(books, message_id).state))
        return send(self, envelope)

    monkeypatch.setattr(Post, "send", watched)
    message_id = queue(books)
    deliver(books, message_id)
    assert seen == [(False, "sending")]


def test_what_is_due_is_sent_over_one_connection(books: Books, server: Moody) -> None:
    ids = [queue(books) for _number in range(3)]
    assert delivery.deliver_due(books.id, now=lambda: AT) == set()
    assert len(server.messages) == 3
    assert {stored(books, message_id).state for message_id in ids} == {"sent"}


def test_a_server_that_cannot_be_reached_is_tried_again(books: Books, settings: Settings) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    message_id = queue(books)
    at, waits = AT, []
    while again := deliver(books, message_id, at=at):
        assert stored(books, message_id).state == "queued"
        assert deliver(books, message_id, at=again - timedelta(seconds=1)) is None, "not before"
        waits.append((again - at).total_seconds() / 60)
        at = again
    assert waits == [1, 5, 15, 60, 180, 360, 720]
    message = stored(books, message_id)
    assert message.state == "failed"
    assert "can't be reached" in message.failure
    assert open_todos(books) == ["message_failed"]
    with tenant(books.id):
        send_again(message=message, by=books.by, at=at)
    with mail_server() as server:
        settings.EMAIL_PORT = server.port
        deliver(books, message_id, at=at)
        assert len(server.messages) == 1
    assert open_todos(books) == []


def test_an_answer_of_not_now_is_no_failure(books: Books, server: Moody) -> None:
    server.recipient = "451 Try again later"
    message_id = queue(books)
    again = deliver(books, message_id)
    assert again == AT + timedelta(minutes=1)
    server.recipient = None
    deliver(books, message_id, at=again)
    assert len(server.messages) == 1


def test_a_refused_recipient_has_bounced(books: Books, server: Moody) -> None:
    server.recipient = "550 No such user"
    message_id = queue(books)
    assert deliver(books, message_id) is None
    message = stored(books, message_id)
    assert message.state == "failed"
    assert "550 No such user" in message.failure
    assert message.contact
    assert message.contact.bounced_at == AT
    assert open_todos(books) == ["message_failed"]


def test_a_refused_mail_is_no_bounce(books: Books, server: Moody) -> None:
    server.refuse = "554 We take this for spam"
    message_id = queue(books)
    deliver(books, message_id)
    message = stored(books, message_id)
    assert message.state == "failed"
    assert message.contact
    assert message.contact.bounced_at is None


def test_nobody_knows_and_nothing_is_sent_again(books: Books, server: Moody) -> None:
    server.breaks_off = True
    message_id = queue(books)
    for _time in range(2):
        assert deliver(books, message_id) is None
    assert stored(books, message_id).state == "unknown"
    assert len(server.messages) == 1
    assert open_todos(books) == ["message_unknown"]


def test_sending_that_was_cut_off_is_left_to_a_person(books: Books, server: Moody) -> None:
    message_id = queue(books)
    with tenant(books.id):
        Message.objects.filter(id=message_id).update(state="sending", sending_at=AT)
    assert delivery.settle_interrupted(books.id, at=AT + timedelta(minutes=15)) == 0
    later = AT + timedelta(minutes=16)
    assert delivery.settle_interrupted(books.id, at=later) == 1
    assert deliver(books, message_id, at=later) is None
    assert stored(books, message_id).state == "unknown"
    assert server.messages == []
    assert open_todos(books) == ["message_unknown"]


def test_the_switch_stops_what_is_automatic(books: Books, server: Moody) -> None:
    automatic, by_hand = queue(books), queue(books, automatic=False)
    with tenant(books.id):
        stop_automation(organization=books.organization, stopped=True, by=books.by, at=AT)
    delivery.deliver_due(books.id, now=lambda: AT)
    assert (stored(books, automatic).state, stored(books, by_hand).state) == ("queued", "sent")
    with tenant(books.id):
        stop_automation(organization=books.organization, stopped=False, by=books.by, at=AT)
    delivery.deliver_due(books.id, now=lambda: AT)
    assert stored(books, automatic).state == "sent"


def test_what_a_person_approved_leaves_at_any_hour(books: Books, server: Moody) -> None:
    night = AT.replace(hour=3)
    held = queue(books, purpose=Purpose.STATEMENT, at=night)
    approved = queue(books, purpose=Purpose.STATEMENT, at=night, awaits_approval=True)
    with tenant(books.id):
        approve_messages(message_ids=[approved], by=books.by, at=night)
    assert deliver(books, held, at=night) is None
    deliver(books, approved, at=night)
    assert (stored(books, held).state, stored(books, approved).state) == ("queued", "sent")
    assert stored(books, held).send_after == AT.replace(hour=8, minute=0)


def test_hours_that_changed_meanwhile_are_kept(books: Books, server: Moody) -> None:
    message_id = queue(books, purpose=Purpose.STATEMENT)
    with tenant(books.id):
        set_delivery_window(days=[6], from_hour=10, to_hour=11, by=books.by, at=AT)
    sunday = datetime(2026, 3, 8, 10, 0, tzinfo=UTC)
    assert deliver(books, message_id) == sunday
    assert server.messages == []
    deliver(books, message_id, at=sunday)
    assert len(server.messages) == 1


def test_only_what_may_not_have_arrived_is_sent_again(books: Books, server: Moody) -> None:
    message_id = queue(books)
    deliver(books, message_id)
    with tenant(books.id), pytest.raises(MessageRefused, match="Only a message that failed"):
        send_again(message=Message.objects.get(), by=books.by, at=AT)


@contextmanager
def gate(decision: gates.Decision) -> Iterator[None]:
    gates.register("test", lambda _message, _at: decision)
    yield


def test_the_gate_has_the_last_word(books: Books, server: Moody) -> None:
    files.register("test", lambda _id: File(name="a.txt", content=b"x", content_type="text/plain"))
    for decision, state in (
        (Withdraw("It is paid."), "withdrawn"),
        (Fail("The template has a gap."), "failed"),
        (
            Render(
                subject="New",
                blocks=[Paragraph("Less")],
                attachments=[Attachment(maker="test", id=new_id())],
            ),
            "sent",
        ),
    ):
        with gate(decision):
            message_id = queue(books, gate="test")
            deliver(books, message_id)
            assert stored(books, message_id).state == state
    [mail] = server.messages
    assert mail["Subject"] == "New"
    assert [part.get_filename() for part in mail.iter_attachments()] == ["a.txt"]


def test_a_message_that_cannot_be_made_does_not_stop_the_others(
    books: Books, server: Moody
) -> None:
    broken = queue(books, gate="nobody registered this")
    fine = queue(books)
    delivery.deliver_due(books.id, now=lambda: AT)
    assert stored(books, fine).state == "sent"
    message = stored(books, broken)
    assert message.state == "queued"
    assert message.attempts == 1
    assert message.send_after > AT


def test_a_bad_address_fails_with_a_sentence(books: Books, server: Moody) -> None:
    message_id = queue(books)
    with tenant(books.id):
        Contact.objects.update(email="no address")
    deliver(books, message_id)
    assert "is no e-mail address" in stored(books, message_id).failure


def test_a_domain_of_any_script_is_reached(books: Books, server: Moody) -> None:
    message_id = queue(books)
    with tenant(books.id):
        Contact.objects.update(email="ann@bücher.example")
    deliver(books, message_id)
    assert stored(books, message_id).state == "sent"
    [mail] = server.messages
    assert "ann@xn--bcher-kva.example" in str(mail["To"])


@pytest.mark.parametrize("name", ["Eve\r\nBcc: all@x.example", 'Eve" <eve@x.example>, "'])
def test_a_name_cannot_add_recipients(books: Books, server: Moody, name: str) -> None:
    message_id = queue(books)
    with tenant(books.id):
        Contact.objects.update(name=name)
    deliver(books, message_id)
    [mail] = server.messages
    assert mail["Bcc"] is None
    assert len(mail["To"].addresses) == 1


def test_two_reminders_never_leave_on_one_day(books: Books, server: Moody) -> None:
    """Made for two days and both delayed, they still leave on two."""
    customer = books.customer()
    contact = books.contact(customer, "ann@payer.example")
    ids = []
    for days in (1, 2):
        with tenant(books.id):
            message = queue_message(
                customer=customer,
                contact=contact,
                purpose=Purpose.REMINDER,
                subject="Please pay",
                blocks=[Paragraph("Please pay.")],
                intent_key=str(days),
                reminder_on=(AT - timedelta(days=days)).date(),
                by=books.by,
                at=AT,
            )
            assert message
            ids.append(message.id)
    again = [deliver(books, message_id) for message_id in ids]
    assert again == [None, AT + timedelta(days=1)]
    assert len(server.messages) == 1
    deliver(books, ids[1], at=AT + timedelta(days=1))
    assert len(server.messages) == 2
