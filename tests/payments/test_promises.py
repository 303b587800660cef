"""Promises to pay are judged by the day the money was received."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from paidup.invoicing import operations as invoicing
from paidup.invoicing.states import PromiseState
from paidup.lib.tenancy import tenant
from paidup.payments import operations as payments
from paidup.payments.operations.promises import last_day
from paidup.payments.states import PaymentKind
from tests.support.books import found_books


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
