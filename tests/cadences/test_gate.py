"""The last look: what a reminder says is what is open at the moment it leaves."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader
from pytest_django import Settings

from paidup.cadences.models import Reminder
from paidup.communications import delivery
from paidup.communications.models import Message, MessageTemplate
from paidup.communications.operations import approve_messages
from paidup.customers.models import Contact
from paidup.invoicing.models import Invoice
from paidup.lib.tenancy import tenant
from paidup.payments import links
from paidup.payments import operations as payments
from paidup.payments.models import PayLink
from paidup.payments.states import PaymentKind
from tests.support.books import Books
from tests.support.mail import MailServer, mail_server

from .chasing import change, chasing_books, later, messages, run

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    with mail_server() as kept:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", kept.port
        yield kept


@pytest.fixture
def books() -> Books:
    return chasing_books()


def deliver(books: Books) -> None:
    delivery.deliver_due(books.id, now=lambda: books.at)


def pay(books: Books, invoice: Invoice, amount: str) -> None:
    with tenant(books.id):
        payments.record_payment(
            customer=invoice.customer,
            amount=Decimal(amount),
            currency=invoice.currency,
            kind=PaymentKind.WIRE,
            received_on=books.on,
            on=books.on,
            to=[(invoice.id, Decimal(amount))],
            by=books.by,
            at=books.at,
        )
        Message.objects.exclude(purpose="reminder").update(state="withdrawn")


def url(books: Books, invoice: Invoice | None) -> str:
    with tenant(books.id):
        link = PayLink.objects.get(invoice=invoice)
        return links.url(link, books.organization)


def test_one_mail_with_every_due_invoice_their_links_and_pdfs(
    books: Books, server: MailServer
) -> None:
    customer = books.customer(email="ann@payer.example")
    first, second = books.invoice(customer, due_in=-14), books.invoice(customer, due_in=0)
    single = books.invoice(customer, due_in=3, currency="EUR")
    run(books)
    deliver(books)
    [mail] = server.to("ann@payer.example")
    assert mail["Subject"].startswith("Second reminder: INV-00001, ")
    text, html = mail.get_body(["plain"]), mail.get_body(["html"])
    assert text
    assert html
    for link in (url(books, first), url(books, second), url(books, single), url(books, None)):
        assert link in text.get_content()
        assert link in html.get_content()
    assert f"Pay invoice {single.number}: {url(books, single)}" in text.get_content()
    attached = list(mail.iter_attachments())
    assert [part.get_filename() for part in attached] == [
        f"{invoice.number}.pdf" for invoice in (single, first, second)
    ]
    page = PdfReader(BytesIO(attached[0].get_content())).pages[0].extract_text()
    assert single.number in page
    [message] = messages(books)
    assert message.state == "sent"


def test_what_was_paid_meanwhile_is_left_out(books: Books, server: MailServer) -> None:
    customer = books.customer(email="ann@payer.example")
    first, second = books.invoice(customer, due_in=-14), books.invoice(customer, due_in=-7)
    run(books)
    pay(books, first, "100.00")
    pay(books, second, "30.00")
    deliver(books)
    [mail] = server.messages
    assert mail["Subject"] == f"Payment reminder: {second.number}, $70.00"
    text = mail.get_body(["plain"])
    assert text
    assert first.number not in text.get_content()
    assert len(list(mail.iter_attachments())) == 1


def test_nothing_left_means_nothing_is_sent(books: Books, server: MailServer) -> None:
    customer = books.customer(email="ann@payer.example")
    invoice = books.invoice(customer, due_in=-14)
    run(books)
    pay(books, invoice, "100.00")
    deliver(books)
    assert server.messages == []
    [message] = messages(books)
    assert (message.state, message.failure) == ("withdrawn", "Nothing is left to remind of.")


@pytest.mark.parametrize("values", [{"hold": "returned"}, {"promised_until": "2026-12-31"}])
def test_what_pauses_meanwhile_is_not_sent(
    books: Books, server: MailServer, values: dict[str, str]
) -> None:
    invoice = books.invoice(books.customer(email="ann@payer.example"), due_in=-14)
    run(books)
    change(books, invoice, **values)
    deliver(books)
    assert server.messages == []


def test_who_unsubscribed_meanwhile_gets_nothing(books: Books, server: MailServer) -> None:
    books.invoice(books.customer(email="ann@payer.example"), due_in=-14)
    run(books)
    with tenant(books.id):
        Contact.objects.update(reminders_refused_at=books.at)
    deliver(books)
    assert server.messages == []


def test_it_goes_to_the_address_of_now(books: Books, server: MailServer) -> None:
    books.invoice(books.customer(email="ann@payer.example"), due_in=-14)
    run(books)
    with tenant(books.id):
        Contact.objects.update(email="ann@new.example")
    deliver(books)
    assert len(server.to("ann@new.example")) == 1


def test_what_fell_due_while_it_waited_is_in_it_and_not_sent_again(server: MailServer) -> None:
    books = chasing_books(automatic=False)
    customer = books.customer(email="ann@payer.example")
    books.invoice(customer, due_in=-14)
    second = books.invoice(customer, due_in=4)
    run(books)
    day = later(books, 1)
    run(day)  # the second's first step is due now, but a message to Ann waits
    with tenant(books.id):
        ids = Message.objects.awaiting_approval().values_list("id", flat=True)
        approve_messages(message_ids=ids, by=books.by, at=day.at)
    deliver(day)
    [mail] = server.messages
    text = mail.get_body(["plain"])
    assert text
    assert second.number in text.get_content()
    with tenant(books.id):
        reminder = Reminder.objects.select_related("step").get(invoice=second)
        assert reminder.step.days == -3
    assert run(later(day, 2)).messages == 0
    [message] = messages(books)
    assert message.reminder_on == day.on, "the day on which it left"


def test_a_template_that_broke_meanwhile_fails_visibly(books: Books, server: MailServer) -> None:
    books.invoice(books.customer(email="ann@payer.example"), due_in=-14)
    run(books)
    with tenant(books.id):
        MessageTemplate.objects.update(body="{{ contact.nickname }}")
    deliver(books)
    [message] = messages(books)
    assert message.state == "failed"
    assert "{{ contact.nickname }} is no variable here" in message.failure
    assert server.messages == []


def test_a_day_later_it_says_a_day_more(books: Books, server: MailServer) -> None:
    books.invoice(books.customer(email="ann@payer.example"), due_in=-14)
    run(books)
    delivery.deliver_due(books.id, now=lambda: books.at + timedelta(days=1))
    text = server.messages[0].get_body(["plain"])
    assert text
    assert "15 days overdue" in text.get_content()
