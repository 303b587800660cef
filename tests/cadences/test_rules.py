"""Over random ledgers and days: nobody is pestered, nothing said twice, nothing paid chased."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from email import message_from_bytes, policy
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from paidup.cadences.models import Cadence, Reminder, Step
from paidup.cadences.operations import (
    add_cadence,
    change_cadences,
    change_contact_cadence,
    change_invoice_cadence,
    remove_cadences,
    remove_invoice_cadence,
)
from paidup.cadences.states import ReminderState
from paidup.communications import files
from paidup.communications.delivery import deliver_one
from paidup.communications.delivery.smtp import Accepted, Envelope, Outcome, Post
from paidup.communications.files import File
from paidup.communications.models import Message
from paidup.communications.operations import approve_messages
from paidup.communications.states import Purpose
from paidup.customers.models import ContactLink, Customer
from paidup.invoicing.attachments import INVOICE_PDF
from paidup.invoicing.models import Invoice
from paidup.lib.tenancy import tenant
from paidup.payments import operations as payments
from paidup.payments.states import PaymentKind
from tests.support.books import Books

from .chasing import change, chasing_books, later, planned, run

pytestmark = pytest.mark.django_db

CADENCES = ("Other", "default", "none")
ADDRESSES = ("ann@payer.example", "Ann@Payer.example", "bob@payer.example")


@dataclass(frozen=True)
class Day:
    """What happens on a day, after so many days without anything."""

    after: int
    runs: int
    approved: bool  # in approve-first
    paid: int | None  # this invoice, in full
    held: int | None
    released: int | None
    assigned: tuple[int, str] | None  # this customer gets this cadence, the default one, or none
    of_invoice: tuple[int, str] | None  # this invoice likewise; its customer's by default
    of_person: tuple[int, str] | None  # the first person there; the invoices' unless one is named


@dataclass(frozen=True)
class Story:
    """Customers with their people, invoices by customer and days until due, and days."""

    automatic: bool
    people: list[list[str]]
    invoices: list[tuple[int, int]]
    days: list[Day]


@dataclass
class Meant:
    """Whose cadence is which, as the rules say."""

    customers: dict[int, str]  # by number, where it isn't the default one
    invoices: dict[int, str]
    people: dict[int, str]  # of the first person at a customer

    def live(self, day: Day, story: Story) -> None:
        """What becomes of it on a day."""
        for wish, of in (
            (day.assigned, self.customers),
            (day.of_invoice, self.invoices),
            (day.of_person, self.people),
        ):
            if wish:
                number, cadence = wish
                of.pop(number, None)
                if cadence != "default":
                    of[number] = cadence
            if of is self.customers and wish and wish[1] == "none":
                self.people.pop(wish[0], None)
                for number, (customer, _due_in) in enumerate(story.invoices):
                    if customer == wish[0] and self.invoices.get(number) != "none":
                        self.invoices.pop(number, None)

    def cadences(self, story: Story, invoice: int, address: str) -> set[str]:
        """By which ones those at an address may be reminded of an invoice."""
        customer, _due_in = story.invoices[invoice]
        its = self.invoices.get(invoice, self.customers.get(customer, "Standard"))
        if self.invoices.get(invoice) == "none":
            return set()
        return {
            self.people.get(customer, its) if first == 0 else its
            for first, person in enumerate(story.people[customer])
            if person.lower() == address.lower()
        }


def _maybe(number: int) -> st.SearchStrategy[int | None]:
    return st.none() | st.integers(0, number - 1)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    # Few people and many invoices, so that they get in each other's way.
    addresses = st.lists(st.sampled_from(ADDRESSES), min_size=1, max_size=2, unique=True)
    people = draw(st.lists(addresses, min_size=1, max_size=2))
    customers = st.integers(0, len(people) - 1)
    invoices = draw(st.lists(st.tuples(customers, st.integers(-16, 6)), min_size=2, max_size=5))
    which = _maybe(len(invoices))
    day = st.builds(
        Day,
        after=st.integers(0, 4),
        runs=st.integers(1, 2),
        approved=st.integers(0, 2).map(lambda number: number == 0),
        paid=which,
        held=which,
        released=which,
        assigned=st.none() | st.tuples(customers, st.sampled_from(CADENCES)),
        of_invoice=st.none()
        | st.tuples(st.integers(0, len(invoices) - 1), st.sampled_from(CADENCES)),
        of_person=st.none() | st.tuples(customers, st.sampled_from((*CADENCES[:2], "Standard"))),
    )
    return Story(
        automatic=draw(st.booleans()),
        people=people,
        invoices=invoices,
        days=draw(st.lists(day, min_size=4, max_size=8)),
    )


@seed(20260302)
@settings(
    max_examples=20,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=stories())
def test_whatever_happens(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(files._makers, INVOICE_PDF, _no_pdf)  # drawing them would take the time
    books, invoices = _begin(story)
    meant = Meant({}, {}, {})
    for day in story.days:
        books = later(books, day.after)
        meant.live(_live(books, invoices, day), story)
        _nothing_settled_is_planned(books)
        for _time in range(day.runs):
            run(books)
        if day.approved:
            _approve(books)
        just_sent, mails = _send(books)
        _rules_hold(books)
        _nothing_settled_is_said(books, invoices, mails, meant, story)
        _each_by_its_cadence(books, invoices, just_sent, meant, story)


def _begin(story: Story) -> tuple[Books, list[Invoice]]:
    books = chasing_books(automatic=story.automatic)
    customers = []
    for number, addresses in enumerate(story.people):
        customer = books.customer(f"Customer {number}")
        for address in addresses:
            books.contact(customer, address)
        customers.append(customer)
    with tenant(books.id):
        standard = Cadence.objects.get()
        other = add_cadence(name="Other", copy_of=standard, by=books.by, at=books.at)
        Step.objects.filter(cadence=other, days=7).update(days=5)
    return books, [
        books.invoice(customers[customer], due_in=due_in) for customer, due_in in story.invoices
    ]


def _live(books: Books, invoices: list[Invoice], day: Day) -> Day:
    """The day as it could be lived: a settled invoice is given no cadence any more."""
    if day.paid is not None:
        _pay(books, invoices[day.paid])
    if day.held is not None:
        change(books, invoices[day.held], hold="returned")
    if day.released is not None:
        change(books, invoices[day.released], hold="")
    if day.assigned is not None:
        number, cadence = day.assigned
        with tenant(books.id):
            customer = Customer.objects.get(name=f"Customer {number}")
        _assign(books, customer, cadence)
    if day.of_invoice is not None and books.again(invoices[day.of_invoice[0]]).state != "open":
        day = replace(day, of_invoice=None)
    if day.of_invoice is not None:
        number, cadence = day.of_invoice
        _assign_invoice(books, invoices[number], cadence)
    if day.of_person is not None:
        number, cadence = day.of_person
        _assign_first_person(books, f"Customer {number}", cadence)
    return day


def _assign_invoice(books: Books, invoice: Invoice, cadence: str) -> None:
    these: dict[str, Any] = {"invoice": invoice, "by": books.by, "at": books.at}
    with tenant(books.id):
        if cadence == "none":
            remove_invoice_cadence(**these)
        else:
            own = Cadence.objects.filter(name=cadence).first()
            change_invoice_cadence(cadence=own, **these)


def _assign_first_person(books: Books, customer: str, cadence: str) -> None:
    with tenant(books.id):
        link = ContactLink.objects.filter(customer__name=customer).earliest("id")
        own = Cadence.objects.filter(name=cadence).first()
        change_contact_cadence(link=link, cadence=own, by=books.by, at=books.at)


def _assign(books: Books, customer: Customer, cadence: str) -> None:
    these: dict[str, Any] = {"customer_ids": [customer.id], "by": books.by, "at": books.at}
    with tenant(books.id):
        if cadence == "none":
            remove_cadences(**these)
        else:
            own = Cadence.objects.filter(name=cadence).first()
            change_cadences(cadence=own, **these)


def _pay(books: Books, invoice: Invoice) -> None:
    invoice = books.again(invoice)
    if not invoice.open_amount:
        return
    with tenant(books.id):
        payments.record_payment(
            customer=invoice.customer,
            amount=invoice.open_amount,
            currency=invoice.currency,
            kind=PaymentKind.WIRE,
            received_on=books.on,
            on=books.on,
            to=[(invoice.id, invoice.open_amount)],
            by=books.by,
            at=books.at,
        )


def _approve(books: Books) -> None:
    with tenant(books.id):
        ids = Message.objects.awaiting_approval().values_list("id", flat=True)
        approve_messages(message_ids=ids, by=books.by, at=books.at)


def _no_pdf(_id: UUID) -> File:
    return File(name="invoice.pdf", content=b"%PDF", content_type="application/pdf")


class Delivered(Post):
    """A mail server that takes everything, and keeps whom it was for with what it says."""

    def __init__(self) -> None:
        """Empty."""
        self.mails: list[tuple[str, str]] = []

    def send(self, envelope: Envelope) -> Outcome:
        mail = message_from_bytes(envelope.data, policy=policy.default)
        text = mail.get_body(("plain",))
        self.mails.append((envelope.recipient, text.get_content() if text else ""))
        return Accepted()


def _send(books: Books) -> tuple[list[UUID], list[tuple[str, str]]]:
    """As delivery does it, through the gate; which reminders were due, and the mails that left."""
    with tenant(books.id):
        reminders = Message.objects.due(books.at).filter(purpose=Purpose.REMINDER)
        due = list(reminders.values_list("id", flat=True))
    post = Delivered()
    for message_id in due:
        deliver_one(books.id, message_id, post=post, now=lambda: books.at)
    return due, post.mails


def _nothing_settled_is_planned(books: Books) -> None:
    for group in planned(books).will_send:
        assert any(item.due_step for item in group.items)
        for item in group.items:
            with tenant(books.id):
                invoice = Invoice.objects.get(id=item.invoice_id)
            assert invoice.state == "open"
            assert invoice.hold == ""
            assert Decimal(0) < item.amount <= invoice.open_amount


def _rules_hold(books: Books) -> None:
    with tenant(books.id):
        sent = Message.objects.filter(purpose=Purpose.REMINDER, sent_at__isnull=False)
        by_person = Counter(
            (address.lower(), sent_at.date())
            for address, sent_at in sent.values_list("to_address", "sent_at")
            if sent_at
        )
        assert all(number == 1 for number in by_person.values()), "two reminders in a day"
        days: dict[str, list[date]] = {}
        for address, day in sorted(by_person):
            days.setdefault(address, []).append(day)
        for reminded in days.values():
            for first, second in pairwise(reminded):
                assert second - first >= timedelta(days=2), "the gap"
        new = Reminder.objects.filter(message__in=sent, state=ReminderState.REMINDED)
        assert new.values("message_id").distinct().count() == sent.count(), "nothing new in it"


def _nothing_settled_is_said(
    books: Books, invoices: list[Invoice], mails: list[tuple[str, str]], meant: Meant, story: Story
) -> None:
    for number, invoice in enumerate(map(books.again, invoices)):
        for address, text in mails:
            if invoice.number in text:
                assert (invoice.state, invoice.hold) == ("open", ""), "still reminded of"
                assert meant.cadences(story, number, address), "taken out of chasing"


def _each_by_its_cadence(
    books: Books, invoices: list[Invoice], just_sent: list[UUID], meant: Meant, story: Story
) -> None:
    numbers = {invoice.id: number for number, invoice in enumerate(invoices)}
    with tenant(books.id):
        for invoice_id, cadence, address in Reminder.objects.filter(
            message__in=just_sent, message__state="sent"
        ).values_list("invoice_id", "step__cadence__name", "message__to_address"):
            assert cadence in meant.cadences(story, numbers[invoice_id], address)
