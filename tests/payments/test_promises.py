"""Promises to pay are judged by the day the money was received."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from paidup.customers.models import Customer
from paidup.invoicing import operations as invoicing
from paidup.invoicing.models import Invoice
from paidup.invoicing.states import PromiseState
from paidup.lib.tenancy import tenant
from paidup.payments import operations as payments
from paidup.payments.models import Allocation, Payment
from paidup.payments.operations.promises import earliest_in_grace, last_day
from paidup.payments.states import CreditReason, PaymentKind
from tests.support.books import Books, found_books


@pytest.mark.parametrize(
    ("promised_for", "last"),
    [
        (date(2026, 3, 2), date(2026, 3, 4)),  # a Monday
        (date(2026, 3, 5), date(2026, 3, 9)),  # a Thursday: the weekend doesn't count
        (date(2026, 3, 7), date(2026, 3, 10)),  # a Saturday
    ],
)
def test_two_business_days_of_grace(promised_for: date, last: date) -> None:
    assert last_day(promised_for) == last


@pytest.mark.parametrize("day", range(1, 15))
def test_the_days_whose_grace_reaches_a_day(day: int) -> None:
    on = date(2026, 3, day)
    earliest = earliest_in_grace(on)
    assert last_day(earliest) >= on > last_day(earliest - timedelta(days=1))


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("paid", "after", "verdict"),
    [
        ("100", 2, PromiseState.KEPT),
        ("40", 2, PromiseState.PARTLY_KEPT),
        ("100", 9, PromiseState.BROKEN),
        ("", 0, PromiseState.BROKEN),
    ],
)
def test_a_promise_is_judged_by_what_came_in_time(
    paid: str, after: int, verdict: PromiseState
) -> None:
    books = found_books()
    customer = books.customer()
    invoice = books.invoice(customer, "100.00", due_in=-5)
    with tenant(books.id):
        invoicing.record_promise(
            invoice=invoice,
            promised_for=books.on + timedelta(days=1),
            on=books.on,
            by=books.by,
            at=books.at,
        )
        assert payments.judge_due_promises(on=books.on, by=books.by, at=books.at) == {}
        later = books.on + timedelta(days=10)
        if paid:
            payments.record_payment(
                customer=customer,
                amount=Decimal(paid),
                currency="USD",
                kind=PaymentKind.WIRE,
                received_on=books.on + timedelta(days=after),
                on=later,
                by=books.by,
                at=books.at,
            )
        judged = payments.judge_due_promises(on=later, by=books.by, at=books.at)
    assert judged == {verdict: 1}


def receive(books: Books, customer: Customer, invoice: Invoice | None) -> Payment:
    """A wire of 100 on the books' day, for this invoice or for none."""
    return payments.record_payment(
        customer=customer,
        amount=Decimal(100),
        currency="USD",
        kind=PaymentKind.WIRE,
        received_on=books.on,
        on=books.on,
        by=books.by,
        at=books.at,
        to=[(invoice.id, Decimal(100))] if invoice else [],
    )


def applied_again(books: Books, invoice: Invoice, payment: Payment) -> None:
    """What was received in time is put to another invoice, and after the grace to this one."""
    other = books.invoice(invoice.customer, "100.00")
    allocation = Allocation.objects.get(payment=payment)
    payments.undo_allocation(allocation=allocation, on=books.on, by=books.by, at=books.at)
    payments.allocate(
        source=payment,
        to=[(other.id, Decimal(100))],
        on=books.on,
        by=books.by,
        at=books.at,
    )
    books.at += timedelta(days=8)
    wrong = Allocation.objects.standing().get(payment=payment)
    payments.undo_allocation(allocation=wrong, on=books.on, by=books.by, at=books.at)
    payments.allocate(
        source=payment,
        to=[(invoice.id, Decimal(100))],
        on=books.on,
        by=books.by,
        at=books.at,
    )


def credited(books: Books, invoice: Invoice, payment: Payment) -> None:
    """The invoice is credited in full instead of being paid."""
    allocation = Allocation.objects.get(payment=payment)
    payments.undo_allocation(allocation=allocation, on=books.on, by=books.by, at=books.at)
    payments.grant_credit(
        customer=invoice.customer,
        amount=Decimal(100),
        currency="USD",
        reason=CreditReason.GOODWILL,
        description="Sorry",
        to=[(invoice.id, Decimal(100))],
        on=books.on,
        by=books.by,
        at=books.at,
    )


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("meanwhile", [applied_again, credited])
def test_a_promise_is_kept_whenever_and_however_the_invoice_was_settled_in_time(
    meanwhile: Callable[[Books, Invoice, Payment], None],
) -> None:
    books = found_books()
    customer = books.customer()
    invoice = books.invoice(customer, "100.00", due_in=-5)
    with tenant(books.id):
        invoicing.record_promise(
            invoice=invoice, promised_for=books.on, on=books.on, by=books.by, at=books.at
        )
        meanwhile(books, invoice, receive(books, customer, invoice))
        books.at += timedelta(days=8)
        judged = payments.judge_due_promises(on=books.on, by=books.by, at=books.at)
    assert judged == {PromiseState.KEPT: 1}


@pytest.mark.usefixtures("db")
def test_money_from_before_keeps_a_promise_once_it_is_put_to_the_invoice() -> None:
    books = found_books()
    customer = books.customer()
    with tenant(books.id):
        payment = receive(books, customer, None)
    books.at += timedelta(days=7)
    invoice = books.invoice(customer, "100.00", due_in=-5)
    with tenant(books.id):
        invoicing.record_promise(
            invoice=invoice, promised_for=books.on, on=books.on, by=books.by, at=books.at
        )
        payments.allocate(source=payment, on=books.on, by=books.by, at=books.at)
        books.at += timedelta(days=8)
        judged = payments.judge_due_promises(on=books.on, by=books.by, at=books.at)
    assert judged == {PromiseState.KEPT: 1}
