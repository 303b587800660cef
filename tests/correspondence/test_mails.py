"""Mails of staff: what they say, half a minute to undo them, the last look before they leave."""

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
from pytest_django import Settings

from paidup.communications import jobs
from paidup.communications.models import Message
from paidup.communications.rendering import render
from paidup.communications.variables import TemplateRefused
from paidup.correspondence.composing import Written
from paidup.correspondence.gate import SETTLED
from paidup.correspondence.operations import (
    UNDO_FOR,
    MailRefused,
    Undone,
    establish_templates,
    send_mail,
    undo_mail,
)
from paidup.correspondence.queries import templates
from paidup.customers.models import Contact, Customer
from paidup.history.models import Event
from paidup.invoicing.models import Invoice
from paidup.lib.ids import new_id
from paidup.lib.tenancy import tenant
from paidup.payments import links
from paidup.payments.models import PayLink
from paidup.todos.models import Todo
from tests.lifecycle.cast import pay
from tests.support.books import Books, found_books, jobs_of
from tests.support.mail import MailServer, mail_server

pytestmark = pytest.mark.usefixtures("committed")

ENCLOSED = "Hello {{ contact.name }},\n\n{{ invoices }}\n\nPlease pay {{ invoices.total }}."


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    with mail_server() as kept:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", kept.port
        yield kept


@pytest.fixture
def books(monkeypatch: pytest.MonkeyPatch) -> Books:
    """Where the clock stands still."""
    books = found_books()
    monkeypatch.setenv("PAIDUP_NOW", books.at.isoformat())
    return books


@pytest.fixture
def customer(books: Books) -> Customer:
    return books.customer(email="ann@payer.example")


def people(books: Books) -> list[Contact]:
    with tenant(books.id):
        return list(Contact.objects.order_by("id"))


def send(
    books: Books, customer: Customer, *invoices: Invoice, key: UUID | None = None, **changes: Any
) -> list[Message]:
    words = {"subject": "About {{ customer.name }}", "body": "Hello {{ contact.name }}."}
    with tenant(books.id):
        return send_mail(
            customer=Customer.objects.get(id=customer.id),
            contacts=changes.pop("contacts", None) or people(books),
            written=Written(invoice_ids=tuple(one.id for one in invoices), **words | changes),
            mail_id=key or new_id(),
            by=books.by,
            at=books.at,
        )


def mails(server: MailServer) -> list[EmailMessage]:
    """Those to Ann, without the receipts."""
    return [one for one in server.to("ann@payer.example") if "About" in one["Subject"]]


def undo(books: Books, customer: Customer, key: UUID) -> Undone:
    with tenant(books.id):
        return undo_mail(customer=customer, mail_id=key, by=books.by, at=books.at)


def leave(books: Books) -> None:
    """The jobs that wait are run, as the queue does when their moment has come."""
    for arguments in jobs_of(books.id, "paidup.communications.jobs.deliver"):
        jobs.deliver(**arguments)


def states(books: Books) -> list[str]:
    with tenant(books.id):
        return list(Message.objects.order_by("id").values_list("state", flat=True))


def events(books: Books, kind: str) -> list[Event]:
    with tenant(books.id):
        return list(Event.objects.filter(kind=kind))


def test_a_mail_brings_its_invoices_and_how_to_pay_them(
    books: Books, customer: Customer, server: MailServer
) -> None:
    books.contact(customer, "bob@payer.example")
    first, second = books.invoice(customer, "120.00"), books.invoice(customer, "80.00")
    books.invoice(customer, "999.00")
    sent = send(books, customer, first, second, body=ENCLOSED)
    assert [one.send_after for one in sent] == [books.at + UNDO_FOR] * 2
    leave(books)
    assert states(books) == ["sent", "sent"]
    [ann], [bob] = server.to("ann@payer.example"), server.to("bob@payer.example")
    text = ann.get_body(["plain"])
    assert text
    said = text.get_content()
    with tenant(books.id):
        urls = [
            links.url(PayLink.objects.get(invoice=one), books.organization)
            for one in (first, second)
        ]
    assert ann["Subject"] == "About Globex"
    assert "Hello Ann," in said
    assert "$200.00" in said
    assert all(url in said for url in urls)
    assert "$999.00" not in said
    for mail in (ann, bob):
        names = [part.get_filename() for part in mail.iter_attachments()]
        assert names == [f"{first.number}.pdf", f"{second.number}.pdf"]
    assert ann["Auto-Submitted"] is None
    [queued, _other] = events(books, "message.queued")
    assert queued.actor_id == books.owner.id


def test_half_a_minute_to_undo_by_the_message_and_not_by_a_clock(
    books: Books, customer: Customer, server: MailServer
) -> None:
    key = new_id()
    send(books, customer, key=key)
    jobs.deliver_due(organization_id=str(books.id))
    assert states(books) == ["queued"], "its moment hasn't come"
    undone = undo(books, customer, key)
    assert undone.written.body == "Hello {{ contact.name }}.", "as it was typed"
    assert undone.contact_ids == tuple(one.id for one in people(books))
    assert undo(books, customer, key) == undone, "undone twice is undone"
    with pytest.raises(MailRefused, match="sent already"):
        send(books, customer, key=key)
    leave(books)
    assert states(books) == ["withdrawn"]
    assert not server.messages

    again = new_id()
    send(books, customer, key=again)
    leave(books)
    with pytest.raises(MailRefused, match="left already"):
        undo(books, customer, again)
    assert len(server.messages) == 1


def test_sent_twice_it_is_sent_once(books: Books, customer: Customer) -> None:
    key = new_id()
    assert len(send(books, customer, key=key)) == 1
    assert send(books, customer, key=key) == []
    with pytest.raises(MailRefused, match="sent already"):
        send(books, customer, key=key, body="Something else.")
    assert states(books) == ["queued"]


def test_what_was_paid_meanwhile_is_left_out(
    books: Books, customer: Customer, server: MailServer
) -> None:
    first, second = books.invoice(customer, due_in=3), books.invoice(customer, due_in=9)
    send(books, customer, first, second)
    pay(books, customer, "100.00")
    leave(books)
    [mail] = mails(server)
    assert [part.get_filename() for part in mail.iter_attachments()] == [f"{second.number}.pdf"]
    text = mail.get_body(["plain"])
    assert text
    assert first.number not in text.get_content()
    [event] = events(books, "mail.invoices_left_out")
    assert event.data["numbers"] == first.number


def test_a_mail_about_nothing_but_paid_invoices_does_not_leave(
    books: Books, customer: Customer, server: MailServer
) -> None:
    send(books, customer, books.invoice(customer))
    pay(books, customer, "100.00")
    leave(books)
    assert not mails(server)
    with tenant(books.id):
        message = Message.objects.get(purpose="mail")
        assert (message.state, message.sent_by_id) == ("withdrawn", books.owner.id)
        todo = Todo.objects.get(kind=SETTLED)
    assert todo.assignee_id == books.owner.id
    assert "settled by now" in todo.title
    assert events(books, "message.withdrawn")


def test_a_variable_without_a_value_is_said_and_nothing_is_sent(
    books: Books, customer: Customer
) -> None:
    for body, problem in (
        ("{{ invoices }}", "{{ invoices }} is empty here"),
        ("You owe {{ balance.open }}.", "{{ balance.open }} is empty here"),
        ("Dear {{ contact.nme }}", "did you mean {{ contact.name }}?"),
    ):
        with pytest.raises(TemplateRefused, match=problem.replace("?", r"\?")):
            send(books, customer, body=body)
    assert states(books) == []


def test_who_cannot_be_written_to_is_named(books: Books, customer: Customer) -> None:
    with tenant(books.id):
        Contact.objects.update(bounced_at=books.at)
    with pytest.raises(MailRefused, match="Ann came back as undeliverable"):
        send(books, customer)
    with tenant(books.id):
        Contact.objects.update(bounced_at=None, reminders_refused_at=books.at)
        invoice = books.invoice(customer)
    pay(books, customer, "100.00")
    with pytest.raises(MailRefused, match="aren't open any more"):
        send(books, customer, invoice)
    assert send(books, customer), "a mail is no reminder"


def test_card_numbers_are_masked_before_anything_is_kept(books: Books, customer: Customer) -> None:
    card = "4242 4242 4242 4242"
    send(books, customer, subject=f"Card {card}", body=f"You wrote {card} to us.")
    with tenant(books.id):
        kept = Message.objects.get()
        said = render(kept, organization=books.organization)
    assert card not in f"{kept.subject} {kept.gate_data} {said.text} {said.html}"
    assert "•••• 4242" in said.text


def test_the_ready_templates_can_be_sent_as_they_are(books: Books, customer: Customer) -> None:
    with tenant(books.id):
        made = establish_templates(organization=books.organization, by=books.by, at=books.at)
        assert not establish_templates(organization=books.organization, by=books.by, at=books.at)
        assert templates() == made
    invoice = books.invoice(customer, due_in=-3)
    books.at += timedelta(seconds=1)
    for template in made:
        [message] = send(books, customer, invoice, subject=template.subject, body=template.body)
        assert invoice.number in str(message.blocks)
