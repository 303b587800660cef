"""What pages read of messages."""

import pytest

from paidup.communications import queries
from paidup.communications.blocks import Paragraph
from paidup.communications.models import Message
from paidup.communications.operations import NewMessage, approve_messages, queue_messages
from paidup.communications.states import Purpose
from paidup.customers.models import Contact, ContactLink, Customer
from paidup.lib.tenancy import tenant
from tests.support.books import Books, found_books

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Books:
    return found_books()


def queue(books: Books, number: int, *customers: Customer) -> Message:
    with tenant(books.id):
        [message] = queue_messages(
            [
                NewMessage(
                    purpose=Purpose.STATEMENT,
                    to_address="ann@payer.example",
                    subject=f"Statement {number}",
                    blocks=[Paragraph("Yours.")],
                    intent_key=str(number),
                    customer_ids=[customer.id for customer in customers],
                    awaits_approval=True,
                )
            ],
            by=books.by,
            at=books.at,
        )
        return message


def test_a_customers_messages_are_paged_the_latest_first(books: Books) -> None:
    globex, initech = books.customer("Globex"), books.customer("Initech")
    first, second, third = (queue(books, number, globex) for number in range(3))
    both = queue(books, 3, globex, initech)
    with tenant(books.id):
        page = queries.messages_of_customer(globex.id, limit=2)
        assert page == [both, third]
        assert queries.messages_of_customer(globex.id, before=third.id) == [second, first]
        assert queries.messages_of_customer(initech.id) == [both]


def test_what_awaits_approval_comes_with_its_customers(books: Books) -> None:
    globex, initech = books.customer("Globex"), books.customer("Initech")
    first, second = queue(books, 1, globex, initech), queue(books, 2)
    with tenant(books.id):
        approvals = queries.awaiting_approval()
        assert [approval.message for approval in approvals] == [first, second]
        assert set(approvals[0].customers) == {globex, initech}
        assert approvals[1].customers == ()
        assert queries.awaiting_approval(after=first.id) == approvals[1:]
        assert queries.approvals() == 2
        approve_messages(message_ids=[first.id], by=books.by, at=books.at)
        assert queries.approvals() == 1


def test_recipients_want_such_messages_and_can_be_reached(books: Books) -> None:
    customer = books.customer()
    wanted = books.contact(customer, "ann@payer.example")
    books.contact(customer, "ANN@payer.example")
    silent, bounced, refusing = (
        books.contact(customer, f"{name}@payer.example") for name in ("sid", "bo", "rae")
    )
    with tenant(books.id):
        ContactLink.objects.filter(contact=silent).update(gets_receipts=False)
        Contact.objects.filter(id=bounced.id).update(bounced_at=books.at)
        Contact.objects.filter(id=refusing.id).update(reminders_refused_at=books.at)
        assert queries.recipients(customer.id, Purpose.RECEIPT) == [wanted, refusing]
        assert queries.recipients(customer.id, Purpose.REMINDER) == [wanted, silent]
