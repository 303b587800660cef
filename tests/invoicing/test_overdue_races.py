"""Counting what is overdue beside others who change the same customers, on real PostgreSQL."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connections, transaction

from paidup.customers.models import Customer
from paidup.customers.models.accounts import CustomerQuerySet
from paidup.invoicing import jobs
from paidup.invoicing.operations import balance, count_overdue
from paidup.lib.tenancy import tenant
from paidup.lifecycle.operations import merge_customers
from paidup.payments import operations as payments
from paidup.payments.states import PaymentKind
from tests.support.books import Books, found_books

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.database]


def stale(books: Books, *customers: Customer) -> None:
    """As if a day had begun since they were counted."""
    with tenant(books.id):
        Customer.objects.filter(id__in=[each.id for each in customers]).update(overdue_units=0)


def overdue(books: Books) -> list[Decimal]:
    with tenant(books.id):
        units = Customer.objects.order_by("id").values_list("overdue_units", flat=True)
        return [Decimal(each) / 10000 for each in units]


def while_open(change: Callable[[], Any], books: Books) -> None:
    """Counts in a thread while a transaction has made this change and isn't committed yet."""

    def count() -> None:
        try:
            count_overdue(organization_id=books.id, at=books.at)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as threads:
        with tenant(books.id):
            change()
            counting: Future[None] = threads.submit(count)
            with suppress(TimeoutError):
                counting.result(timeout=1)
        counting.result()


def pay(books: Books, customer: Customer) -> None:
    payments.record_payment(
        customer=customer,
        amount=Decimal(30),
        currency="USD",
        kind=PaymentKind.WIRE,
        received_on=books.on,
        on=books.on,
        by=books.by,
        at=books.at,
    )


def test_beside_a_payment(monkeypatch: pytest.MonkeyPatch) -> None:
    def race() -> list[Decimal]:
        books = found_books()
        customer = books.customer()
        books.invoice(customer, "100.00", due_in=-1)
        stale(books, customer)
        while_open(lambda: pay(books, customer), books)
        return overdue(books)

    with monkeypatch.context() as patch:
        patch.setattr(CustomerQuerySet, "locked", lambda rows: rows.order_by("id"))
        assert race() == [100], "without the lock what was there before the payment is written"
    assert race() == [70]


def test_beside_a_merge() -> None:
    books = found_books()
    one, other = books.customer("One"), books.customer("Other")
    books.invoice(one, "30.00", due_in=-1)
    books.invoice(other, "40.00", due_in=-1)
    stale(books, one, other)
    while_open(
        lambda: merge_customers(source=one, target=other, by=books.by, at=books.at),
        books,
    )
    assert overdue(books) == [70]


def test_nobody_waits_for_the_customers_of_another_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    books = found_books()
    customers = [books.customer(name) for name in ("One", "Two", "Three")]
    for customer in customers:
        books.invoice(customer, "30.00", due_in=-1)
    stale(books, *customers)
    held: list[int] = []

    def summarize(customer_ids: list[UUID], **options: Any) -> None:
        summed_up(customer_ids, **options)
        held.append(_locked(books))

    summed_up = balance.summarize
    monkeypatch.setattr(balance, "summarize", summarize)
    monkeypatch.setattr("paidup.lib.clock.now", lambda: books.at)
    monkeypatch.setattr(count_overdue, "__kwdefaults__", {"some": 1})
    jobs.count_overdue_today(organization_id=str(books.id))
    assert held == [1, 1, 1], "one customer at a time"
    assert overdue(books) == [30, 30, 30]


def _locked(books: Books) -> int:
    """How many customers another connection would have to wait for."""

    def look() -> int:
        try:
            with tenant(books.id), transaction.atomic():
                free = Customer.objects.select_for_update(skip_locked=True)
                return Customer.objects.count() - len(free)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as threads:
        return threads.submit(look).result()
