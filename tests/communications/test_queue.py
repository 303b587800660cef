"""Taking messages on, and what people decide of them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from paidup.communications.blocks import Paragraph
from paidup.communications.models import Message
from paidup.communications.operations import (
    MessageRefused,
    approve_message,
    approve_messages,
    queue_message,
    withdraw_message,
)
from paidup.communications.operations.hours import set_delivery_window
from paidup.communications.states import MessageState, Purpose
from paidup.customers.models import Contact, ContactLink, Customer
from paidup.history.models import Event
from paidup.lib.tenancy import tenant
from paidup.todos.models import Todo
from tests.support.books import Books, found_books, jobs_of

pytestmark = pytest.mark.django_db

SATURDAY = datetime(2026, 3, 7, 9, 0, tzinfo=UTC)
MONDAY_8 = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
DELIVER = "paidup.communications.jobs.deliver"


@pytest.fixture
def books() -> Books:
    return found_books()


@pytest.fixture
def contact(books: Books) -> Contact:
    return books.contact(books.customer(), "ann@payer.example")


def queue(books: Books, contact: Contact, key: str = "one", **changes: Any) -> Message | None:
    options: dict[str, Any] = {"purpose": Purpose.RECEIPT, "subject": "Hello", "at": books.at}
    with tenant(books.id):
        return queue_message(
            customer=customer_of(contact),
            contact=contact,
            blocks=[Paragraph("Hello there.")],
            intent_key=key,
            by=books.by,
            **options | changes,
        )


def customer_of(contact: Contact) -> Customer:
    return Customer.objects.get(id=ContactLink.objects.get(contact=contact).customer_id)


def test_an_intent_is_taken_on_once(books: Books, contact: Contact) -> None:
    message = queue(books, contact)
    assert message is not None
    assert message.to_address == "ann@payer.example"
    assert queue(books, contact, subject="The same again") is None
    with tenant(books.id):
        assert Message.objects.count() == 1
        [event] = Event.objects.filter(kind="message.queued")
        assert event.customer_id == customer_of(contact).id
    assert [job["message_id"] for job in jobs_of(books.id, DELIVER)] == [str(message.id)]


def test_a_contact_without_an_address_is_refused(books: Books, contact: Contact) -> None:
    contact.email = ""
    with pytest.raises(MessageRefused, match="no e-mail address"):
        queue(books, contact)


def test_automatic_messages_wait_for_the_window_and_receipts_do_not(
    books: Books, contact: Contact
) -> None:
    with tenant(books.id):
        set_delivery_window(days=[0, 1, 2, 3, 4], from_hour=8, to_hour=17, by=books.by, at=books.at)
    reminder = queue(
        books, contact, "r", purpose=Purpose.REMINDER, reminder_on=date(2026, 3, 9), at=SATURDAY
    )
    receipt = queue(books, contact, "p", at=SATURDAY)
    by_hand = queue(books, contact, "s", purpose=Purpose.STATEMENT, automatic=False, at=SATURDAY)
    assert reminder
    assert receipt
    assert by_hand
    assert reminder.send_after == MONDAY_8
    assert receipt.send_after == by_hand.send_after == SATURDAY


@pytest.mark.parametrize("again", ["contact", "address"])
def test_nobody_is_reminded_twice_a_day(books: Books, contact: Contact, again: str) -> None:
    reminder = {"purpose": Purpose.REMINDER, "reminder_on": date(2026, 3, 9)}
    first = queue(books, contact, "one", **reminder)
    assert first
    second = contact
    if again == "address":
        second = books.contact(books.customer("Initech"), "ANN@payer.example")
    assert queue(books, second, "two", **reminder) is None
    assert queue(books, second, "two", purpose=Purpose.REMINDER, reminder_on=date(2026, 3, 10))
    with tenant(books.id):
        withdraw_message(message=first, reason="A mistake.", by=books.by, at=books.at)
    assert queue(books, second, "three", **reminder), "a withdrawn reminder is none"


def test_a_message_waits_for_approval(books: Books, contact: Contact) -> None:
    message = queue(books, contact, awaits_approval=True)
    assert message
    assert jobs_of(books.id, DELIVER) == []
    with tenant(books.id):
        todo = Todo.objects.open().get()
        assert (todo.kind, todo.subject_id) == ("message_approval", message.id)
        assert todo.assignee_id == customer_of(contact).billing_owner_id
        approve_message(message=message, by=books.by, at=books.at + timedelta(hours=1))
        message.refresh_from_db()
        assert message.state == MessageState.QUEUED
        assert message.approved_by_id == books.owner.id
        assert not Todo.objects.open().exists()
    assert len(jobs_of(books.id, DELIVER)) == 1
    with tenant(books.id):
        approve_message(message=message, by=books.by, at=books.at)  # quietly done
    assert len(jobs_of(books.id, DELIVER)) == 1


def test_many_are_approved_at_once(books: Books, contact: Contact) -> None:
    messages = [queue(books, contact, str(key), awaits_approval=True) for key in range(60)]
    ids = [message.id for message in messages if message]
    with tenant(books.id):
        assert approve_messages(message_ids=ids, by=books.by, at=books.at) == 60
        assert approve_messages(message_ids=ids, by=books.by, at=books.at) == 0
        assert Message.objects.filter(state=MessageState.QUEUED).count() == 60
    assert len(jobs_of(books.id, "paidup.communications.jobs.deliver_due")) == 1


def test_what_is_withdrawn_stays_so(books: Books, contact: Contact) -> None:
    message = queue(books, contact, awaits_approval=True)
    assert message
    with tenant(books.id):
        withdraw_message(message=message, reason="Spoke on the phone.", by=books.by, at=books.at)
        withdraw_message(message=message, reason="Twice.", by=books.by, at=books.at)
        message.refresh_from_db()
        assert (message.state, message.failure) == ("withdrawn", "Spoke on the phone.")
        with pytest.raises(MessageRefused, match="withdrawn"):
            approve_message(message=message, by=books.by, at=books.at)
        Message.objects.filter(id=message.id).update(state="sent", sent_at=books.at)
        with pytest.raises(MessageRefused, match="has left already"):
            withdraw_message(message=message, reason="Too late.", by=books.by, at=books.at)
