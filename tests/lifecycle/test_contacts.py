"""Merging contacts: one stays, with everything; nothing is said twice, no refusal is lost."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import models

from paidup.attachments import operations as attachments
from paidup.cadences.models import Reminder
from paidup.communications import blocks as say
from paidup.communications.delivery.claim import claim
from paidup.communications.models import Message
from paidup.communications.operations import queue_message
from paidup.communications.states import MessageState, Purpose
from paidup.customers import operations as customers
from paidup.customers import queries, search
from paidup.customers.models import Contact, ContactLink, Customer
from paidup.customers.operations import CustomerRefused
from paidup.history.models import Event
from paidup.invoicing.models import Invoice
from paidup.invoicing.operations import record_promise
from paidup.lib.tenancy import tenant
from paidup.lifecycle.contacts import ContactMerge, merge_contacts, preview_merge
from paidup.todos.models import Todo
from tests.cadences.chasing import chasing_books, messages, run, sent
from tests.portal.guest import accepted
from tests.support.books import Books, found_books

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    return found_books()


@dataclass(frozen=True)
class Pair:
    """Two contacts of two customers; both are contacts of the first."""

    first: Customer
    second: Customer
    ann: Contact
    anna: Contact


def pair(books: Books) -> Pair:
    first, second = books.customer("Globex"), books.customer("Initech")
    ann = books.contact(first, "ann@globex.example")
    anna = books.contact(first, "anna@initech.example")
    with tenant(books.id):
        customers.link_contact(customer=second, contact=anna, by=books.by, at=books.at)
    return Pair(first, second, ann, anna)


def merge(books: Books, into: Contact, *others: Contact) -> ContactMerge:
    """Merges after a look at what will happen, which the merging itself must keep to."""
    with tenant(books.id):
        fresh = Contact.objects.in_bulk([into.id, *(one.id for one in others)])
        shown = preview_merge(into=fresh.pop(into.id), others=list(fresh.values()))
        kept = merge_contacts(
            into=into.id, others=[one.id for one in others], by=books.by, at=books.at
        )
        assert (kept.email, str(kept.phone)) == (shown.kept.email, str(shown.kept.phone))
        assert kept.reminders_refused_at == shown.kept.reminders_refused_at
        assert kept.bounced_at == shown.kept.bounced_at
        choices = ("customer_id", "role", "gets_invoices", "gets_reminders", "gets_statements")
        stand = ContactLink.objects.filter(contact=kept).values_list(*choices)
        assert set(stand) == {
            tuple(getattr(one.link, name) for name in choices) for one in shown.links
        }
        left = Message.objects.waiting().filter(contact=kept, purpose=Purpose.REMINDER).count()
        assert left <= 1
    return shown


def change(contact: Contact, books: Books, **values: Any) -> None:
    with tenant(books.id):
        Contact.objects.filter(id=contact.id).update(**values)


def again(contact: Contact, books: Books) -> Contact:
    with tenant(books.id):
        return Contact.objects.get(id=contact.id)


def test_places_at_customers_are_united(books: Books) -> None:
    both = pair(books)
    with tenant(books.id):
        ContactLink.objects.filter(contact=both.ann).update(
            role="other", gets_reminders=False, gets_receipts=False
        )
        ContactLink.objects.filter(contact=both.anna, customer=both.first).update(
            role="executive", gets_invoices=False, gets_receipts=False
        )
    shown = merge(books, both.ann, both.anna)
    assert (len(shown.links), shown.absorbed) == (2, 1)
    with tenant(books.id):
        at_first, at_second = ContactLink.objects.order_by("customer__name")
        assert {at_first.contact_id, at_second.contact_id} == {both.ann.id}
        assert at_first.role == "executive", "the strongest of the two"
        assert (at_first.gets_invoices, at_first.gets_reminders) == (True, True)
        assert not at_first.gets_receipts, "neither received them"


def test_the_address_that_stays_and_what_it_lacked(books: Books) -> None:
    both = pair(books)
    change(both.anna, books, phone="+14155550101", timezone="Europe/Berlin")
    shown = merge(books, both.ann, both.anna)
    assert shown.old_addresses == ["anna@initech.example"]
    assert shown.filled == ["phone"]
    kept = again(both.ann, books)
    assert kept.email == "ann@globex.example"
    assert (str(kept.phone), kept.timezone) == ("+14155550101", "Europe/Berlin")
    without = books.contact(both.first, "later@globex.example")
    change(without, books, email="")
    assert merge(books, without, kept).filled == ["email", "phone"]
    assert again(without, books).email == "ann@globex.example"


def test_it_is_found_by_the_old_address_also_after_an_edit(books: Books) -> None:
    both = pair(books)
    merge(books, both.ann, both.anna)
    with tenant(books.id):
        for _ in range(2):
            hits = search.find_contacts("anna@initech.example")
            assert [one.id for one in queries.contacts_page(hits).rows] == [both.ann.id]
            assert queries.count_contacts() == 1
            customers.edit_contact(
                contact=Contact.objects.get(id=both.ann.id),
                details={"name": "Ann Lee"},
                by=books.by,
                at=books.at,
            )
        found = search.find("ann@globex")
        assert found
        assert found.count == 2, "both customers by their one contact"


def test_a_refusal_follows_the_person_and_a_bounce_the_address(books: Books) -> None:
    both = pair(books)
    change(both.anna, books, reminders_refused_at=books.at, bounced_at=books.at)
    merge(books, both.ann, both.anna)
    kept, merged = again(both.ann, books), again(both.anna, books)
    assert kept.reminders_refused_at == books.at
    assert kept.bounced_at is None, "another address bounced"
    assert (merged.reminders_refused_at, merged.bounced_at) == (books.at, books.at)


def test_a_bounce_of_the_same_address_stands_and_can_be_lifted_in_one_place(books: Books) -> None:
    both = pair(books)
    change(both.anna, books, email="ANN@globex.example", bounced_at=books.at)
    merge(books, both.ann, both.anna)
    assert again(both.ann, books).bounced_at == books.at
    assert again(both.anna, books).bounced_at is None


def test_one_event_for_each_customer_of_the_merged(books: Books) -> None:
    both = pair(books)
    alone = books.contact(both.first, "alone@globex.example")
    with tenant(books.id):
        ContactLink.objects.filter(contact=alone).delete()
    merge(books, both.ann, both.anna, alone)
    with tenant(books.id):
        events = Event.objects.filter(kind="contact.merged")
        assert set(events.values_list("subject_id", "customer_id")) == {
            (both.anna.id, both.first.id),
            (both.anna.id, both.second.id),
            (alone.id, None),
        }


def test_chains_lead_to_the_end_in_one_step(books: Books) -> None:
    customer = books.customer()
    people = [books.contact(customer, f"{name}@globex.example") for name in "abc"]
    merge(books, people[1], people[0])
    merge(books, people[2], people[1])
    assert {again(one, books).merged_into_id for one in people[:2]} == {people[2].id}
    with tenant(books.id):
        assert len(queries.contacts_merged_into(people[2])) == 2


def test_what_is_merged_is_changed_no_more(books: Books) -> None:
    both = pair(books)
    third = books.contact(both.first, "third@globex.example")
    merge(books, both.ann, both.anna)
    merged = again(both.anna, books)
    do: dict[str, Any] = {"by": books.by, "at": books.at}
    attempts: list[Callable[[], object]] = [
        lambda: merge_contacts(into=third.id, others=[merged.id], **do),
        lambda: merge_contacts(into=merged.id, others=[third.id], **do),
        lambda: customers.edit_contact(contact=merged, details={"name": "New"}, **do),
        lambda: customers.link_contact(customer=both.second, contact=merged, **do),
    ]
    for attempt in attempts:
        with tenant(books.id), pytest.raises(CustomerRefused, match="merged meanwhile"):
            attempt()


@pytest.mark.parametrize("others", [[], ["itself"]])
def test_one_alone_is_not_merged(books: Books, others: list[str]) -> None:
    contact = books.contact(books.customer(), "ann@globex.example")
    with tenant(books.id), pytest.raises(CustomerRefused, match="at least two"):
        merge_contacts(
            into=contact.id, others=[contact.id for _ in others], by=books.by, at=books.at
        )


def test_anothers_contact_is_none(books: Books) -> None:
    contact = books.contact(books.customer(), "ann@globex.example")
    theirs = found_books()
    stranger = theirs.contact(theirs.customer(), "ann@globex.example")
    with tenant(books.id), pytest.raises(CustomerRefused):
        merge_contacts(into=contact.id, others=[stranger.id], by=books.by, at=books.at)


def waiting_pair(*, automatic: bool = True) -> tuple[Books, Pair]:
    """Two people of two customers, with a reminder waiting for each."""
    books = chasing_books(automatic=automatic)
    first, second = books.customer("Globex"), books.customer("Initech")
    ann = books.contact(first, "ann@globex.example")
    anna = books.contact(second, "anna@initech.example")
    books.invoice(first, due_in=0)
    books.invoice(second, due_in=3)
    run(books)
    return books, Pair(first, second, ann, anna)


def test_of_two_waiting_reminders_one_stays_and_speaks_of_both() -> None:
    books, both = waiting_pair()
    assert len(messages(books)) == 2
    shown = merge(books, both.ann, both.anna)
    assert (shown.waiting, shown.withdrawn) == (0, 1)
    with tenant(books.id):
        left = Message.objects.waiting().get()
        assert left.contact_id == both.ann.id
        assert set(Message.objects.about_customer(both.second.id)) >= {left}
        reminders = Reminder.objects.filter(message=left, contact=both.ann)
        assert reminders.count() == 2
    claim(books.id, left.id, at=books.at)
    with tenant(books.id):
        left.refresh_from_db()
        text = str(left.blocks)
    assert left.state == MessageState.SENDING
    assert "Globex" in text
    assert "Initech" in text
    run(books)
    assert len(messages(books)) == 2, "nothing is said again"


def test_a_reminder_of_the_merged_goes_to_the_one_that_stays() -> None:
    books, both = waiting_pair(automatic=False)
    other = books.contact(books.customer("Hooli"), "hal@hooli.example")
    shown = merge(books, other, both.anna)
    assert (shown.waiting, shown.withdrawn) == (1, 0)
    with tenant(books.id):
        message = Message.objects.get(contact=other)
        assert message.to_address == "hal@hooli.example"
        asked = Todo.objects.of(books.organization).open().get(subject_id=message.id)
        assert "hal@hooli.example" in asked.title


def test_reminders_to_one_who_refused_are_withdrawn() -> None:
    books, both = waiting_pair()
    change(both.ann, books, reminders_refused_at=books.at)
    shown = merge(books, both.anna, both.ann)
    assert shown.withdrawn == 2
    with tenant(books.id):
        assert not Message.objects.waiting().exists()


def test_after_a_reminder_that_left_the_other_comes_on_another_day() -> None:
    books, both = waiting_pair()
    with tenant(books.id):
        Message.objects.filter(contact=both.ann).update(state="sent", sent_at=books.at)
    shown = merge(books, both.ann, both.anna)
    assert (shown.waiting, shown.withdrawn) == (1, 0)
    with tenant(books.id):
        message = Message.objects.waiting().get()
        assert message.contact_id == both.ann.id
        assert message.reminder_on == books.on + timedelta(days=1)
    claim(books.id, message.id, at=books.at)
    with tenant(books.id):
        message.refresh_from_db()
    assert message.state == MessageState.QUEUED, "put off"


def test_reminders_that_left_stay_with_whom_they_went_to() -> None:
    books, both = waiting_pair()
    assert sent(books) == 2
    shown = merge(books, both.ann, both.anna)
    assert shown.sent == 1
    with tenant(books.id):
        assert Message.objects.filter(contact=both.anna, to_address=both.anna.email).exists()


def receipt(books: Books, customer: Customer, contact: Contact, key: str) -> Message:
    message = queue_message(
        customer=customer,
        contact=contact,
        purpose=Purpose.RECEIPT,
        subject="Thank you",
        blocks=[say.Paragraph("Received.")],
        intent_key=key,
        by=books.by,
        at=books.at,
    )
    assert message
    return message


def test_a_message_queued_while_merging_finds_its_way(books: Books) -> None:
    both = pair(books)
    merge(books, both.ann, both.anna)
    with tenant(books.id):
        late = receipt(books, both.first, Contact.objects.get(id=both.anna.id), "late")
    claim(books.id, late.id, at=books.at)
    with tenant(books.id):
        late.refresh_from_db()
    assert (late.contact_id, late.to_address) == (both.ann.id, "ann@globex.example")


def referring() -> Iterator[tuple[type[models.Model], str]]:
    """Every column that refers to a contact."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_fields:
            if field.related_model is Contact:
                yield model, field.attname


def test_every_table_that_refers_to_a_contact_leads_to_the_one_that_stays() -> None:
    """A new table that refers to contacts fails here until a row of it is made and found again."""
    books, both = waiting_pair()
    elder = books.contact(both.first, "elder@globex.example")
    merge(books, both.anna, elder)
    with tenant(books.id):
        record_promise(
            invoice=Invoice.objects.get(customer=both.second),
            promised_for=books.on + timedelta(days=5),
            contact=both.anna,
            on=books.on,
            by=books.by,
            at=books.at,
        )
        receipt(books, both.second, both.anna, "receipt")
        attachments.receive_files(
            customer=both.second,
            contact=both.anna,
            files=[("offer.txt", BytesIO(b"as agreed"))],
            at=books.at,
        )
    accepted(books, both.anna)
    rows = {place: held(books, *place) for place in referring()}
    for (model, column), before in rows.items():
        found = set(before.values())
        assert found & {both.anna.id}, f"no row for {model.__name__}.{column}"
    merge(books, both.ann, both.anna)
    with tenant(books.id):
        stays = dict(Contact.objects.values_list("id", "merged_into_id"))
    for (model, column), before in rows.items():
        after = held(books, model, column)
        gone = before.keys() - after.keys()
        assert len(gone) == (1 if model is ContactLink else 0), "the place both had at Globex"
        for row in before.keys() - gone:
            contact_id = after[row]
            assert (stays[contact_id] or contact_id) == both.ann.id, f"{model.__name__}.{column}"


def held(books: Books, model: type[models.Model], column: str) -> dict[UUID, UUID]:
    """By row, the contact that the column names."""
    with tenant(books.id):
        rows = model._base_manager.exclude(**{column: None})
        return dict(rows.values_list("id", column))
