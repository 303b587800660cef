"""Over random ledgers and days: nobody is pestered, nothing said twice, nothing paid chased."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from paidup.cadences import queries
from paidup.cadences.models import Cadence, Reminder, Step
from paidup.cadences.operations import add_cadence, change_cadences, remove_cadences
from paidup.cadences.states import ReminderState
from paidup.communications import files
from paidup.communications.delivery import deliver_one
from paidup.communications.delivery.smtp import Accepted, Envelope, Outcome, Post
from paidup.communications.files import File
from paidup.communications.models import Message
from paidup.communications.operations import approve_messages
from paidup.communications.states import Purpose
from paidup.customers.models import Customer
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


@dataclass(frozen=True)
class Story:
    """Customers with their people, invoices by customer and days until due, and days."""

    automatic: bool
    people: list[list[str]]
    invoices: list[tuple[int, int]]
    days: list[Day]


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
    for day in story.days:
        books = later(books, day.after)
        _live(books, invoices, day)
        _nothing_settled_is_planned(books)
        for _time in range(day.runs):
            run(books)
        if day.approved:
            _approve(books)
        _rules_hold(books, just_sent=_send(books))


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


def _live(books: Books, invoices: list[Invoice], day: Day) -> None:
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
    """A mail server that takes everything."""

    def send(self, envelope: Envelope) -> Outcome:
        del envelope
        return Accepted()


def _send(books: Books) -> list[UUID]:
    """As delivery does it, through the gate; which messages were due."""
    with tenant(books.id):
        due = list(Message.objects.due(books.at).values_list("id", flat=True))
    for message_id in due:
        deliver_one(books.id, message_id, post=Delivered(), now=lambda: books.at)
    return due


def _nothing_settled_is_planned(books: Books) -> None:
    for group in planned(books).will_send:
        assert any(item.due_step for item in group.items)
        for item in group.items:
            with tenant(books.id):
                invoice = Invoice.objects.get(id=item.invoice_id)
            assert invoice.state == "open"
            assert invoice.hold == ""
            assert Decimal(0) < item.amount <= invoice.open_amount


def _rules_hold(books: Books, *, just_sent: list[UUID]) -> None:
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
        for reminder in Reminder.objects.filter(
            message__in=just_sent, message__state="sent"
        ).select_related("invoice", "step__cadence"):
            assert reminder.invoice.state == "open", "paid, and still reminded of"
            customer_id = reminder.invoice.customer_id
            assert queries.names_of([customer_id]) == {customer_id: reminder.step.cadence.name}
