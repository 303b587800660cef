"""Two imports at once, and an import beside a payment."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connections

from paidup.accounting_sync.summary import Summary
from paidup.invoicing.models import Invoice
from paidup.lib.tenancy import tenant
from paidup.payments import operations as payments
from paidup.payments.models import Payment
from paidup.payments.states import PaymentKind
from paidup.reporting.check import differences
from tests.support.books import Books, found_books

from .ledgers import JUNE, REAL, bring_in

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.database]


def test_two_imports_of_one_ledger_bring_it_in_once() -> None:
    books = found_books()
    start = Barrier(2)

    def run(_: int) -> Summary:
        try:
            start.wait()
            return bring_in(books, REAL, as_of=JUNE)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        created = sorted(summary.created["invoices"] for summary in pool.map(run, range(2)))
    assert created == [0, 1930]
    assert differences(books.id) == ()


def test_an_import_waits_for_a_payment_of_its_customer_and_does_not_pay_twice() -> None:
    """The payment holds the customer's row; the import reads what is open only after it."""
    books = found_books()
    bring_in(books, REAL, as_of=JUNE)
    with tenant(books.id):
        invoice = Invoice.objects.open().select_related("customer").order_by("number")[0]
    with ThreadPoolExecutor(1) as pool:
        with tenant(books.id):
            payments.record_payment(
                customer=invoice.customer,
                amount=invoice.open_amount,
                currency="USD",
                kind=PaymentKind.WIRE,
                received_on=books.on,
                to=[(invoice.id, invoice.open_amount)],
                on=books.on,
                by=books.by,
                at=books.at,
            )
            later = pool.submit(_import_all, books)
            with pytest.raises(TimeoutError):
                later.result(timeout=1)
        later.result(timeout=60)
    with tenant(books.id):
        paid = Payment.objects.filter(reference=invoice.number)
        assert not paid.exists()
        assert Invoice.objects.get(id=invoice.id).open_amount == Decimal(0)
    assert differences(books.id) == ()


def _import_all(books: Books) -> None:
    try:
        bring_in(books, REAL, as_of=books.on)
    finally:
        connections.close_all()
